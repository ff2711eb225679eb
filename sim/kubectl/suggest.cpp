#include "suggest.hpp"

#include "document.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/base/error.hpp>

#include <algorithm>

namespace stsim::kubectl {

namespace {

struct KnownCommand {
  std::string_view name;
  std::string_view also_for{};  ///< words of other programs that mean this, between blanks
};

/// In the order in which kubectl adds them to itself, which is that of suggestions.
constexpr KnownCommand kCommands[] = {
    {"create"},
    {"expose"},
    {"run"},
    {"set"},
    {"explain"},
    {"get", "list ls"},
    {"edit"},
    {"delete", "rm remove"},
    {"rollout"},
    {"scale"},
    {"autoscale"},
    {"certificate"},
    {"cluster-info"},
    {"top", "stats"},
    {"cordon"},
    {"uncordon"},
    {"drain"},
    {"taint"},
    {"describe", "inspect"},
    {"logs"},
    {"attach"},
    {"exec"},
    {"port-forward"},
    {"proxy"},
    {"cp"},
    {"auth"},
    {"debug"},
    {"events"},
    {"diff"},
    {"apply"},
    {"patch"},
    {"replace"},
    {"wait"},
    {"kustomize"},
    {"label"},
    {"annotate"},
    {"completion"},
    {"config"},
    {"plugin"},
    {"version"},
    {"api-versions"},
    {"api-resources"},
    {"options"},
    {"kuberc"},
};

bool may_mean(std::string_view word, const KnownCommand& command) {
  constexpr std::size_t kMostEdits = 2;
  const bool close = word.size() <= command.name.size() + kMostEdits &&
                     edit_distance(word, command.name) <= kMostEdits;
  return close || command.name.starts_with(word) ||
         fmt::format(" {} ", command.also_for).find(fmt::format(" {} ", word)) != std::string::npos;
}

}  // namespace

bool is_command(std::string_view name) {
  return std::ranges::find(kCommands, name, &KnownCommand::name) != std::end(kCommands);
}

std::string unknown_command(std::string_view word) {
  std::string out = fmt::format("unknown command \"{}\" for \"kubectl\"", word);
  const std::string lower = to_lower(word);
  std::string meant;
  for (const KnownCommand& command : kCommands) {
    if (may_mean(lower, command)) {
      meant += fmt::format("\t{}\n", command.name);
    }
  }
  return meant.empty() ? out : out + "\n\nDid you mean this?\n" + meant;
}

}  // namespace stsim::kubectl
