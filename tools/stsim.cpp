#include <stsim/cli/main.hpp>

int main(int argc, char** argv) {
  return stsim::cli::main(argc, argv);
}
