#pragma once
// Simulation events: small structs without behaviour. The world handles them; an event type that it
// does not handle does not compile.

#include <stsim/api/object.hpp>
#include <stsim/base/boxed.hpp>
#include <stsim/engine/actor.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace stsim::engine {

/// Changes of the log reach a controller's cache. Scheduled by the store's writes.
/// Reads: the log; writes: the controller's cache and queue.
struct Delivery {
  Actor to{};
  std::optional<api::Kind> kind;  ///< nothing, or the only one: those of it are late
  std::uint64_t up_to{};          ///< the newest change that is delivered
  bool operator==(const Delivery&) const = default;
};

/// A free worker of a controller takes the next key of its queue and decides.
/// Reads: the controller's cache and queue; writes: the sync under way.
struct Work {
  Actor of{};
  bool operator==(const Work&) const = default;
};

/// The next API call of a sync under way takes effect. Reads and writes: the store.
struct CallLands {
  Actor of{};
  std::uint64_t sync{};
  bool operator==(const CallLands&) const = default;
};

/// A key comes back into a controller's queue, after a failure or because it asked for it.
/// Writes: the queue.
struct Requeue {
  Actor of{};
  api::ObjectKey key;
  /// World::changes when a sync that found nothing new asked for this; 0 if it had found something.
  /// As long as nothing has changed since, it would find nothing again.
  std::uint64_t idle_since{};
  bool operator==(const Requeue&) const = default;
};

/// Placement looks at a pod that has no node. Void where the pod is to be looked at at another
/// instant, World::unplaced. Reads and writes: the pod, its claims and volumes.
struct PlacementLook {
  api::ObjectKey pod;
  std::uint64_t idle_since{};  ///< as of Requeue
  bool operator==(const PlacementLook&) const = default;
};

/// A controller looks at everything again (PV-11). Writes: its queue.
struct Resync {
  Actor of{};
  std::uint64_t idle_since{};  ///< as of Requeue
  bool operator==(const Resync&) const = default;
};

/// What a kubelet has in mind for the end of a timer, beyond what stands in the pod's status.
struct TimerData {
  /// Of `misses`: no probe ever succeeds.
  static constexpr std::int64_t kEndless = -1;

  std::uint32_t container{};  ///< which it is about, by its place in the spec
  std::int32_t restarts{};    ///< its restarts when it was set; after another one it is void
  std::uint32_t crashes{};    ///< its exits in a row, as far as delays grow with them
  std::uint32_t failures{};   ///< its failed pulls in a row, as far as delays grow with them; of
                              ///< Unready, its failed probes
  std::uint32_t conduct{};  ///< Crash, Unready: which change of what containers do it follows from
  SimDuration took{};       ///< Pulled: how long the pull has taken
  std::int64_t misses{};    ///< Probe: how many more fail before one succeeds
  bool missed{};            ///< Probe: whether one has failed already
  std::vector<bool> killed{};  ///< Stop: by container, whether it outlasts its grace
  bool operator==(const TimerData&) const = default;
};

/// Something that takes time comes to its end on the node of a pod. Reads and writes: the pod.
struct PodTimer {
  /// What comes to its end.
  enum class What : unsigned char {
    Mounted,      ///< the volumes are there; of the pod as a whole
    Pulled,       ///< the image is there, or could not be had
    PullBackOff,  ///< the kubelet looks again and sees that it must wait with the next pull
    PullAgain,    ///< that back-off is over
    Start,        ///< the container is made and runs
    StartFirst,   ///< likewise, for the first time, and the next container's turn comes
    Probe,        ///< readiness is looked at
    Unready,      ///< a ready container is asked, and does not answer as it should
    Crash,        ///< the container ends by itself
    Look,         ///< the kubelet sees that the container has ended
    Restart,      ///< the back-off of restarts is over
    Replace,      ///< the container has ended because its image was changed

    Stop,  ///< the containers of a pod on its way out have ended
  };
  What what{};
  api::ObjectKey pod;
  api::Uid uid;  ///< of the pod it was set for
  TimerData data;
  std::uint32_t
      kubelet{};  ///< which start of the node's kubelet has set it; it is void after others
  bool operator==(const PodTimer&) const = default;
};

/// Something about a node as a whole comes to its end. Reads and writes: the node, its pods.
struct NodeTimer {
  /// What comes to its end.
  enum class What : unsigned char {
    Silent,  ///< the node controller has not heard of the kubelet for too long
    Start,   ///< the kubelet runs again
  };
  What what{};
  Text node;
  std::uint32_t trouble{};  ///< which of the node's troubles it is about; it is void after others
  bool operator==(const NodeTimer&) const = default;
};

/// Any event. What is large or seldom lies in a box, so that the queue stays small.
using EventBody = std::variant<Delivery,
                               Work,
                               CallLands,
                               Boxed<Requeue>,
                               Boxed<PlacementLook>,
                               Resync,
                               Boxed<PodTimer>,
                               Boxed<NodeTimer>>;

/// Calls `handler` with what the event is, in a box or not. A type of event that the handler does
/// not take does not compile.
template <class Handler>
auto visit(Handler&& handler, const EventBody& event) {
  return std::visit(
      [&handler]<class Body>(const Body& body) {
        if constexpr (requires { *body; }) {
          return handler(*body);
        } else {
          return handler(body);
        }
      },
      event);
}

}  // namespace stsim::engine
