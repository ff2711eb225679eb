#include "policy_view.hpp"

#include <stsim/api/json.hpp>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/policy/policy.hpp>

#include <algorithm>

namespace stsim::controllers::statefulset {

using api::Object;
using api::ObjectPtr;
using api::PodPhase;

namespace {

std::int64_t in_microseconds(SimTime time) {
  return (time - kStartOfTime).count();
}

std::uint8_t strategy_of(api::UpdateStrategy strategy) {
  switch (strategy) {
    case api::UpdateStrategy::RollingUpdate:
      return STSIM_STRATEGY_ROLLING_UPDATE;
    case api::UpdateStrategy::OnDelete:
      return STSIM_STRATEGY_ON_DELETE;
    case api::UpdateStrategy::Recreate:
      return STSIM_STRATEGY_RECREATE;
  }
  STSIM_ASSERT(false);
  return {};
}

std::uint8_t phase_of(PodPhase phase) {
  switch (phase) {
    case PodPhase::None:
    case PodPhase::Pending:
      return STSIM_PHASE_PENDING;
    case PodPhase::Running:
      return STSIM_PHASE_RUNNING;
    case PodPhase::Succeeded:
      return STSIM_PHASE_SUCCEEDED;
    case PodPhase::Failed:
      return STSIM_PHASE_FAILED;
    case PodPhase::Unknown:
      return STSIM_PHASE_UNKNOWN;
  }
  STSIM_ASSERT(false);
  return {};
}

stsim_text value_of(const api::Labels& labels, std::string_view name) {
  const Text* found = labels.find(name);
  return found == nullptr ? stsim_text{} : policy::to_text(*found);
}

}  // namespace

PolicyView::PolicyView(const LoopInput& input)
    : in_(input),
      spec_(*input.set.as<api::StatefulSet>().spec),
      actions_(input.set, input.cache, input.conditions) {
  constexpr std::uint64_t kLeast = 10'000;
  constexpr std::uint64_t kPerPod = 100;
  const std::uint64_t pods = static_cast<std::uint64_t>(input.pods.present.size()) +
                             static_cast<std::uint64_t>(std::max(spec_.replicas, 0));
  budget_ = kLeast + kPerPod * pods;
  set_ = set_facts();
  functions_ = view_functions();
}

api::ObjectKey PolicyView::key_of(std::int32_t ordinal) const {
  return {api::Kind::Pod, in_.set.key.ns, in_.pods.name_of(in_.set, ordinal)};
}

stsim_set PolicyView::set_facts() const {
  const api::StatefulSetStatus& status = in_.set.as<api::StatefulSet>().status;
  stsim_set out{};
  out.struct_size = sizeof out;
  out.name = policy::to_text(in_.set.key.name);
  out.name_space = policy::to_text(in_.set.key.ns);
  out.now_us = in_microseconds(in_.conditions.now);
  out.release_minor = in_.conditions.release.minor;
  out.release_patch = in_.conditions.release.patch;
  out.replicas = spec_.replicas;
  out.start_ordinal = spec_.start_ordinal;
  out.min_ready_seconds = spec_.min_ready_seconds;
  out.partition = spec_.partition;
  if (spec_.max_unavailable) {
    out.max_unavailable = static_cast<std::int32_t>(spec_.max_unavailable->value);
    out.max_unavailable_kind =
        spec_.max_unavailable->percent ? STSIM_AMOUNT_PERCENT : STSIM_AMOUNT_NUMBER;
  }
  out.strategy = strategy_of(spec_.strategy);
  out.has_rolling_update = spec_.rolling_update_block ? 1 : 0;
  out.parallel = spec_.parallel ? 1 : 0;
  out.terminating = in_.set.terminating() ? 1 : 0;
  out.current_revision = policy::to_text(in_.revisions.current->key.name);
  out.update_revision = policy::to_text(in_.revisions.update->key.name);
  out.status_replicas = status.replicas;
  out.status_current = status.current_replicas;
  out.status_updated = status.updated_replicas;
  out.status_ready = status.ready_replicas;
  out.status_available = status.available_replicas;
  out.oldest_unavailable_us =
      in_.pods.by_age.empty() ? -1 : in_microseconds(in_.pods.by_age.begin()->key.since);
  return out;
}

bool PolicyView::asked() {
  if (asked_ == budget_) {
    spent_ = 1;
    return false;
  }
  ++asked_;
  return true;
}

stsim_view PolicyView::view_functions() {
  stsim_view out{};
  out.struct_size = sizeof out;
  out.host = this;
  out.set = &set_;
  out.budget = budget_;
  out.spent = &spent_;
  out.next = [](void* host, std::uint32_t pods, std::int64_t from) {
    return of(host).asked() ? of(host).next(pods, from).value_or(-1) : -1;
  };
  out.previous = [](void* host, std::uint32_t pods, std::int64_t from) {
    return of(host).asked() ? of(host).previous(pods, from).value_or(-1) : -1;
  };
  out.next_missing = [](void* host, std::uint32_t pods, std::int64_t from) {
    return of(host).asked() ? of(host).next_missing(pods, from) : from;
  };
  out.previous_missing = [](void* host, std::uint32_t pods, std::int64_t from) {
    return of(host).asked() ? of(host).previous_missing(pods, from) : from;
  };
  out.count = [](void* host, std::uint32_t pods, std::int64_t first, std::int64_t last) {
    return of(host).asked() ? of(host).count(pods, first, last) : 0;
  };
  out.pod = [](void* host, std::int32_t ordinal, stsim_pod* pod) {
    return of(host).asked() && of(host).tell_of(ordinal, *pod) ? 1 : 0;
  };
  out.needs = [](void* host, std::int32_t ordinal) {
    return of(host).asked() ? of(host).needs(ordinal) : 0U;
  };
  out.feature = [](void* host, stsim_text gate) {
    return of(host).asked() && of(host).feature(policy::to_view(gate)) ? 1 : 0;
  };
  out.annotation = [](void* host, stsim_text name) {
    return of(host).asked() ? value_of(of(host).in_.set.annotations, policy::to_view(name))
                            : stsim_text{};
  };
  out.label = [](void* host, std::int32_t ordinal, stsim_text name) {
    const ObjectPtr pod = of(host).asked() ? of(host).find(ordinal) : nullptr;
    return pod ? value_of(pod->labels, policy::to_view(name)) : stsim_text{};
  };
  out.field = [](void* host, stsim_text pointer) {
    return of(host).asked() ? of(host).field(policy::to_view(pointer)) : stsim_text{};
  };
  out.can_change_in_place = [](void* host, std::int32_t ordinal) {
    const ObjectPtr pod = of(host).asked() ? of(host).find(ordinal) : nullptr;
    return pod && of(host).actions_.can_change_in_place(*pod, *of(host).in_.revisions.update) ? 1
                                                                                              : 0;
  };
  out.state = [](void* host) {
    return of(host).asked() ? policy::to_text(of(host).in_.state) : stsim_text{};
  };
  return out;
}

const Ordinals* PolicyView::kept(std::uint32_t pods) const {
  switch (pods) {
    case STSIM_PODS_PRESENT:
      return &in_.pods.present;
    case STSIM_PODS_READY:
      return &in_.pods.ready;
    case STSIM_PODS_AVAILABLE:
      return &in_.pods.available;
    case STSIM_PODS_UNAVAILABLE:
      return &in_.pods.unavailable;
    case STSIM_PODS_TERMINATING:
      return &in_.pods.terminating;
    case STSIM_PODS_UNSETTLED:
      return &in_.pods.unsettled;
    case STSIM_PODS_MISMATCHED:
      return &in_.pods.mismatched;
    default:
      return nullptr;
  }
}

PolicyView::Place PolicyView::next(std::uint32_t pods, std::int64_t from) const {
  if (const Ordinals* all = kept(pods)) {
    return all->next(from);
  }
  Place out;
  each_outdated(pods, [&](const Ordinals& some) {
    const Place found = some.next(from);
    out = found && (!out || *found < *out) ? found : out;
  });
  return out;
}

PolicyView::Place PolicyView::previous(std::uint32_t pods, std::int64_t from) const {
  if (const Ordinals* all = kept(pods)) {
    return all->previous(from);
  }
  Place out;
  each_outdated(pods, [&](const Ordinals& some) {
    const Place found = some.previous(from);
    out = found && (!out || *found > *out) ? found : out;
  });
  return out;
}

std::int64_t PolicyView::next_missing(std::uint32_t pods, std::int64_t from) const {
  from = std::max<std::int64_t>(from, 0);
  if (const Ordinals* all = kept(pods)) {
    return all->next_missing(from);
  }
  for (std::int64_t at = from;; ++at) {
    std::int64_t furthest = at;
    each_outdated(
        pods, [&](const Ordinals& some) { furthest = std::max(furthest, some.next_missing(at)); });
    if (furthest == at) {
      return at;
    }
    at = furthest - 1;
  }
}

std::int64_t PolicyView::previous_missing(std::uint32_t pods, std::int64_t from) const {
  if (from < 0) {
    return -1;
  }
  if (const Ordinals* all = kept(pods)) {
    return all->previous_missing(from);
  }
  for (std::int64_t at = from; at >= 0; --at) {
    std::int64_t furthest = at;
    each_outdated(pods, [&](const Ordinals& some) {
      furthest = std::min(furthest, some.previous_missing(at));
    });
    if (furthest == at) {
      return at;
    }
    at = furthest + 1;
  }
  return -1;
}

std::int64_t PolicyView::count(std::uint32_t pods, std::int64_t first, std::int64_t last) const {
  if (const Ordinals* all = kept(pods)) {
    return first <= 0 && last >= kOrdinals - 1 ? all->size() : all->count(first, last);
  }
  std::int64_t out = 0;
  each_outdated(pods, [&](const Ordinals& some) { out += some.count(first, last); });
  return out;
}

ObjectPtr PolicyView::find(std::int32_t ordinal) {
  if (found_ && found_ordinal_ == ordinal) {
    return found_;
  }
  if (ordinal < 0 || !in_.pods.present.contains(ordinal)) {
    return nullptr;
  }
  const auto adopted = in_.adopted.find(ordinal);
  found_ = adopted != in_.adopted.end() ? adopted->second : in_.cache.find(key_of(ordinal));
  found_ordinal_ = ordinal;
  return found_;
}

bool PolicyView::tell_of(std::int32_t ordinal, stsim_pod& out) {
  const ObjectPtr pod = find(ordinal);
  if (!pod) {
    return false;
  }
  const api::PodStatus& status = pod->as<api::Pod>().status;
  out.name = policy::to_text(pod->key.name);
  out.revision = policy::to_text(revision_of(*pod));
  out.phase = phase_of(status.phase);
  out.terminating = pod->terminating() ? 1 : 0;
  out.ready = Conditions::running_and_ready(*pod) ? 1 : 0;
  out.available = out.ready != 0 && in_.conditions.available(*pod) ? 1 : 0;
  out.unavailable = in_.conditions.unavailable(*pod) ? 1 : 0;
  out.ended = in_.conditions.ended(*pod) ? 1 : 0;
  out.ready_since_us =
      status.ready()
          ? in_microseconds(status.condition(api::PodConditionType::Ready).last_transition())
          : -1;
  return true;
}

std::uint32_t PolicyView::needs(std::int32_t ordinal) {
  const ObjectPtr pod = find(ordinal);
  std::uint32_t out = 0;
  if (!pod || in_.conditions.ended(*pod)) {
    if (actions_.waits_for_stale_claim(pod_name(in_.set, ordinal))) {
      out |= STSIM_NEEDS_TIME;
    }
    return out;
  }
  if (in_.conditions.completes_claims(*pod) && !actions_.complete_claims(*pod).calls.empty()) {
    out |= STSIM_NEEDS_CLAIMS;
  }
  if (!actions_.is_consistent(*pod)) {
    out |= STSIM_NEEDS_REPAIR;
  }
  if (in_.pods.mismatched.contains(ordinal)) {
    out |= STSIM_NEEDS_OWNERS;
  }
  return out;
}

bool PolicyView::feature(std::string_view gate) const {
  api::Features features = in_.cache.features();
  features.release = in_.conditions.release;
  return features.enabled(gate);
}

stsim_text PolicyView::field(std::string_view pointer) {
  try {
    const api::Json::json_pointer path{std::string(pointer)};
    if (!spec_.document->contains(path)) {
      return {};
    }
    answers_.push_back(spec_.document->at(path).dump());
    return policy::to_text(answers_.back());
  } catch (const api::Json::exception&) {  // the pointer is none
    return {};
  }
}

}  // namespace stsim::controllers::statefulset
