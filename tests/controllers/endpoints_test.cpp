// What EndpointSlices and Endpoints say of the pods behind a Service.
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/controllers/endpoints/endpoints.hpp>

using namespace stsim;
using api::Kind;
using engine::Actor;
using test::Cluster;
using test::PodState;
using Names = std::vector<std::string>;

namespace {

const api::ObjectKey kService{Kind::Service, "default", "web"};

/// A cluster with the headless Service `web` and pods of the set `web`, each with an address.
Cluster cluster(const std::vector<PodState>& pods, const std::string& more = "") {
  Cluster out;
  out.create(Kind::Node, R"({"apiVersion":"v1","kind":"Node","metadata":{"name":"node1"}})");
  out.make_set({});
  out.create(Kind::Service,
             fmt::format(
                 R"({{"apiVersion":"v1","kind":"Service","metadata":{{"name":"web","labels":)"
                 R"({{"tier":"front"}}}},"spec":{{"clusterIP":"None",{}"selector":{{"app":"web"}},)"
                 R"("ports":[{{"name":"http","port":80}}]}}}})",
                 more));
  for (std::size_t i = 0; i < pods.size(); ++i) {
    api::Object pod = *out.make_pod(static_cast<int>(i), pods[i]);
    pod.as<api::Pod>().status.pod_ip = fmt::format("10.244.0.{}", 200 - i);
    REQUIRE(out.store().update_status(pod, 0));
  }
  return out;
}

/// The object that an actor's plan writes, or null.
api::ObjectPtr written(Cluster& c, Actor actor) {
  const auto plan = c.plan(actor, kService);
  return plan.groups.empty() ? nullptr : plan.groups.front().calls.front().object;
}

/// `web-0 ready`, `web-1 serving terminating`.
Names told(const std::vector<api::Endpoint>& endpoints) {
  Names out;
  for (const api::Endpoint& endpoint : endpoints) {
    out.push_back(endpoint.pod + (endpoint.ready ? " ready" : "") +
                  (endpoint.serving ? " serving" : "") +
                  (endpoint.terminating ? " terminating" : ""));
  }
  return out;
}

Names slice(Cluster c) {
  const auto object = written(c, Actor::EndpointSliceController);
  REQUIRE(object);
  return told(object->as<api::EndpointSlice>().endpoints);
}

Names endpoints(Cluster c) {
  const auto object = written(c, Actor::EndpointsController);
  REQUIRE(object);
  Names out;
  for (const api::Endpoint& endpoint : object->as<api::Endpoints>().endpoints) {
    out.push_back(endpoint.pod + (endpoint.ready ? " ready" : ""));
  }
  return out;
}

const PodState kReady{};
const PodState kUnready{.ready = false};
const PodState kTerminating{.terminating = true};
const PodState kFailed{.ready = false, .phase = api::PodPhase::Failed};

}  // namespace

TEST_CASE("SD-4: a slice tells of every pod with an address whether it is ready") {
  REQUIRE(slice(cluster({kReady, kUnready, kTerminating, kFailed})) ==
          Names{"web-0 ready serving", "web-1", "web-2 serving terminating"});
}

TEST_CASE("SD-4: with publishNotReadyAddresses all are ready") {
  REQUIRE(slice(cluster({kUnready, kTerminating}, R"("publishNotReadyAddresses":true,)")) ==
          Names{"web-0 ready", "web-1 ready serving terminating"});
}

TEST_CASE("SD-5: Endpoints leave terminating pods out, and are in the order of addresses") {
  REQUIRE(endpoints(cluster({kReady, kUnready, kTerminating})) == Names{"web-1", "web-0 ready"});
}

TEST_CASE("SD-6: the hostname is published where the pod's subdomain is the Service") {
  Cluster c = cluster({kReady});
  REQUIRE(written(c, Actor::EndpointSliceController)
              ->as<api::EndpointSlice>()
              .endpoints.front()
              .hostname == "web-0");
  // Another Service with the same pods tells of no name, which would not be one below it.
  const api::ObjectKey other{Kind::Service, "default", "other"};
  c.create(Kind::Service,
           R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"other"},"spec":)"
           R"({"clusterIP":"None","selector":{"app":"web"},"ports":[{"port":80}]}})");
  const auto plan = c.plan(Actor::EndpointSliceController, other);
  const auto& slice = plan.groups.front().calls.front().object->as<api::EndpointSlice>();
  REQUIRE(slice.endpoints.size() == 1);
  REQUIRE(slice.endpoints.front().hostname.empty());
}

TEST_CASE("SD-7: a slice belongs to its Service and has its labels") {
  Cluster c = cluster({});
  const auto made = written(c, Actor::EndpointSliceController);
  REQUIRE(made->key.name.view().starts_with("web-"));
  REQUIRE(made->label("kubernetes.io/service-name") == "web");
  REQUIRE(made->label("tier") == "front");
  REQUIRE(made->labels.contains("service.kubernetes.io/headless"));
  REQUIRE(made->controller()->name == "web");
}

TEST_CASE("SD-5: Endpoints that show unready pods do not change when these become ready") {
  Cluster c = cluster({kUnready}, R"("publishNotReadyAddresses":true,)");
  c.create(*written(c, Actor::EndpointsController));
  api::Object pod = *c.store().find({Kind::Pod, "default", "web-0"});
  pod.as<api::Pod>().status.set_condition(api::PodConditionType::Ready, true, kStartOfTime);
  REQUIRE(c.store().update_status(pod, 0));
  REQUIRE(written(c, Actor::EndpointsController) == nullptr);
  REQUIRE(written(c, Actor::EndpointSliceController) != nullptr);  // it is made for the first time
}

TEST_CASE("nothing is written while nothing has changed, and a label of the Service is a change") {
  const Actor actor = GENERATE(Actor::EndpointsController, Actor::EndpointSliceController);
  Cluster c = cluster({kReady});
  c.create(*written(c, actor));
  REQUIRE(written(c, actor) == nullptr);
  api::Object service = *c.store().find(kService);
  service.labels["tier"] = "back";
  REQUIRE(c.store().update(service, 0));
  REQUIRE(written(c, actor)->label("tier") == "back");
}

namespace {

/// Carries out what the slices' controller plans.
void keep_slices(Cluster& c) {
  const auto plan = c.plan(Actor::EndpointSliceController, kService);
  for (const auto& group : plan.groups) {
    using Verb = controllers::Call::Verb;
    const auto& call = group.calls.front();
    if (call.verb == Verb::Create) {
      c.create(*call.object);
    } else if (call.verb == Verb::Update) {
      REQUIRE(c.store().update(*call.object, 0));
    } else {
      REQUIRE(c.store().remove(call.target, {}, c.now, 0));
    }
  }
  REQUIRE(c.plan(Actor::EndpointSliceController, kService).groups.empty());
}

/// The number of endpoints in each slice, in order of name.
std::vector<std::size_t> sizes(Cluster& c) {
  std::vector<std::size_t> out;
  for (const auto& object : c.store().list(Kind::EndpointSlice, "default")) {
    out.push_back(object->as<api::EndpointSlice>().endpoints.size());
  }
  std::ranges::sort(out);
  return out;
}

void remove_pod(Cluster& c, int ordinal) {
  static_cast<void>(c.store().remove(
      {Kind::Pod, "default", fmt::format("web-{}", ordinal)}, {0, {}, {}}, c.now, 0));
}

}  // namespace

TEST_CASE("SD-7: a slice has a hundred endpoints at most, and one without any is the last to go") {
  Cluster c = cluster(std::vector<PodState>(102));
  keep_slices(c);
  REQUIRE(sizes(c) == std::vector<std::size_t>{2, 100});
  for (int ordinal = 0; ordinal < 100; ++ordinal) {
    remove_pod(c, ordinal);
  }
  keep_slices(c);
  REQUIRE(sizes(c) == std::vector<std::size_t>{2});
  remove_pod(c, 100);
  remove_pod(c, 101);
  keep_slices(c);
  REQUIRE(sizes(c) == std::vector<std::size_t>{0});
}

TEST_CASE("SD-7: pods whose ports of the same name differ stand in different slices") {
  Cluster c = cluster({kReady, kReady});
  api::Json service = api::to_json(*c.store().find(kService));
  service["spec"]["ports"][0]["targetPort"] = "http";
  REQUIRE(c.store().update(Kind::Service, service, 0));
  for (int i = 0; i < 2; ++i) {
    c.create(
        Kind::Pod,
        fmt::format(R"({{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"bare-{0}","labels":)"
                    R"({{"app":"web"}}}},"spec":{{"nodeName":"node1","containers":[{{"name":"web",)"
                    R"("image":"web:v1","ports":[{{"name":"http","containerPort":808{0}}}]}}]}}}})",
                    i));
    api::Object pod = *c.store().find({Kind::Pod, "default", fmt::format("bare-{}", i)});
    pod.as<api::Pod>().status.pod_ip = fmt::format("10.244.1.{}", i);
    REQUIRE(c.store().update_status(pod, 0));
  }
  keep_slices(c);
  REQUIRE(sizes(c) == std::vector<std::size_t>{1, 1, 2});
}

TEST_CASE("a pod of a node that is gone is left out of the slices, unless all pods are published") {
  const bool all = GENERATE(false, true);
  Cluster c = cluster({kReady}, all ? R"("publishNotReadyAddresses":true,)" : "");
  static_cast<void>(c.store().remove({Kind::Node, "", "node1"}, {}, c.now, 0));
  keep_slices(c);
  REQUIRE(sizes(c) == std::vector<std::size_t>{all ? std::size_t{1} : std::size_t{0}});
}

TEST_CASE("SD-2: pods that come, change or go concern the Services that select them") {
  Cluster c = cluster({kReady});
  store::Watch watch;
  for (std::uint64_t at = 1; at <= c.store().position(); ++at) {
    static_cast<void>(watch.deliver(c.store()));
  }
  const store::Cache cache(c.store(), watch);
  const auto concerned = [&](const api::ObjectPtr& before, const api::ObjectPtr& after) {
    Names out;
    for (const auto& again :
         controllers::endpoints::concerned({1, 0, before, after}, cache, c.now)) {
      out.push_back(again.key.text());
    }
    return out;
  };
  const auto pod = c.store().find({Kind::Pod, "default", "web-0"});
  auto stranger = std::make_shared<api::Object>(*pod);
  stranger->labels = {{"app", "other"}};
  REQUIRE(concerned(nullptr, pod) == Names{"Service/web"});
  REQUIRE(concerned(pod, nullptr) == Names{"Service/web"});
  REQUIRE(concerned(pod, stranger) == Names{"Service/web"});
  REQUIRE(concerned(stranger, stranger).empty());
  // What somebody else deletes is made again.
  const auto made = written(c, Actor::EndpointSliceController);
  REQUIRE(concerned(made, nullptr) == Names{"Service/web"});
  REQUIRE(concerned(made, made).empty());
}

TEST_CASE("SD-5: Endpoints go with their Service") {
  Cluster c = cluster({kReady});
  c.create(*written(c, Actor::EndpointsController));
  REQUIRE(c.store().remove(kService, {}, c.now, 0));
  const auto plan = c.plan(Actor::EndpointsController, kService);
  REQUIRE(plan.groups.front().calls.front().verb == controllers::Call::Verb::Delete);
}
