#pragma once
// Two runs of one scenario that differ in something: where they part, why, and what comes of it.

#include <stsim/experiment/account.hpp>
#include <stsim/experiment/measures.hpp>
#include <stsim/experiment/variant.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace stsim::experiment {

/// One of the two.
struct Side {
  std::string title;  ///< `kubernetes 1.34`
  scenario::Scenario scenario;
  Account account;
  Account compared;  ///< without_made_up_names()
};

/// Runs a scenario as a variant says. `title` names the run.
[[nodiscard]] Side side_of(const scenario::Scenario& scenario,
                           const Variant& variant,
                           std::string title);

/// Where two runs part.
struct Parting {
  std::size_t step{};  ///< the first step that is told differently, from 0
  /// What each decides there that the other does not, the first of each; null where one decides
  /// nothing more in that step. Both null: only what is printed, or how things stand, differs.
  std::array<const Happening*, 2> decided{};
  /// The last decision before, which both have taken; null if there is none in that step.
  const Happening* common{};
};

/// The first step that is told differently, or of which something else was expected to hold; where
/// only times differ and what is expected holds in one alone, the last. Nothing where there is
/// none. Valid as long as both.
[[nodiscard]] std::optional<Parting> parting(const Account& a, const Account& b);

/// The first step in which something else is decided; nothing where there is none. Valid as long as
/// both.
[[nodiscard]] std::optional<Parting> decision_parting(const Account& a, const Account& b);

/// Where they part, with what led each there, and the consequences: what each change took, how few
/// pods were available, in which order pods came and went, how things stand in the end. For people;
/// ends with a line end.
[[nodiscard]] std::string comparison(const Side& a, const Side& b);

/// The same without the consequences.
[[nodiscard]] std::string parting_in_short(const Side& a, const Side& b);

}  // namespace stsim::experiment
