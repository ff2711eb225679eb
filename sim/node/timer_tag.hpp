#pragma once
// What a timer carries: its container, and more in the 32 bits of `attempt`. The rest of a pod's
// situation is in its stored status, so that a copy of the world goes on as the original does.

#include <stsim/engine/event.hpp>

#include <algorithm>
#include <cstdint>

namespace stsim::node {

/// Of timers that are about one container.
struct TimerTag {
  std::uint32_t container{};  ///< PodTimer::container
  std::uint32_t stage{};      ///< PullStage or StartStage
  std::uint32_t crashes{};    ///< exits in a row, as far as 15
  std::uint32_t failures{};   ///< failed pulls in a row, as far as 15
  std::uint32_t data{};       ///< a length in 10 ms (Pull), restarts (Start, Crash): 16 bits
};

enum PullStage : std::uint32_t {
  kSandbox,  ///< volumes are mounted; of the pod as a whole
  kPulled,   ///< the pull has come to its end
  kBackOff,  ///< the kubelet looks again and sees that it must wait
  kAgain,    ///< the back-off is over
};

enum StartStage : std::uint32_t {
  kLaunch,       ///< the container is made and runs
  kLaunchFirst,  ///< likewise, and the next container's turn comes
  kLook,         ///< the kubelet sees that the container has ended
  kRestart,      ///< the back-off is over
};

inline constexpr std::uint32_t kMostCounted = 15;

inline std::uint32_t one_more(std::uint32_t count) {
  return std::min(count + 1, kMostCounted);
}

inline std::uint32_t pack(const TimerTag& tag) {
  return (tag.stage & 3) << 24 | (tag.crashes & 0xF) << 20 | (tag.failures & 0xF) << 16 |
         (tag.data & 0xFFFF);
}

inline TimerTag unpack(const engine::PodTimer& timer) {
  return {timer.container,
          timer.attempt >> 24 & 3,
          timer.attempt >> 20 & 0xF,
          timer.attempt >> 16 & 0xF,
          timer.attempt & 0xFFFF};
}

/// Of a probe: how many more there are until the container counts as ready.
struct ProbeTag {
  std::uint32_t container{};
  std::uint32_t remaining{};  ///< up to 65533, kNever or kNeverAgain
  std::uint32_t restarts{};
};

inline constexpr std::uint32_t kNever = 0xFFFF;       ///< no probe will ever succeed
inline constexpr std::uint32_t kNeverAgain = 0xFFFE;  ///< likewise, and one has failed already

inline std::uint32_t pack(const ProbeTag& tag) {
  return (tag.remaining & 0xFFFF) << 16 | (tag.restarts & 0xFFFF);
}

inline ProbeTag unpack_probe(const engine::PodTimer& timer) {
  return {timer.container, timer.attempt >> 16, timer.attempt & 0xFFFF};
}

}  // namespace stsim::node
