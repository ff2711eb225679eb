#include "controllers/set_runs.hpp"

#include "support/catch.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

#include <algorithm>
#include <random>

namespace stsim::test {

using api::ObjectPtr;
using api::PodPhase;
using Names = std::vector<std::string>;
namespace sts = controllers::statefulset;

namespace {

/// Both pod managements with every retention policy; 1.26 has no policy.
std::vector<Way> all_ways() {
  std::vector<Way> out;
  for (const bool parallel : {false, true}) {
    for (const char* scaled : {"Retain", "Delete"}) {
      for (const char* deleted : {"Retain", "Delete"}) {
        out.push_back({parallel, "1.36", scaled, deleted});
      }
    }
    out.push_back({parallel, "1.26", "", ""});
  }
  return out;
}

}  // namespace

Way any_way() {
  return GENERATE(from_range(all_ways()));
}

SetSpec spec_of(const Way& way, int replicas) {
  SetSpec out{.replicas = replicas, .parallel = way.parallel, .claims = true};
  if (*way.when_scaled != '\0') {
    out.more = test::retention(way.when_scaled, way.when_deleted);
  }
  return out;
}

Control made(const SetSpec& spec,
             std::string_view release,
             std::map<std::string, bool, std::less<>> gates) {
  Control out(release, std::move(gates));
  out.make_set(spec);
  return out;
}

Control made(const Way& way, int replicas) {
  return made(spec_of(way, replicas), way.release);
}

bool up(const ObjectPtr& pod) {
  return sts::Conditions::running_and_ready(*pod);
}

Names owners_of(const api::Object& object) {
  Names out;
  for (const api::OwnerReference& owner : object.owners) {
    out.push_back(owner.kind + "/" + owner.name);
  }
  return out;
}

namespace {

/// A claim of a pod that is up has the owners that the policy asks for.
void check_claim(Control& c, const api::Object& pod, const ObjectPtr& claim) {
  const api::StatefulSetSpec& spec = c.spec();
  const bool outside = sts::condemned(*c.set(), pod);
  Names wanted;
  if (outside && spec.when_scaled == api::Retention::Delete) {
    wanted = {"Pod/" + pod.key.name};
  } else if (spec.when_deleted == api::Retention::Delete) {
    wanted = {"StatefulSet/web"};
  }
  REQUIRE(owners_of(*claim) == wanted);
}

/// One pod, whichever comes, gets one step further.
void move_one(Control& c, std::minstd_rand& random) {
  const auto pods = c.pods();
  if (!pods.empty()) {
    const ObjectPtr& pod = pods[random() % pods.size()];
    const bool runs = pod->as<api::Pod>().status.phase == PodPhase::Running;
    c.report(api::parent_and_ordinal(pod->key.name).ordinal, PodPhase::Running, runs);
  }
}

}  // namespace

void check_pods(Control& c) {
  for (const ObjectPtr& pod : c.pods()) {
    CAPTURE(pod->key.name);
    REQUIRE(sts::identity_matches(*c.set(), *pod));
    REQUIRE(sts::storage_matches(*c.set(), *pod));
    if (c.spec().claim_templates.empty()) {
      continue;
    }
    const ObjectPtr claim = c.claim(api::parent_and_ordinal(pod->key.name).ordinal);
    REQUIRE(claim);
    if (up(pod)) {
      check_claim(c, *pod, claim);
    }
  }
}

void check_order(Control& c) {
  const auto pods = c.pods();
  for (std::size_t i = 0; i < pods.size() && !c.spec().parallel; ++i) {
    REQUIRE(pods[i]->key.name ==
            fmt::format("web-{}", static_cast<int>(i) + c.spec().start_ordinal));
    REQUIRE((i == 0 || !up(pods[i]) || up(pods[i - 1])));
  }
}

void check_update(Control& c) {
  if (c.spec().strategy != api::UpdateStrategy::RollingUpdate) {
    return;
  }
  const auto pods = c.pods();
  const api::StatefulSetStatus& status = c.status();
  const auto current = static_cast<std::size_t>(status.current_replicas);
  const auto updated = static_cast<std::size_t>(status.updated_replicas);
  for (std::size_t i = 0; i < std::min(current, pods.size()); ++i) {
    REQUIRE(sts::revision_of(*pods[i]) == status.current_revision);
  }
  for (std::size_t i = 0; i < updated; ++i) {
    REQUIRE(sts::revision_of(*pods[pods.size() - 1 - i]) == status.update_revision);
  }
}

std::string run_until(Control& c, Check check, const std::function<bool()>& done) {
  std::minstd_rand random(1);
  for (int rounds = 0; !done(); ++rounds) {
    REQUIRE(rounds < 1000);
    move_one(c, random);
    if (std::string error = c.sync(); !error.empty()) {
      return error;
    }
    check_pods(c);
    check(c);
  }
  return "";
}

std::string scale_up(Control& c) {
  return run_until(c, check_order, [&c] { return c.status().ready_replicas >= c.spec().replicas; });
}

std::string scale_down(Control& c) {
  const std::string error =
      run_until(c, check_order, [&c] { return c.status().replicas <= c.spec().replicas; });
  c.collect_claims();
  return error;
}

bool update_complete(Control& c) {
  const auto pods = c.pods();
  const api::StatefulSetSpec& spec = c.spec();
  const api::StatefulSetStatus& status = c.status();
  if (static_cast<int>(pods.size()) != spec.replicas || status.ready_replicas != spec.replicas) {
    return false;
  }
  if (spec.strategy == api::UpdateStrategy::OnDelete) {
    return true;
  }
  return std::ranges::all_of(pods, [&](const ObjectPtr& pod) {
    return api::parent_and_ordinal(pod->key.name).ordinal < spec.partition ||
           sts::revision_of(*pod) == status.update_revision;
  });
}

std::string update(Control& c, int replicas, std::string_view image) {
  c.change_image(image);
  c.change(fmt::format(R"({{"spec":{{"replicas":{}}}}})", replicas));
  std::string error = c.sync();
  return error.empty() ? run_until(c, check_update, [&c] { return update_complete(c); }) : error;
}

void require_counts(Control& c, int replicas) {
  REQUIRE(c.status().replicas == replicas);
  REQUIRE(c.status().ready_replicas == replicas);
  REQUIRE(c.status().updated_replicas == replicas);
}

}  // namespace stsim::test
