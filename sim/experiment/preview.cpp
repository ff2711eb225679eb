#include "experiment/step_lines.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/experiment/measures.hpp>
#include <stsim/experiment/preview.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace stsim::experiment {

namespace {

using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;
using engine::TraceRecord;

/// Something that becomes of a pod.
struct PodNews {
  SimTime time;
  std::string text;  ///< `web-2 goes: web-2 is not at the update revision …  [SS-125]`
};

std::string with_rule(const TraceRecord& record) {
  return record.rule.empty() ? record.text : fmt::format("{}  [{}]", record.text, record.rule);
}

bool is_ready(const ObjectPtr& pod) {
  return pod && pod->as<api::Pod>().status.ready();
}

/// What keeps the containers of a pod from being ready, "" where nothing is said.
std::string trouble(const Object& pod) {
  for (const api::ContainerStatus& container : pod.as<api::Pod>().status.containers) {
    if (!container.state.why->reason.empty() && !container.ready) {
      return container.state.why->reason;
    }
  }
  return "";
}

/// Takes down what becomes of pods, claims and volumes, and why things wait.
class Onlooker : public scenario::RunObserver {
 public:
  /// Of these sets alone, whatever becomes of the others.
  explicit Onlooker(const std::optional<std::set<ObjectKey>>& of = std::nullopt)
      : meter(of ? Meter(*of) : Meter()), only(of) {}

  void record(const TraceRecord& record) override {
    meter.record(record);
    if (record.type == TraceRecord::Type::Wait) {
      waits[record.object] = with_rule(record);
    } else if (record.type == TraceRecord::Type::ApiEvent && record.verb == "Warning") {
      warnings[record.object] = fmt::format("{}: {}", record.reason, record.text);
    } else if (record.type == TraceRecord::Type::Sync &&
               record.actor == Actor::StatefulSetController) {
      forget_waits(record.object);
    } else if (record.type == TraceRecord::Type::Call && record.code < 400) {
      see_call(record);
    }
  }

  void run_begins(const world::World& world) override { meter.run_begins(world); }
  void step_begins(const scenario::Step& step,
                   const std::string& prompt,
                   const world::World& world) override {
    meter.step_begins(step, prompt, world);
    if (!begun) {
      begun = world.now;
    }
  }

  void step_ends(const scenario::Step& /*step*/,
                 const scenario::StepResult& result,
                 const world::World& /*world*/) override {
    if (result.output) {
      printed += fmt::format("$ {}\n{}{}", result.prompt, result.output->out, result.output->err);
      refused = refused || result.output->exit != 0;
    }
  }

  void run_ends(const scenario::RunSummary& summary, const world::World& world) override {
    meter.run_ends(summary, world);
    broken = summary.broken;
    end = world.store;
  }

  Meter meter;
  std::optional<std::set<ObjectKey>> only;
  std::optional<SimTime> begun;  ///< of the first step
  std::string printed;
  bool refused{};
  bool own_order{};  ///< Policy::has_own_order()
  std::string broken;
  std::vector<PodNews> pods;
  std::set<ObjectKey> sets;                    ///< that the user has changed
  std::map<ObjectKey, std::string> waits;      ///< why something is not done, as of the last look
  std::map<ObjectKey, std::string> warnings;   ///< the last API Event that warns of something
  std::map<ObjectKey, std::string> of_claims;  ///< what has become of claims and volumes
  store::Store end{{}, 0};

 private:
  /// A look at a set tells again what still waits.
  void forget_waits(const ObjectKey& set) {
    std::erase_if(waits, [&set](const auto& entry) {
      const ObjectKey& about = entry.first;
      return about == set || (about.kind == Kind::Pod && about.ns == set.ns &&
                              api::parent_and_ordinal(about.name.view()).parent == set.name);
    });
  }

  void see_call(const TraceRecord& record) {
    const ObjectPtr& before = record.before;
    const ObjectPtr& after = record.after;
    const std::string name = record.object.name;
    if (record.object.kind == Kind::StatefulSet && record.actor == Actor::User) {
      sets.insert(record.object);
    } else if (record.object.kind == Kind::Pod && is_shown(before ? *before : *after)) {
      if (!before && after) {
        pods.push_back({record.time,
                        fmt::format("{} comes, at {}: {}",
                                    name,
                                    controllers::statefulset::revision_of(*after),
                                    with_rule(record))});
      } else if (before && !after) {
        pods.push_back({record.time, fmt::format("{} is gone", name)});
      } else if (before && after->terminating() && !before->terminating()) {
        pods.push_back({record.time, fmt::format("{} goes: {}", name, with_rule(record))});
      } else if (before && !after->terminating() && is_ready(after) != is_ready(before)) {
        const std::string why = is_ready(after) ? "" : trouble(*after);
        pods.push_back({record.time,
                        fmt::format("{} is {}{}{}",
                                    name,
                                    is_ready(after) ? "ready" : "not ready any more",
                                    why.empty() ? "" : ": ",
                                    why)});
      }
    } else if (record.object.kind == Kind::PersistentVolumeClaim ||
               record.object.kind == Kind::PersistentVolume) {
      see_storage(record);
    }
  }

  [[nodiscard]] bool is_shown(const Object& pod) const {
    const api::OwnerReference* owner = pod.controller();
    return !only ||
           (owner != nullptr && only->contains({Kind::StatefulSet, pod.key.ns, owner->name}));
  }

  void see_storage(const TraceRecord& record) {
    const bool gone = !record.after;
    const bool made = !record.before;
    std::string& text = of_claims[record.object];
    if (gone) {
      text = fmt::format("is deleted: {}", with_rule(record));
    } else if (made) {
      text = "is created";
    } else if (record.after->terminating() && !record.before->terminating()) {
      text = fmt::format("is on its way out: {}", with_rule(record));
    } else if (text.empty() && !(record.before->owners == record.after->owners)) {
      text = "gets other owners";
    }
  }
};

/// `web-0 to web-2, web-5`.
std::string ranges(const std::vector<std::int32_t>& ordinals, const std::string& set) {
  std::string out;
  for (std::size_t i = 0; i < ordinals.size();) {
    std::size_t last = i;
    while (last + 1 < ordinals.size() && ordinals[last + 1] == ordinals[last] + 1) {
      ++last;
    }
    out += fmt::format("{}{}-{}", out.empty() ? "" : ", ", set, ordinals[i]);
    if (last > i) {
      out += fmt::format(" to {}-{}", set, ordinals[last]);
    }
    i = last + 1;
  }
  return out;
}

/// How a set stands in the end.
struct SetEnd {
  std::map<std::string, std::vector<std::int32_t>, std::less<>> by_revision;
  std::vector<std::int32_t> held_back;  ///< below the partition, or with OnDelete outdated
  std::vector<std::string> troubles;    ///< what is not as it should be
};

SetEnd end_of_set(const Object& set, const Onlooker& seen) {
  const auto& [spec, status] = set.as<api::StatefulSet>();
  SetEnd out;
  std::vector<std::pair<std::int32_t, ObjectPtr>> pods;
  for (const ObjectPtr& pod : seen.end.owned_by(set.uid, Kind::Pod)) {
    pods.emplace_back(api::parent_and_ordinal(pod->key.name.view()).ordinal, pod);
  }
  std::ranges::sort(pods, {}, [](const auto& entry) { return entry.first; });
  for (const auto& [ordinal, pod] : pods) {
    const std::string revision(controllers::statefulset::revision_of(*pod));
    out.by_revision[revision].push_back(ordinal);
    const bool outdated = revision != status.update_revision;
    const bool free = spec->strategy == api::UpdateStrategy::OnDelete ||
                      (spec->rolling_update_block &&
                       ordinal < std::int64_t{spec->start_ordinal} + spec->partition);
    if (outdated && free) {
      out.held_back.push_back(ordinal);
    } else if (outdated && seen.own_order) {
      out.held_back.push_back(ordinal);  // the policy knows why, and says so if it waits
    } else if (outdated) {
      out.troubles.push_back(fmt::format("{} stays at {}", pod->key.name, revision));
    }
    if (pod->terminating()) {
      out.troubles.push_back(fmt::format("{} does not go", pod->key.name));
    } else if (!is_ready(pod)) {
      const std::string why = trouble(*pod);
      out.troubles.push_back(
          fmt::format("{} is {}{}{}",
                      pod->key.name,
                      pod->as<api::Pod>().node_name.empty() ? "on no node" : "not ready",
                      why.empty() ? "" : ": ",
                      why));
    }
  }
  if (std::ssize(pods) != spec->replicas) {
    out.troubles.push_back(fmt::format("{} {} there, and {} are wanted",
                                       pods.size(),
                                       pods.size() == 1 ? "pod is" : "pods are",
                                       spec->replicas));
  }
  if (!out.troubles.empty()) {
    for (const auto& [about, text] : seen.waits) {
      if (about == set.key || (about.ns == set.key.ns &&
                               api::parent_and_ordinal(about.name.view()).parent == set.key.name)) {
        out.troubles.push_back(fmt::format("because {}", text));
      }
    }
    for (const auto& [about, text] : seen.warnings) {
      const bool of_pod = about.kind == Kind::Pod && about.ns == set.key.ns &&
                          seen.end.find(about) &&
                          api::parent_and_ordinal(about.name.view()).parent == set.key.name;
      if (about == set.key || of_pod) {
        out.troubles.push_back(fmt::format("{} {}", about.name, text));
      }
    }
  }
  return out;
}

std::string of_pods(const Onlooker& seen) {
  constexpr std::size_t kHead = 40;
  constexpr std::size_t kTail = 10;
  if (seen.pods.empty()) {
    return "Pods: none comes or goes.\n";
  }
  std::string out = "Pods, counted from the change:\n";
  for (std::size_t i = 0; i < seen.pods.size(); ++i) {
    if (i == kHead && seen.pods.size() > kHead + kTail) {
      out += fmt::format("  … {} more …\n", seen.pods.size() - kHead - kTail);
      i = seen.pods.size() - kTail;
    }
    out += fmt::format(
        "  +{:<9} {}\n", scenario::in_seconds(seen.pods[i].time - *seen.begun), seen.pods[i].text);
  }
  return out;
}

std::string of_measures(const Onlooker& seen) {
  SimDuration took{};
  SimDuration below{};
  std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
  for (const Phase& phase : seen.meter.phases()) {
    took += phase.took;
    below += phase.below;
    lowest = std::min(lowest, phase.lowest);
  }
  if (seen.meter.phases().empty()) {
    return "";
  }
  std::string out = fmt::format("It takes {}; {} {} available at the fewest",
                                scenario::in_seconds(took),
                                lowest,
                                lowest == 1 ? "pod is" : "pods are");
  return out + (below > SimDuration{}
                    ? fmt::format(", fewer than are wanted for {}.\n", scenario::in_seconds(below))
                    : ".\n");
}

std::string of_storage(const Onlooker& seen) {
  std::string out;
  std::size_t kept = 0;
  seen.end.for_each(Kind::PersistentVolumeClaim, [&](const ObjectPtr& claim) {
    const auto found = seen.of_claims.find(claim->key);
    kept += found == seen.of_claims.end() || found->second.empty() ? 1U : 0U;
  });
  for (const auto& [object, text] : seen.of_claims) {
    if (!text.empty()) {
      const ObjectPtr now = seen.end.find(object);
      std::string more;
      if (now && object.kind == Kind::PersistentVolumeClaim) {
        const auto& claim = now->as<api::Claim>();
        more = claim.volume_name.empty() ? ", and waits for a volume"
                                         : fmt::format(", bound to {}", claim.volume_name);
      }
      out += fmt::format("  {} {} {}{}\n",
                         object.kind == Kind::PersistentVolume ? "volume" : "claim",
                         object.name,
                         text,
                         more);
    }
  }
  if (out.empty() && kept == 0) {
    return "";
  }
  return fmt::format("Claims: {} {} as {}.\n{}",
                     kept,
                     kept == 1 ? "stays" : "stay",
                     kept == 1 ? "it is" : "they are",
                     out);
}

/// The end of the sets that were changed. Says whether all is as it should be.
std::string of_sets(const Onlooker& seen, bool& complete) {
  std::string out;
  for (const ObjectKey& key : seen.sets) {
    const ObjectPtr set = seen.end.find(key);
    if (!set) {
      out += fmt::format("{} is gone.\n", key.name);
      continue;
    }
    const SetEnd end = end_of_set(*set, seen);
    out += fmt::format("In the end, of {}:\n", key.name);
    for (const auto& [revision, ordinals] : end.by_revision) {
      out += fmt::format("  at {}: {}\n", revision, ranges(ordinals, key.name));
    }
    if (!end.held_back.empty()) {
      out +=
          fmt::format("  held back by the update strategy: {}\n", ranges(end.held_back, key.name));
    }
    if (!end.troubles.empty()) {
      complete = false;
      constexpr std::size_t kMost = 12;
      out += "  It is stuck:\n";
      for (std::size_t i = 0; i < std::min(end.troubles.size(), kMost); ++i) {
        out += fmt::format("    {}\n", end.troubles[i]);
      }
      if (end.troubles.size() > kMost) {
        out += fmt::format("    and {} more\n", end.troubles.size() - kMost);
      }
    }
  }
  return out;
}

/// The namespace of all sets, if it is one; else the usual one.
std::string only_namespace(const scenario::Scenario& cluster) {
  std::set<std::string> all;
  for (const ObjectPtr& object : cluster.cluster.objects) {
    if (object->key.kind == Kind::StatefulSet) {
      all.insert(object->key.ns);
    }
  }
  return all.size() == 1 ? *all.begin() : std::string(api::kDefaultNamespace);
}

/// Nodes that nobody hears, then what is applied, then time for what restarts again and again.
api::Json steps_of(const scenario::Scenario& cluster,
                   const std::vector<std::filesystem::path>& changed,
                   const std::string& ns) {
  api::Json out = api::Json::array();
  for (const std::string& node : cluster.cluster.silent_nodes) {
    out.push_back({{"node", {{"name", node}, {"becomes", "unreachable"}}}});
  }
  for (const std::filesystem::path& file : changed) {
    out.push_back(
        {{"kubectl", fmt::format("apply -f {} -n {}", kubectl::quoted(file.string()), ns)}});
  }
  out.push_back({{"settle", api::Json::object()}});
  out.push_back({{"advance", "30m"}});
  out.push_back({{"settle", api::Json::object()}});
  return out;
}

api::Json names_of(const std::vector<std::filesystem::path>& files) {
  api::Json out = api::Json::array();
  for (const std::filesystem::path& file : files) {
    out.push_back(file.string());
  }
  return out;
}

}  // namespace

Result<scenario::Scenario> preview_of(const std::vector<std::filesystem::path>& live,
                                      const std::vector<std::filesystem::path>& changed,
                                      std::string ns,
                                      const Variant& variant) {
  api::Json document = {{"scenario", "preview"},
                        {"cluster", {{"objects", names_of(live)}}},
                        {"steps", api::Json::array()}};
  // By these the objects are read.
  if (variant.kubernetes) {
    document["kubernetes"] = to_string(*variant.kubernetes);
  }
  for (const auto& [gate, on] : variant.feature_gates) {
    document["featureGates"][gate] = on;
  }
  constexpr const char* kFile = "stsim preview";
  auto cluster = scenario::load_scenario_text(document.dump(2), kFile, ".");
  if (!cluster) {
    return cluster;
  }
  ns = ns.empty() ? only_namespace(*cluster) : ns;
  document["steps"] = steps_of(*cluster, changed, ns);
  auto out = scenario::load_scenario_text(document.dump(2), kFile, ".");
  if (!out) {
    return out;
  }
  // Objects that were not written out would look like broken promises.
  out->check = false;
  return varied(*std::move(out), variant);
}

Outcome preview(const scenario::Scenario& scenario) {
  // A first run tells which sets are changed; the second one looks at these.
  Onlooker first;
  scenario::run(scenario, first);
  const bool any = !first.sets.empty();
  Onlooker seen(any ? std::optional(first.sets) : std::nullopt);
  seen.own_order = scenario.policy != nullptr && scenario.policy->has_own_order();
  scenario::run(scenario, seen);
  if (!any) {
    seen.end.for_each(Kind::StatefulSet,
                      [&seen](const ObjectPtr& set) { seen.sets.insert(set->key); });
  }
  Outcome out;
  out.refused = seen.refused;
  out.complete = seen.broken.empty();
  const std::string sets = of_sets(seen, out.complete);
  out.text =
      fmt::format("By the rules of Kubernetes {}, with times of the timing model (seed {}):\n",
                  to_string(scenario.kubernetes),
                  scenario.seed) +
      seen.printed + "\n" + of_pods(seen) + (any ? of_measures(seen) : "") + of_storage(seen) +
      sets;
  if (!seen.broken.empty()) {
    out.text += fmt::format("The run ends early:\n  {}\n", seen.broken);
  }
  return out;
}

}  // namespace stsim::experiment
