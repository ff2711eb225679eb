#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/kubectl/columns.hpp>

namespace stsim::kubectl {
namespace {

using api::Json;
using api::Kind;

std::string get(Kind kind, const std::vector<Json>& objects, TableOptions options) {
  std::vector<const Json*> pointers;
  for (const Json& object : objects) {
    pointers.push_back(&object);
  }
  return to_text(table_of(kind, pointers, options));
}

TableOptions at(int seconds, int minor = 36) {
  TableOptions options;
  options.now = after(seconds);
  options.release = {minor, -1};
  return options;
}

Json web_document() {
  Json set = named("web");
  set["spec"] = parse(R"({"replicas":5,"template":{"spec":{"containers":[
      {"name":"web","image":"web:v1"},{"name":"side","image":"side:2"}]}}})");
  set["status"] = parse(R"({"replicas":5,"readyReplicas":3})");
  return set;
}

TEST_CASE("KC-41: statefulsets show ready and desired replicas") {
  CHECK(get(Kind::StatefulSet, {web_document()}, at(5)) ==
        "NAME   READY   AGE\n"
        "web    3/5     5s\n");
}

TEST_CASE("KC-41: wide statefulsets show containers and images") {
  TableOptions options = at(5);
  options.wide = true;
  CHECK(get(Kind::StatefulSet, {web_document()}, options) ==
        "NAME   READY   AGE   CONTAINERS   IMAGES\n"
        "web    3/5     5s    web,side     web:v1,side:2\n");
}

TEST_CASE("KC-3: with several types names carry their kind") {
  TableOptions options = at(5);
  options.with_kind = true;
  CHECK(get(Kind::StatefulSet, {web_document()}, options) ==
        "NAME                   READY   AGE\n"
        "statefulset.apps/web   3/5     5s\n");
}

TEST_CASE("KC-41: -A, -L and --show-labels add columns") {
  Json pod = named("web-0");
  pod["metadata"]["labels"] = {{"app", "web"}, {"apps.kubernetes.io/pod-index", "0"}};
  pod["spec"] = parse(R"({"containers":[{"name":"web"}]})");
  pod["status"] = parse(R"({"phase":"Pending"})");
  TableOptions options = at(7);
  options.with_namespace = true;
  options.label_columns = {"apps.kubernetes.io/pod-index", "absent"};
  options.show_labels = true;
  CHECK(get(Kind::Pod, {pod}, options) ==
        "NAMESPACE   NAME    READY   STATUS    RESTARTS   AGE   POD-INDEX   ABSENT   LABELS\n"
        "default     web-0   0/1     Pending   0          7s    0                    "
        "app=web,apps.kubernetes.io/pod-index=0\n");
}

PodSummary summary_of(const char* pod, int minor = 36) {
  return summarize_pod(parse(pod), after(60), {minor, -1});
}

TEST_CASE("PN-90: the phase, or the reason of the status") {
  CHECK(summary_of(R"({"spec":{"containers":[{}]},"status":{"phase":"Running"}})").status ==
        "Running");
  CHECK(summary_of(R"({"status":{"phase":"Failed","reason":"Evicted"}})").status == "Evicted");
  CHECK(summary_of(R"({"status":{"phase":"Pending","conditions":[
      {"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}})")
            .status == "SchedulingGated");
}

TEST_CASE("PN-91: the first init container that is not done decides") {
  const char* const spec = R"({"spec":{"initContainers":[{"name":"a"},{"name":"b"}],
      "containers":[{"name":"c"}]},"status":{"phase":"Pending","initContainerStatuses":[
      {"name":"a","state":{"terminated":{"exitCode":0}}},{"name":"b","state":STATE}]}})";
  const auto with = [&](const std::string& state) {
    std::string text = spec;
    text.replace(text.find("STATE"), 5, state);
    return summary_of(text.c_str()).status;
  };
  CHECK(with(R"({"running":{}})") == "Init:1/2");
  CHECK(with(R"({"waiting":{"reason":"PodInitializing"}})") == "Init:1/2");
  CHECK(with(R"({"waiting":{"reason":"ImagePullBackOff"}})") == "Init:ImagePullBackOff");
  CHECK(with(R"({"terminated":{"exitCode":3}})") == "Init:ExitCode:3");
  CHECK(with(R"({"terminated":{"exitCode":137,"signal":9}})") == "Init:Signal:9");
  CHECK(with(R"({"terminated":{"exitCode":1,"reason":"Error"}})") == "Init:Error");
}

TEST_CASE("PN-91, PN-95: a started sidecar counts among the containers") {
  const PodSummary summary =
      summary_of(R"({"spec":{"initContainers":[{"name":"s","restartPolicy":"Always"}],
      "containers":[{"name":"c"}]},"status":{"phase":"Running",
      "initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":2,"state":{"running":{}}}],
      "containerStatuses":[{"name":"c","ready":true,"restartCount":1,"state":{"running":{}}}]}})");
  CHECK(summary == PodSummary{"2/2", "Running", "3"});
}

TEST_CASE("PN-92, PN-95: a crashed container gives its reason, restarts and their age") {
  const PodSummary summary =
      summary_of(R"({"spec":{"containers":[{},{}]},"status":{"phase":"Running",
      "containerStatuses":[
      {"ready":true,"restartCount":0,"state":{"running":{}}},
      {"ready":false,"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
       "lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T00:00:48Z"}}}]}})");
  CHECK(summary == PodSummary{"1/2", "CrashLoopBackOff", "4 (12s ago)"});
}

TEST_CASE("PN-92: of several containers the first one wins") {
  CHECK(
      summary_of(R"({"spec":{"containers":[{},{}]},"status":{"phase":"Failed","containerStatuses":[
      {"state":{"terminated":{"exitCode":2}}},
      {"state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}})")
          .status == "ExitCode:2");
}

TEST_CASE("PN-93: Completed beside running and failed containers") {
  const char* const text = R"({"spec":{"containers":[{},{}]},"status":{"phase":"Running",
      "conditions":[{"type":"Ready","status":"READY"}],"containerStatuses":[
      {"state":{"terminated":{"exitCode":0,"reason":"Completed"}}},OTHER]}})";
  const auto with = [&](const std::string& ready, const std::string& other) {
    std::string pod = text;
    pod.replace(pod.find("READY"), 5, ready);
    pod.replace(pod.find("OTHER"), 5, other);
    return summary_of(pod.c_str()).status;
  };
  const std::string running = R"({"ready":true,"state":{"running":{}}})";
  CHECK(with("True", running) == "Running");
  CHECK(with("False", running) == "NotReady");
  CHECK(with("False", R"({"state":{"terminated":{"exitCode":1,"reason":"Error"}}})") == "Error");
}

TEST_CASE("PN-94: a pod on its way out") {
  const char* const running =
      R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:30Z"},"status":{"phase":"Running"}})";
  const char* const failed =
      R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:30Z"},"status":{"phase":"Failed"}})";
  const char* const lost = R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:30Z"},
      "status":{"phase":"Running","reason":"NodeLost"}})";
  CHECK(summary_of(running).status == "Terminating");
  CHECK(summary_of(failed).status == "Failed");
  CHECK(summary_of(failed, 30).status == "Terminating");
  CHECK(summary_of(lost).status == "Unknown");
}

TEST_CASE("PN-95: wide pods show where they run") {
  Json pod = named("web-0");
  pod["spec"] =
      parse(R"({"nodeName":"node1","containers":[{}],"readinessGates":[{"conditionType":"a"},
      {"conditionType":"b"}]})");
  pod["status"] = parse(R"({"phase":"Running","podIP":"10.244.0.10","podIPs":[{"ip":"10.244.0.10"}],
      "conditions":[{"type":"b","status":"True"}]})");
  TableOptions options = at(5);
  options.wide = true;
  CHECK(get(Kind::Pod, {pod}, options) ==
        "NAME    READY   STATUS    RESTARTS   AGE   IP            NODE    NOMINATED NODE   "
        "READINESS GATES\n"
        "web-0   0/1     Running   0          5s    10.244.0.10   node1   <none>           1/2\n");
}

Json claim_document(bool bound) {
  Json claim = named("data-web-0");
  claim["spec"] = parse(R"({"volumeMode":"Filesystem"})");
  claim["status"] = parse(R"({"phase":"Pending"})");
  if (bound) {
    claim["spec"]["volumeName"] = "pv001";
    claim["status"] = parse(
        R"({"phase":"Bound","capacity":{"storage":"5Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"]})");
  }
  return claim;
}

TEST_CASE("PV-90: claims show capacity and modes of their volume once they have one") {
  Json terminating = claim_document(true);
  terminating["metadata"]["deletionTimestamp"] = kCreated;
  CHECK(get(Kind::PersistentVolumeClaim,
            {claim_document(true), claim_document(false), terminating},
            at(3)) ==
        "NAME         STATUS        VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   "
        "VOLUMEATTRIBUTESCLASS   AGE\n"
        "data-web-0   Bound         pv001    5Gi        RWO,RWX                       "
        "<unset>                 3s\n"
        "data-web-0   Pending                                                         "
        "<unset>                 3s\n"
        "data-web-0   Terminating   pv001    5Gi        RWO,RWX                       "
        "<unset>                 3s\n");
}

TEST_CASE("KC-41: releases before 1.29 have no column for volume attributes") {
  TableOptions options = at(8, 26);
  options.wide = true;
  CHECK(
      get(Kind::PersistentVolumeClaim, {claim_document(true)}, options) ==
      "NAME         STATUS   VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE   VOLUMEMODE\n"
      "data-web-0   Bound    pv001    5Gi        RWO,RWX                       8s    Filesystem\n");
}

TEST_CASE("PV-90: a volume keeps its claim when it is released") {
  Json volume = {{"metadata", {{"name", "pv001"}, {"creationTimestamp", kCreated}}}};
  volume["spec"] = parse(R"({"capacity":{"storage":"5Gi"},"accessModes":["ReadWriteOnce"],
      "persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"default","name":"data-web-0"}})");
  volume["status"] = parse(R"({"phase":"Released"})");
  CHECK(get(Kind::PersistentVolume, {volume}, at(3)) ==
        "NAME    CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM                "
        "STORAGECLASS   "
        "VOLUMEATTRIBUTESCLASS   REASON   AGE\n"
        "pv001   5Gi        RWO            Retain           Released   default/data-web-0          "
        "        "
        "<unset>                          3s\n");
  CHECK(get(Kind::PersistentVolume, {volume}, at(3, 26)) ==
        "NAME    CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM                "
        "STORAGECLASS   "
        "REASON   AGE\n"
        "pv001   5Gi        RWO            Retain           Released   default/data-web-0          "
        "        "
        "         3s\n");
}

TEST_CASE("KC-41: services") {
  Json headless = named("web-svc");
  headless["spec"] = parse(
      R"({"type":"ClusterIP","clusterIP":"None","ports":[{"port":80,"protocol":"TCP"}],"selector":{"app":"web"}})");
  Json node_port = named("out");
  node_port["spec"] = parse(R"({"type":"NodePort","clusterIP":"10.0.0.7","externalIPs":["1.2.3.4"],
      "ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]})");
  Json balancer = named("lb");
  balancer["spec"] = parse(R"({"type":"LoadBalancer","clusterIP":"10.0.0.8"})");
  TableOptions options = at(3);
  options.wide = true;
  CHECK(get(Kind::Service, {headless, node_port, balancer}, options) ==
        "NAME      TYPE           CLUSTER-IP   EXTERNAL-IP   PORT(S)               AGE   SELECTOR\n"
        "web-svc   ClusterIP      None         <none>        80/TCP                3s    app=web\n"
        "out       NodePort       10.0.0.7     1.2.3.4       80:30080/TCP,53/UDP   3s    <none>\n"
        "lb        LoadBalancer   10.0.0.8     <pending>     <none>                3s    <none>\n");
}

TEST_CASE("KC-41: endpoints show three ready addresses at most") {
  Json many = named("web-svc");
  many["subsets"] = parse(R"([{"addresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"},{"ip":"10.0.0.3"},
      {"ip":"10.0.0.4"}],"notReadyAddresses":[{"ip":"10.0.0.9"}],"ports":[{"port":80}]}])");
  Json portless = named("bare");
  portless["subsets"] = parse(R"([{"addresses":[{"ip":"10.0.0.1"}]}])");
  CHECK(get(Kind::Endpoints, {many, portless, named("none")}, at(6)) ==
        "NAME      ENDPOINTS                                         AGE\n"
        "web-svc   10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...   6s\n"
        "bare      10.0.0.1                                          6s\n"
        "none      <none>                                            6s\n");
}

TEST_CASE("KC-41: endpoint slices show all addresses, ready or not") {
  Json slice = named("web-svc-abcde");
  slice.update(parse(R"({"addressType":"IPv4","ports":[{"port":80}],"endpoints":[
      {"addresses":["10.0.0.1"],"conditions":{"ready":false}},{"addresses":["10.0.0.2"]}]})"));
  Json empty = named("web-svc-fghij");
  empty["addressType"] = "IPv4";
  CHECK(get(Kind::EndpointSlice, {slice, empty}, at(6)) ==
        "NAME            ADDRESSTYPE   PORTS     ENDPOINTS           AGE\n"
        "web-svc-abcde   IPv4          80        10.0.0.1,10.0.0.2   6s\n"
        "web-svc-fghij   IPv4          <unset>   <unset>             6s\n");
}

TEST_CASE("KC-41: controller revisions name their controller with its group") {
  Json revision = named("web-6659db9746");
  revision["revision"] = 2;
  revision["metadata"]["ownerReferences"] =
      parse(R"([{"apiVersion":"apps/v1","kind":"StatefulSet","name":"web","controller":true}])");
  Json orphan = named("web-799f7ff7c4");
  orphan["revision"] = 1;
  CHECK(get(Kind::ControllerRevision, {revision, orphan}, at(9)) ==
        "NAME             CONTROLLER             REVISION   AGE\n"
        "web-6659db9746   statefulset.apps/web   2          9s\n"
        "web-799f7ff7c4   <none>                 1          9s\n");
}

TEST_CASE("KC-41: events") {
  Json event = named("web.1");
  event.update(parse(R"({"type":"Normal","reason":"SuccessfulCreate","count":2,
      "message":" Create Pod web-0 in StatefulSet web successful\n",
      "involvedObject":{"kind":"StatefulSet","name":"web"},"source":{"component":"statefulset-controller"},
      "firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:08Z"})"));
  TableOptions options = at(10);
  CHECK(get(Kind::Event, {event}, options) ==
        "LAST SEEN   TYPE     REASON             OBJECT            MESSAGE\n"
        "2s          Normal   SuccessfulCreate   statefulset/web   Create Pod web-0 in StatefulSet "
        "web successful\n");
  options.wide = true;
  CHECK(get(Kind::Event, {event}, options) ==
        "LAST SEEN   TYPE     REASON             OBJECT            SUBOBJECT   SOURCE              "
        "     "
        "MESSAGE                                          FIRST SEEN   COUNT   NAME\n"
        "2s          Normal   SuccessfulCreate   statefulset/web               "
        "statefulset-controller   "
        "Create Pod web-0 in StatefulSet web successful   10s          2       web.1\n");
}

TEST_CASE("KC-44: kubectl events sorts by time and counts repeats") {
  const auto event = [](const char* object, const char* first, const char* last, int count) {
    Json result = named("e");
    result["involvedObject"] = {{"kind", "Pod"}, {"name", object}};
    result.update(Json{{"type", "Normal"},
                       {"reason", "Pulled"},
                       {"message", "done"},
                       {"count", count},
                       {"firstTimestamp", first},
                       {"lastTimestamp", last}});
    return result;
  };
  const Json late = event("a", kCreated.c_str(), "2026-01-01T00:00:17Z", 4);
  const Json early = event("b", "2026-01-01T00:00:05Z", "2026-01-01T00:00:05Z", 1);
  TableOptions options = at(20);
  CHECK(to_text(table_of_events({&late, &early}, options)) ==
        "LAST SEEN          TYPE     REASON   OBJECT   MESSAGE\n"
        "15s                Normal   Pulled   Pod/b    done\n"
        "3s (x4 over 20s)   Normal   Pulled   Pod/a    done\n");
  options.with_namespace = true;
  CHECK(table_of_events({&late}, options).rows.front().front() == "default");
}

TEST_CASE("KC-41: nodes") {
  Json node = {{"metadata", {{"name", "node1"}, {"creationTimestamp", kCreated}}}};
  node["metadata"]["labels"] =
      parse(R"({"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""})");
  node["spec"] = parse(R"({"unschedulable":true})");
  node["status"] = parse(
      R"({"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1.36.0"}})");
  const Json bare = {{"metadata", {{"name", "node2"}, {"creationTimestamp", kCreated}}}};
  CHECK(get(Kind::Node, {node, bare}, at(180 * 60)) ==
        "NAME    STATUS                     ROLES                  AGE   VERSION\n"
        "node1   Ready,SchedulingDisabled   control-plane,worker   3h    v1.36.0\n"
        "node2   Unknown                    <none>                 3h    \n");
}

TEST_CASE("KC-41: service accounts count secrets up to 1.34") {
  CHECK(get(Kind::ServiceAccount, {named("default")}, at(1)) == "NAME      AGE\ndefault   1s\n");
  CHECK(get(Kind::ServiceAccount, {named("default")}, at(1, 34)) ==
        "NAME      SECRETS   AGE\ndefault   0         1s\n");
}

TEST_CASE("KC-42: an object without a time has an unknown age") {
  CHECK(age_of(Json(), after(0)) == "<unknown>");
  CHECK(age_of(Json(kCreated), after(125)) == "2m5s");
}

}  // namespace
}  // namespace stsim::kubectl
