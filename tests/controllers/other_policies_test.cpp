// The built-in policies that are not Kubernetes' of today.
#include "controllers/planned.hpp"
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/api/decode.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/policy/policy.hpp>

using namespace stsim;
using test::calls;
using test::Cluster;
using test::kIsFailed;
using test::kIsGoing;
using test::kIsOld;
using test::kIsOldGoing;
using test::kIsOldUnready;
using test::kIsOldYoung;
using test::kIsReady;
using test::kIsUnready;
using test::kIsYoung;
using test::planned;
using test::PodState;
using test::SetSpec;
using Names = std::vector<std::string>;

TEST_CASE("OP-24: the budget of 1.37 lets pods go that are down already") {
  struct Row {
    const char* what;
    int replicas;
    int most;
    int partition;
    std::vector<std::optional<PodState>> pods;
    Names deleted;
  };
  const auto n = kIsOldUnready;
  const auto y = kIsOldYoung;
  const auto t = kIsOldGoing;
  const auto o = kIsOld;
  const std::vector<Row> rows{
      {"0 nr", 1, 1, 0, {n}, {"delete web-0"}},
      {"2 nr", 3, 1, 0, {o, o, n}, {"delete web-2"}},
      {"2 y", 3, 1, 0, {o, o, y}, {"delete web-2"}},
      {"2 t", 3, 1, 0, {o, o, t}, {}},
      {"3, 4 nr", 5, 2, 0, {o, o, o, n, n}, {"delete web-4", "delete web-3"}},
      {"4 t, 3 nr", 5, 3, 0, {o, o, o, n, t}, {"delete web-3", "delete web-2"}},
      {"3 t, 4 nr", 5, 3, 0, {o, o, o, t, n}, {"delete web-4", "delete web-2"}},
      {"0, 1 nr, 4", 4, 2, 0, {n, n, o, o}, {"delete web-1", "delete web-0"}},
      {"0, 1 nr, 5", 5, 3, 0, {n, n, o, o, o}, {"delete web-1", "delete web-0", "delete web-4"}},
      {"partition, 4 nr", 5, 1, 2, {o, o, o, o, n}, {"delete web-4"}},
      {"partition, 2 nr", 5, 1, 2, {o, o, n, o, o}, {"delete web-2"}},
      {"partition, 1 nr", 5, 1, 2, {o, n, o, o, o}, {}},
      {"partition 3, 3, 4 nr", 5, 2, 3, {o, o, o, n, n}, {"delete web-4", "delete web-3"}},
      {"partition 3, 1, 4 nr", 5, 2, 3, {o, n, o, o, n}, {"delete web-4"}},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const SetSpec spec{.replicas = row.replicas,
                       .parallel = true,
                       .update_strategy = fmt::format(
                           R"({{"type":"RollingUpdate","rollingUpdate":{{"partition":{},)"
                           R"("maxUnavailable":{}}}}})",
                           row.partition,
                           row.most),
                       .more = R"("minReadySeconds":30,)"};
    Cluster cluster("1.37");
    CHECK(calls(planned(cluster, spec, row.pods)) == row.deleted);
  }
}

TEST_CASE("OP-25: one broken old pod under Parallel, by four policies") {
  const auto first = [](std::string_view release) {
    Cluster cluster(release);
    return calls(planned(cluster,
                         {.parallel = true,
                          .update_strategy = R"({"type":"RollingUpdate","rollingUpdate":)"
                                             R"({"partition":0,"maxUnavailable":1}})"},
                         {kIsOldUnready, kIsOld, kIsOld}));
  };
  CHECK(first("1.34") == Names{"delete web-2"});
  CHECK(first("1.36") == Names{"delete web-2"});
  CHECK(first("1.35.0").empty());
  CHECK(first("1.37") == Names{"delete web-0"});
  CHECK(calls(planned("openkruise", {.parallel = true}, {kIsOldUnready, kIsOld, kIsOld})).empty());
}

TEST_CASE("OP-7: Recreate deletes all outdated pods at once and creates when they are gone") {
  const auto recreated = [](const std::vector<std::optional<PodState>>& pods) {
    Cluster cluster("1.37", {{"StatefulSetRecreateStrategy", true}});
    return planned(cluster, {.update_strategy = R"({"type":"Recreate"})"}, pods);
  };
  CHECK(calls(recreated({kIsOld, kIsOldUnready, kIsOld, kIsOld})) ==
        Names{"delete web-3", "delete web-2", "delete web-1", "delete web-0"});
  const auto stuck = recreated({std::nullopt, kIsOldGoing, std::nullopt});
  CHECK(calls(stuck).empty());
  REQUIRE(stuck.waits.size() == 1);
  CHECK(stuck.waits.front().text ==
        "web-1 is terminating, and no pod is created before it is gone");
  CHECK(calls(recreated({})) == Names{"create web-0"});
  CHECK(calls(recreated({kIsReady, kIsUnready})).empty());  // its own pods it leaves alone
}

TEST_CASE("OP-3: Recreate is a strategy of 1.37 with its gate alone") {
  const auto accepted = [](std::string_view release, bool gate) {
    Cluster cluster(release, {{"StatefulSetRecreateStrategy", gate}});
    try {
      cluster.make_set({.update_strategy = R"({"type":"Recreate"})"});
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  CHECK(accepted("1.37", true));
  CHECK_FALSE(accepted("1.37", false));
  CHECK_FALSE(accepted("1.36", true));
}

TEST_CASE("OP-40: OpenKruise leaves reserved ordinals out") {
  const auto made = [](int replicas, std::string_view reserved) {
    return calls(planned(
        "openkruise",
        {.replicas = replicas,
         .parallel = true,
         .annotations =
             fmt::format(R"({{"apps.kruise.io/spec":"{{\"reserveOrdinals\":{}}}"}})", reserved)},
        {}));
  };
  CHECK(made(3, "[1]") == Names{"create web-0", "create web-2", "create web-3"});
  CHECK(made(2, "[1]") == Names{"create web-0", "create web-2"});
  CHECK(made(3, R"([\"1-2\",5])") == Names{"create web-0", "create web-3", "create web-4"});
  CHECK(made(2, R"([\"2-1\"])") == Names{"create web-0", "create web-1"});
}

TEST_CASE("OP-41: reserving an ordinal creates the next one first and removes it later") {
  const std::string reserved = R"({"apps.kruise.io/spec":"{\"reserveOrdinals\":[1]}"})";
  CHECK(calls(planned("openkruise", {.annotations = reserved}, {kIsReady, kIsReady, kIsReady})) ==
        Names{"create web-3"});
  CHECK(calls(planned(
            "openkruise", {.annotations = reserved}, {kIsReady, kIsReady, kIsReady, kIsReady})) ==
        Names{"delete web-1"});
  CHECK(calls(planned("openkruise",
                      {.replicas = 2, .annotations = reserved},
                      {kIsReady, kIsReady, kIsReady})) == Names{"delete web-1"});
  CHECK(calls(planned("openkruise", {}, {kIsReady, std::nullopt, kIsReady, kIsReady})) ==
        Names{"create web-1"});
}

TEST_CASE("OP-44: scaleStrategy.maxUnavailable bounds the pods that are on their way") {
  const std::string two = R"({"apps.kruise.io/spec":"{\"scaleStrategy\":{\"maxUnavailable\":2}}"})";
  const SetSpec spec{.replicas = 5, .parallel = true, .annotations = two};
  CHECK(calls(planned("openkruise", spec, {})) == Names{"create web-0", "create web-1"});
  CHECK(calls(planned("openkruise", spec, {kIsReady, kIsUnready})) == Names{"create web-2"});
  CHECK(calls(planned("openkruise", spec, {kIsUnready, kIsGoing})).empty());
  CHECK(calls(planned("openkruise", {.replicas = 3, .parallel = true}, {})).size() == 3);
}

TEST_CASE("OP-53: an update goes on beside pods that are down, within its budget") {
  const auto updated = [](std::string_view rolling,
                          const std::vector<std::optional<PodState>>& pods) {
    return planned(
        "openkruise",
        {.replicas = static_cast<int>(pods.size()),
         .parallel = true,
         .annotations = fmt::format(
             R"({{"apps.kruise.io/spec":"{{\"updateStrategy\":{{\"rollingUpdate\":{}}}}}"}})",
             rolling)},
        pods);
  };
  CHECK(calls(updated(R"({\"maxUnavailable\":2})", {kIsOld, kIsOld, kIsOld, kIsOld})) ==
        Names{"delete web-3", "delete web-2"});
  CHECK(calls(updated(R"({\"maxUnavailable\":\"50%\"})", {kIsOld, kIsOld, kIsOld, kIsUnready})) ==
        Names{"delete web-2"});
  CHECK(calls(updated(R"({\"maxUnavailable\":1})", {kIsOld, kIsOldUnready, kIsOldUnready})) ==
        Names{"delete web-2", "delete web-1"});  // they are down: no budget
  const auto paused = updated(R"({\"paused\":true})", {kIsOld});
  CHECK(calls(paused).empty());
  REQUIRE(paused.waits.size() == 1);
  CHECK(paused.waits.front().text == "the update is paused");
  const auto in_place = updated(R"({\"podUpdatePolicy\":\"InPlace\"})", {kIsOld});
  REQUIRE(in_place.misconduct);
  CHECK(in_place.misconduct->text ==
        "annotation apps.kruise.io/spec: podUpdatePolicy \"InPlace\" is none of ReCreate, "
        "InPlaceIfPossible and InPlaceOnly");
}

TEST_CASE("OP-52: weights decide which pods are updated first, and the partition is a number") {
  Cluster cluster;
  cluster.use(**policy::find_policy("openkruise"));
  cluster.make_set(
      {.parallel = true,
       .update_strategy = R"({"type":"RollingUpdate","rollingUpdate":{"partition":1}})",
       .annotations =
           R"({"apps.kruise.io/spec":"{\"updateStrategy\":{\"rollingUpdate\":)"
           R"({\"maxUnavailable\":3,\"unorderedUpdate\":{\"priorityStrategy\":)"
           R"({\"weightPriority\":[{\"weight\":9,\"matchSelector\":)"
           R"({\"matchLabels\":{\"statefulset.kubernetes.io/pod-name\":\"web-0\"}}}]}}}}}"})"});
  for (int i = 0; i < 3; ++i) {
    cluster.make_pod(i, kIsOld);
  }
  CHECK(calls(cluster.plan()) == Names{"delete web-0", "delete web-2"});
}

TEST_CASE("OP-72: delete-slots moves the range on, and drops slots that it does not reach") {
  const auto made = [](int replicas, std::string_view slots) {
    return calls(planned("delete-slots",
                         {.replicas = replicas,
                          .parallel = true,
                          .annotations = fmt::format(R"({{"delete-slots":"{}"}})", slots)},
                         {}));
  };
  CHECK(made(3, "[0,2,4]") == Names{"create web-1", "create web-3", "create web-5"});
  CHECK(made(2, "[7]") == Names{"create web-0", "create web-1"});
  CHECK(made(2, "no list") == Names{"create web-0", "create web-1"});
  CHECK(made(1, "[-1]") == Names{"create web-0", "create web-1"});  // one too many
  CHECK(calls(planned("delete-slots",
                      {.replicas = 2, .annotations = R"({"delete-slots":"[1]"})"},
                      {kIsReady, kIsReady, kIsReady})) == Names{"delete web-1"});
}

TEST_CASE("OP-74: the partition of delete-slots is an ordinal") {
  const auto updated = [](int partition) {
    return calls(
        planned("delete-slots",
                {.replicas = 2,
                 .update_strategy = fmt::format(
                     R"({{"type":"RollingUpdate","rollingUpdate":{{"partition":{}}}}})", partition),
                 .annotations = R"({"delete-slots":"[0,1]"})"},
                {std::nullopt, std::nullopt, kIsOld, kIsOld}));
  };
  CHECK(updated(2) == Names{"delete web-3"});  // as many as replicas freeze nothing
  CHECK(updated(4).empty());
}

TEST_CASE("OP-20: which algorithm a release's budget goes by, and whether it is on") {
  const auto on = [](std::string_view release) {
    return api::Features{*parse_release(release), {}}.enabled("MaxUnavailableStatefulSet");
  };
  CHECK_FALSE(on("1.34"));
  CHECK(on("1.35.0"));
  CHECK_FALSE(on("1.35"));
  CHECK_FALSE(on("1.36"));
  CHECK(on("1.37"));
}

TEST_CASE("OP-2, OP-4: Recreate is off unless it is asked for, and takes no rollingUpdate block") {
  CHECK_FALSE(api::Features{kPreview, {}}.enabled("StatefulSetRecreateStrategy"));
  Cluster cluster("1.37", {{"StatefulSetRecreateStrategy", true}});
  std::string refusal;
  try {
    cluster.make_set({.update_strategy = R"({"type":"Recreate","rollingUpdate":{"partition":1}})"});
  } catch (const std::runtime_error& error) {
    refusal = error.what();
  }
  CHECK(refusal.find("only allowed for updateStrategy 'RollingUpdate'") != std::string::npos);
}

TEST_CASE("OP-8, OP-9, OP-10: after Recreate pods come as ever, and the revision becomes current") {
  const auto recreated = [](const SetSpec& spec, const std::vector<std::optional<PodState>>& pods) {
    Cluster cluster("1.37", {{"StatefulSetRecreateStrategy", true}});
    return planned(cluster, spec, pods);
  };
  const std::string strategy = R"({"type":"Recreate"})";
  CHECK(calls(recreated({.parallel = true, .update_strategy = strategy}, {})) ==
        Names{"create web-0", "create web-2", "create web-1"});
  // Those beyond the range go with the rest if they are outdated, else as ever.
  CHECK(calls(recreated({.replicas = 1, .update_strategy = strategy}, {kIsOld, kIsOldUnready})) ==
        Names{"delete web-1", "delete web-0"});
  CHECK(calls(recreated({.replicas = 1, .update_strategy = strategy}, {kIsReady, kIsReady})) ==
        Names{"delete web-1"});
  const auto plan = recreated({.replicas = 1, .update_strategy = strategy}, {kIsReady});
  const auto status = controllers::statefulset::final_status(
      *plan.status, std::vector<bool>(plan.groups.size(), true));
  REQUIRE(status);
  CHECK(status->current_revision == status->update_revision);
}

TEST_CASE("OP-22, OP-26: under OrderedReady the budget of 1.37 is one pass from the top") {
  Cluster cluster("1.37");
  CHECK(calls(planned(cluster,
                      {.update_strategy = R"({"type":"RollingUpdate","rollingUpdate":)"
                                          R"({"partition":0,"maxUnavailable":2}})"},
                      {kIsOld, kIsOld, kIsOld})) == Names{"delete web-2", "delete web-1"});
  Cluster broken("1.37");  // a rollback: all that are down go at once
  CHECK(calls(planned(broken, {.parallel = true}, {kIsOldUnready, kIsOldUnready, kIsReady})) ==
        Names{"delete web-1", "delete web-0"});
}

TEST_CASE("OP-31: an amount is a number or a percentage, and nothing else") {
  const auto with = [](std::string_view amount) {
    return planned(
        "openkruise",
        {.parallel = true,
         .annotations = fmt::format(
             R"({{"apps.kruise.io/spec":"{{\"scaleStrategy\":{{\"maxUnavailable\":{}}}}}"}})",
             amount)},
        {});
  };
  CHECK(calls(with("1")).size() == 1);
  CHECK(calls(with(R"(\"70%\")")).size() == 2);
  CHECK(calls(with(R"(\"1%\")")).size() == 1);
  REQUIRE(with(R"(\"some\")").misconduct);
  CHECK(
      with(R"(\"some\")").misconduct->text ==
      "annotation apps.kruise.io/spec: scaleStrategy.maxUnavailable is \"some\", neither a number "
      "nor a percentage");
}

TEST_CASE(
    "OP-36, OP-42: OpenKruise waits for minReadySeconds, and looks again when they are over") {
  const auto plan = planned("openkruise", {.more = R"("minReadySeconds":30,)"}, {kIsYoung});
  CHECK(calls(plan).empty());
  REQUIRE(plan.again.size() == 1);
  CHECK(plan.again.front().after == std::chrono::seconds{29} + SimDuration{1});
  REQUIRE(plan.waits.size() == 1);
  CHECK(plan.waits.front().text == "web-0 is not available, and everything after it waits");
}

TEST_CASE("OP-43, OP-48: of condemned pods an unhealthy one goes only if it is the lowest of all") {
  const SetSpec one{.replicas = 1};
  CHECK(calls(planned("openkruise", one, {kIsReady, kIsReady, kIsUnready})) ==
        Names{"delete web-2"});
  const auto stuck = planned("openkruise", one, {kIsReady, kIsUnready, kIsUnready});
  CHECK(calls(stuck).empty());
  REQUIRE(stuck.waits.size() == 1);
  CHECK(stuck.waits.front().text == "web-2 is not available, nor is one before it");
}

TEST_CASE(
    "OP-50, OP-51: what is missing or not available uses up the budget, below the partition too") {
  const SetSpec spec{
      .parallel = true,
      .update_strategy = R"({"type":"RollingUpdate","rollingUpdate":{"partition":1}})"};
  const auto plan = planned("openkruise", spec, {kIsUnready, kIsOld, kIsOld});
  CHECK(calls(plan).empty());
  REQUIRE(plan.waits.size() == 1);
  CHECK(plan.waits.front().text == "web-2 waits: 1 pods are unavailable, and maxUnavailable is 1");
  CHECK(calls(planned("openkruise",
                      {.parallel = true, .update_strategy = R"({"type":"OnDelete"})"},
                      {kIsOld, kIsOld, kIsOld}))
            .empty());
}

TEST_CASE("OP-66, OP-75: other policies complete an update by the pods that are there") {
  for (const char* name : {"openkruise", "delete-slots"}) {
    INFO(name);
    const auto plan = planned(name, {.replicas = 2}, {kIsReady, kIsReady});
    CHECK(plan.status->completes_with == -1);
    const auto on_delete = planned(
        name, {.replicas = 2, .update_strategy = R"({"type":"OnDelete"})"}, {kIsReady, kIsReady});
    CHECK_FALSE(on_delete.status->completes_with);
  }
}

TEST_CASE("OP-71: delete-slots can be paused, and takes no list but one of numbers") {
  const auto paused =
      planned("delete-slots", {.annotations = R"({"paused-reconcile":"true"})"}, {});
  CHECK(calls(paused).empty());
  REQUIRE(paused.waits.size() == 1);
  CHECK(calls(planned(
            "delete-slots", {.replicas = 1, .annotations = R"({"delete-slots":"[\"0\"]"})"}, {})) ==
        Names{"create web-0"});
}

TEST_CASE("OP-73: delete-slots waits for Running and Ready, and makes ended pods anew at once") {
  CHECK(calls(planned("delete-slots", {}, {kIsReady, kIsUnready})).empty());
  CHECK(calls(planned("delete-slots", {}, {kIsFailed})) == Names{"delete web-0", "create web-0"});
  CHECK(calls(planned("delete-slots", {}, {kIsOld, kIsOld, kIsOld})) == Names{"delete web-2"});
  CHECK(calls(planned("delete-slots", {.replicas = 1}, {kIsReady, kIsUnready, kIsReady})) ==
        Names{"delete web-2"});
}

TEST_CASE(
    "OP-2, OP-13: Recreate is stored, and a controller that does not know it updates as ever") {
  Cluster cluster("1.37", {{"StatefulSetRecreateStrategy", true}});
  cluster.use(**policy::find_policy("upstream-1.36"));
  CHECK(calls(planned(
            cluster, {.update_strategy = R"({"type":"Recreate"})"}, {kIsOld, kIsOld, kIsOld})) ==
        Names{"delete web-2"});
}

TEST_CASE("OP-3: what has type Recreate already can be changed without the gate") {
  api::Json document = *Cluster().make_set({})->as<api::StatefulSet>().spec->document;
  document["updateStrategy"] = {{"type", "Recreate"}};
  const api::Json old = {{"apiVersion", "apps/v1"},
                         {"kind", "StatefulSet"},
                         {"metadata", {{"name", "web"}, {"namespace", "default"}}},
                         {"spec", document}};
  api::Json changed = old;
  changed["spec"]["replicas"] = 7;
  const api::Features off{kPreview, {}};
  CHECK(api::validate_update(api::Kind::StatefulSet, changed, old, off).empty());
  CHECK_FALSE(api::validate(api::Kind::StatefulSet, old, off).empty());
  for (const char* other : {"OnDelete", "RollingUpdate"}) {
    changed["spec"]["updateStrategy"]["type"] = other;
    CHECK(api::validate_update(api::Kind::StatefulSet, changed, old, off).empty());
    CHECK_FALSE(api::validate_update(api::Kind::StatefulSet, old, changed, off).empty());
  }
}

TEST_CASE("OP-73: under Parallel a Succeeded pod is made anew as well") {
  const PodState succeeded{.ready = false, .phase = api::PodPhase::Succeeded};
  CHECK(calls(planned("delete-slots", {.replicas = 2, .parallel = true}, {kIsReady, succeeded})) ==
        Names{"delete web-1", "create web-1"});
}

TEST_CASE("OP-71: slots are numbers of 32 bits, or there are none") {
  const auto made = [](std::string_view slots) {
    return calls(
        planned("delete-slots",
                {.replicas = 1, .annotations = fmt::format(R"({{"delete-slots":"{}"}})", slots)},
                {}));
  };
  CHECK(made("[0,3000000000]") == Names{"create web-0"});
  CHECK(made("[18446744073709551615]") == Names{"create web-0"});
}

TEST_CASE("OpenKruise's annotation is read strictly") {
  const auto refusal = [](std::string_view spec) {
    const auto plan = planned(
        "openkruise", {.annotations = fmt::format(R"({{"apps.kruise.io/spec":"{}"}})", spec)}, {});
    return plan.misconduct ? plan.misconduct->text : "";
  };
  CHECK(refusal(R"({\"reservedOrdinals\":[1]})") ==
        "annotation apps.kruise.io/spec: \"reservedOrdinals\" of spec is not known; possible: "
        "reserveOrdinals, scaleStrategy, updateStrategy");
  CHECK(refusal(R"({\"updateStrategy\":{\"rollingUpdate\":{\"partition\":1}}})") ==
        "annotation apps.kruise.io/spec: \"partition\" of rollingUpdate is not known; possible: "
        "maxUnavailable, paused, podUpdatePolicy, unorderedUpdate");
  CHECK(refusal(R"({\"scaleStrategy\":{\"maxUnavailable\":\"%\"}})").find("neither a number") !=
        std::string::npos);
  CHECK(refusal("no json") == "annotation apps.kruise.io/spec is no JSON object");
}

TEST_CASE("OP-40: a range without an end is none, and ordinals end where they end") {
  const auto made = [](std::string_view reserved) {
    return calls(
        planned("openkruise",
                {.replicas = 1,
                 .annotations = fmt::format(
                     R"({{"apps.kruise.io/spec":"{{\"reserveOrdinals\":[\"{}\"]}}"}})", reserved)},
                {}));
  };
  for (const char* range : {"-2", "0-", "-", "a-b"}) {
    INFO(range);
    CHECK(made(range) == Names{"create web-0"});
  }
  const auto last =
      planned("openkruise",
              {.replicas = 3, .parallel = true, .more = R"("ordinals":{"start":2147483646},)"},
              {});
  CHECK_FALSE(last.misconduct);
  CHECK(calls(last) == Names{"create web-2147483646", "create web-2147483647"});
}
