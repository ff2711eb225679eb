// Names of pods and their order, and what objects keep of their documents.
#include "support/catch.hpp"

#include <stsim/api/object.hpp>

#include <string>
#include <tuple>
#include <vector>

using namespace stsim;
using namespace stsim::api;

TEST_CASE("SS-20: a pod's name is its set's, a dash and an ordinal") {
  const auto taken_apart = [](std::string_view name) {
    const auto parts = parent_and_ordinal(name);
    return std::pair(std::string(parts.parent), parts.ordinal);
  };
  CHECK(taken_apart("web-0") == std::pair<std::string, std::int32_t>("web", 0));
  CHECK(taken_apart("my-web-12") == std::pair<std::string, std::int32_t>("my-web", 12));
  CHECK(taken_apart("web-2147483647").second == 2147483647);
  CHECK(taken_apart("web-2147483648").second == -1);
  CHECK(taken_apart("web").second == -1);
  CHECK(taken_apart("web-").second == -1);
  CHECK(taken_apart("web-a").second == -1);
  CHECK(taken_apart("web-007").second == 7);
}

TEST_CASE("keys are in the order of kind, namespace and name, bytewise") {
  const std::vector<std::string> texts{
      "", "a", "b", "web-1", "web-10", "web-2", "a name of many characters", "a name of many more"};
  std::vector<std::tuple<Kind, std::string, std::string>> all;
  for (const Kind kind : {Kind::Pod, Kind::Service}) {
    for (const std::string& ns : texts) {
      for (const std::string& name : texts) {
        all.emplace_back(kind, ns, name);
      }
    }
  }
  for (const auto& [kind, ns, name] : all) {
    const std::tuple key(kind, ns, name);
    for (const auto& [other_kind, other_ns, other_name] : all) {
      const std::tuple other(other_kind, other_ns, other_name);
      const ObjectKey a{kind, ns, name};
      const ObjectKey b{other_kind, other_ns, other_name};
      REQUIRE((a <=> b) == (key <=> other));
      REQUIRE((a == b) == (key == other));
    }
  }
}

TEST_CASE("numbers in names count by value") {
  CHECK(natural_less("web-2", "web-10"));
  CHECK_FALSE(natural_less("web-10", "web-2"));
  CHECK_FALSE(natural_less("web-2", "web-2"));
  CHECK(natural_less("a-9", "b-1"));
  CHECK(natural_less("10.244.0.9", "10.244.0.11"));
  CHECK(natural_less("web", "web-0"));
}

namespace {

Object volume_with(const Json& claim_ref) {
  const Json document = {{"metadata", {{"name", "pv0"}}},
                         {"spec", {{"capacity", {{"storage", "1Gi"}}}, {"claimRef", claim_ref}}}};
  return from_json(Kind::PersistentVolume, document);
}

}  // namespace

TEST_CASE("a claimRef is kept as it was written, and takes no document where it is the usual one") {
  Json usual = {{"apiVersion", "v1"},
                {"kind", "PersistentVolumeClaim"},
                {"namespace", "default"},
                {"name", "data-web-0"},
                {"uid", "ce201ef2-4ac8-4b12-bc4f-75216a59385e"},
                {"resourceVersion", "17"}};
  const auto same_again = [](const Json& reference) {
    const Object volume = volume_with(reference);
    CHECK(to_json(volume)["spec"]["claimRef"] == reference);
    return volume.as<Volume>().claim_ref->document == nullptr;
  };
  CHECK(same_again(usual));
  CHECK(volume_with(usual).as<Volume>().claim_ref->version.value == 17);
  usual["resourceVersion"] = "017";
  CHECK_FALSE(same_again(usual));
  usual["fieldPath"] = "spec";
  CHECK_FALSE(same_again(usual));
  CHECK_FALSE(same_again({{"name", "data-web-0"}, {"namespace", "default"}}));
  CHECK(*volume_with(usual).as<Volume>().claim_ref == *volume_with(usual).as<Volume>().claim_ref);
  Json other = usual;
  other["fieldPath"] = "status";
  CHECK_FALSE(*volume_with(usual).as<Volume>().claim_ref ==
              *volume_with(other).as<Volume>().claim_ref);
}

TEST_CASE("claim templates that are no claims are read all the same") {
  const Json set = Json::parse(
      R"({"metadata":{"name":"web"},"spec":{"volumeClaimTemplates":["x",null,{"metadata":1}]}})");
  CHECK(from_json(Kind::StatefulSet, set).as<StatefulSet>().spec->claim_templates.size() == 1);
}

TEST_CASE("the time of a condition's change is kept in whole seconds") {
  PodStatus status;
  const SimTime now = kStartOfTime + std::chrono::milliseconds{1500};
  status.set_condition(PodConditionType::Ready, true, now);
  CHECK(status.condition(PodConditionType::Ready).last_transition() ==
        kStartOfTime + std::chrono::seconds{1});
  CHECK(PodCondition{}.last_transition() == SimTime{});
  PodCondition condition;
  const SimTime zero_of_go = *parse_rfc3339("0001-01-01T00:00:00Z");
  condition.set_last_transition(zero_of_go);
  CHECK(condition.last_transition() == zero_of_go);
}

TEST_CASE("a packed document is the same again, and small") {
  const Json document = Json::parse(
      R"({"a":[1,-2,"text",null,true,{"b":{}}],"capacity":{"storage":"1Gi"},"n":9007199254740993})");
  const PackedJson packed(document);
  CHECK(packed.json() == document);
  CHECK(packed == PackedJson(document));
  CHECK(packed != PackedJson(document["a"]));
  CHECK(packed.bytes().size() < document.dump().size());
  CHECK(PackedJson(Json()).is_null());
  CHECK(PackedJson().json() == Json());
  CHECK_FALSE(PackedJson(Json::object()).is_null());
  const Json broken = std::string("no UTF-8: \xff");
  CHECK(PackedJson(broken).json() == broken);
}

TEST_CASE("a pod explains itself and its conditions one by one") {
  using Type = api::PodConditionType;
  api::PodExplanations why;
  why.set(Type::Ready, {"ContainersNotReady", "containers with unready status: [web]"});
  why.set_of_pod({"Evicted", ""});
  why.set(Type::PodScheduled, {"", "0/1 nodes are available"});
  const api::PodExplanations before = why;
  why.set(Type::Ready, {"PodFailed", ""});
  CHECK(why.of(Type::Ready) == api::Explanation{"PodFailed", ""});
  CHECK(why.of(Type::PodScheduled) == api::Explanation{"", "0/1 nodes are available"});
  CHECK(why.of(Type::Initialized) == api::Explanation{});
  CHECK(why.of_pod() == api::Explanation{"Evicted", ""});
  CHECK(before.of(Type::Ready).reason == "ContainersNotReady");
  // One that is taken back is as if it had never been there.
  why.set(Type::Ready, {});
  why.set(Type::PodScheduled, {});
  why.set_of_pod({});
  CHECK(why == api::PodExplanations());
}
