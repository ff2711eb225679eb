// Names, storage and claims of a set's pods.
#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/statefulset/identity.hpp>

#include <map>

using namespace stsim;
using api::Json;
using api::Kind;
using test::Cluster;
using test::Control;
using Names = std::vector<std::string>;
namespace sts = controllers::statefulset;

namespace {

/// Two claim templates, whose names do not stand in their alphabetic order.
constexpr const char* kTwoTemplates =
    R"("volumeClaimTemplates":[)"
    R"({"metadata":{"name":"logs"},"spec":{"accessModes":["ReadWriteOnce"],)"
    R"("resources":{"requests":{"storage":"1Gi"}}}},)"
    R"({"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],)"
    R"("resources":{"requests":{"storage":"1Gi"}}}}],)";

/// The pod web-0 with the volumes in JSON.
api::Object pod_with(std::string_view volumes) {
  return api::from_json(
      Kind::Pod,
      Json::parse(
          fmt::format(R"({{"metadata":{{"name":"web-0","namespace":"default"}},"spec":)"
                      R"({{"containers":[{{"name":"web","image":"web:v1"}}],"volumes":{}}}}})",
                      volumes)));
}

}  // namespace

TEST_CASE("SS-21: a pod is named after its set and ordinal, and lives where the set does") {
  Cluster c;
  c.create(Kind::Namespace, R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}})");
  const api::ObjectPtr set = c.create(
      Kind::StatefulSet,
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web-2","namespace":"shop"},)"
      R"("spec":{"ordinals":{"start":7},"selector":{"matchLabels":{"app":"web"}},"template":)"
      R"({"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:v1"}]}}}})");
  const auto plan = c.plan(engine::Actor::StatefulSetController, set->key);
  REQUIRE(plan.groups.back().calls.back().target == api::ObjectKey{Kind::Pod, "shop", "web-2-7"});
}

TEST_CASE("SS-22: a claim is named after its template, set and ordinal") {
  Cluster c;
  c.make_set({.replicas = 1, .more = fmt::format(R"("ordinals":{{"start":3}},{})", kTwoTemplates)});
  REQUIRE(test::calls(c.plan()) == Names{"create logs-web-3", "create data-web-3", "create web-3"});
}

TEST_CASE("SS-25: every claim template needs a volume of its name that is the pod's own claim") {
  struct Row {
    const char* volumes;
    bool matches;
  };
  const auto row = GENERATE(values<Row>({
      {R"([{"name":"data","persistentVolumeClaim":{"claimName":"data-web-0"}},)"
       R"({"name":"logs","persistentVolumeClaim":{"claimName":"logs-web-0"}}])",
       true},
      {R"([{"name":"logs","persistentVolumeClaim":{"claimName":"logs-web-0"}}])", false},
      {R"([{"name":"data","persistentVolumeClaim":{"claimName":"data-web-1"}},)"
       R"({"name":"logs","persistentVolumeClaim":{"claimName":"logs-web-0"}}])",
       false},
      {R"([{"name":"data","persistentVolumeClaim":{"claimName":"logs-web-0"}},)"
       R"({"name":"logs","persistentVolumeClaim":{"claimName":"data-web-0"}}])",
       false},
      {R"([{"name":"data","emptyDir":{}},)"
       R"({"name":"logs","persistentVolumeClaim":{"claimName":"logs-web-0"}}])",
       false},
  }));
  CAPTURE(row.volumes);
  Cluster c;
  const api::ObjectPtr set = c.make_set({.more = kTwoTemplates});
  REQUIRE(sts::storage_matches(*set, pod_with(row.volumes)) == row.matches);
}

TEST_CASE("SS-26: a claim is its template, with the labels that the selector asks for") {
  Control c(std::string_view("1.36"));
  c.create(
      Kind::StatefulSet,
      R"({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"selector":)"
      R"({"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["front"]}]},)"
      R"("template":{"metadata":{"labels":{"app":"web","tier":"front"}},"spec":{"containers":)"
      R"([{"name":"web","image":"web:v1"}]}},"volumeClaimTemplates":[{"metadata":{"name":"data","labels":)"
      R"({"app":"claim","disk":"fast"},"annotations":{"note":"keep"}},"spec":{"accessModes":["ReadWriteMany"],)"
      R"("storageClassName":"slow","resources":{"requests":{"storage":"3Gi"}}}}]}})");
  REQUIRE(c.sync().empty());
  const api::Object claim = *c.claim(0);
  REQUIRE(claim.labels == api::Labels{{"app", "web"}, {"disk", "fast"}});
  REQUIRE(claim.annotations == api::Labels{{"note", "keep"}});
  REQUIRE(claim.owners.empty());
  REQUIRE(claim.finalizers == SharedVector<Text>{"kubernetes.io/pvc-protection"});
  const Json spec = api::to_json(claim)["spec"];
  REQUIRE(spec["accessModes"] == Json{"ReadWriteMany"});
  REQUIRE(spec["storageClassName"] == "slow");
  REQUIRE(spec["resources"]["requests"]["storage"] == "3Gi");
}
