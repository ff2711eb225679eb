#include "conduct.hpp"

#include "container_spec.hpp"

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
const Behaviour* find(const PersistentMap<std::string, BehaviourNow>& now,
                      const std::map<std::string, Behaviour, std::less<>>& first,
                      std::string_view name) {
  if (const BehaviourNow* found = now.find(name)) {
    return &found->behaviour;
  }
  const auto it = first.find(name);
  return it == first.end() ? nullptr : &it->second;
}

std::uint32_t changes_of(const PersistentMap<std::string, BehaviourNow>& now,
                         std::string_view name) {
  const BehaviourNow* found = now.find(name);
  return found == nullptr ? 0 : found->changes;
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
      hampered_(nodes.hampered_of(pod.key)),
      probed_(hampered_.stalled && readiness_probe(*pod.as<api::Pod>().spec, container).present),
      changes_(changes_of(nodes.pods_now, pod.key.name) +
               changes_of(nodes.images_now, pod.as<api::Pod>().spec->containers[container].image)),
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

const Behaviour& Conduct::decisive() const {
  return pod_.healed || pod_.never || pod_.crash_after ? pod_ : image_;
}

bool Conduct::never(Never what) const {
  return decisive().never == what || hampered_in(what);
}

bool Conduct::hampered_in(Never what) const {
  // Without a probe nobody notices that a container waits. Rule: PN-2.
  if (hampered_.stalled && what == Never::Ready && probed_) {
    return true;
  }
  const Needs* needs = this->needs();
  return hampered_.lonely && needs != nullptr &&
         what == (needs->crashes ? Never::Start : Never::Ready);
}

const Needs* Conduct::needs() const {
  const auto& needs = pod_.needs ? pod_.needs : image_.needs;
  return needs ? &*needs : nullptr;
}

const engine::Latency* Conduct::crash_after() const {
  const auto& length = decisive().crash_after;
  return length ? &*length : nullptr;
}

int Conduct::exit_code() const {
  return pod_.exit_code.value_or(image_.exit_code.value_or(1));
}

void change_behaviour(Nodes& nodes,
                      const Timing& timing,
                      bool of_image,
                      const std::string& name,
                      const Behaviour& change) {
  auto& all = of_image ? nodes.images_now : nodes.pods_now;
  const Behaviour* before = find(all, of_image ? timing.images : timing.pods, name);
  BehaviourNow now{before == nullptr ? Behaviour{} : *before, changes_of(all, name) + 1};
  now.behaviour.never = change.never;
  now.behaviour.crash_after = change.crash_after;
  now.behaviour.exit_code = change.exit_code;
  now.behaviour.healed = true;
  all.set(name, now);
}

const Needs* needs_of(const api::Object& pod, const Timing& timing, const Nodes& nodes) {
  for (std::size_t i = 0; i < pod.as<api::Pod>().spec->containers.size(); ++i) {
    if (const Needs* needs = Conduct(timing, nodes, pod, i).needs()) {
      return needs;
    }
  }
  return nullptr;
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
