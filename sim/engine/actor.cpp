#include <stsim/engine/actor.hpp>

#include <array>

namespace stsim::engine {

std::string_view name(Actor actor) {
  constexpr std::array<std::string_view, kActors> kNames{
      "user",
      "statefulset-controller",
      "persistent-volume-binder",
      "pvc-protection-controller",
      "pv-protection-controller",
      "generic-garbage-collector",
      "endpoint-controller",
      "endpointslice-controller",
      "node-controller",
      "taint-eviction-controller",
      "pod-garbage-collector",
      "default-scheduler",
      "kubelet",
  };
  return kNames[static_cast<std::size_t>(actor)];
}

}  // namespace stsim::engine
