#pragma once
// One look of a kubelet at one pod: the status it will report and the reaction that grows with it.

#include "timer_tag.hpp"

#include <stsim/node/kubelet.hpp>

namespace stsim::node {

/// Collects what is done about a pod. Holds references: for the length of one reaction.
class PodSync {
 public:
  PodSync(const api::Object& pod, const NodeView& view);

  const api::Object& pod;
  const NodeView& view;
  const api::Pod& body;
  api::PodStatus status;  ///< to be reported if `report` is called
  Reaction reaction;

  [[nodiscard]] const api::ContainerSpec& spec(std::size_t index) const {
    return body.spec->containers[index];
  }
  [[nodiscard]] std::size_t containers() const { return body.spec->containers.size(); }
  /// What is known of the container's image; nothing special by default.
  [[nodiscard]] const ImageBehaviour& image(std::size_t index) const;

  /// How long something about a container takes; the n-th time that is asked.
  [[nodiscard]] SimDuration draw(const engine::Latency& latency,
                                 std::string_view point,
                                 std::size_t index,
                                 std::uint64_t n) const;

  void event(std::string_view type,
             std::string_view reason,
             std::string message,
             std::size_t index);
  /// Sets something off later: about a container, a probe of one, or the pod (`attempt` as it is).
  void timer(engine::PodTimer::What what, SimDuration after, const TimerTag& tag);
  void timer(engine::PodTimer::What what, SimDuration after, const ProbeTag& tag);
  void timer(engine::PodTimer::What what, SimDuration after, std::uint32_t attempt);
  void waits(std::size_t index, std::string_view reason, std::string message);

  /// Works out phase and conditions from the containers, and has the status reported.
  void report(std::string what, std::string_view rule);

 private:
  void set_phase();
  void set_conditions();
};

// --- starting.cpp

/// A pod comes to its node. Rule: PN-12.
void admit(PodSync& sync);

/// Rules: PN-10, PN-40, PN-41.
void on_pull(PodSync& sync, const TimerTag& tag);

/// Rules: PN-10, PN-30, PN-31.
void on_start(PodSync& sync, const TimerTag& tag);

/// Rule: PN-4.
void on_probe(PodSync& sync, const ProbeTag& tag);

/// Rules: PN-30, PN-33.
void on_crash(PodSync& sync, const TimerTag& tag);

/// Somebody else has reported that a container has crashed: it is restarted all the same.
void restart_later(PodSync& sync, std::size_t index);

// --- stopping.cpp

/// A pod is on its way out, or shall go faster. Rules: PN-22, PN-23.
void stop(PodSync& sync, bool first);

/// The containers have ended; `killed` has a bit for each that had to be killed. Rule: PN-24.
void on_stop(PodSync& sync, std::uint32_t killed);

/// How long a container waits after so many exits in a row. Rule: PN-31.
SimDuration crash_delay(std::uint32_t crashes);

/// How long after so many failed pulls in a row. Rule: PN-41.
SimDuration pull_delay(std::uint32_t failures);

}  // namespace stsim::node
