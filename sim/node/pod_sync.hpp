#pragma once
// One look of a kubelet at one pod: the status it will report and the reaction that grows with it.

#include "conduct.hpp"

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
  [[nodiscard]] Conduct conduct(std::size_t index) const {
    return {view.timing, view.nodes, pod, index};
  }

  /// How long something about a container takes; the n-th time that is asked.
  [[nodiscard]] SimDuration takes(Takes what, std::size_t index, std::uint64_t n) const;
  /// Likewise, of a length that is no usual one.
  [[nodiscard]] SimDuration draw(const engine::Latency& latency,
                                 std::string_view point,
                                 std::size_t index,
                                 std::uint64_t n) const;

  /// How long a container waits after so many exits in a row. Rule: PN-31.
  [[nodiscard]] SimDuration crash_delay(std::uint32_t crashes) const;

  /// How long after so many failed pulls in a row. Rule: PN-41.
  [[nodiscard]] SimDuration pull_delay(std::uint32_t failures) const;

  void event(std::string_view type,
             std::string_view reason,
             std::string message,
             std::size_t index);
  /// Sets something off later.
  void timer(engine::PodTimer::What what, SimDuration after, engine::TimerData data);
  void waits(std::size_t index, std::string_view reason, std::string_view message);
  /// A container that was running has ended, now.
  void ends(std::size_t index, std::string_view reason, int exit_code);

  /// Works out phase and conditions from the containers, and has the status reported.
  void report(std::string what, std::string_view rule);

 private:
  void set_phase();
  void set_conditions();
};

// --- starting.cpp

/// A pod comes to its node. Rule: PN-12.
void admit(PodSync& sync);

/// A timer of a container comes to its end. Rules: PN-4, PN-10, PN-30 to PN-33, PN-40, PN-41.
void on_container_timer(PodSync& sync, engine::PodTimer::What what, const engine::TimerData& data);

/// The kubelet has started again. Rule: PN-63.
void start_again(PodSync& sync, bool rebooted);

/// A container may behave otherwise than before: what comes of that for one that runs.
void behave(PodSync& sync, std::uint32_t index, bool by_itself);

/// The image of a container was changed: one that runs ends and is made anew, any other is made
/// from the new image at once. Rule: OP-55.
void replace(PodSync& sync, std::size_t index);

/// Somebody else has reported that a container has crashed: it is restarted all the same.
void restart_later(PodSync& sync, std::size_t index);

// --- stopping.cpp

/// A pod is on its way out, or shall go faster. Rules: PN-22, PN-23.
void stop(PodSync& sync, bool first);

/// The containers wait for an NFS server, and can not even be killed: it is tried again.
void cannot_stop(PodSync& sync, engine::TimerData data);

/// The containers have ended, those that `killed` names because they were killed. Rule: PN-24.
void on_stop(PodSync& sync, const std::vector<bool>& killed);

}  // namespace stsim::node
