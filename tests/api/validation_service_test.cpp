// What is refused of Services.
#include "api/refusals.hpp"
#include "support/catch.hpp"

#include <string>

using namespace stsim;
using api::Json;
using api::Kind;
using test::creating;
using test::patching;
using test::stored;
using test::Texts;
using test::web;

namespace {

Json service() {
  return Json::parse(R"({"metadata": {"name": "svc"}, "spec": {"clusterIP": "None",
      "ports": [{"name": "http", "port": 80}], "selector": {"app": "web"}}})");
}

}  // namespace

TEST_CASE("VA-11: services", "[validation]") {
  const auto [change, expected] = GENERATE(table<std::string, Texts>({
      {"{}", {}},
      {R"({"spec": {"ports": null}})", {}},
      {R"({"spec": {"ports": null, "clusterIP": null}})", {"spec.ports: Required value"}},
      {R"({"spec": {"ports": [{"port": 80}, {"port": 81}]}})",
       {"spec.ports[0].name: Required value", "spec.ports[1].name: Required value"}},
      {R"({"spec": {"ports": [{"name": "a", "port": 80}, {"name": "a", "port": 81}]}})",
       {R"(spec.ports[1].name: Duplicate value: "a")"}},
      {R"({"spec": {"ports": [{"name": "a", "port": 80}, {"name": "b", "port": 80}]}})",
       {R"(spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0})"}},
      {R"({"spec": {"ports": [{"port": 0}]}})",
       {"spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive"}},
      {R"({"spec": {"type": "Cluster"}})",
       {R"(spec.type: Unsupported value: "Cluster": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort")"}},
      {R"({"spec": {"clusterIP": "10.0.0.0123"}})",
       {R"(spec.clusterIPs[0]: Invalid value: "10.0.0.0123": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff))"}},
      {R"({"spec": {"clusterIP": "10.0.0.99999999999"}})",
       {R"(spec.clusterIPs[0]: Invalid value: "10.0.0.99999999999": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff))"}},
      {R"({"spec": {"clusterIP": "here"}})",
       {R"(spec.clusterIPs[0]: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff))"}},
  }));
  CHECK(creating(Kind::Service, service(), Json::parse(change)) == expected);
}

TEST_CASE("VA-11: a cluster of one address family", "[validation]") {
  const auto [change, expected] = GENERATE(table<std::string, Texts>({
      {R"({"spec": {"ipFamilyPolicy": "PreferDualStack"}})", {}},
      {R"({"spec": {"ipFamilyPolicy": "Both"}})",
       {R"(spec.ipFamilyPolicy: Unsupported value: "Both": supported values: "PreferDualStack", "RequireDualStack", "SingleStack")"}},
      {R"({"spec": {"ipFamilyPolicy": "RequireDualStack"}})",
       {R"(spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services)"}},
      {R"({"spec": {"ipFamilies": ["IPv6"]}})",
       {R"(spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster)"}},
      {R"({"spec": {"ipFamilyPolicy": "PreferDualStack", "ipFamilies": ["IPv4", "IPv4"]}})",
       {R"(spec.ipFamilies[1]: Duplicate value: "IPv4")"}},
      {R"({"spec": {"ipFamilies": ["IPv4", "IPv6"]}})",
       {R"(spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified)"}},
      {R"({"spec": {"ipFamilies": ["IPv5"]}})",
       {R"(spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6")"}},
      {R"({"spec": {"clusterIP": "None", "selector": null}})", {}},
  }));
  CAPTURE(change);
  CHECK(creating(Kind::Service, service(), Json::parse(change)) == expected);
}

TEST_CASE("VA-11: since 1.36 the name of a Service may begin with a digit", "[validation]") {
  const auto named = [](const char* name, std::string_view release) {
    return creating(Kind::Service, service(), Json{{"metadata", {{"name", name}}}}, release);
  };
  CHECK(named("1svc", "1.36").empty());
  CHECK(named("1svc", "1.34") ==
        Texts{"metadata.name: Invalid value: \"1svc\": a DNS-1035 label must consist of lower case "
              "alphanumeric characters or '-', start with an alphabetic character, and end with an "
              "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
              "'[a-z]([-a-z0-9]*[a-z0-9])?')"});
  CHECK(named("my.svc", "1.36") ==
        Texts{"metadata.name: Invalid value: \"my.svc\": must not contain dots"});
}

TEST_CASE("VA-11: a service keeps its address", "[validation]") {
  const Json old = stored(Kind::Service, service(), "1.36");
  CHECK(patching(Kind::Service, old, Json::parse(R"({"spec": {"clusterIP": "10.0.0.9"}})")) ==
        Texts{R"(spec.clusterIPs[0]: Invalid value: ["10.0.0.9"]: may not change once set)"});
  CHECK(
      patching(Kind::Service, old, Json::parse(R"({"spec": {"selector": {"app": "x"}}})")).empty());
}
