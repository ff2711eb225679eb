#pragma once
// `stsim why`, in words: what an object waits for, what holds it, what would help.

#include <stsim/diagnosis/remedy.hpp>
#include <stsim/diagnosis/wish.hpp>
#include <stsim/scenario/session.hpp>

#include <memory>
#include <optional>
#include <string>

namespace stsim::diagnosis {

/// What holds an object that is not as it should be, and what helps.
struct Finding {
  Wish wish;
  SimTime asked;  ///< when the question was asked
  SimTime found;  ///< when things stand as told: later, where what holds it has yet to come about
  bool ended{};   ///< the run has ended, and nothing could be tried
  Chain chain;
  Trials trials;
};

/// What is found out about an object.
struct Answer {
  std::string text;                  ///< for people; lines, the last one ended
  bool waits{};                      ///< it is not as it should be
  bool stuck{};                      ///< and does not become so by itself
  std::optional<Finding> finding{};  ///< of one that waits
};

/// The object as people call it: `web-2`, `claim data-web-2`, `web-0 of namespace other`.
[[nodiscard]] std::string subject(const api::ObjectKey& object);

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
