#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/kubectl/describe.hpp>

namespace stsim::kubectl {
namespace {

using api::Json;
using api::Kind;

Json set_document() {
  Json set = named("myapp");
  set["metadata"]["uid"] = "u1";
  set["spec"] = parse(R"({"replicas":5,"selector":{"matchLabels":{"app":"myapp-pod"}},
      "template":{"metadata":{"labels":{"app":"myapp-pod"}},"spec":{"containers":[
      {"name":"myapp","image":"ikubernetes/myapp:v2","ports":[{"containerPort":80,"name":"web","protocol":"TCP"}],
       "volumeMounts":[{"name":"myappdata","mountPath":"/usr/share/nginx/html"}]}]}},
      "volumeClaimTemplates":[{"metadata":{"name":"myappdata"},"spec":{"accessModes":["ReadWriteOnce"],
      "resources":{"requests":{"storage":"5Gi"}}}}],
      "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":4}}})");
  set["status"] = parse(R"({"replicas":5})");
  return set;
}

Json pod_of_set(const char* phase, const char* owner = "u1", const char* app = "myapp-pod") {
  Json pod = named("myapp-0");
  pod["metadata"]["labels"]["app"] = app;
  pod["metadata"]["ownerReferences"] = {
      {{"controller", true}, {"kind", "StatefulSet"}, {"uid", owner}}};
  pod["status"]["phase"] = phase;
  return pod;
}

TEST_CASE("KC-50: a set with claim templates, its pods counted by phase") {
  const Json running = pod_of_set("Running");
  const Json pending = pod_of_set("Pending");
  const Json failed = pod_of_set("Failed");
  const Json stranger = pod_of_set("Running", "u2");
  const Json unlabelled = pod_of_set("Running", "u1", "other");
  DescribeContext context;
  context.pods = {&running, &pending, &running, &failed, &stranger, &unlabelled};
  CHECK(describe(Kind::StatefulSet, set_document(), context) ==
        "Name:               myapp\n"
        "Namespace:          default\n"
        "CreationTimestamp:  Thu, 01 Jan 2026 00:00:00 +0000\n"
        "Selector:           app=myapp-pod\n"
        "Labels:             <none>\n"
        "Annotations:        <none>\n"
        "Replicas:           5 desired | 5 total\n"
        "Update Strategy:    RollingUpdate\n"
        "  Partition:        4\n"
        "Pods Status:        2 Running / 1 Waiting / 0 Succeeded / 1 Failed\n"
        "Pod Template:\n"
        "  Labels:  app=myapp-pod\n"
        "  Containers:\n"
        "   myapp:\n"
        "    Image:        ikubernetes/myapp:v2\n"
        "    Port:         80/TCP (web)\n"
        "    Host Port:    0/TCP (web)\n"
        "    Environment:  <none>\n"
        "    Mounts:\n"
        "      /usr/share/nginx/html from myappdata (rw)\n"
        "  Volumes:         <none>\n"
        "  Node-Selectors:  <none>\n"
        "  Tolerations:     <none>\n"
        "Volume Claims:\n"
        "  Name:          myappdata\n"
        "  StorageClass:  \n"
        "  Labels:        <none>\n"
        "  Annotations:   <none>\n"
        "  Capacity:      5Gi\n"
        "  Access Modes:  [ReadWriteOnce]\n"
        "Events:          <none>\n");
}

TEST_CASE("KC-50: MaxUnavailable is shown beside the partition, OnDelete shows neither") {
  Json set = set_document();
  set["spec"]["updateStrategy"]["rollingUpdate"]["maxUnavailable"] = "30%";
  CHECK(part(describe(Kind::StatefulSet, set, {}), "Update Strategy:", "Pods Status:") ==
        "Update Strategy:    RollingUpdate\n"
        "  Partition:        4\n"
        "  MaxUnavailable:   30%\n");
  set["spec"]["updateStrategy"] = parse(R"({"type":"OnDelete"})");
  CHECK(part(describe(Kind::StatefulSet, set, {}), "Update Strategy:", "Pods Status:") ==
        "Update Strategy:    OnDelete\n");
}

TEST_CASE("KC-50: annotations: last-applied is hidden, long and multi-line values stand below") {
  Json set = set_document();
  set["metadata"]["annotations"] = {{"kubectl.kubernetes.io/last-applied-configuration", "{}\n"},
                                    {"a", "short"},
                                    {"b", "one\ntwo\n"},
                                    {"c", std::string(150, 'x')}};
  CHECK(part(describe(Kind::StatefulSet, set, {}), "Annotations:", "Replicas:") ==
        "Annotations:        a: short\n"
        "                    b:\n"
        "                      one\n"
        "                      two\n"
        "                    c:\n"
        "                      " +
            std::string(138, 'x') + "...\n");
}

TEST_CASE(
    "KC-51: events are sorted by last time, repeats show their count, containers their name") {
  const Json later =
      parse(R"({"type":"Warning","reason":"BackOff","message":" back-off \n","count":4,
      "firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:17Z",
      "source":{"component":"kubelet","host":"node1"},"involvedObject":{"fieldPath":"spec.containers{nginx}"}})");
  const Json earlier = parse(R"({"type":"Normal","reason":"Pulled","message":"done","count":1,
      "firstTimestamp":"2026-01-01T00:00:05Z","lastTimestamp":"2026-01-01T00:00:05Z",
      "reportingComponent":"kubelet"})");
  DescribeContext context;
  context.now = after(20);
  context.events = {&later, &earlier};
  const std::string text = describe(Kind::Namespace, named("x"), context);
  CHECK(text.find("Events") == std::string::npos);
  CHECK(part(describe(Kind::ConfigMap, named("x"), context), "Events:", "never") ==
        "Events:\n"
        "  Type     Reason   Age               From     Message\n"
        "  ----     ------   ----              ----     -------\n"
        "  Normal   Pulled   15s               kubelet  done\n"
        "  Warning  BackOff  3s (x4 over 20s)  kubelet  spec.containers{nginx}: back-off\n");
  context.show_events = false;
  CHECK(describe(Kind::ConfigMap, named("x"), context).find("Events") == std::string::npos);
}

Json pod_document() {
  Json pod = named("web-0");
  pod["spec"] = parse(R"({"nodeName":"node1","containers":[{"name":"web","image":"web:v1"}]})");
  pod["status"] = parse(R"({"phase":"Running","hostIP":"10.1.0.1","containerStatuses":[
      {"name":"web","ready":false,"restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
       "lastState":{"terminated":{"exitCode":1,"reason":"Error","startedAt":"2026-01-01T00:00:01Z",
       "finishedAt":"2026-01-01T00:00:02Z"}}}]})");
  return pod;
}

TEST_CASE("KC-52: a crashed container shows its last state") {
  CHECK(part(describe(Kind::Pod, pod_document(), {}), "  web:", "Volumes:") ==
        "  web:\n"
        "    Container ID:   \n"
        "    Image:          web:v1\n"
        "    Image ID:       \n"
        "    Port:           <none>\n"
        "    Host Port:      <none>\n"
        "    State:          Waiting\n"
        "      Reason:       CrashLoopBackOff\n"
        "    Last State:     Terminated\n"
        "      Reason:       Error\n"
        "      Exit Code:    1\n"
        "      Started:      Thu, 01 Jan 2026 00:00:01 +0000\n"
        "      Finished:     Thu, 01 Jan 2026 00:00:02 +0000\n"
        "    Ready:          False\n"
        "    Restart Count:  3\n"
        "    Environment:    <none>\n"
        "    Mounts:         <none>\n");
}

TEST_CASE("KC-52: a pod on its way out, and one that never ran") {
  Json pod = pod_document();
  pod["metadata"]["deletionTimestamp"] = kCreated;
  pod["metadata"]["deletionGracePeriodSeconds"] = 30;
  DescribeContext context;
  context.now = after(5);
  CHECK(part(describe(Kind::Pod, pod, context), "Status:", "Containers:") ==
        "Status:                    Terminating (lasts 5s)\n"
        "Termination Grace Period:  30s\n"
        "IP:                        \n"
        "IPs:                       <none>\n");
  pod["status"] = parse(R"({"phase":"Failed","reason":"Evicted","message":"too full"})");
  CHECK(part(describe(Kind::Pod, pod, context), "Status:", "IP:") ==
        "Status:       Failed\n"
        "Reason:       Evicted\n"
        "Message:      too full\n");
  const Json pending = named("x");
  CHECK(part(describe(Kind::Pod, pending, {}), "Node:", "Labels:") == "Node:         <none>\n");
}

TEST_CASE("KC-52: environment, probes and mounts of containers") {
  Json pod = named("web-0");
  pod["metadata"]["labels"]["app"] = "web";
  pod["spec"]["containers"] = parse(R"([{"name":"web","image":"i","command":["sh","-c","a\nb"],
      "resources":{"limits":{"memory":"1Gi"}},
      "livenessProbe":{"exec":{"command":["cat","/x"]},"timeoutSeconds":1,"periodSeconds":10,
        "successThreshold":1,"failureThreshold":3},
      "startupProbe":{"httpGet":{"path":"healthz?x","port":"http","scheme":"HTTPS","host":"h"}},
      "envFrom":[{"prefix":"P_","configMapRef":{"name":"cm"}},{"secretRef":{"name":"s","optional":true}}],
      "env":[{"name":"A","value":"1\n2"},
        {"name":"B","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.labels['app']"}}},
        {"name":"C","valueFrom":{"resourceFieldRef":{"resource":"limits.memory","divisor":"1Mi"}}},
        {"name":"D","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"0"}}},
        {"name":"E","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}],
      "volumeMounts":[{"name":"v","mountPath":"/b","subPath":"p"},{"name":"v","mountPath":"/a","readOnly":true}]}])");
  CHECK(part(describe(Kind::Pod, pod, {}), "    Command:", "Volumes:") ==
        "    Command:\n"
        "      sh\n"
        "      -c\n"
        "      a\n"
        "      b\n"
        "    Limits:\n"
        "      memory:  1Gi\n"
        "    Liveness:  exec [cat /x] delay=0s timeout=1s period=10s #success=1 #failure=3\n"
        "    Startup:   http-get https://h:http/healthz%3Fx delay=0s timeout=0s period=0s "
        "#success=0 #failure=0\n"
        "    Environment Variables from:\n"
        "      cm  ConfigMap with prefix 'P_'  Optional: false\n"
        "      s   Secret                      Optional: true\n"
        "    Environment:\n"
        "      A:  1\n"
        "          2\n"
        "      B:  web (v1:metadata.labels['app'])\n"
        "      C:  1024 (limits.memory)\n"
        "      D:  node allocatable (limits.cpu)\n"
        "      E:  <set to the key 'k' in secret 's'>  Optional: false\n"
        "    Mounts:\n"
        "      /a from v (ro)\n"
        "      /b from v (rw,path=\"p\")\n");
}

TEST_CASE("KC-53: a claim without a volume, used by nobody") {
  Json claim = named("data-web-0");
  claim["spec"] =
      parse(R"({"resources":{"requests":{"storage":"1Gi"}},"volumeMode":"Filesystem"})");
  claim["status"]["phase"] = "Pending";
  CHECK(part(describe(Kind::PersistentVolumeClaim, claim, {}), "Status:", "Events:") ==
        "Status:        Pending\n"
        "Volume:        \n"
        "Labels:        <none>\n"
        "Annotations:   <none>\n"
        "Finalizers:    []\n"
        "Capacity:      \n"
        "Access Modes:  \n"
        "VolumeMode:    Filesystem\n"
        "Used By:       <none>\n");
}

TEST_CASE("KC-53: a volume that only some nodes reach") {
  Json volume = {{"metadata", {{"name", "pv0"}}}};
  volume["spec"] =
      parse(R"({"capacity":{"storage":"5Gi"},"local":{"path":"/mnt"},"nodeAffinity":{"required":
      {"nodeSelectorTerms":[{"matchExpressions":[{"key":"host","operator":"In","values":["a","b"]},
      {"key":"ssd","operator":"Exists"}]}]}}})");
  CHECK(part(describe(Kind::PersistentVolume, volume, {}), "Node Affinity:", "Events:") ==
        "Node Affinity:     \n"
        "  Required Terms:  \n"
        "    Term 0:        host in [a, b]\n"
        "                   ssd exists\n"
        "Message:           \n"
        "Source:\n"
        "    Type:  LocalVolume (a persistent volume backed by local storage on a node)\n"
        "    Path:  /mnt\n");
}

}  // namespace
}  // namespace stsim::kubectl
