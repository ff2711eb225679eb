#include "suggest.hpp"

#include "document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

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

/// How many letters have to be put in, left out or changed to make one word the other.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

bool may_mean(std::string_view word, const KnownCommand& command) {
  constexpr std::size_t kMostEdits = 2;
  const bool close = word.size() <= command.name.size() + kMostEdits &&
                     edits_between(word, command.name) <= kMostEdits;
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
