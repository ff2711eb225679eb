#pragma once
// `stsim why`, in words: what an object waits for, what holds it, what would help.

#include <stsim/diagnosis/wish.hpp>
#include <stsim/scenario/session.hpp>

#include <memory>
#include <optional>
#include <string>

namespace stsim::diagnosis {

/// What is found out about an object.
struct Answer {
  std::string text;  ///< for people; lines, the last one ended
  bool waits{};      ///< it is not as it should be
  bool stuck{};      ///< and does not become so by itself
};

/// Why an object is not as it should be; of one that is, how it came about.
[[nodiscard]] Answer why(const scenario::Session& session, const api::ObjectKey& object);

/// Why an object is not in a state.
[[nodiscard]] Answer why_not(const scenario::Session& session,
                             const api::ObjectKey& object,
                             State state);

/// The cluster of a scenario at an instant, or at the end of its steps.
[[nodiscard]] scenario::Session session_at(std::shared_ptr<const scenario::Scenario> scenario,
                                           std::optional<SimTime> at);

}  // namespace stsim::diagnosis
