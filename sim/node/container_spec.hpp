#pragma once
// What a kubelet reads from the documents of containers.

#include <stsim/api/object.hpp>

#include <string>
#include <string_view>

namespace stsim::node {

enum class PullPolicy : unsigned char { Always, IfNotPresent, Never };

/// The container's document. Null where there is none.
const api::Json& container_document(const api::PodSpec& spec, std::size_t index);

/// Rule: PN-11.
PullPolicy pull_policy(const api::PodSpec& spec, std::size_t index);

enum class RestartPolicy : unsigned char { Always, OnFailure, Never };

RestartPolicy restart_policy(const api::PodSpec& spec);

/// What a container is asked again and again. Rule: PN-4.
struct Probe {
  bool present{};
  bool startup{};
  SimDuration initial_delay{};
  SimDuration period{std::chrono::seconds{10}};
  std::uint32_t success_threshold{1};
  std::uint32_t failure_threshold{3};
};
/// The probe that decides when a container becomes ready: its startup probe, else its readiness
/// probe.
Probe first_probe(const api::PodSpec& spec, std::size_t index);
/// The probe that decides whether it stays ready.
Probe readiness_probe(const api::PodSpec& spec, std::size_t index);

/// What a failing probe says. `up` tells whether the application answers at all. Rule: PN-4.
std::string probe_failure(
    const api::PodSpec& spec, std::size_t index, bool startup, std::string_view address, bool up);

/// How long the hook before the stop of a container takes, as far as it says so. Rule: PN-23.
SimDuration pre_stop(const api::PodSpec& spec, std::size_t index);

}  // namespace stsim::node
