// Descriptions of Services, nodes and what else there is besides workloads and volumes.

#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/kubectl/describe.hpp>

namespace stsim::kubectl {
namespace {

using api::Json;
using api::Kind;

TEST_CASE("KC-54: a service's endpoints are ready ones, three at most") {
  Json service = named("web-svc");
  service["spec"] = parse(R"({"type":"NodePort","clusterIP":"10.0.0.7","clusterIPs":["10.0.0.7"],
      "ports":[{"port":80,"targetPort":"http","protocol":"TCP","nodePort":30080}],"sessionAffinity":"None"})");
  const Json slice = parse(R"({"ports":[{"name":"","port":8080}],"endpoints":[
      {"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"],"conditions":{"ready":false}},
      {"addresses":["10.0.0.3"],"conditions":{"ready":true}},{"addresses":["10.0.0.4"]},
      {"addresses":["10.0.0.5"]}]})");
  DescribeContext context;
  context.endpoint_slices = {&slice};
  CHECK(part(describe(Kind::Service, service, context), "IP:", "Events:") ==
        "IP:                10.0.0.7\n"
        "IPs:               10.0.0.7\n"
        "Port:              <unset>  80/TCP\n"
        "TargetPort:        http/TCP\n"
        "NodePort:          <unset>  30080/TCP\n"
        "Endpoints:         10.0.0.1:8080,10.0.0.3:8080,10.0.0.4:8080 + 1 more...\n"
        "Session Affinity:  None\n");
  CHECK(part(describe(Kind::Service, service, {}), "Endpoints:", "Session") ==
        "Endpoints:         <none>\n");
}

TEST_CASE("KC-54: endpoints and slices") {
  Json endpoints = named("web-svc");
  endpoints["subsets"] = parse(R"([{"addresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}],
      "ports":[{"name":"http","port":80,"protocol":"TCP"}]}])");
  CHECK(part(describe(Kind::Endpoints, endpoints, {}), "Subsets:", "Events:") ==
        "Subsets:\n"
        "  Addresses:          10.0.0.1,10.0.0.2\n"
        "  NotReadyAddresses:  <none>\n"
        "  Ports:\n"
        "    Name  Port  Protocol\n"
        "    ----  ----  --------\n"
        "    http  80    TCP\n"
        "\n");
  Json slice = named("web-svc-x");
  slice.update(
      parse(R"({"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hostname":"web-0",
      "conditions":{"ready":true},"targetRef":{"kind":"Pod","name":"web-0"}}]})"));
  CHECK(part(describe(Kind::EndpointSlice, slice, {}), "AddressType:", "Events:") ==
        "AddressType:  IPv4\n"
        "Ports: <unset>\n"
        "Endpoints:\n"
        "  - Addresses:  10.0.0.1\n"
        "    Conditions:\n"
        "      Ready:    true\n"
        "    Hostname:   web-0\n"
        "    TargetRef:  Pod/web-0\n"
        "    NodeName:   <unset>\n"
        "    Zone:       <unset>\n");
}

TEST_CASE("KC-50: a revision is described field by field") {
  Json revision = {{"apiVersion", "apps/v1"}, {"kind", "ControllerRevision"}, {"revision", 1}};
  revision["metadata"] =
      parse(R"({"name":"web-a","namespace":"default","labels":{"app":"web"},"uid":"u",
      "ownerReferences":[{"kind":"StatefulSet","blockOwnerDeletion":true}]})");
  revision["data"] = parse(R"({"spec":{"template":{"$patch":"replace","hostIPs":["a"]}}})");
  CHECK(describe(Kind::ControllerRevision, revision, {}) ==
        "Name:         web-a\n"
        "Namespace:    default\n"
        "Labels:       app=web\n"
        "Annotations:  <none>\n"
        "API Version:  apps/v1\n"
        "Data:\n"
        "  Spec:\n"
        "    Template:\n"
        "      $patch:  replace\n"
        "      Host I Ps:\n"
        "        a\n"
        "Kind:  ControllerRevision\n"
        "Metadata:\n"
        "  Owner References:\n"
        "    Block Owner Deletion:  true\n"
        "    Kind:                  StatefulSet\n"
        "  UID:                     u\n"
        "Revision:                  1\n"
        "Events:                    <none>\n");
}

TEST_CASE("KC-50: a node shows its pods and what they ask for") {
  Json node = {{"metadata", {{"name", "node1"}, {"creationTimestamp", kCreated}}}};
  node["spec"]["taints"] = parse(R"([{"key":"x","value":"y","effect":"NoSchedule"}])");
  node["status"] = parse(R"({"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"}})");
  const auto pod_with = [](const char* phase, const char* place) {
    Json pod = named("web-0");
    pod["spec"] = parse(R"({"containers":[{"resources":{"requests":{"cpu":"500m","memory":"1Gi"},
        "limits":{"memory":"2Gi"}}}]})");
    pod["spec"]["nodeName"] = place;
    pod["status"]["phase"] = phase;
    return pod;
  };
  const Json running = pod_with("Running", "node1");
  const Json failed = pod_with("Failed", "node1");
  const Json elsewhere = pod_with("Running", "node2");
  DescribeContext context;
  context.now = after(30);
  context.pods = {&running, &failed, &elsewhere};
  const std::string text = describe(Kind::Node, node, context);
  CHECK(part(text, "Taints:", "Lease:") ==
        "Taints:             x=y:NoSchedule\n"
        "Unschedulable:      false\n");
  CHECK(part(text, "Non-terminated Pods:", "Events:") ==
        "Non-terminated Pods:          (1 in total)\n"
        "  Namespace                   Name     CPU Requests  CPU Limits  Memory Requests  Memory "
        "Limits  Age\n"
        "  ---------                   ----     ------------  ----------  ---------------  "
        "-------------  ---\n"
        "  default                     web-0    500m (12%)    0 (0%)      1Gi (12%)        2Gi "
        "(25%)      30s\n"
        "Allocated resources:\n"
        "  (Total limits may be over 100 percent, i.e., overcommitted.)\n"
        "  Resource           Requests    Limits\n"
        "  --------           --------    ------\n"
        "  cpu                500m (12%)  0 (0%)\n"
        "  memory             1Gi (12%)   2Gi (25%)\n"
        "  ephemeral-storage  0 (0%)      0 (0%)\n");
}

TEST_CASE("KC-50: configuration, secrets, accounts, namespaces and classes") {
  Json config = named("cfg");
  config["data"] = parse(R"({"a":"1\n2"})");
  CHECK(part(describe(Kind::ConfigMap, config, {}), "Data", "Events:") ==
        "Data\n====\na:\n----\n1\n2\n\n\nBinaryData\n====\n\n");
  Json secret = named("s");
  secret.update(parse(R"({"type":"Opaque","data":{"key":"aGVsbG8="}})"));
  CHECK(describe(Kind::Secret, secret, {}) ==
        "Name:         s\n"
        "Namespace:    default\n"
        "Labels:       <none>\n"
        "Annotations:  <none>\n"
        "\n"
        "Type:  Opaque\n"
        "\n"
        "Data\n"
        "====\n"
        "key:  5 bytes\n");
  CHECK(part(describe(Kind::ServiceAccount, named("default"), {}), "Image", "Events:") ==
        "Image pull secrets:  <none>\n");
  Json space = {{"metadata", {{"name", "default"}}}, {"status", {{"phase", "Active"}}}};
  CHECK(describe(Kind::Namespace, space, {}) ==
        "Name:         default\n"
        "Labels:       <none>\n"
        "Annotations:  <none>\n"
        "Status:       Active\n"
        "\n"
        "No resource quota.\n"
        "\n"
        "No LimitRange resource.\n");
  Json storage = {
      {"metadata", {{"name", "slow"}}}, {"provisioner", "p"}, {"reclaimPolicy", "Delete"}};
  CHECK(describe(Kind::StorageClass, storage, {}) ==
        "Name:                  slow\n"
        "IsDefaultClass:        No\n"
        "Annotations:           <none>\n"
        "Provisioner:           p\n"
        "Parameters:            <none>\n"
        "AllowVolumeExpansion:  <unset>\n"
        "MountOptions:          <none>\n"
        "ReclaimPolicy:         Delete\n"
        "Events:                <none>\n");
}

}  // namespace
}  // namespace stsim::kubectl
