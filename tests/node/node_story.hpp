#pragma once
// One pod on its node, driven by the kubelet alone: what it reports is stored at once and shown to
// it again, timers go off in order.

#include "support/catch.hpp"

#include <stsim/node/kubelet.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace stsim::node {

class NodeStory {
 public:
  explicit NodeStory(const api::Json& spec, Release with = {36, -1}) : release_(with) {
    api::Json document = {{"apiVersion", "v1"},
                          {"kind", "Pod"},
                          {"metadata", {{"name", "web-0"}, {"namespace", "default"}}},
                          {"spec", spec}};
    pod = api::from_json(api::Kind::Pod, document);
    pod.uid = {7, 9};
    timing.usual.fill(engine::Latency::constant(std::chrono::seconds{1}));
    timing.usual[Takes::VolumeMount] = {};
  }

  /// One container `web` of image `web:v1`, with more members if wanted.
  static api::Json one(api::Json more = api::Json::object()) {
    more["name"] = "web";
    more["image"] = "web:v1";
    return {{"containers", {more}}};
  }

  void bind(const std::string& node = "node1") {
    api::Object before = pod;
    pod.as<api::Pod>().node_name = node;
    carry_out(on_change(&before, pod, view()));
  }

  void remove(std::int64_t grace) {
    api::Object before = pod;
    pod.seldom.edit().deletion = api::Deletion{now + std::chrono::seconds{grace}, grace};
    carry_out(on_change(&before, pod, view()));
  }

  /// Somebody else writes the status.
  void report(const api::PodStatus& status) { store(status); }

  /// Something has happened to containers of an image.
  void image_becomes(const std::string& image, const Behaviour& behaviour) {
    change_behaviour(nodes, timing, true, image, behaviour);
    carry_out(on_behaviour(pod, true, view()));
  }

  /// The kubelet starts again, on a machine that has lost power or not.
  void restart_kubelet(bool rebooted) {
    timers.clear();
    carry_out(on_start(pod, rebooted, view()));
  }

  /// Lets timers go off until the time is over or none is left.
  void run(SimDuration length) {
    const SimTime end = now + length;
    while (!gone && !timers.empty() && timers.begin()->first <= end) {
      now = timers.begin()->first;
      const engine::PodTimer timer = timers.begin()->second;
      timers.erase(timers.begin());
      carry_out(on_timer(timer, pod, view()));
    }
    now = end;
  }

  [[nodiscard]] const api::PodStatus& status() const { return pod.as<api::Pod>().status; }
  [[nodiscard]] const api::ContainerStatus& container(std::size_t i = 0) const {
    STSIM_ASSERT(i < status().containers.size());
    return status().containers[i];
  }
  /// `ContainerCreating`, `running`, `Error`.
  [[nodiscard]] std::string state(std::size_t i = 0) const {
    const api::ContainerState& state = container(i).state;
    return state.type == api::ContainerState::Type::Running ? "running" : state.why->reason;
  }
  [[nodiscard]] std::vector<std::string> reasons() const {
    std::vector<std::string> out;
    for (const PodEvent& event : events) {
      out.push_back(event.reason);
    }
    return out;
  }
  [[nodiscard]] int count(const std::string& reason) const {
    int out = 0;
    for (const PodEvent& event : events) {
      out += event.reason == reason ? 1 : 0;
    }
    return out;
  }
  [[nodiscard]] std::string message(const std::string& reason) const {
    for (const PodEvent& event : events) {
      if (event.reason == reason) {
        return event.message;
      }
    }
    return "";
  }

  api::Object pod;
  Timing timing;
  Nodes nodes;
  SimTime now{kStartOfTime};
  std::multimap<SimTime, engine::PodTimer> timers;
  std::vector<PodEvent> events;
  bool gone{};

 private:
  NodeView view() { return {timing, nodes, chooser_, release_, now, names_}; }

  void store(const api::PodStatus& status) {
    const api::Object before = pod;
    pod.as<api::Pod>().status = status;
    carry_out(on_change(&before, pod, view()));
  }

  void carry_out(const Reaction& reaction) {
    if (!reaction.pulled.empty()) {
      nodes.add_image(pod.as<api::Pod>().node_name, reaction.pulled);
    }
    if (reaction.address_given) {
      nodes.add_address(pod.as<api::Pod>().node_name);
    }
    events.insert(events.end(), reaction.events.begin(), reaction.events.end());
    for (const Timer& timer : reaction.timers) {
      timers.emplace(now + timer.after, engine::PodTimer{timer.what, pod.key, pod.uid, timer.data});
    }
    if (reaction.status) {
      store(*reaction.status);
    }
    gone = gone || reaction.remove;
  }

  engine::SeededChooser chooser_{1};
  Release release_;
  std::vector<std::string> names_{"node1", "node2", "node3"};
};

}  // namespace stsim::node
