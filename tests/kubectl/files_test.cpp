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
