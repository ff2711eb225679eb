#include "inquiry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/storage_class.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/controllers/volume/binder.hpp>
#include <stsim/node/kubelet.hpp>
#include <stsim/placement/placement.hpp>
#include <stsim/report/pod_spans.hpp>
#include <stsim/report/telling.hpp>

#include <algorithm>

namespace stsim::diagnosis {

using api::ContainerState;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;

namespace {

/// Whether the images that pods of a set run are named by its template now.
bool made_from_template(const Object& pod, const Object& set) {
  return controllers::statefulset::revision_of(pod) ==
         set.as<api::StatefulSet>().status.update_revision.view();
}

/// Whether a claim is bound only once a pod that uses it has a node. Rule: PV-51.
bool waits_for_consumer(const Object& claim, const world::World& world) {
  const ObjectPtr of_class = controllers::volume::class_of(
      claim, store::Cache(world.store, world.of(Actor::VolumeBinder).watch));
  return of_class && api::delays_binding(*of_class);
}

/// How many revisions a set has a history of.
std::size_t revisions_of(const world::World& world, const Object& set) {
  return world.store.owned_by(set.uid, Kind::ControllerRevision).size();
}

/// What a container says, without what only registries and runtimes understand.
std::string beginning_of(std::string_view message) {
  constexpr std::size_t kMost = 72;
  return message.size() <= kMost ? std::string(message)
                                 : std::string(message.substr(0, message.rfind(' ', kMost))) + " …";
}

constexpr const char* kTwoOfOne =
    "its containers may still run where nobody hears of them: make sure that they do not, or two "
    "pods of one identity write to the same volume (PN-62)";

}  // namespace

void Inquiry::pod(const ObjectKey& key, State state) {
  const ObjectPtr found = find(key);
  if (!found) {
    return missing(key);
  }
  const ObjectPtr set = set_of(world_, key);
  if (found->terminating()) {
    return going(*found);
  }
  if (state == State::Gone) {
    const bool to_be_replaced = set && !held_back(*set, key) && !made_from_template(*found, *set);
    if (set && (!wants(world_, *set, key) || to_be_replaced)) {
      return controller(set, key);
    }
    link(key,
         set ? fmt::format("{} wants {}, and nobody deletes it", set->key.name, key.name)
             : fmt::format("nobody deletes {}", key.name),
         set ? "SS-30" : "");
    return kubectl(fmt::format("delete pod {}{}", key.name, in_namespace(key)),
                   set ? fmt::format("{} makes it anew at once", set->key.name) : "");
  }
  if (!found->as<api::Pod>().status.ready()) {
    return unready(*found);
  }
  if (set && !is_available(*set, *found, world_.now)) {
    const SimTime since =
        found->as<api::Pod>().status.condition(api::PodConditionType::Ready).last_transition();
    const std::int32_t seconds = set->as<api::StatefulSet>().spec->min_ready_seconds;
    link(key,
         fmt::format("{} is Ready since {}, and has to be for minReadySeconds: {}s",
                     key.name,
                     report::clock(since),
                     seconds),
         "SS-100");
    return;
  }
  if (state == State::Updated && set) {
    outdated(*found, set);
  }
}

void Inquiry::missing(const ObjectKey& key) {
  const ObjectPtr set = set_of(world_, key);
  const auto [parent, ordinal] = api::parent_and_ordinal(key.name.view());
  if (!set) {
    link(key,
         ordinal < 0 ? fmt::format("nobody has made {}", key.name)
                     : fmt::format("there is no StatefulSet {} that could want it", parent),
         "");
    return;
  }
  if (set->terminating()) {
    link(set->key,
         fmt::format("{} is being deleted: nothing is created any more", set->key.name),
         "SS-106");
    return;
  }
  if (!wants(world_, *set, key)) {
    const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
    link(set->key,
         spec.replicas == 0 ? fmt::format("{} wants no replicas", set->key.name)
                            : fmt::format("{} wants {} replicas: {}-{} to {}-{}",
                                          set->key.name,
                                          spec.replicas,
                                          set->key.name,
                                          spec.start_ordinal,
                                          set->key.name,
                                          std::int64_t{spec.start_ordinal} + spec.replicas - 1),
         "SS-30");
    constexpr std::int64_t kManyMore = 1000;  // nobody means so many
    if (ordinal >= spec.start_ordinal && ordinal - spec.start_ordinal < spec.replicas + kManyMore) {
      kubectl(fmt::format("scale sts {} --replicas={}{}",
                          set->key.name,
                          std::int64_t{ordinal} - spec.start_ordinal + 1,
                          in_namespace(set->key)));
    }
    return;
  }
  controller(set, key);
}

void Inquiry::going(const Object& pod) {
  const auto& body = pod.as<api::Pod>();
  const std::string name = pod.key.name;
  const std::string force =
      fmt::format("delete pod {} --grace-period=0 --force{}", name, in_namespace(pod.key));
  const auto deadline = pod.deletion()->timestamp;
  const node::NodeState state = world_.nodes.state_of(body.node_name.view());
  if (!body.node_name.empty() && !state.kubelet) {
    link(pod.key,
         fmt::format("{} is not heard, and only it could say that the containers of {} have ended",
                     body.node_name,
                     name),
         "PN-62");
    node({Kind::Node, "", body.node_name});
    nobody_takes_away(pod);
    kubectl(force, kTwoOfOne);
    return;
  }
  if (server(pod)) {
    return;
  }
  if (!pod.finalizers.empty()) {
    std::vector<std::string> names;
    for (const Text& finalizer : pod.finalizers) {
      names.emplace_back(finalizer.view());
    }
    link(pod.key,
         fmt::format("its finalizers hold it until somebody takes them off: {}",
                     fmt::join(names, ", ")),
         "PN-21");
    kubectl(fmt::format("patch pod {}{} -p '{{\"metadata\":{{\"finalizers\":null}}}}'",
                        name,
                        in_namespace(pod.key)),
            "whoever has put them there wants to do something first");
    return;
  }
  if (!world_.settings->auto_kubelet) {
    link(pod.key, "pods move only by steps here, and none has let it go", "");
    step(fmt::format("pod {} becomes gone", name),
         {{"pod", {{"name", name}, {"becomes", "gone"}}}});
    return;
  }
  link(pod.key,
       fmt::format("the containers of {} are being stopped, at the latest at {}",
                   name,
                   report::clock(deadline)),
       "PN-23");
}

void Inquiry::unplaced(const Object& pod) {
  if (out_of_order(Actor::Placement, pod.key)) {
    return;
  }
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    const ObjectKey claim{Kind::PersistentVolumeClaim, pod.key.ns, volume.claim};
    const auto open = open_wish(world_, claim);
    if (open && !(open->state == State::Bound && waits_for_consumer(*find(claim), world_))) {
      link(pod.key,
           fmt::format("{} has no node: its claim {} {}",
                       pod.key.name,
                       volume.claim,
                       !find(claim)                 ? "is not there"
                       : open->state == State::Gone ? "is being deleted"
                                                    : "is not bound"),
           "PN-52");
      return ask(*open);
    }
  }
  const placement::Decision decision = placement::decide(
      pod, store::Cache(world_.store, world_.of(Actor::Placement).watch), world_.placed);
  if (!decision.node.empty()) {
    link(pod.key,
         fmt::format("the scheduler is about to send {} to {}", pod.key.name, decision.node),
         decision.rule);
    return;
  }
  link(pod.key, fmt::format("{} has no node: {}", pod.key.name, decision.message), decision.rule);
  nodes_closed();
}

void Inquiry::unready(const Object& pod) {
  const auto& body = pod.as<api::Pod>();
  const ObjectPtr set = set_of(world_, pod.key);
  const std::string name = pod.key.name;
  if (body.status.ended()) {
    link(pod.key, fmt::format("{} is {}", name, api::to_string(body.status.phase)), "SS-111");
    if (set) {
      controller(set, pod.key);
    }
    return;
  }
  if (!world_.settings->auto_kubelet) {
    return unmoved(pod);
  }
  if (body.node_name.empty()) {
    return unplaced(pod);
  }
  if (!world_.nodes.state_of(body.node_name.view()).kubelet) {
    link(pod.key, fmt::format("{} runs on {}, which is not heard", name, body.node_name), "PN-65");
    node({Kind::Node, "", body.node_name});
    nobody_takes_away(pod);
    kubectl(fmt::format("delete pod {} --grace-period=0 --force{}", name, in_namespace(pod.key)),
            kTwoOfOne);
    return;
  }
  if (server(pod)) {
    return;
  }
  for (std::size_t i = 0; i < body.status.containers.size(); ++i) {
    const api::ContainerStatus& status = body.status.containers[i];
    const bool waits = status.state.type == ContainerState::Type::Waiting;
    const bool ended = status.state.type == ContainerState::Type::Terminated;
    if (i < body.spec->containers.size() &&
        (ended || (waits && !report::is_on_its_way(status.state)))) {
      return container(pod, body.spec->containers[i], status);
    }
  }
  if (world_.nodes.hampered_of(pod.key).lonely) {
    return lonely(pod);
  }
  if (body.status.phase != api::PodPhase::Running) {
    link(pod.key, fmt::format("{} prepares {}", body.node_name, name), "PN-12");
    return;
  }
  link(pod.key,
       fmt::format("the containers of {} run and do not report that they are ready", name),
       "PN-2");
  if (!node::never_ready(pod, world_.settings->timing, world_.nodes)) {
    return;
  }
  for (std::size_t i = 0; i < body.spec->containers.size(); ++i) {
    if (i >= body.status.containers.size() || !body.status.containers[i].ready) {
      return trouble(pod, body.spec->containers[i]);
    }
  }
}

void Inquiry::unmoved(const Object& pod) {
  const std::string name = pod.key.name;
  for (const api::ContainerSpec& container : pod.as<api::Pod>().spec->containers) {
    const auto known = world_.settings->timing.images.find(container.image);
    if (known != world_.settings->timing.images.end() && known->second.never == node::Never::Pull) {
      link(pod.key, fmt::format("its image {} cannot be pulled", container.image), "PN-40");
      return its_template(pod, container);
    }
  }
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    if (const auto open =
            open_wish(world_, {Kind::PersistentVolumeClaim, pod.key.ns, volume.claim})) {
      return ask(*open);
    }
  }
  link(pod.key, "pods move only by steps here, and none has made it ready", "");
  step(fmt::format("pod {} becomes ready", name),
       {{"pod", {{"name", name}, {"becomes", "ready"}}}});
}

void Inquiry::container(const Object& pod,
                        const api::ContainerSpec& spec,
                        const api::ContainerStatus& status) {
  const auto& [reason, message] = *status.state.why;
  const bool pull = reason == "ErrImagePull" || reason == "ImagePullBackOff";
  link(pod.key,
       fmt::format("container {} of {} {}: {}{}{}",
                   spec.name,
                   pod.key.name,
                   status.state.type == ContainerState::Type::Waiting ? "waits" : "has ended",
                   reason,
                   message.empty() ? "" : ": ",
                   beginning_of(message.view())),
       pull ? "PN-40" : "PN-31");
  if (pull) {
    link(pod.key, fmt::format("its image {} cannot be pulled", spec.image), "PN-40");
  } else {
    link(pod.key, fmt::format("the containers of {} end by themselves", pod.key.name), "PN-30");
  }
  trouble(pod, spec);
}

void Inquiry::its_template(const Object& pod, const api::ContainerSpec& container) {
  const std::string name = pod.key.name;
  const std::string ns = in_namespace(pod.key);
  const ObjectPtr set = set_of(world_, pod.key);
  if (!set) {
    kubectl(fmt::format("delete pod {}{}", name, ns), "nobody makes it again");
    return;
  }
  const std::string_view revision = controllers::statefulset::revision_of(pod);
  if (!made_from_template(pod, *set)) {
    link(
        pod.key,
        fmt::format("{} is still of revision {}; the template of {} is another one since then, and "
                    "what runs is not changed by it",
                    name,
                    revision,
                    set->key.name),
        "PN-42");
    const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
    if (!held_back(*set, pod.key) && !spec.parallel &&
        spec.strategy == api::UpdateStrategy::RollingUpdate &&
        !world_.views.sets.policy().has_own_order()) {
      link(set->key,
           fmt::format(
               "{} updates no pod before all are ready, and {} will not be", set->key.name, name),
           "SS-223");
    }
    return delete_alike(pod, set);
  }
  link(set->key,
       fmt::format("the template of {} says so: revision {}, image {}",
                   set->key.name,
                   revision,
                   container.image),
       "SS-223");
  if (revisions_of(world_, *set) > 1) {
    kubectl(fmt::format("rollout undo sts/{}{}", set->key.name, ns));
  } else {
    chain_.advice = fmt::format(
        "There is no earlier revision to go back to: somebody has to name an image that works "
        "(kubectl set image sts/{} {}=IMAGE{}), and then to delete the pod that is stuck (SS-224)",
        set->key.name,
        container.name,
        ns);
  }
  delete_alike(pod, set);
}

void Inquiry::delete_alike(const Object& pod, const ObjectPtr& set) {
  const std::string ns = in_namespace(pod.key);
  const std::string_view revision = controllers::statefulset::revision_of(pod);
  kubectl(fmt::format("delete pod {}{}", pod.key.name, ns));
  std::vector<std::string> names;
  for (const ObjectPtr& other : world_.store.owned_by(set->uid, Kind::Pod)) {
    if (!other->terminating() && !other->as<api::Pod>().status.ready() &&
        controllers::statefulset::revision_of(*other) == revision) {
      names.emplace_back(other->key.name);
    }
  }
  constexpr std::size_t kMost = 50;
  if (names.size() > 1 && names.size() <= kMost) {
    kubectl(fmt::format("delete pod {}{}", fmt::join(names, " "), ns));
  }
}

void Inquiry::trouble(const Object& pod, const api::ContainerSpec& container) {
  const auto is_trouble = [](const node::Behaviour& behaviour) {
    return behaviour.never.has_value() || behaviour.crash_after.has_value();
  };
  const auto in_trouble = [&is_trouble](const auto& now, const auto& first, const std::string& of) {
    if (const node::BehaviourNow* changed = now.find(of)) {
      return is_trouble(changed->behaviour);
    }
    const auto said = first.find(of);
    return said != first.end() && is_trouble(said->second);
  };
  const std::string name(pod.key.name);
  const node::Timing& timing = world_.settings->timing;
  if (in_trouble(world_.nodes.pods_now, timing.pods, name)) {
    link(pod.key, fmt::format("something is wrong with {} itself, whatever its image", name), "");
    step(fmt::format("pod {} becomes fine", name),
         {{"pod", {{"name", name}, {"becomes", "fine"}}}},
         fmt::format("this means that what is wrong with {} itself is mended", name));
    return;
  }
  its_template(pod, container);
  if (in_trouble(world_.nodes.images_now, timing.images, container.image)) {
    step(fmt::format("image {} becomes fine", container.image),
         {{"image", {{"name", container.image}, {"becomes", "fine"}}}},
         "this means that somebody mends the image itself, under the same name");
  }
}

void Inquiry::lonely(const Object& pod) {
  const node::Needs* needs = node::needs_of(pod, world_.settings->timing, world_.nodes);
  const auto [parent, ordinal] = api::parent_and_ordinal(pod.key.name.view());
  const ObjectKey before{
      Kind::Pod, pod.key.ns, fmt::format("{}-{}", parent, std::int64_t{ordinal} - 1)};
  if (needs == nullptr) {
    return;
  }
  if (needs->predecessor) {
    link(pod.key,
         fmt::format(
             "{} needs {} to be ready and to be found by its name", pod.key.name, before.name),
         "SD-21");
    return ask({before, State::Ready});
  }
  link(pod.key,
       fmt::format("{} needs {} members of its set that run and are found by their names",
                   pod.key.name,
                   needs->members),
       "SD-21");
  if (const ObjectPtr set = set_of(world_, pod.key)) {
    const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
    for (std::int64_t i = 0; i < spec.replicas; ++i) {
      const ObjectKey other{
          Kind::Pod, pod.key.ns, fmt::format("{}-{}", parent, spec.start_ordinal + i)};
      const Wish ready{other, State::Ready};
      if (other != pod.key && !ready.holds(world_)) {
        return ask(ready);
      }
    }
  }
}

void Inquiry::outdated(const Object& pod, const ObjectPtr& set) {
  const api::StatefulSetSpec& spec = *set->as<api::StatefulSet>().spec;
  const std::string name = pod.key.name;
  const std::string ns = in_namespace(pod.key);
  const std::int64_t ordinal = api::parent_and_ordinal(pod.key.name.view()).ordinal;
  if (spec.strategy == api::UpdateStrategy::OnDelete) {
    link(set->key,
         fmt::format("{} has updateStrategy OnDelete: only a pod that somebody deletes comes back "
                     "at the new revision",
                     set->key.name),
         "SS-230");
    return kubectl(fmt::format("delete pod {}{}", name, ns));
  }
  if (held_back(*set, pod.key)) {
    link(set->key,
         spec.partition >= spec.replicas
             ? fmt::format("the partition {} of {} keeps the update from all of its pods",
                           spec.partition,
                           set->key.name)
             : fmt::format(
                   "{} lies below the partition {} of {}: only pods from {}-{} on are updated",
                   name,
                   spec.partition,
                   set->key.name,
                   set->key.name,
                   std::int64_t{spec.start_ordinal} + spec.partition),
         "SS-127");
    kubectl(fmt::format("patch sts {}{} -p '{{\"spec\":{{\"updateStrategy\":{{\"rollingUpdate\":"
                        "{{\"partition\":{}}}}}}}}}'",
                        set->key.name,
                        ns,
                        ordinal - spec.start_ordinal),
            std::min(spec.partition, spec.replicas) - (ordinal - spec.start_ordinal) > 1
                ? std::string("the pods above it are updated before it")
                : "");
    return waits_for_others(pod, *set);
  }
  controller(set, pod.key);
}

void Inquiry::waits_for_others(const Object& pod, const Object& set) {
  if (set.as<api::StatefulSet>().spec->parallel || world_.views.sets.policy().has_own_order()) {
    return;
  }
  const ObjectPtr other = first_trouble(world_, set);
  if (!other || other->key == pod.key) {
    return;
  }
  link(other->key,
       fmt::format(
           "{} updates no pod before all are ready, and {} is not", set.key.name, other->key.name),
       "SS-111");
  ask(*open_wish(world_, other->key));
}

}  // namespace stsim::diagnosis
