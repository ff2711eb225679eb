#include "api/recorded.hpp"
#include "support/catch.hpp"

#include <stsim/api/patch.hpp>
#include <stsim/base/hash.hpp>

#include <string>

using namespace stsim;
using api::Json;

namespace {

Json J(const char* text) {
  return Json::parse(text);
}

Json merged(const Json& original, const Json& patch, std::string_view type = "StatefulSet") {
  const auto result = api::strategic_merge(type, original, patch);
  INFO(original.dump() << " + " << patch.dump());
  REQUIRE(result);
  return *result;
}

api::ApiError refused(const Json& original, const Json& patch) {
  const auto result = api::strategic_merge("StatefulSet", original, patch);
  REQUIRE_FALSE(result);
  return result.error();
}

/// A set with these containers and nothing else.
Json with_containers(const Json& containers) {
  return {{"spec", {{"template", {{"spec", {{"containers", containers}}}}}}}};
}

Json containers_of(const Json& set) {
  return set["spec"]["template"]["spec"]["containers"];
}

}  // namespace

TEST_CASE("KC-13: maps merge and null deletes", "[patch]") {
  const Json set = J(R"({"spec": {"replicas": 3, "serviceName": "a"},
                         "metadata": {"labels": {"a": "1", "b": "2"}}})");
  CHECK(merged(set, J(R"({"spec": {"replicas": 5, "serviceName": null},
                          "metadata": {"labels": {"b": null, "c": "3", "d": null}}})")) ==
        J(R"({"spec": {"replicas": 5}, "metadata": {"labels": {"a": "1", "c": "3"}}})"));
  CHECK(merged(set, Json::object()) == set);
  CHECK(merged(set, J(R"({"spec": {"$patch": "replace", "replicas": 1}})"))["spec"] ==
        J(R"({"replicas": 1})"));
  CHECK(merged(set, J(R"({"metadata": {"labels": {"$patch": "delete"}}})"))["metadata"] ==
        J(R"({"labels": {}})"));
}

TEST_CASE("KC-13: lists with a merge key merge by it", "[patch]") {
  const Json set =
      with_containers(J(R"([{"name": "web", "image": "web:v1", "ports": [{"containerPort": 80}]},
            {"name": "side", "image": "side:v1"}])"));
  CHECK(containers_of(merged(set, with_containers(J(R"([{"name": "web", "image": "web:v2"}])")))) ==
        J(R"([{"name": "web", "image": "web:v2", "ports": [{"containerPort": 80}]},
              {"name": "side", "image": "side:v1"}])"));
  CHECK(containers_of(merged(set, with_containers(J(R"([{"name": "new", "image": "new:v1"}])")))) ==
        J(R"([{"name": "new", "image": "new:v1"},
              {"name": "web", "image": "web:v1", "ports": [{"containerPort": 80}]},
              {"name": "side", "image": "side:v1"}])"));
  CHECK(
      containers_of(merged(set, with_containers(J(R"([{"name": "web", "$patch": "delete"}])")))) ==
      J(R"([{"name": "side", "image": "side:v1"}])"));
  CHECK(
      containers_of(merged(
          set, with_containers(J(R"([{"$patch": "replace"}, {"name": "x", "image": "x:v1"}])")))) ==
      J(R"([{"name": "x", "image": "x:v1"}])"));
  const Json by_port = merged(
      set,
      with_containers(J(R"([{"name": "web", "ports": [{"containerPort": 80, "name": "http"}]}])")));
  CHECK(containers_of(by_port)[0]["ports"] == J(R"([{"containerPort": 80, "name": "http"}])"));
}

TEST_CASE("KC-13: other lists are replaced", "[patch]") {
  const Json set = J(R"({"spec": {
      "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
      "template": {"spec": {"tolerations": [{"key": "a"}],
                            "containers": [{"name": "web", "args": ["-a", "-b"]}]}}}})");
  const Json patched = merged(set, J(R"({"spec": {
      "volumeClaimTemplates": [{"metadata": {"name": "logs"}}],
      "template": {"spec": {"tolerations": [{"key": "b"}],
                            "containers": [{"name": "web", "args": ["-c"]}]}}}})"));
  CHECK(patched == J(R"({"spec": {
      "volumeClaimTemplates": [{"metadata": {"name": "logs"}}],
      "template": {"spec": {"tolerations": [{"key": "b"}],
                            "containers": [{"name": "web", "args": ["-c"]}]}}}})"));
}

TEST_CASE("KC-13: lists of words merge, and directives order and shorten them", "[patch]") {
  const Json set = J(R"({"metadata": {"finalizers": ["a", "b", "c"]}})");
  const auto finalizers = [&set](const char* patch) {
    return merged(set, Json{{"metadata", J(patch)}})["metadata"]["finalizers"];
  };
  CHECK(finalizers(R"({"finalizers": ["d", "a"]})") == J(R"(["d", "a", "b", "c"])"));
  CHECK(finalizers(R"({"$deleteFromPrimitiveList/finalizers": ["b"]})") == J(R"(["a", "c"])"));
  CHECK(finalizers(R"({"$setElementOrder/finalizers": ["c", "a"]})") == J(R"(["b", "c", "a"])"));
}

TEST_CASE("KC-13: $retainKeys removes the other sources of a volume", "[patch]") {
  const Json set = J(R"({"spec": {"template": {"spec": {"volumes": [
      {"name": "v", "emptyDir": {}}, {"name": "w", "emptyDir": {}}]}}}})");
  const Json patched = merged(set, J(R"({"spec": {"template": {"spec": {"volumes": [
      {"name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": {"path": "/v"}}]}}}})"));
  CHECK(patched["spec"]["template"]["spec"]["volumes"] ==
        J(R"([{"name": "v", "hostPath": {"path": "/v"}}, {"name": "w", "emptyDir": {}}])"));
  CHECK(refused(set, J(R"({"spec": {"template": {"spec": {"volumes": [
      {"name": "v", "$retainKeys": ["name"], "hostPath": {"path": "/v"}}]}}}})")) ==
        api::bad_request("invalid patch format of retainKeys"));
}

TEST_CASE("KC-13: a patch that does not fit the type is invalid", "[patch]") {
  const Json set = J(R"({"spec": {"replicas": 3, "template": {"spec": {}}}})");
  const auto [patch, expected] = GENERATE(table<std::string, std::string>({
      {R"({"spec": {"replicas": "two"}})",
       R"(patch: Invalid value: "map[spec:map[replicas:two]]": unrecognized type: int32)"},
      {R"({"spec": {"serviceName": 3}})",
       R"(patch: Invalid value: "map[spec:map[serviceName:3]]": cannot convert int64 to string)"},
      {R"({"spec": {"podManagementPolicy": 3}})",
       R"(patch: Invalid value: "map[spec:map[podManagementPolicy:3]]": cannot convert int64 to v1.PodManagementPolicyType)"},
      {R"({"spec": {"replicas": 1.5}})",
       R"(patch: Invalid value: "map[spec:map[replicas:1.5]]": cannot convert float64 to int32)"},
      {R"({"spec": {"template": 1}})",
       R"(patch: Invalid value: "map[spec:map[template:1]]": cannot restore struct from: int64)"},
      {R"({"spec": {"volumeClaimTemplates": {"a": [1, true, null]}}})",
       R"(patch: Invalid value: "map[spec:map[volumeClaimTemplates:map[a:[1 true <nil>]]]]": cannot restore slice from map)"},
      {R"({"spec": {"selector": {"matchLabels": "x"}}})",
       R"(patch: Invalid value: "map[spec:map[selector:map[matchLabels:x]]]": cannot restore map from string)"},
  }));
  const api::ApiError error = refused(set, Json::parse(patch));
  CHECK(error.code == 422);
  CHECK(error.reason == "Invalid");
  CHECK(error.kind_name.empty());
  REQUIRE(error.causes.size() == 1);
  CHECK(error.causes[0].text() == expected);
}

TEST_CASE("KC-13: a patch that is malformed says how", "[patch]") {
  const Json set = with_containers(J(R"([{"name": "web", "image": "web:v1"}])"));
  CHECK(refused(set, with_containers(J(R"([{"image": "web:v2"}])"))).message ==
        "map: map[image:web:v2] does not contain declared merge key: name");
  CHECK(refused(set, J(R"({"spec": {"$patch": "explode"}})")).message ==
        "unknown patch type: explode in map: map[$patch:explode]");
  CHECK(refused(set, J("[1]")).message ==
        "json: cannot unmarshal array into Go value of type map[string]interface {}");
}

TEST_CASE("KC-13: a merge patch replaces lists and deletes by null", "[patch]") {
  const Json set = with_containers(J(R"([{"name": "web"}, {"name": "side"}])"));
  CHECK(api::merge_patch(set, with_containers(J(R"([{"name": "x"}])"))) ==
        with_containers(J(R"([{"name": "x"}])")));
  CHECK(api::merge_patch(J(R"({"a": 1, "b": {"c": 2}})"), J(R"({"a": null, "b": {"d": null}})")) ==
        J(R"({"b": {"c": 2}})"));
}

TEST_CASE("KC-13: a JSON patch whose path is missing is refused without a reason", "[patch]") {
  const Json set = J(R"({"spec": {"replicas": 3}})");
  CHECK(*api::json_patch(set, J(R"([{"op": "replace", "path": "/spec/replicas", "value": 2}])")) ==
        J(R"({"spec": {"replicas": 2}})"));
  CHECK(*api::json_patch(set, J(R"([{"op": "test", "path": "/spec/replicas", "value": 3},
                                    {"op": "remove", "path": "/spec/replicas"}])")) ==
        J(R"({"spec": {}})"));
  const std::string bad = GENERATE(R"([{"op": "replace", "path": "/spec/nothing", "value": 2}])",
                                   R"([{"op": "remove", "path": "/nothing"}])",
                                   R"([{"op": "test", "path": "/spec/replicas", "value": 9}])",
                                   R"([{"op": "explode", "path": "/spec"}])",
                                   R"([{"op": "add", "path": "/nothing/deep", "value": 2}])");
  const auto result = api::json_patch(set, Json::parse(bad));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == 422);
  CHECK(result.error().reason == "Invalid");
  CHECK(result.error().message == "the server rejected our request due to an error in our request");
  CHECK(result.error().causes.empty());
  const auto no_list = api::json_patch(set, J(R"({"op": "remove"})"));
  REQUIRE_FALSE(no_list);
  CHECK(no_list.error() ==
        api::bad_request("json: cannot unmarshal object into Go value of type jsonpatch.Patch"));
}

TEST_CASE("KC-13: a JSON patch has at most 10,000 operations, and its copies add at most 3 MiB") {
  Json doubles = Json::array();
  for (int i = 0; i < 40; ++i) {
    doubles.push_back({{"op", "copy"}, {"from", "/l"}, {"path", "/l/-"}});
  }
  const auto doubled = api::json_patch(J(R"({"l": [1]})"), doubles);
  REQUIRE_FALSE(doubled);
  CHECK(doubled.error().code == 422);
  Json many = Json::array();
  for (int i = 0; i <= 10'000; ++i) {
    many.push_back({{"op", "add"}, {"path", "/a"}, {"value", i}});
  }
  const auto refused = api::json_patch(J(R"({"a": 1})"), many);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "The allowed maximum operations in a JSON patch is 10000, got 10001");
  many.erase(many.size() - 1);
  CHECK(api::json_patch(J(R"({"a": 1})"), many)->at("a") == 9999);
}

TEST_CASE("KC-10: apply removes what the file had, and keeps what it never had", "[patch]") {
  const Json last = J(R"({"metadata": {"labels": {"old": "1"}}, "spec": {"serviceName": "a",
      "template": {"spec": {"containers": [{"name": "web", "image": "v1"},
                                           {"name": "side", "image": "s1"}]}}}})");
  const Json file = J(R"({"metadata": {"labels": {"new": "1"}}, "spec": {"serviceName": "a",
      "template": {"spec": {"containers": [{"name": "web", "image": "v2"}]}}}})");
  const Json stored = J(R"({"metadata": {"labels": {"old": "1", "by": "hand"}, "uid": "u"},
      "spec": {"serviceName": "a", "replicas": 7, "template": {"spec": {"containers": [
          {"name": "web", "image": "v1", "resources": {}}, {"name": "side", "image": "s1"},
          {"name": "injected", "image": "i"}]}}}})");
  const Json patch = api::three_way_patch("StatefulSet", last, file, stored);
  CHECK(patch == J(R"({"metadata": {"labels": {"old": null, "new": "1"}},
      "spec": {"template": {"spec": {
          "$setElementOrder/containers": [{"name": "web"}],
          "containers": [{"name": "web", "image": "v2"}, {"name": "side", "$patch": "delete"}]}}}})"));
  CHECK(merged(stored, patch) ==
        J(R"({"metadata": {"labels": {"new": "1", "by": "hand"}, "uid": "u"},
      "spec": {"serviceName": "a", "replicas": 7, "template": {"spec": {"containers": [
          {"name": "web", "image": "v2", "resources": {}}, {"name": "injected", "image": "i"}]}}}})"));
}

TEST_CASE("KC-10: nothing to do is an empty patch", "[patch]") {
  const auto steps = test::recording("1.36", "full-objects");
  const Json stored = test::printed_document(steps, "get sts web -o yaml");
  const Json file = Json::parse(std::string(
      stored["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"]));
  // Defaults of claim templates make this list differ, and it is one that is replaced as a whole.
  Json without_claims = file;
  without_claims["spec"].erase("volumeClaimTemplates");
  without_claims["metadata"].erase("annotations");
  CHECK(api::three_way_patch("StatefulSet", without_claims, without_claims, stored) ==
        Json::object());
  CHECK(api::three_way_patch("StatefulSet", stored, stored, stored) == Json::object());
}

TEST_CASE("KC-10: a list is brought into the order of the file", "[patch]") {
  const Json stored = with_containers(J(R"([{"name": "a"}, {"name": "b"}, {"name": "c"}])"));
  const Json file = with_containers(J(R"([{"name": "c"}, {"name": "a"}, {"name": "b"}])"));
  CHECK(merged(stored, api::three_way_patch("StatefulSet", file, file, stored)) == file);
}

namespace {

/// Documents at random, from a seed.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  Json stateful_set() {
    Json set = {{"apiVersion", "apps/v1"}, {"kind", "StatefulSet"}};
    set["metadata"] = {{"name", "web"}, {"labels", words()}};
    if (flip()) {
      set["metadata"]["finalizers"] = some_of({"a.io/x", "a.io/y", "a.io/z"});
    }
    Json& spec = set["spec"];
    spec["replicas"] = below(5);
    spec["selector"] = {{"matchLabels", words()}};
    if (flip()) {
      spec["updateStrategy"] = {{"type", "RollingUpdate"},
                                {"rollingUpdate", {{"partition", below(3)}}}};
    }
    if (flip()) {
      spec["volumeClaimTemplates"] = {{{"metadata", {{"name", pick({"data", "logs"})}}}}};
    }
    spec["template"] = {{"metadata", {{"labels", words()}}}, {"spec", pod_spec()}};
    return set;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return (state_ = mix64(state_ + 1)) % bound; }
  bool flip() { return below(2) == 0; }

  std::string pick(std::initializer_list<const char*> words) {
    return *(words.begin() + below(words.size()));
  }

  /// Some of the words, each at most once, in any order.
  Json some_of(std::vector<std::string> words) {
    Json out = Json::array();
    while (!words.empty()) {
      const auto at = words.begin() + static_cast<std::ptrdiff_t>(below(words.size()));
      if (flip()) {
        out.push_back(*at);
      }
      words.erase(at);
    }
    return out;
  }

  Json words() {
    Json out = Json::object();
    for (const char* key : {"app", "tier", "zone"}) {
      if (flip()) {
        out[key] = pick({"one", "two"});
      }
    }
    return out;
  }

  template <class Make>
  Json named(const char* key, const std::vector<std::string>& names, Make make) {
    Json out = Json::array();
    for (const Json& name : some_of(names)) {
      Json item = make();
      item[key] = name;
      out.push_back(std::move(item));
    }
    return out;
  }

  Json pod_spec() {
    Json spec = {
        {"containers", named("name", {"web", "side", "log"}, [this] { return container(); })}};
    if (flip()) {
      spec["initContainers"] = named("name", {"one", "two"}, [this] { return container(); });
    }
    if (flip()) {
      spec["volumes"] = named("name", {"tmp", "cfg", "run"}, [this] { return volume(); });
    }
    if (flip()) {
      spec["tolerations"] = {{{"key", pick({"a", "b"})}, {"operator", "Exists"}}};
    }
    if (flip()) {
      spec["imagePullSecrets"] = named("name", {"s1", "s2"}, [] { return Json::object(); });
    }
    if (flip()) {
      spec["nodeSelector"] = words();
    }
    return spec;
  }

  Json volume() {
    if (flip()) {
      return {{"emptyDir", Json::object()}};
    }
    return flip() ? Json{{"hostPath", {{"path", pick({"/a", "/b"})}}}}
                  : Json{{"configMap", {{"name", pick({"x", "y"})}}}};
  }

  Json container() {
    Json c = {{"image", pick({"v1", "v2", "v3"})}};
    if (flip()) {
      c["args"] = some_of({"-a", "-b", "-c"});
    }
    if (flip()) {
      c["env"] = named("name", {"A", "B", "C"}, [this] {
        return flip() ? Json{{"value", pick({"1", "2"})}}
                      : Json{{"valueFrom", {{"fieldRef", {{"fieldPath", "metadata.name"}}}}}};
      });
    }
    if (flip()) {
      Json ports = Json::array();
      for (const int port : {80, 443, 8080}) {
        if (flip()) {
          ports.push_back({{"containerPort", port}, {"name", pick({"a", "b"})}});
        }
      }
      c["ports"] = std::move(ports);
    }
    if (flip()) {
      c["volumeMounts"] = named("mountPath", {"/a", "/b"}, [this] {
        return Json{{"name", pick({"tmp", "cfg"})}};
      });
    }
    return c;
  }

  std::uint64_t state_;
};

}  // namespace

TEST_CASE("KC-13: the patch between two documents leads from one to the other", "[patch]") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Generator generator(seed * 1000);
    const Json original = generator.stateful_set();
    const Json modified = generator.stateful_set();
    const Json patch = api::three_way_patch("StatefulSet", original, modified, original);
    INFO("seed " << seed << ": " << patch.dump());
    REQUIRE(merged(original, patch) == modified);
    REQUIRE(api::three_way_patch("StatefulSet", modified, modified, modified) == Json::object());
  }
}

TEST_CASE("KC-10: applying a file to what it made before gives the file", "[patch]") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Generator generator(seed * 1000 + 7);
    const Json last = generator.stateful_set();
    const Json file = generator.stateful_set();
    const Json patch = api::three_way_patch("StatefulSet", last, file, last);
    INFO("seed " << seed << ": " << patch.dump());
    REQUIRE(merged(last, patch) == file);
  }
}

TEST_CASE("KC-10: applying the same file again changes nothing", "[patch]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Generator generator(seed * 1000 + 13);
    const Json last = generator.stateful_set();
    const Json file = generator.stateful_set();
    const Json current = generator.stateful_set();
    const Json once = merged(current, api::three_way_patch("StatefulSet", last, file, current));
    INFO("seed " << seed);
    const Json twice = merged(once, api::three_way_patch("StatefulSet", file, file, once));
    REQUIRE(twice == once);
  }
}
