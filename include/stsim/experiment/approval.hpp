#pragma once
// Approved output: a run as somebody has read and approved it, kept beside its scenario.

#include <stsim/experiment/account.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace stsim::experiment {

/// A run as it is approved, without chores. Pre: made-up names are put in, so that another release
/// or seed differs only in what it does. `title` says of what:
///
///   # canary
///   # What was done ($ or #), printed (|), decided (-) and done besides (.), and how things then
///   # stood (=). Renewed by stsim test --update.
///
///   2 $ kubectl scale statefulset web --replicas=2
///     | statefulset.apps/web scaled
///     - statefulset-controller: create pods web-1: web-1 is missing  [SS-115]
///     . kubelet: patch pods/status web-1: container web runs  [PN-10]
///     = statefulset web: 2 of 2 pods ready, 2 available, all at web-7f9c
[[nodiscard]] std::string approved_text(const Account& account, std::string_view title);

/// Where a run departs from what was approved.
struct Departure {
  std::size_t step{};  ///< the first step that is told differently, from 0; may be the one behind
                       ///< the last
  std::string lines;   ///< that step, as a unified difference: `-` approved, `+` now
  engine::TraceId record{};  ///< the first thing that happened differently; 0 if there is none
};

/// Compares a run with an approved text; nothing where they say the same.
[[nodiscard]] std::optional<Departure> departure(std::string_view approved,
                                                 const Account& account,
                                                 std::string_view title);

}  // namespace stsim::experiment
