#include "property/situation.hpp"

#include <stsim/api/well_known.hpp>

#include <algorithm>
#include <charconv>

namespace stsim::test {

namespace {

/// The revision that the controller would make of the set's template.
api::Object first_revision(Cluster& cluster) {
  for (const controllers::Group& group : cluster.plan().groups) {
    for (const controllers::Call& call : group.calls) {
      if (call.target.kind == api::Kind::ControllerRevision) {
        return *call.object;
      }
    }
  }
  throw std::runtime_error("no revision is made");
}

constexpr const char* kOldImage = "web:v0";

SetSpec spec_of(const SetLook& look) {
  SetSpec spec{.replicas = look.replicas, .parallel = look.parallel};
  switch (look.strategy) {
    case SetLook::Strategy::OnDelete:
      spec.update_strategy = R"({"type":"OnDelete"})";
      break;
    case SetLook::Strategy::NoBlock:
      spec.update_strategy = R"({"type":"RollingUpdate"})";
      break;
    case SetLook::Strategy::Block:
      spec.update_strategy = fmt::format(
          R"({{"type":"RollingUpdate","rollingUpdate":{{"partition":{}{}}}}})",
          look.partition,
          look.max_unavailable.empty() ? "" : R"(,"maxUnavailable":)" + look.max_unavailable);
      break;
  }
  spec.more = fmt::format(
      R"("minReadySeconds":{},"ordinals":{{"start":{}}},)", kMinReadySeconds, look.start);
  return spec;
}

}  // namespace

std::string to_string(const SetLook& set) {
  std::string strategy = "RollingUpdate without a block";
  if (set.strategy == SetLook::Strategy::OnDelete) {
    strategy = "OnDelete";
  } else if (set.strategy == SetLook::Strategy::Block) {
    strategy = fmt::format("RollingUpdate, partition {}", set.partition);
    strategy += set.max_unavailable.empty() ? "" : ", maxUnavailable " + set.max_unavailable;
  }
  return fmt::format(
      "set web: {} replicas from ordinal {}, {}, {}; {}, status.currentReplicas {}",
      set.replicas,
      set.start,
      set.parallel ? "Parallel" : "OrderedReady",
      strategy,
      set.updating ? "in the middle of an update" : "the update revision is the current one",
      set.current_replicas);
}

std::string to_string(const PodLook& pod) {
  static constexpr std::array kLooks{"absent",
                                     "Pending",
                                     "Running, not ready",
                                     "ready",
                                     "ready, but not for long enough",
                                     "ready, terminating",
                                     "not ready, terminating",
                                     "Failed",
                                     "Succeeded",
                                     "Failed, terminating"};
  static constexpr std::array kAt{
      " at the update revision", " at the current revision", " without a revision"};
  const std::string look = kLooks[static_cast<std::size_t>(pod.look)];
  return pod.look == Look::Absent ? look : look + kAt[static_cast<std::size_t>(pod.at)];
}

Scene::Scene(const api::Features& features)
    : cluster(stsim::to_string(features.release), features.gates) {
  cluster.make_set({.image = kOldImage});
  api::Object old_one = first_revision(cluster);
  old_ = cluster.create(old_one)->key.name;
  wear(tailor({.replicas = 1}));
  api::Object new_one = first_revision(cluster);
  new_ = cluster.create(new_one)->key.name;
}

void Scene::add(int ordinal, const PodLook& pod) {
  if (pod.look == Look::Absent) {
    return;
  }
  PodState state;
  state.revision = pod.at == At::Update ? new_ : old_;
  state.without_revision = pod.at == At::None;
  const bool terminating = pod.look == Look::TerminatingReady ||
                           pod.look == Look::TerminatingUnready ||
                           pod.look == Look::TerminatingFailed;
  state.terminating = terminating;
  state.ready =
      pod.look == Look::Ready || pod.look == Look::Young || pod.look == Look::TerminatingReady;
  if (pod.look == Look::Young) {
    state.ready_for = std::chrono::seconds{kMinReadySeconds / 3};
  }
  if (pod.look == Look::Pending) {
    state.phase = api::PodPhase::Pending;
  } else if (pod.look == Look::Failed) {
    state.phase = api::PodPhase::Failed;
  } else if (pod.look == Look::Succeeded) {
    state.phase = api::PodPhase::Succeeded;
  }
  const api::ObjectPtr made = cluster.make_pod(ordinal, state);
  if (pod.look == Look::TerminatingFailed) {
    api::Object failed = *made;
    failed.as<api::Pod>().status.phase = api::PodPhase::Failed;
    static_cast<void>(cluster.store().update_status(std::move(failed), 0));
  }
}

api::Object Scene::tailor(const SetLook& look) const {
  Cluster elsewhere(stsim::to_string(cluster.features().release), cluster.features().gates);
  api::Object set = *elsewhere.make_set(spec_of(look));
  set.resource_version = {};
  api::StatefulSetStatus& status = set.as<api::StatefulSet>().status;
  status.observed_generation = 1;
  status.current_revision = look.updating ? old_ : new_;
  status.update_revision = new_;
  status.current_replicas = look.current_replicas;
  status.replicas = look.current_replicas;
  return set;
}

void Scene::wear(const api::Object& set) {
  if (!cluster.store().update(set, 0) || !cluster.store().update_status(set, 0)) {
    throw std::runtime_error("the set cannot be changed");
  }
  static_cast<void>(cluster.seen());
  cluster.store().compact(cluster.store().position());
}

namespace {

/// One call for a pod, taken apart.
struct PodCall {
  bool creates{};
  int ordinal{};
  std::string revision;
};

std::vector<PodCall> pod_calls(const std::vector<std::string>& calls) {
  static constexpr std::string_view kCreate = "create pods web-";
  static constexpr std::string_view kDelete = "delete pods web-";
  std::vector<PodCall> out;
  for (const std::string& call : calls) {
    PodCall made;
    made.creates = call.starts_with(kCreate);
    if (!made.creates && !call.starts_with(kDelete)) {
      continue;
    }
    const char* number = call.data() + (made.creates ? kCreate : kDelete).size();
    std::from_chars(number, call.data() + call.size(), made.ordinal);
    if (made.creates) {
      made.revision = call.substr(call.rfind(' ') + 1);
    }
    out.push_back(std::move(made));
  }
  return out;
}

}  // namespace

std::vector<std::string> broken_invariants(const api::Features& features,
                                           const SetLook& set,
                                           const std::vector<PodLook>& pods,
                                           const Scene& scene,
                                           const std::vector<std::string>& calls) {
  std::vector<std::string> out;
  const auto require = [&out](bool holds, std::string text) {
    if (!holds) {
      out.push_back(std::move(text));
    }
  };
  const Release release = features.release;
  const auto at = [&pods](int ordinal) {
    return static_cast<std::size_t>(ordinal) < pods.size() ? pods[static_cast<std::size_t>(ordinal)]
                                                           : PodLook{};
  };
  const auto in_range = [&set](int ordinal) {
    return ordinal >= set.start && ordinal < set.start + set.replicas;
  };
  const auto healthy = [&at](int ordinal) { return at(ordinal).look == Look::Ready; };
  const auto ended = [&](int ordinal) {
    const Look look = at(ordinal).look;
    return look == Look::Failed || (look == Look::Succeeded && release.at_least(27)) ||
           (look == Look::TerminatingFailed && !release.at_least(28));
  };
  const auto healthy_below = [&](int end) {
    for (int ordinal = set.start; ordinal < end; ++ordinal) {
      if (!healthy(ordinal)) {
        return false;
      }
    }
    return true;
  };
  const int end = set.start + set.replicas;
  const bool gate = features.enabled("MaxUnavailableStatefulSet");
  const std::vector<PodCall> made = pod_calls(calls);

  int creations = 0;
  int rolled = 0;
  int scaled_down = 0;
  for (const PodCall& call : made) {
    const int o = call.ordinal;
    if (call.creates) {
      ++creations;
      require(in_range(o), fmt::format("web-{} is created outside the range", o));
      require(at(o).look == Look::Absent || (!release.at_least(28) && ended(o)),
              fmt::format("web-{} is created though it is there", o));
      require(set.parallel || healthy_below(o),
              fmt::format("web-{} is created before its predecessors are available", o));
      const std::string wanted =
          set.updating && set.strategy == SetLook::Strategy::Block && o < set.start + set.partition
              ? scene.old_revision()
              : scene.new_revision();
      require(call.revision == wanted || set.strategy == SetLook::Strategy::NoBlock,
              fmt::format("web-{} is created at the wrong revision", o));
      continue;
    }
    if (!in_range(o)) {
      ++scaled_down;
      require(at(o).look != Look::Absent && at(o).look != Look::TerminatingReady &&
                  at(o).look != Look::TerminatingUnready && at(o).look != Look::TerminatingFailed,
              fmt::format("web-{} is deleted though it is terminating or not there", o));
      if (!set.parallel) {
        require(healthy_below(end), "a pod is condemned before all replicas are available");
        for (int other = o + 1; other < static_cast<int>(pods.size()); ++other) {
          require(in_range(other) || at(other).look == Look::Absent,
                  fmt::format("web-{} is deleted before web-{} is gone", o, other));
        }
      }
      continue;
    }
    if (ended(o)) {
      require(set.parallel || healthy_below(o),
              fmt::format("web-{} is replaced before its predecessors are available", o));
      continue;
    }
    ++rolled;
    const bool just_created = at(o).look == Look::Absent;
    require(set.strategy != SetLook::Strategy::OnDelete, "the rollout deletes under OnDelete");
    require(o - set.start >= set.partition || set.strategy != SetLook::Strategy::Block,
            fmt::format("web-{} is deleted below the partition", o));
    require(just_created || at(o).at != At::Update,
            fmt::format("web-{} is deleted though it is updated", o));
    require(set.parallel || healthy_below(end),
            "the rollout begins before all replicas are available");
    for (int other = o + 1; other < end && !gate; ++other) {
      const bool good =
          release.at_least(34) ? healthy(other) : healthy(other) || at(other).look == Look::Young;
      require(good && at(other).at == At::Update,
              fmt::format("web-{} is deleted before web-{} is updated and available", o, other));
    }
  }
  int budget = 1;
  if (gate && set.strategy == SetLook::Strategy::Block) {
    budget = set.max_unavailable == "2"         ? 2
             : set.max_unavailable == "\"50%\"" ? std::max(1, set.replicas / 2)
                                                : 1;
  }
  int unavailable = 0;
  for (int ordinal = set.start; ordinal < end; ++ordinal) {
    const bool good =
        healthy(ordinal) || (at(ordinal).look == Look::Young && !release.at_least(34));
    unavailable += good ? 0 : 1;
  }
  require(rolled <= budget, "the rollout deletes more than its budget");
  require(!gate || rolled == 0 || rolled + unavailable <= budget,
          "the rollout makes more unavailable than its budget");
  if (!set.parallel) {
    require(creations <= 1, "more than one pod is created");
    require(scaled_down <= 1, "more than one pod is scaled down");
    require(gate || made.size() <= (release.at_least(28) ? 1U : 2U),
            "more than one pod is touched");
    return out;
  }
  for (int ordinal = 0; ordinal < std::max(end, static_cast<int>(pods.size())); ++ordinal) {
    const auto touched =
        std::ranges::any_of(made, [&](const PodCall& call) { return call.ordinal == ordinal; });
    const Look look = at(ordinal).look;
    const bool going = look == Look::TerminatingReady || look == Look::TerminatingUnready ||
                       look == Look::TerminatingFailed;
    if (in_range(ordinal)) {
      require(look != Look::Absent || touched,
              fmt::format("web-{} is not created at once", ordinal));
    } else {
      require(look == Look::Absent || going || touched,
              fmt::format("web-{} is not deleted at once", ordinal));
    }
  }
  return out;
}

}  // namespace stsim::test
