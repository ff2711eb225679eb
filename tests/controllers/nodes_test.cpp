// What the controllers of nodes decide about what they see. Rules: PN-60 to PN-70.
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/api/taints.hpp>

using namespace stsim;
using api::Kind;
using api::NodeReady;
using controllers::Call;
using controllers::Plan;
using engine::Actor;
using test::Cluster;

namespace {

const api::ObjectKey kNode{Kind::Node, "", "node1"};

std::string node_manifest(const std::string& ready, const std::string& spec) {
  return R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"node1"},"spec":)" + spec +
         R"(,"status":{"conditions":[{"type":"Ready","status":")" + ready + R"("}]}})";
}

/// A node with what others have put there.
Cluster with_node(const std::string& ready, const std::string& spec = "{}") {
  Cluster c;
  c.create(api::from_json(Kind::Node, api::Json::parse(node_manifest(ready, spec))));
  return c;
}

/// `node.kubernetes.io/unreachable:NoExecute` of all that the plan wants; `as it is` if nothing.
std::string taints_after(const Plan& plan) {
  for (const controllers::Group& group : plan.groups) {
    for (const Call& call : group.calls) {
      if (call.verb == Call::Verb::Update && call.target.kind == Kind::Node) {
        std::string out;
        for (const api::Json& taint : api::taints_of(*call.object)) {
          out += api::text(taint, "key") + ":" + api::text(taint, "effect") + " ";
        }
        return out;
      }
    }
  }
  return "as it is";
}

constexpr const char* kOther = R"({"taints":[{"key":"mine","effect":"NoSchedule"}]})";

}  // namespace

TEST_CASE("PN-60: a node has the taints that its condition asks for, beside those of others") {
  const auto decided = [](const std::string& ready, const std::string& spec) {
    Cluster c = with_node(ready, spec);
    return taints_after(c.plan(Actor::NodeController, kNode));
  };
  CHECK(decided("True", "{}") == "as it is");
  CHECK(decided("True", kOther) == "as it is");
  CHECK(decided("Unknown", kOther) ==
        "mine:NoSchedule node.kubernetes.io/unreachable:NoSchedule "
        "node.kubernetes.io/unreachable:NoExecute ");
  CHECK(decided("False", "{}") ==
        "node.kubernetes.io/not-ready:NoSchedule node.kubernetes.io/not-ready:NoExecute ");
  CHECK(decided("True", R"({"unschedulable":true})") ==
        "node.kubernetes.io/unschedulable:NoSchedule ");
  CHECK(decided("True",
                R"({"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoExecute"},)"
                R"({"key":"mine","effect":"NoExecute"}]})") == "mine:NoExecute ");
  CHECK(decided("Unknown",
                R"({"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoExecute"},)"
                R"({"key":"node.kubernetes.io/unreachable","effect":"NoSchedule"}]})") ==
        "as it is");
}

TEST_CASE("PN-60: only pods of that node that count as ready lose that, and each is told of") {
  Cluster c = with_node("Unknown");
  c.make_set({});
  c.make_pod(0, {});
  c.make_pod(1, {.ready = false});
  c.make_pod(2, {});
  const auto move = [&c](const char* name, const char* node) {
    api::Object pod = *c.store().find({Kind::Pod, "default", name});
    pod.as<api::Pod>().node_name = node;
    REQUIRE(c.store().update(std::move(pod), 0));
  };
  move("web-0", "node1");
  move("web-1", "node1");
  move("web-2", "node2");
  std::vector<std::string> told;
  for (const controllers::Group& group : c.plan(Actor::NodeController, kNode).groups) {
    if (group.success && group.success->reason == "NodeNotReady") {
      told.emplace_back(group.success->about->name.view());
    }
  }
  CHECK(told == std::vector<std::string>{"node1", "web-0"});
}

TEST_CASE("a toleration is one for a taint of its key, value and effect, or of any") {
  const auto tolerates = [](const char* toleration, const char* taint) {
    return api::tolerates(api::Json::parse(toleration), api::Json::parse(taint));
  };
  constexpr const char* kTaint = R"({"key":"a","value":"b","effect":"NoExecute"})";
  CHECK(tolerates(R"({"operator":"Exists"})", kTaint));
  CHECK(tolerates(R"({"key":"a","operator":"Exists"})", kTaint));
  CHECK(tolerates(R"({"key":"a","value":"b"})", kTaint));
  CHECK(tolerates(R"({"key":"a","value":"b","effect":"NoExecute"})", kTaint));
  CHECK_FALSE(tolerates(R"({"key":"a","value":"c"})", kTaint));
  CHECK_FALSE(tolerates(R"({"key":"a"})", kTaint));
  CHECK_FALSE(tolerates(R"({"key":"c","operator":"Exists"})", kTaint));
  CHECK_FALSE(tolerates(R"({"key":"a","value":"b","effect":"NoSchedule"})", kTaint));
}
