#include "policy_plan.hpp"

#include <fmt/format.h>
#include <stsim/api/json.hpp>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/policy/policy.hpp>

#include <algorithm>
#include <mutex>
#include <set>

namespace stsim::controllers::statefulset {

using api::Object;
using api::ObjectPtr;
using api::PodPhase;

namespace {

/// A rule id that lasts as long as the process: plans and traces keep views of them.
std::string_view lasting(std::string_view rule) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> rules;
  const std::lock_guard lock(mutex);
  const auto known = rules.find(rule);
  return known == rules.end() ? *rules.emplace(rule).first : *known;
}

}  // namespace

PolicyPlan::PolicyPlan(const LoopInput& input, PolicyView& view, Plan& plan)
    : in_(input),
      view_(view),
      plan_(plan),
      actions_(input.set, input.cache, input.conditions),
      logs_(!input.policy.is_built_in()),
      functions_(plan_functions()) {
  plan_.status = StatusPlan{std::make_shared<const Object>(in_.set), {}, {}, {}};
}

void PolicyPlan::finish() {
  if (view_.overspent()) {
    misbehave("POL-2",
              fmt::format("it has asked more than {} questions in one decision", view_.budget()));
  }
  if (!counted_) {
    count();
  }
}

stsim_plan PolicyPlan::plan_functions() {
  stsim_plan out{};
  out.struct_size = sizeof out;
  out.host = this;
  out.batch = [](void* host) {
    of(host).note("batch");
    ++of(host).batch_;
  };
  out.create = [](void* host,
                  std::int32_t ordinal,
                  std::uint32_t revision,
                  stsim_counts counts,
                  stsim_text why,
                  stsim_text rule) {
    of(host).create(ordinal, revision, counts, policy::to_view(why), policy::to_view(rule));
  };
  out.remove = [](void* host,
                  std::int32_t ordinal,
                  std::int32_t gone_is_fine,
                  stsim_counts counts,
                  stsim_text why,
                  stsim_text rule) {
    of(host).remove(
        ordinal, gone_is_fine != 0, counts, policy::to_view(why), policy::to_view(rule));
  };
  out.recreate = [](void* host,
                    std::int32_t ordinal,
                    std::uint32_t revision,
                    std::int32_t create,
                    stsim_counts counts,
                    stsim_text why,
                    stsim_text rule) {
    of(host).recreate(
        ordinal, revision, create != 0, counts, policy::to_view(why), policy::to_view(rule));
  };
  out.change_in_place =
      [](void* host, std::int32_t ordinal, stsim_counts counts, stsim_text why, stsim_text rule) {
        of(host).change_in_place(ordinal, counts, policy::to_view(why), policy::to_view(rule));
      };
  out.complete_claims = [](void* host, std::int32_t ordinal) {
    of(host).act("complete_claims", ordinal, [&](const Object& pod) {
      return of(host).actions_.complete_claims(pod);
    });
  };
  out.repair = [](void* host, std::int32_t ordinal) {
    of(host).act(
        "repair", ordinal, [&](const Object& pod) { return of(host).actions_.repair(pod); });
  };
  out.give_owners = [](void* host, std::int32_t ordinal) {
    of(host).act("give_owners", ordinal, [&](const Object& pod) {
      return of(host).actions_.claim_owners(pod);
    });
  };
  out.wait = [](void* host, std::int64_t ordinal, stsim_text why, stsim_text rule) {
    of(host).wait(ordinal, policy::to_view(why), policy::to_view(rule));
  };
  out.again = [](void* host, std::int64_t after_us, std::int32_t finds_more) {
    // Nobody's looks follow each other without any time between, or so late that time is over.
    constexpr std::int64_t kMost = std::int64_t{100} * 365 * 24 * 3600 * 1'000'000;
    const std::int64_t least = of(host).logs_ ? 1 : 0;
    after_us = std::clamp(after_us, least, kMost);
    of(host).note("again", after_us, finds_more);
    if (of(host).plan_.misconduct) {
      return;
    }
    of(host).plan_.again.push_back({of(host).in_.set.key, SimDuration{after_us}, finds_more != 0});
  };
  out.count = [](void* host) {
    of(host).note("count");
    of(host).count();
  };
  out.completes_with = [](void* host, std::int64_t wanted) {
    of(host).note("completes_with", wanted);
    of(host).plan_.status->completes_with = wanted;
  };
  out.keep = [](void* host, stsim_text state) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 20U;
    if (state.size > kMost) {
      of(host).misbehave("POL-6", fmt::format("it keeps {} bytes of a set", state.size));
      return;
    }
    of(host).note("keep", 0, 0, policy::to_view(state));
    of(host).plan_.kept = Text(policy::to_view(state));
  };
  out.fail = [](void* host, stsim_text why) {
    const std::string_view words = policy::to_view(why);
    of(host).misbehave("POL-1", is_utf8(words) ? std::string(words) : "it has failed");
  };
  return out;
}

void PolicyPlan::note(
    std::string_view what, std::int64_t a, std::int64_t b, std::string_view c, std::string_view d) {
  if (logs_) {
    if (++asked_for_ > view_.budget()) {
      misbehave("POL-1",
                fmt::format("it has asked for more than {} acts and reasons", view_.budget()));
    }
    log_.add(what);
    log_.add(static_cast<std::uint64_t>(a));
    log_.add(static_cast<std::uint64_t>(b));
    log_.add(c);
    log_.add(d);
  }
}

void PolicyPlan::misbehave(std::string_view rule, std::string text) {
  if (!plan_.misconduct) {
    plan_.misconduct = Misconduct{std::move(text), rule};
  }
}

bool PolicyPlan::are_words(std::string_view why, std::string_view rule) {
  constexpr std::size_t kLongest = 63;
  if (rule.size() > kLongest) {
    misbehave("POL-6", fmt::format("a rule id has {} bytes", rule.size()));
    return false;
  }
  if (logs_ && (!is_utf8(why) || !is_utf8(rule))) {
    misbehave("POL-6", "a reason or a rule id is no valid UTF-8");
    return false;
  }
  return true;
}

bool PolicyPlan::is_utf8(std::string_view text) {
  try {
    static_cast<void>(api::Json(text).dump());
    return true;
  } catch (const api::Json::exception&) {
    return false;
  }
}

ObjectPtr PolicyPlan::named(std::string_view act, std::int32_t ordinal) {
  if (const auto it = made_.find(ordinal); it != made_.end()) {
    return it->second;
  }
  ObjectPtr pod = view_.find(ordinal);
  if (!pod) {
    misbehave("POL-5",
              fmt::format(
                  "it wants to {} {}-{}, a pod that is not there", act, in_.set.key.name, ordinal));
  }
  return pod;
}

bool PolicyPlan::can_be_made(std::int32_t ordinal, std::uint32_t revision) {
  if (ordinal < 0) {
    misbehave("POL-5", fmt::format("it wants to create a pod of ordinal {}", ordinal));
    return false;
  }
  if (revision > STSIM_REVISION_UPDATE) {
    misbehave("POL-5",
              fmt::format("it wants to create {}-{} at revision number {}, which is neither the "
                          "current (0) nor the update revision (1)",
                          in_.set.key.name,
                          ordinal,
                          revision));
    return false;
  }
  return true;
}

const PodTemplate& PolicyPlan::template_at(const Object& revision) {
  if (const auto* known = in_.pods.templates.find(revision.key.name)) {
    return **known;
  }
  auto [it, added] = templates_.try_emplace(revision.key.name);  // of one not stored, or adopted
  if (added) {
    it->second =
        make_template(in_.set, revision.key.name, template_of(revision), in_.cache.features());
  }
  return it->second;
}

ObjectPtr PolicyPlan::placeholder(std::int32_t ordinal, std::uint32_t revision) {
  const ObjectPtr& of =
      revision == STSIM_REVISION_CURRENT ? in_.revisions.current : in_.revisions.update;
  Object pod = make_pod(in_.set, template_at(*of), ordinal, in_.cache.features().release);
  pod.as<api::Pod>().status.phase = PodPhase::None;
  return std::make_shared<const Object>(std::move(pod));
}

void PolicyPlan::add(Group group, stsim_counts counts) {
  if (plan_.misconduct) {
    return;
  }
  note("counts", counts.replicas, counts.current);
  note("updated", counts.updated);
  if (group.calls.empty()) {
    return;
  }
  group.batch = batch_;
  plan_.groups.push_back(std::move(group));
  if (counts.replicas != 0 || counts.current != 0 || counts.updated != 0) {
    plan_.status->changes.push_back({.group = plan_.groups.size() - 1,
                                     .replicas = counts.replicas,
                                     .current = counts.current,
                                     .updated = counts.updated});
  }
}

void PolicyPlan::create(std::int32_t ordinal,
                        std::uint32_t revision,
                        stsim_counts counts,
                        std::string_view why,
                        std::string_view rule) {
  note("create", ordinal, revision, why, rule);
  if (!are_words(why, rule) || !can_be_made(ordinal, revision)) {
    return;
  }
  const bool taken = made_.contains(ordinal) ||
                     (in_.pods.present.contains(ordinal) && !replaced_.contains(ordinal));
  if (taken) {
    misbehave("POL-4",
              fmt::format("it wants to create {}-{}, which {}",
                          in_.set.key.name,
                          ordinal,
                          made_.contains(ordinal) ? "this plan creates already" : "is there"));
    return;
  }
  const ObjectPtr pod = placeholder(ordinal, revision);
  add(actions_.create(*pod, std::string(why), lasting(rule)), counts);
  made_.emplace(ordinal, pod);
}

void PolicyPlan::remove(std::int32_t ordinal,
                        bool gone_is_fine,
                        stsim_counts counts,
                        std::string_view why,
                        std::string_view rule) {
  note("remove", ordinal, gone_is_fine ? 1 : 0, why, rule);
  if (!are_words(why, rule) || (!gone_is_fine && !named("remove", ordinal))) {
    return;
  }
  if (ordinal < 0) {
    misbehave("POL-5", fmt::format("it wants to remove a pod of ordinal {}", ordinal));
    return;
  }
  Group group = actions_.remove(view_.key_of(ordinal), std::string(why), lasting(rule));
  if (gone_is_fine) {
    group.calls.front().tolerated = {"NotFound"};
  }
  add(std::move(group), counts);
}

void PolicyPlan::change_in_place(std::int32_t ordinal,
                                 stsim_counts counts,
                                 std::string_view why,
                                 std::string_view rule) {
  note("change_in_place", ordinal, 0, why, rule);
  const ObjectPtr pod = are_words(why, rule) ? named("change", ordinal) : nullptr;
  if (!pod) {
    return;
  }
  if (!actions_.can_change_in_place(*pod, *in_.revisions.update)) {
    misbehave("POL-5", fmt::format("{} cannot be changed in its place", pod->key.name));
    return;
  }
  add(actions_.change_in_place(*pod, *in_.revisions.update, std::string(why), lasting(rule)),
      counts);
}

void PolicyPlan::recreate(std::int32_t ordinal,
                          std::uint32_t revision,
                          bool create,
                          stsim_counts counts,
                          std::string_view why,
                          std::string_view rule) {
  note("recreate", ordinal, revision * 2 + (create ? 1U : 0U), why, rule);
  const ObjectPtr pod =
      are_words(why, rule) && can_be_made(ordinal, revision) ? view_.find(ordinal) : nullptr;
  if (!pod) {
    misbehave(
        "POL-5",
        fmt::format(
            "it wants to recreate {}-{}, a pod that is not there", in_.set.key.name, ordinal));
    return;
  }
  if (!pod->as<api::Pod>().status.ended()) {
    misbehave("POL-5", fmt::format("it wants to recreate {}, which has not ended", pod->key.name));
    return;
  }
  if (!replaced_.emplace(ordinal, pod).second) {
    misbehave("POL-4", fmt::format("it wants to recreate {} twice", pod->key.name));
    return;
  }
  const std::string_view lasting_rule = lasting(rule);
  Group group = actions_.remove(pod->key, std::string(why), lasting_rule);
  const bool failed = pod->as<api::Pod>().status.phase == PodPhase::Failed;
  group.calls.insert(group.calls.begin(),
                     tell({failed ? "Warning" : "Normal",
                           failed ? "RecreatingFailedPod" : "RecreatingTerminatedPod",
                           fmt::format("StatefulSet {}/{} is recreating {} Pod {}",
                                       in_.set.key.ns,
                                       in_.set.key.name,
                                       failed ? "failed" : "terminated",
                                       pod->key.name)}));
  if (create) {
    const ObjectPtr next = placeholder(ordinal, revision);
    actions_.then_create(group, *next, fmt::format("{} has ended", pod->key.name), lasting_rule);
    made_.emplace(ordinal, next);
  }
  add(std::move(group), counts);
}

void PolicyPlan::wait(std::int64_t ordinal, std::string_view why, std::string_view rule) {
  note("wait", ordinal, 0, why, rule);
  if (ordinal >= PolicyView::kOrdinals) {
    misbehave("POL-5", fmt::format("it waits for a pod of ordinal {}", ordinal));
    return;
  }
  if (!are_words(why, rule) || plan_.misconduct) {
    return;
  }
  const api::ObjectKey about =
      ordinal < 0 ? in_.set.key : view_.key_of(static_cast<std::int32_t>(ordinal));
  plan_.waits.push_back({about, std::string(why), lasting(rule)});
}

void PolicyPlan::count() {
  counted_ = true;
  api::StatefulSetStatus& status = plan_.status->status;
  status = {};
  status.observed_generation = in_.set.generation;
  status.current_revision = in_.revisions.current->key.name;
  status.update_revision = in_.revisions.update->key.name;
  status.collision_count = in_.revisions.collision_count;
  status.has_collision_count = true;
  status.replicas = static_cast<std::int32_t>(in_.pods.present.size());
  status.ready_replicas = static_cast<std::int32_t>(in_.pods.ready.size());
  status.available_replicas = static_cast<std::int32_t>(in_.pods.available.size());
  status.current_replicas = in_.pods.live_at(status.current_revision);
  status.updated_replicas = in_.pods.live_at(status.update_revision);
  for (const auto& [ordinal, pod] : replaced_) {  // they have ended, and so are not ready
    --status.replicas;
    if (!pod->terminating()) {
      status.current_replicas -= revision_of(*pod) == status.current_revision ? 1 : 0;
      status.updated_replicas -= revision_of(*pod) == status.update_revision ? 1 : 0;
    }
  }
}

}  // namespace stsim::controllers::statefulset
