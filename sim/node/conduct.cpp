#include "conduct.hpp"

namespace stsim::node {

namespace {

/// An image with a shell that does its work and ends, as it is used to empty volumes (PV-60).
bool is_shell(std::string_view image) {
  return image.starts_with("registry.k8s.io/debian-base:") ||
         image.starts_with("registry.k8s.io/build-image/debian-base:");
}

Behaviour make_shell() {
  Behaviour out;
  out.crash_after = engine::Latency{std::chrono::milliseconds{500}, std::chrono::seconds{1}};
  out.exit_code = 0;
  return out;
}

const Behaviour kUsual{};

/// What is said now, or else was said at the beginning.
const Behaviour* find(const PersistentMap<std::string, Behaviour>& now,
                      const std::map<std::string, Behaviour, std::less<>>& first,
                      std::string_view name) {
  if (const Behaviour* found = now.find(name)) {
    return found;
  }
  const auto it = first.find(name);
  return it == first.end() ? nullptr : &it->second;
}

const Behaviour& of_pod(const Timing& timing, const Nodes& nodes, std::string_view name) {
  const Behaviour* found = find(nodes.pods_now, timing.pods, name);
  return found == nullptr ? kUsual : *found;
}

const Behaviour& of_image(const Timing& timing, const Nodes& nodes, std::string_view name) {
  static const Behaviour kShell = make_shell();
  const Behaviour* found = find(nodes.images_now, timing.images, name);
  return found != nullptr ? *found : (is_shell(name) ? kShell : kUsual);
}

const Lengths& of_node(const Timing& timing, std::string_view name) {
  const auto it = timing.nodes.find(name);
  return it == timing.nodes.end() ? kUsual.takes : it->second;
}

}  // namespace

Conduct::Conduct(const Timing& timing,
                 const Nodes& nodes,
                 const api::Object& pod,
                 std::size_t container)
    : timing_(timing),
      pod_(of_pod(timing, nodes, pod.key.name)),
      image_(of_image(timing, nodes, pod.as<api::Pod>().spec->containers[container].image)),
      node_(of_node(timing, pod.as<api::Pod>().node_name)) {}

const engine::Latency* Conduct::said(Takes what) const {
  for (const Lengths* lengths : {&pod_.takes, &image_.takes, &node_}) {
    if (const auto& length = (*lengths)[what]) {
      return &*length;
    }
  }
  return nullptr;
}

const engine::Latency& Conduct::takes(Takes what) const {
  const engine::Latency* length = said(what);
  return length == nullptr ? timing_.usual[what] : *length;
}

const engine::Latency* Conduct::crash_after() const {
  for (const Behaviour* behaviour : {&pod_, &image_}) {
    if (behaviour->crash_after) {
      return &*behaviour->crash_after;
    }
  }
  return nullptr;
}

int Conduct::exit_code() const {
  return pod_.exit_code.value_or(image_.exit_code.value_or(1));
}

bool never_ready(const api::Object& pod, const Timing& timing, const Nodes& nodes) {
  for (std::size_t i = 0; i < pod.as<api::Pod>().spec->containers.size(); ++i) {
    const Conduct conduct(timing, nodes, pod, i);
    if (conduct.never(Never::Pull) || conduct.never(Never::Start) || conduct.never(Never::Ready)) {
      return true;
    }
  }
  return false;
}

}  // namespace stsim::node
