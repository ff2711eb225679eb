#include "support/catch.hpp"

#include <stsim/dns/resolver.hpp>

namespace stsim::dns {

using api::Json;
using api::Kind;
using api::Object;

namespace {

/// Two pods behind the headless Service web-svc, web-1 not ready; a Service with an address.
class Story {
 public:
  Story() : store_({}, 1) {
    put(api::from_json(Kind::Namespace, {{"metadata", {{"name", "default"}}}}));
    put(api::from_json(Kind::Namespace, {{"metadata", {{"name", "empty"}}}}));
    service("web-svc", "None");
    service("front", "10.0.0.7");
    service("quiet", "None");
    slice("web-svc",
          {endpoint("web-0", "10.244.0.2", true),
           endpoint("web-1", "10.244.1.2", false),
           endpoint("web-2", "10.244.2.2", true)});
    api::Endpoint plain = endpoint("x", "10.244.0.9", true);
    plain.hostname = {};
    slice("quiet", {});
    service("plain", "None");
    slice("plain", {plain});
  }

  [[nodiscard]] Reply query(std::string_view name, RecordType type = RecordType::A) const {
    return Zone(store_).query(name, type);
  }

  [[nodiscard]] std::vector<std::string> data(std::string_view name,
                                              RecordType type = RecordType::A) const {
    std::vector<std::string> out;
    for (const Record& record : query(name, type).records) {
      out.push_back(record.data);
    }
    return out;
  }

  [[nodiscard]] Answer resolve(std::string_view name, const Object& from) const {
    const Zone zone(store_);
    return dns::resolve(client_of(from), name, RecordType::A, [&zone](auto asked, RecordType type) {
      return zone.query(asked, type);
    });
  }

  static Object pod(const std::string& name, Json spec = Json::object()) {
    spec["containers"] = {{{"name", "web"}, {"image", "web:v1"}}};
    spec["hostname"] = name;
    spec["subdomain"] = "web-svc";
    Object out = api::from_json(
        Kind::Pod, {{"metadata", {{"name", name}, {"namespace", "default"}}}, {"spec", spec}});
    out.as<api::Pod>().status.pod_ip = "10.244.0.2";
    return out;
  }

 private:
  static api::Endpoint endpoint(const std::string& pod, const std::string& address, bool ready) {
    api::Endpoint out;
    out.pod = pod;
    out.hostname = pod;
    out.address = address;
    out.ready = ready;
    return out;
  }

  void service(const std::string& name, const std::string& address) {
    put(api::from_json(Kind::Service,
                       {{"metadata", {{"name", name}, {"namespace", "default"}}},
                        {"spec",
                         {{"clusterIP", address},
                          {"selector", {{"app", name}}},
                          {"ports", {{{"name", "http"}, {"port", 80}, {"protocol", "TCP"}}}}}}}));
  }

  void slice(const std::string& service, std::vector<api::Endpoint> endpoints) {
    Object out;
    out.key = {Kind::EndpointSlice, "default", service + "-abcde"};
    out.body = api::EndpointSlice{service, {{"http", "TCP", 80}}, std::move(endpoints)};
    put(std::move(out));
  }

  void put(Object object) {
    const auto made = store_.create(std::move(object), kStartOfTime, 0);
    REQUIRE(made.has_value());
  }

  store::Store store_;
};

std::vector<std::string> names(const Answer& answer) {
  std::vector<std::string> out;
  for (const Asked& asked : answer.asked) {
    out.push_back(asked.name);
  }
  return out;
}

}  // namespace

TEST_CASE("SD-20: a headless Service's name lists its ready endpoints") {
  const Story story;
  CHECK(story.data("web-svc.default.svc.cluster.local") ==
        std::vector<std::string>{"10.244.0.2", "10.244.2.2"});
  CHECK(story.data("WEB-SVC.default.svc.cluster.local.").size() == 2);
  CHECK(story.query("web-svc.default.svc.cluster.local").records[0].time_to_live == kTimeToLive);
}

TEST_CASE("SD-21: each ready pod has a name below its Service") {
  const Story story;
  CHECK(story.data("web-2.web-svc.default.svc.cluster.local") ==
        std::vector<std::string>{"10.244.2.2"});
  CHECK(story.data("10-244-0-9.plain.default.svc.cluster.local") ==
        std::vector<std::string>{"10.244.0.9"});
}

TEST_CASE("SD-22: SRV records by port and of the whole Service") {
  const Story story;
  const Reply reply = story.query("_http._tcp.web-svc.default.svc.cluster.local", RecordType::SRV);
  REQUIRE(reply.records.size() == 2);
  CHECK(reply.records[0].data == "web-0.web-svc.default.svc.cluster.local");
  CHECK(reply.records[0].port == 80);
  CHECK(reply.records[0].weight == 50);
  CHECK(reply.records[0].priority == 0);
  CHECK(reply.additional[1].data == "10.244.2.2");
  CHECK(story.query("web-svc.default.svc.cluster.local", RecordType::SRV).records.size() == 2);
  CHECK(story.data("_http._tcp.front.default.svc.cluster.local", RecordType::SRV) ==
        std::vector<std::string>{"front.default.svc.cluster.local"});
  CHECK(story.query("_https._tcp.web-svc.default.svc.cluster.local", RecordType::SRV).code ==
        Code::NxDomain);
}

TEST_CASE("SD-23: the name behind an address") {
  const Story story;
  const auto back = [&story](const std::string& address) {
    return story.data(reverse_name(address), RecordType::PTR);
  };
  CHECK(back("10.244.0.2") == std::vector<std::string>{"web-0.web-svc.default.svc.cluster.local"});
  CHECK(back("10.0.0.7") == std::vector<std::string>{"front.default.svc.cluster.local"});
  CHECK(back("10.0.0.10") == std::vector<std::string>{"kube-dns.kube-system.svc.cluster.local"});
  CHECK(back("10.244.1.2").empty());
}

TEST_CASE("SD-24: a Service with an address has it, and no names for pods") {
  const Story story;
  CHECK(story.data("front.default.svc.cluster.local") == std::vector<std::string>{"10.0.0.7"});
  CHECK(story.query("web-0.front.default.svc.cluster.local").code == Code::NxDomain);
}

TEST_CASE("SD-25: names of addresses are answered without a look") {
  const Story story;
  CHECK(story.data("10-9-8-7.default.pod.cluster.local") == std::vector<std::string>{"10.9.8.7"});
  CHECK(story.query("10-9-8-7.nowhere.pod.cluster.local").code == Code::NxDomain);
}

TEST_CASE("SD-26: what exists without a record, and what does not exist") {
  const Story story;
  struct Case {
    const char* name;
    Code code;
  };
  const Case c = GENERATE(values<Case>({{"quiet.default.svc.cluster.local", Code::NoError},
                                        {"default.svc.cluster.local", Code::NoError},
                                        {"svc.cluster.local", Code::NoError},
                                        {"cluster.local", Code::NoError},
                                        {"web-1.web-svc.default.svc.cluster.local", Code::NxDomain},
                                        {"web-7.web-svc.default.svc.cluster.local", Code::NxDomain},
                                        {"none.default.svc.cluster.local", Code::NxDomain},
                                        {"web-svc.empty.svc.cluster.local", Code::NxDomain},
                                        {"none.svc.cluster.local", Code::NxDomain},
                                        {"example.com", Code::NxDomain}}));
  CAPTURE(c.name);
  CHECK(story.query(c.name).code == c.code);
  CHECK(story.query(c.name).records.empty());
  const Reply six = story.query("web-0.web-svc.default.svc.cluster.local", RecordType::AAAA);
  CHECK(six.code == Code::NoError);
  CHECK(six.records.empty());
}

TEST_CASE("SD-27: every answer may be kept for 30 seconds, also that there is none") {
  constexpr SimDuration kHalfAMinute = std::chrono::seconds{30};
  const Story story;
  const Reply service =
      story.query("_http._tcp.web-svc.default.svc.cluster.local", RecordType::SRV);
  CHECK(service.time_to_live == kHalfAMinute);
  for (const auto* records : {&service.records, &service.additional}) {
    REQUIRE(records->size() == 2);
    for (const Record& record : *records) {
      CHECK(record.time_to_live == kHalfAMinute);
    }
  }
  CHECK(story.query("web-7.web-svc.default.svc.cluster.local").time_to_live == kHalfAMinute);
  CHECK(story.query("quiet.default.svc.cluster.local").time_to_live == kHalfAMinute);
}

TEST_CASE("SD-10: a pod knows its own name without any Service") {
  const Story story;
  const Answer answer = story.resolve("web-0", Story::pod("web-0"));
  CHECK(answer.origin == Origin::HostsFile);
  CHECK(answer.name == "web-0.web-svc.default.svc.cluster.local");
  CHECK(answer.records.at(0).data == "10.244.0.2");
  CHECK_FALSE(story.resolve("web-2", Story::pod("web-0")).found());
}

TEST_CASE("SD-30: the search list, and what is asked on the way") {
  const Story story;
  const Object from = Story::pod("web-9");
  Answer answer = story.resolve("web-2.web-svc", from);
  CHECK(answer.name == "web-2.web-svc.default.svc.cluster.local");
  CHECK(names(answer) == std::vector<std::string>{"web-2.web-svc.default.svc.cluster.local"});
  CHECK(story.resolve("web-2.web-svc.default", from).name ==
        "web-2.web-svc.default.svc.cluster.local");
  CHECK(names(story.resolve("web-2.web-svc.default", from)).size() == 2);
  answer = story.resolve("web-2.web-svc.default.svc.cluster.local", from);
  CHECK(names(answer).size() == 1);
  answer = story.resolve("web-svc.default.svc.cluster.local", from);
  CHECK(answer.records.size() == 2);
  CHECK(names(answer).size() == 4);
  CHECK(names(story.resolve("web-2.web-svc.", from)) == std::vector<std::string>{"web-2.web-svc"});
  answer = story.resolve("web-7.web-svc", from);
  CHECK(answer.code == Code::NxDomain);
  CHECK(names(answer) == std::vector<std::string>{"web-7.web-svc.default.svc.cluster.local",
                                                  "web-7.web-svc.svc.cluster.local",
                                                  "web-7.web-svc.cluster.local",
                                                  "web-7.web-svc"});
  CHECK(story.resolve("quiet", from).code == Code::NoError);
  CHECK_FALSE(story.resolve("quiet", from).found());
}

TEST_CASE("SD-11: the files of a pod") {
  const Client client = client_of(Story::pod("web-0"));
  CHECK(resolv_conf(client) ==
        "search default.svc.cluster.local svc.cluster.local cluster.local\n"
        "nameserver 10.0.0.10\n"
        "options ndots:5\n");
  CHECK(
      hosts_file(client).ends_with("10.244.0.2\tweb-0.web-svc.default.svc.cluster.local\tweb-0\n"));
  const Json own = {{"dnsPolicy", "None"},
                    {"dnsConfig",
                     {{"nameservers", {"1.2.3.4"}},
                      {"searches", {"example.com"}},
                      {"options", {{{"name", "ndots"}, {"value", "2"}}}}}}};
  CHECK(resolv_conf(client_of(Story::pod("web-0", own))) ==
        "search example.com\nnameserver 1.2.3.4\noptions ndots:2\n");
}

TEST_CASE("Addresses are told from names") {
  CHECK(is_address("10.244.0.2"));
  CHECK_FALSE(is_address("10.244.0"));
  CHECK_FALSE(is_address("10.244.0.256"));
  CHECK_FALSE(is_address("a.b.c.d"));
  CHECK_FALSE(is_address("1.2.3.4."));
  CHECK(reverse_name("1.2.3.4") == "4.3.2.1.in-addr.arpa");
  CHECK(reverse_name("web").empty());
}

}  // namespace stsim::dns
