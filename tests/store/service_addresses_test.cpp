// The addresses and nodes' ports that a store gives to Services.
#include "stores.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace stsim;
using api::Json;
using api::Kind;
using store::Store;

TEST_CASE("VA-11: a Service gets the lowest free address, and none that is taken") {
  Store s = make_store();
  const auto service = [&s](int number, const Json& spec) {
    return s.create(Kind::Service,
                    {{"apiVersion", "v1"},
                     {"kind", "Service"},
                     {"metadata", {{"name", "s" + std::to_string(number)}}},
                     {"spec", spec}},
                    "default",
                    kNow,
                    0);
  };
  const Json ports = {{"ports", {{{"port", 80}}}}};
  Json wanted = ports;
  wanted["clusterIP"] = "10.0.0.3";
  REQUIRE(service(0, wanted));
  CHECK(message(service(1, wanted)) ==
        "Service \"s1\" is invalid: spec.clusterIPs: Invalid value: [\"10.0.0.3\"]: failed "
        "to allocate IP 10.0.0.3: provided IP is already allocated");
  constexpr int kFree = 252;  // of 254, one is taken above and one is the DNS server's
  for (int i = 1; i <= kFree; ++i) {
    const auto made = service(i, ports);
    REQUIRE(made);
    const std::string& address = (*made)->as<api::Service>().spec->cluster_ip;
    CHECK(address == "10.0.0." + std::to_string(i < 3 ? i : i < 9 ? i + 1 : i + 2));
  }
  CHECK(reason(service(300, ports)) == "InternalError");
  CHECK(message(service(300, ports)) ==
        "Internal error occurred: failed to allocate a serviceIP: range is full");
  CHECK(service(301, {{"clusterIP", "None"}}));
}

TEST_CASE("VA-11: a Service may ask for an address of the cluster's range only") {
  const auto asked = [](const char* address, int minor) {
    Store s = make_store(minor);
    return message(s.create(Kind::Service,
                            {{"apiVersion", "v1"},
                             {"kind", "Service"},
                             {"metadata", {{"name", "s"}}},
                             {"spec", {{"clusterIP", address}, {"ports", {{{"port", 80}}}}}}},
                            "default",
                            kNow,
                            0));
  };
  const auto refusal = [](const std::string& address, const std::string& why) {
    return "Service \"s\" is invalid: spec.clusterIPs: Invalid value: []string{\"" + address +
           "\"}: failed to allocate IP " + address + ": " + why;
  };
  const auto out_of_range = [](const std::string& address) {
    return "the provided IP (" + address +
           ") is not in the valid range. The range of valid IPs is 10.0.0.0/24";
  };
  constexpr int kOneRange = 32;
  constexpr int kSeveralRanges = 33;
  for (const char* network : {"10.0.1.7", "192.168.0.1", "10.0.0.:1", "fd00::1"}) {
    CHECK(asked(network, kOneRange) == refusal(network, out_of_range(network)));
    CHECK(asked(network, kSeveralRanges) ==
          refusal(network, "the provided network does not match the current range"));
  }
  for (const char* edge : {"10.0.0.0", "10.0.0.255"}) {
    CHECK(asked(edge, kOneRange) == refusal(edge, out_of_range(edge)));
    CHECK(asked(edge, kSeveralRanges) == refusal(edge, out_of_range(edge)));
  }
  CHECK(asked("10.0.0.1", kSeveralRanges).empty());
  CHECK(asked("10.0.0.254", kSeveralRanges).empty());
}

TEST_CASE("VA-11: a Service that is no name for another any more gets its address then") {
  Store s = make_store();
  const auto with_spec = [](const char* name, Json spec) {
    return Json{{"apiVersion", "v1"},
                {"kind", "Service"},
                {"metadata", {{"name", name}, {"namespace", "default"}}},
                {"spec", std::move(spec)}};
  };
  const Json ports = {{{"port", 80}}};
  const auto make = [&](const char* name, Json spec) {
    return s.create(Kind::Service, with_spec(name, std::move(spec)), "default", kNow, 0);
  };
  REQUIRE(make("a", {{"ports", ports}}));
  const Json elsewhere = {{"type", "ExternalName"}, {"externalName", "example.com"}};
  REQUIRE(make("b", elsewhere));
  const auto taken =
      s.update(Kind::Service,
               with_spec("b", {{"type", "ClusterIP"}, {"clusterIP", "10.0.0.1"}, {"ports", ports}}),
               0);
  CHECK(reason(taken) == "Invalid");
  const auto changed =
      s.update(Kind::Service, with_spec("b", {{"type", "ClusterIP"}, {"ports", ports}}), 0);
  REQUIRE(changed);
  CHECK((*changed)->as<api::Service>().spec->cluster_ip == "10.0.0.2");
}

TEST_CASE("VA-11: the nodes' ports of a Service") {
  Store s = make_store();
  const auto service = [&s](const char* name, const char* spec) {
    return s.create(Kind::Service,
                    {{"apiVersion", "v1"},
                     {"kind", "Service"},
                     {"metadata", {{"name", name}}},
                     {"spec", Json::parse(spec)}},
                    "default",
                    kNow,
                    0);
  };
  const auto ports = [](const store::WriteResult& made) {
    std::vector<std::int64_t> out;
    for (const Json& port : (*made)->as<api::Service>().spec->document->at("ports")) {
      out.push_back(port.value("nodePort", 0));
    }
    return out;
  };
  using Ports = std::vector<std::int64_t>;
  // Given after those that are asked for, and one for both protocols of a port.
  CHECK(ports(service("a", R"({"type":"NodePort","ports":[{"name":"p","port":80},{"name":"q",
      "port":81,"nodePort":30086}]})")) == Ports{30087, 30086});
  CHECK(ports(service("b", R"({"type":"NodePort","ports":[{"name":"u","port":53,"protocol":"UDP"},
      {"name":"t","port":53}]})")) == Ports{30088, 30088});
  CHECK(ports(service("c", R"({"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,
      "ports":[{"name":"p","port":80},{"name":"q","port":81,"nodePort":31000}]})")) ==
        Ports{0, 31000});
  CHECK(message(service("d", R"({"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,
      "ports":[{"port":80,"nodePort":80}]})")) ==
        "Service \"d\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not "
        "in "
        "the valid range. The range of valid ports is 30000-32767");
  CHECK(message(service("e", R"({"type":"NodePort","ports":[{"name":"p","port":80,"nodePort":31000},
      {"name":"q","port":81,"nodePort":80}]})")) ==
        "Service \"e\" is invalid: spec.ports[0].nodePort: Invalid value: 31000: provided port is "
        "already allocated");
  // When the range that is given away first is used up, the rest of it is.
  Json many = Json::array();
  for (int i = 0; i < 2700; ++i) {
    many.push_back({{"name", "p" + std::to_string(i)}, {"port", 1 + i}});
  }
  const auto large = service("f", Json{{"type", "NodePort"}, {"ports", many}}.dump().c_str());
  REQUIRE(large);
  CHECK(ports(large).front() == 30089);
  CHECK(ports(large).back() < 30086);
  many.erase(many.begin() + 100, many.end());
  CHECK(message(service("g", Json{{"type", "NodePort"}, {"ports", many}}.dump().c_str())) ==
        "Internal error occurred: failed to allocate a nodePort: range is full");
}
