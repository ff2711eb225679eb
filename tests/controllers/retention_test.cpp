// Who owns a pod's claims. Rules: SS-170 to SS-177.
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/retention.hpp>

using namespace stsim;
using test::Cluster;
using Names = std::vector<std::string>;
namespace sts = controllers::statefulset;

namespace {

/// The set `web` of two replicas from ordinal 1 on, with a policy.
Cluster policy_cluster(std::string_view when_scaled,
                       std::string_view when_deleted,
                       std::string_view release = "1.36") {
  Cluster out(release);
  out.make_set({.replicas = 2,
                .claims = true,
                .more = R"("ordinals":{"start":1},)" + test::retention(when_scaled, when_deleted)});
  return out;
}

api::ObjectPtr set_of(Cluster& c) {
  return c.store().find({api::Kind::StatefulSet, "default", "web"});
}

/// The owners that the policy asks for on the claim of a pod that has `before`.
Names owners(Cluster& c, int ordinal, SharedVector<api::OwnerReference> before = {}) {
  const auto pod = c.make_pod(ordinal, {});
  const auto set = set_of(c);
  api::Object claim = sts::make_claim(
      *set, set->as<api::StatefulSet>().spec->claim_templates.front(), pod->key.name);
  claim.owners = before;
  const auto wanted = sts::claim_owners(*set, *pod, claim, c.store().features().release);
  return test::owner_names(wanted.wanted.value_or(std::move(before)));
}

}  // namespace

TEST_CASE("SS-170: who owns a claim, by policy and by where its pod stands") {
  struct Row {
    const char* when_scaled;
    const char* when_deleted;
    Names in_range;
    Names outside;
  };
  const auto row = GENERATE(Row{"Retain", "Retain", {}, {}},
                            Row{"Retain", "Delete", {"StatefulSet/web*"}, {"StatefulSet/web*"}},
                            Row{"Delete", "Retain", {}, {"Pod/web-3*"}},
                            Row{"Delete", "Delete", {"StatefulSet/web*"}, {"Pod/web-3*"}});
  CAPTURE(row.when_scaled, row.when_deleted);
  Cluster c = policy_cluster(row.when_scaled, row.when_deleted);
  REQUIRE(owners(c, 1) == row.in_range);
  REQUIRE(owners(c, 3) == row.outside);
}

TEST_CASE("SS-171: owners that are no longer wanted go, those of others stay") {
  Cluster c = policy_cluster("Retain", "Retain");
  const api::OwnerReference other{"v1", "ConfigMap", "theirs", {1, 1}, false, false};
  REQUIRE(owners(c, 1, {sts::controller_reference(*set_of(c)), other}) ==
          Names{"ConfigMap/theirs"});
}

TEST_CASE("SS-172: a reference to an earlier set of the name is left to the garbage collector") {
  Cluster c = policy_cluster("Delete", "Delete");
  api::OwnerReference earlier = sts::controller_reference(*set_of(c));
  earlier.uid = {7, 7};
  REQUIRE(owners(c, 1, {earlier}) == Names{"StatefulSet/web*"});
}

TEST_CASE("SS-172: beside another controller none of ours is added") {
  Cluster c = policy_cluster("Delete", "Delete");
  const api::OwnerReference other{"apps/v1", "Deployment", "theirs", {1, 1}, true, true};
  REQUIRE(owners(c, 1, {other}) == Names{"Deployment/theirs*"});
}

TEST_CASE("SS-250: up to 1.27 claims have plain owners, told apart by uid alone") {
  Cluster c = policy_cluster("Delete", "Delete", "1.27");
  REQUIRE(owners(c, 1) == Names{"StatefulSet/web"});
  REQUIRE(owners(c, 3) == Names{"Pod/web-3"});
  const api::OwnerReference other{"apps/v1", "Deployment", "theirs", {1, 1}, true, true};
  REQUIRE(owners(c, 2, {other}) == Names{"Deployment/theirs*", "StatefulSet/web"});
  api::Object claim;
  claim.owners = {{"v1", "ConfigMap", "web-1", {1, 1}, false, false}};
  REQUIRE(sts::stale(claim, "web-1", *parse_release("1.27")));
  REQUIRE_FALSE(sts::stale(claim, "web-1", *parse_release("1.28")));
}

TEST_CASE("SS-30: pods below the first ordinal and beyond the last one are condemned") {
  Cluster c = policy_cluster("Retain", "Retain");
  Names out;
  for (int ordinal = 0; ordinal < 4; ++ordinal) {
    if (sts::condemned(*set_of(c), *c.make_pod(ordinal, {}))) {
      out.push_back(std::to_string(ordinal));
    }
  }
  REQUIRE(out == Names{"0", "3"});
}

TEST_CASE("SS-177: a claim that an earlier pod owns is stale for the next of that name") {
  Cluster c = policy_cluster("Delete", "Retain");
  const auto pod = c.make_pod(1, {});
  const auto set = set_of(c);
  api::Object claim =
      sts::make_claim(*set, set->as<api::StatefulSet>().spec->claim_templates.front(), "web-1");
  REQUIRE_FALSE(sts::stale(claim, "web-1", {}));
  claim.owners = {sts::controller_reference(*pod)};
  REQUIRE(sts::stale(claim, "web-1", {}));
  REQUIRE_FALSE(sts::stale(claim, "web-2", {}));
}
