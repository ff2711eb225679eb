// `-f` of every verb: files, folders, standard input.
#include "kubectl/user.hpp"
#include "support/catch.hpp"

using namespace stsim;
using test::User;

namespace {

constexpr const char* kSet = R"(
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:v1"}]}
)";
constexpr const char* kService = R"(
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}
)";

const std::map<std::string, std::string> kFiles{
    {"set.yaml", kSet}, {"folder/set.yaml", kSet}, {"folder/below/service.yaml", kService}};

/// The manifest of the set with one text in it exchanged.
std::string changed_set(std::string_view old, std::string_view text) {
  std::string out = kSet;
  out.replace(out.find(old), old.size(), text);
  return out;
}

}  // namespace

TEST_CASE("KC-11: of a folder every manifest in it is applied, with -R those below it, too") {
  REQUIRE(User(kFiles).run("apply -f folder").out == "statefulset.apps/web created\n");
  REQUIRE(User(kFiles).run("apply -R -f folder").out ==
          "service/web created\nstatefulset.apps/web created\n");
  REQUIRE(User(kFiles).run("apply -f empty").err ==
          "error: error reading [empty]: recognized file extensions are [.json .yaml .yml]\n");
}

TEST_CASE("every verb takes the objects of a file in place of names") {
  User user(kFiles);
  REQUIRE(user.run("create -f set.yaml").out == "statefulset.apps/web created\n");
  REQUIRE(user.run("get -f set.yaml -o name").out == "statefulset.apps/web\n");
  REQUIRE(user.run("describe -f set.yaml").out.starts_with("Name:               web\n"));
  REQUIRE(user.run("label -f set.yaml tier=front").out == "statefulset.apps/web labeled\n");
  REQUIRE(user.run("annotate -f set.yaml note=x").out == "statefulset.apps/web annotated\n");
  REQUIRE(user.run("scale -f set.yaml --replicas=1").out == "statefulset.apps/web scaled\n");
  REQUIRE(user.run("set image -f set.yaml web=web:v2").out ==
          "statefulset.apps/web image updated\n");
  REQUIRE(user.run("rollout history -f set.yaml").out.starts_with("statefulset.apps/web \n"));
  REQUIRE(user.run(R"(patch -f set.yaml -p '{"spec":{"replicas":0}}')").out ==
          "statefulset.apps/web patched\n");
  REQUIRE(user.run("wait -f set.yaml --for=jsonpath={.spec.replicas}=0").out ==
          "statefulset.apps/web condition met\n");
  REQUIRE(user.run("delete -f set.yaml").out ==
          "statefulset.apps \"web\" deleted from default namespace\n");
}

TEST_CASE("names beside -f are refused") {
  User user(kFiles);
  REQUIRE(user.run("get pods -f set.yaml").err ==
          "error: when paths, URLs, or stdin is provided as input, you may not specify resource "
          "arguments as well\n");
  REQUIRE(user.run("scale sts/web -f set.yaml --replicas=1").err ==
          "error: resource/name arguments cannot be provided when a path is specified\n");
  REQUIRE(user.run("get -f none.yaml").err == "error: the path \"none.yaml\" does not exist\n");
}

TEST_CASE("where a path is not there nothing happens") {
  User user(kFiles);
  REQUIRE(user.run("apply -f set.yaml -f none.yaml").err ==
          "error: the path \"none.yaml\" does not exist\n");
  REQUIRE(user.run("apply -f a.yaml -f b.yaml").err ==
          "the path \"a.yaml\" does not exist\nthe path \"b.yaml\" does not exist\n");
  REQUIRE(user.run("get sts").err == "No resources found in default namespace.\n");
}

TEST_CASE("a manifest without -f is an argument too many") {
  User user(kFiles);
  REQUIRE(user.run("apply set.yaml").err ==
          "error: Unexpected args: [set.yaml]\nSee 'kubectl apply -h' for help and examples\n");
  REQUIRE(user.run("create sts web").err ==
          "error: Unexpected args: [sts web]\nSee 'kubectl create -h' for help and examples\n");
  REQUIRE(user.run("create").err == "error: must specify one of -f and -k\n");
}

TEST_CASE("KC-21: what a file names and is gone already is told with the file") {
  User user(kFiles);
  REQUIRE(
      user.run("delete -f set.yaml").err ==
      "Error from server (NotFound): error when deleting \"set.yaml\": statefulsets.apps \"web\" "
      "not found\n");
  REQUIRE(user.run("delete -f set.yaml --ignore-not-found") == kubectl::Output{});
}

TEST_CASE("KC-33: --validate says what becomes of unknown fields") {
  User user({{"set.yaml", changed_set("serviceName: web", "colour: red")}});
  const auto refused = user.run("create -f set.yaml");
  REQUIRE(refused.err.find("unknown field \"spec.colour\"") != std::string::npos);
  REQUIRE(refused.exit == 1);
  REQUIRE(
      user.run("apply -f set.yaml --validate=maybe").err ==
      "error: invalid - validate option \"maybe\"; must be one of: strict (or true), warn, ignore "
      "(or false)\n");
  REQUIRE(user.run("apply -f set.yaml --validate=warn") ==
          kubectl::Output{
              "statefulset.apps/web created\n", "Warning: unknown field \"spec.colour\"\n", 0});
  REQUIRE(user.run("delete -f set.yaml --wait=false").exit == 0);
  user.story.settle();
  REQUIRE(user.run("create -f set.yaml --validate=false") ==
          kubectl::Output{"statefulset.apps/web created\n", "", 0});
}

TEST_CASE("KC-11: replace") {
  User user({{"set.yaml", kSet},
             {"one.yaml", changed_set("replicas: 2", "replicas: 1")},
             {"other.yaml", changed_set("serviceName: web", "serviceName: other")}});
  REQUIRE(
      user.run("replace -f set.yaml").err ==
      "Error from server (NotFound): error when replacing \"set.yaml\": statefulsets.apps \"web\" "
      "not found\n");
  REQUIRE(user.run("create -f set.yaml").exit == 0);
  user.story.settle();
  REQUIRE(user.run("replace -f one.yaml").out == "statefulset.apps/web replaced\n");
  REQUIRE(user.run("get sts web -o jsonpath={.spec.replicas}").out == "1");
  REQUIRE(
      user.run("replace -f other.yaml")
          .err.starts_with(
              "The StatefulSet \"web\" is invalid: spec: Forbidden: updates to statefulset spec"));
  REQUIRE(user.run("replace -f one.yaml --timeout=1s").err ==
          "error: --timeout must have --force specified\n");
  REQUIRE(
      user.run("replace --force -f other.yaml").out ==
      "statefulset.apps \"web\" deleted from default namespace\nstatefulset.apps/web replaced\n");
  REQUIRE(user.run("get sts web -o jsonpath={.spec.serviceName}").out == "other");
}

TEST_CASE("KC-10: apply --force makes anew what cannot be changed") {
  User user(
      {{"set.yaml", kSet}, {"other.yaml", changed_set("serviceName: web", "serviceName: other")}});
  REQUIRE(user.run("apply -f set.yaml").exit == 0);
  REQUIRE(user.run("apply -f other.yaml").exit == 1);
  REQUIRE(user.run("apply -f other.yaml --force").out == "statefulset.apps/web configured\n");
  REQUIRE(user.run("get sts web -o jsonpath={.spec.serviceName}").out == "other");
}

TEST_CASE(
    "KC-73: apply of a file with a field that cannot be changed changes nothing else either") {
  std::string other = changed_set("serviceName: web", "serviceName: other");
  other.replace(other.find("replicas: 2"), 11, "replicas: 5");
  other.replace(other.find("web:v1"), 6, "web:v2");
  User user({{"set.yaml", kSet}, {"other.yaml", other}});
  REQUIRE(user.run("apply -f set.yaml").exit == 0);
  user.story.settle();
  const std::string before = user.run("get sts web -o yaml").out;
  const kubectl::Output refused = user.run("apply -f other.yaml");
  REQUIRE(refused.exit == 1);
  REQUIRE(refused.out.empty());
  REQUIRE(refused.err.starts_with(
      "The StatefulSet \"web\" is invalid: spec: Forbidden: updates to statefulset spec for fields "
      "other than "));
  user.story.settle();
  REQUIRE(user.run("get sts web -o yaml").out == before);
}

TEST_CASE("KC-10: apply by force is refused on a dry run by the server") {
  User user(
      {{"set.yaml", kSet}, {"other.yaml", changed_set("serviceName: web", "serviceName: other")}});
  REQUIRE(user.run("apply -f set.yaml").exit == 0);
  REQUIRE(user.run("apply -f other.yaml --force --dry-run=server").err ==
          "error: --dry-run=server cannot be used with --force\n");
  REQUIRE(user.run("get sts web -o jsonpath={.spec.serviceName}").out == "web");
}

TEST_CASE("KC-33: replace refuses unknown fields, too") {
  User user({{"set.yaml", kSet}, {"odd.yaml", changed_set("replicas: 2", "colour: red")}});
  REQUIRE(user.run("create -f set.yaml").exit == 0);
  REQUIRE(user.run("replace -f odd.yaml").err.find("unknown field \"spec.colour\"") !=
          std::string::npos);
  REQUIRE(user.run("get sts web -o jsonpath={.spec.replicas}").out == "2");
  REQUIRE(user.run("replace -f odd.yaml --validate=false").out ==
          "statefulset.apps/web replaced\n");
}

TEST_CASE("KC-10: in a form of -o all that was applied comes as one document") {
  User user({{"both.yaml", std::string(kSet) + "---" + kService}});
  const std::string told = user.run("apply -f both.yaml -o jsonpath={.items[*].metadata.name}").out;
  REQUIRE(told == "web web");
  REQUIRE(user.run("apply -f both.yaml -o name").out == "statefulset.apps/web\nservice/web\n");
  REQUIRE(user.run("apply -f both.yaml -l app=none").err == "error: no objects passed to apply\n");
}

TEST_CASE("objects in YAML are told apart by three dashes") {
  User user({{"both.yaml", std::string(kSet) + "---" + kService}});
  const std::string text = user.run("create -f both.yaml -o yaml").out;
  REQUIRE(text.find("\n---\napiVersion: v1\nkind: Service\n") != std::string::npos);
}
