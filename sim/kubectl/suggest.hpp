#pragma once
// What kubectl says of a word that is none of its commands.

#include <stsim/kubectl/commands.hpp>

#include <string>
#include <string_view>

namespace stsim::kubectl {

/// `unknown command "gt" for "kubectl"`, with the commands that may have been meant below it.
[[nodiscard]] std::string unknown_command(std::string_view word);

}  // namespace stsim::kubectl
