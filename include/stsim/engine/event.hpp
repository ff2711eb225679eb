#pragma once
// Simulation events: small structs without behaviour. The world handles them; an event type that it
// does not handle does not compile.

#include <stsim/api/object.hpp>
#include <stsim/engine/actor.hpp>

#include <cstdint>
#include <variant>

namespace stsim::engine {

/// Changes of the log reach a controller's cache. Scheduled by the store's writes.
/// Reads: the log; writes: the controller's cache and queue.
struct Delivery {
  Actor to{};
  std::uint64_t up_to{};  ///< the newest change that is delivered
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

/// A controller looks at everything again (PV-11). Writes: its queue.
struct Resync {
  Actor of{};
  std::uint64_t idle_since{};  ///< as of Requeue
  bool operator==(const Resync&) const = default;
};

/// Something that takes time comes to its end on the node of a pod. Reads and writes: the pod.
struct PodTimer {
  /// What comes to its end.
  enum class What : unsigned char {
    Pull,   ///< the image is there, or could not be had
    Start,  ///< the containers run
    Probe,  ///< readiness is looked at
    Stop,   ///< the containers of a pod on its way out have ended
    Crash,  ///< the containers end by themselves
  };
  What what{};
  api::ObjectKey pod;
  api::Uid uid;               ///< of the pod it was set for
  std::uint32_t container{};  ///< which it is about, by its place in the spec
  std::uint32_t attempt{};    ///< what node/ has packed into it
  bool operator==(const PodTimer&) const = default;
};

/// Any event.
using EventBody = std::variant<Delivery, Work, CallLands, Requeue, Resync, PodTimer>;

}  // namespace stsim::engine
