#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/kubectl/rollout.hpp>

namespace stsim::kubectl {
namespace {

using api::Json;

// A set of three whose controller has seen everything.
Json ready_set() {
  Json set = named("web");
  set["metadata"]["generation"] = 2;
  set["spec"] = parse(
      R"({"replicas":3,"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":0}}})");
  set["status"] =
      parse(R"({"observedGeneration":2,"replicas":3,"readyReplicas":3,"updatedReplicas":3,
      "currentReplicas":3,"currentRevision":"web-a","updateRevision":"web-a"})");
  return set;
}

std::string message(const Json& set) {
  const auto status = rollout_status(set);
  return status ? (status->done ? "done: " : "") + status->message : "error: " + status.error();
}

TEST_CASE("KC-16: a finished roll out") {
  CHECK(message(ready_set()) ==
        "done: partitioned roll out complete: 3 new pods have been updated...\n");
}

TEST_CASE("KC-16: the controller has not seen the last change") {
  Json set = ready_set();
  set["metadata"]["generation"] = 3;
  CHECK(message(set) == "Waiting for statefulset spec update to be observed...\n");
  set["status"].erase("observedGeneration");
  CHECK(message(set) == "Waiting for statefulset spec update to be observed...\n");
}

TEST_CASE("KC-16: unready pods come before outdated ones") {
  Json set = ready_set();
  set["status"]["readyReplicas"] = 1;
  set["status"]["updatedReplicas"] = 0;
  CHECK(message(set) == "Waiting for 2 pods to be ready...\n");
}

TEST_CASE("KC-16: a partition leaves pods out") {
  Json set = ready_set();
  set["spec"]["updateStrategy"]["rollingUpdate"]["partition"] = 2;
  set["status"]["updatedReplicas"] = 0;
  CHECK(message(set) ==
        "Waiting for partitioned roll out to finish: 0 out of 1 new pods have been updated...\n");
  set["status"]["updatedReplicas"] = 1;
  CHECK(message(set) == "done: partitioned roll out complete: 1 new pods have been updated...\n");
  set["spec"]["updateStrategy"]["rollingUpdate"]["partition"] = 9;
  CHECK(message(set) == "done: partitioned roll out complete: 1 new pods have been updated...\n");
}

TEST_CASE("KC-16: without a rollingUpdate block revisions are compared") {
  Json set = ready_set();
  set["spec"]["updateStrategy"].erase("rollingUpdate");
  CHECK(message(set) == "done: statefulset rolling update complete 3 pods at revision web-a...\n");
  set["status"]["updateRevision"] = "web-b";
  CHECK(message(set) ==
        "waiting for statefulset rolling update to complete 3 pods at revision web-b...\n");
}

TEST_CASE("KC-16: OnDelete has no roll out") {
  Json set = ready_set();
  set["spec"]["updateStrategy"] = parse(R"({"type":"OnDelete"})");
  CHECK(message(set) == "error: rollout status is only available for RollingUpdate strategy type");
}

TEST_CASE("KC-17: the history lists revisions by number with their causes") {
  const Json first = {{"revision", 1}};
  Json second = {{"revision", 10}};
  second["metadata"]["annotations"]["kubernetes.io/change-cause"] = "new image";
  CHECK(rollout_history(named("web"), {&second, &first}) ==
        "statefulset.apps/web \n"
        "REVISION  CHANGE-CAUSE\n"
        "1         <none>\n"
        "10        new image\n"
        "\n");
  CHECK(rollout_history(named("web"), {}) == "statefulset.apps/web \nNo rollout history found.\n");
}

TEST_CASE("KC-17: one revision is shown with raw tabs") {
  Json revision = {{"revision", 2}};
  revision["data"]["spec"]["template"] = parse(
      R"({"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:v2"}]}})");
  CHECK(rollout_history_of(named("web"), {&revision}, 2).value() ==
        "statefulset.apps/web with revision #2\n"
        "Pod Template:\n"
        "  Labels:\tapp=web\n"
        "  Containers:\n"
        "   web:\n"
        "    Image:\tweb:v2\n"
        "    Port:\t<none>\n"
        "    Host Port:\t<none>\n"
        "    Environment:\t<none>\n"
        "    Mounts:\t<none>\n"
        "  Volumes:\t<none>\n"
        "  Node-Selectors:\t<none>\n"
        "  Tolerations:\t<none>\n"
        "\n");
  CHECK(rollout_history_of(named("web"), {&revision}, 3).error() ==
        "unable to find the specified revision");
}

}  // namespace
}  // namespace stsim::kubectl
