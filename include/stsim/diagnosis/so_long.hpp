#pragma once
// Why a change took as long as it did: its critical path through the graph of causes, and the share
// of each cause in it.

#include <stsim/base/error.hpp>
#include <stsim/base/time.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/scenario/log.hpp>
#include <stsim/scenario/session.hpp>

#include <span>
#include <string>
#include <vector>

namespace stsim::diagnosis {

/// What time was spent on.
enum class Spent : unsigned char {
  Pulling,     ///< an image comes to a node
  Preparing,   ///< volumes are mounted, a sandbox is made
  Starting,    ///< from the image's presence to the container's start
  Readying,    ///< from the start to being ready
  Stopping,    ///< from the request to stop to the end
  MinReady,    ///< minReadySeconds
  BackOff,     ///< waiting for another try, of whatever has failed
  Scheduling,  ///< choosing a node
  Storage,     ///< binding claims
  Nodes,       ///< until somebody notices what has become of a node, and acts
  Deciding,    ///< controllers, API calls and their delivery
  User,        ///< until the user does the next thing
};
/// `pulling images`, …
[[nodiscard]] std::string_view to_string(Spent what);

/// One stretch of the critical path.
struct Stretch {
  engine::TraceId begin{};  ///< the record that began it
  engine::TraceId end{};    ///< and the one that it led to
  SimDuration took{};
  Spent on{};
};

/// The critical path from the command that changed a set last, to the last record that concerns its
/// pods; none if nobody has changed it. In order of time, each stretch beginning where the one
/// before ends.
[[nodiscard]] std::vector<Stretch> critical_path(const scenario::RunLog& log,
                                                 const api::ObjectKey& set);

/// The path of a set (`sts/web`; without words that of the set that was changed last) in words.
/// Errors: there is no such set, or nothing was changed.
[[nodiscard]] Result<std::string, std::string> why_so_long(const scenario::Session& session,
                                                           std::span<const std::string> words);

}  // namespace stsim::diagnosis
