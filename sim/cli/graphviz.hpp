#pragma once
// Graphviz' program `dot`, which draws graphs where it is installed. Private to the module.

#include <filesystem>
#include <optional>
#include <string>

namespace stsim::cli {

/// A program by its name, where the environment's PATH has it.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& name);

/// Lets `dot` draw a graph in its language as SVG into a file. Returns whether it has done so; it
/// says on standard error what is wrong.
[[nodiscard]] bool draw_svg(const std::filesystem::path& dot,
                            const std::string& graph,
                            const std::filesystem::path& output);

}  // namespace stsim::cli
