#pragma once
// What can happen to a cluster beyond what its users and controllers do.

#include <stsim/api/kinds.hpp>
#include <stsim/base/time.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/engine/trace.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stsim::world {

/// What can happen to a node. Rules: PN-60 to PN-63.
enum class NodeFault : unsigned char {
  Down,         ///< the machine loses power: nothing runs there any more
  Unreachable,  ///< its kubelet stops or cannot be heard; what runs there runs on
  Up,           ///< it comes back after a while, with its kubelet
};

/// What can happen to a controller.
enum class ControllerFault : unsigned char {
  Down,       ///< it stops: what it was doing and what it had in mind is lost
  Up,         ///< it runs again: it lists everything, and looks at all of it
  Restarted,  ///< both at once
};

/// What can happen to the watches through which an actor learns of changes.
struct WatchFault {
  engine::Actor of{};
  std::optional<api::Kind> kind;  ///< of which kind of objects; nothing: of all
  /// Changes come late; nothing with `broken`: they do not come; nothing else: all is well again,
  /// and what was missed comes at once.
  bool broken{};
  std::optional<SimDuration> lag;
};

/// What can happen to a DNS server of the cluster.
struct DnsFault {
  int server{};  ///< which, from 0
  /// It hears of no changes any more, and serves the records that it has; else it hears again.
  bool stale{};
};

/// How the API server answers a call that it does not serve as it should.
enum class ApiAnswer : unsigned char {
  Conflict,     ///< somebody was faster
  Quota,        ///< a ResourceQuota is used up
  Denied,       ///< an admission webhook says no
  Unavailable,  ///< it is overloaded, and nothing happens
  Timeout,      ///< it does not answer in time, and nothing happens
  Lost,         ///< it does not answer in time, but what was asked for has happened
};

/// Which calls are answered so, and for how long. What kubelets and the node controller report of
/// nodes and pods always gets through: they repeat it until it does.
struct ApiFault {
  ApiAnswer answer{};
  std::optional<engine::Actor> to;  ///< whose calls; nothing: everybody's
  std::string verb;                 ///< `create`, `update`, `patch`, `delete`; empty: any
  std::optional<api::Kind> kind;    ///< of what; nothing: of anything, subresources included
  std::string subresource;          ///< with `kind`: `status`, `binding`; empty: the object itself
  std::string name;                 ///< empty: any
  std::string message;              ///< of Denied: what the webhook says
  std::optional<std::uint32_t> left;  ///< how many more calls; nothing: until all is well again
  engine::TraceId record{};           ///< that tells of the fault
  bool operator==(const ApiFault&) const = default;
};

}  // namespace stsim::world
