#pragma once
// The program.

namespace stsim::cli {

/// Runs the program with the arguments of the process; gives its exit status (cli/options.hpp).
int main(int argc, char** argv);

}  // namespace stsim::cli
