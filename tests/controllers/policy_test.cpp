// What a policy is told and may ask for.
#include "controllers/planned.hpp"
#include "support/catch.hpp"
#include "support/cluster.hpp"

#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/policy/policy.hpp>

#include <functional>
#include <limits>

using namespace stsim;
using policy::Pods;
using policy::Revision;
using policy::View;
using test::calls;
using test::Cluster;
using test::kIsFailed;
using test::kIsOld;
using test::kIsOldGoing;
using test::kIsReady;
using test::kIsUnready;
using test::kIsYoung;
using test::planned;
using test::PodState;
using test::SetSpec;
using Names = std::vector<std::string>;
using Ordinals = std::vector<std::int64_t>;

namespace {

/// A policy that does what a test says, and is watched as those of libraries are.
class Tried : public policy::Policy {
 public:
  using Decide = std::function<void(const View&, policy::Plan&)>;
  explicit Tried(Decide decide) : decide_(std::move(decide)) {}

  [[nodiscard]] std::string_view name() const override { return "tried"; }
  [[nodiscard]] std::string_view description() const override { return "what a test says"; }
  [[nodiscard]] std::optional<Release> release() const override { return std::nullopt; }
  [[nodiscard]] bool is_built_in() const override { return false; }
  [[nodiscard]] bool has_own_order() const override { return true; }
  void decide(const stsim_view& view, const stsim_plan& plan) const override {
    policy::decide_safely(decide_, &view, &plan);
  }

 private:
  Decide decide_;
};

controllers::Plan planned(const Tried::Decide& decide,
                          const std::vector<std::optional<PodState>>& pods,
                          const SetSpec& spec = {}) {
  const Tried tried(decide);
  Cluster cluster;
  cluster.use(tried);
  return planned(cluster, spec, pods);
}

/// The contract that is broken, and how.
std::string misconduct(const Tried::Decide& decide,
                       const std::vector<std::optional<PodState>>& pods = {}) {
  const controllers::Plan plan = planned(decide, pods);
  if (!plan.misconduct) {
    return "";
  }
  CHECK(plan.groups.empty());
  CHECK_FALSE(plan.status);
  return fmt::format("{}: {}", plan.misconduct->rule, plan.misconduct->text);
}

}  // namespace

TEST_CASE("A policy can ask for each class of pods from below, from above and by number") {
  const std::vector<std::optional<PodState>> pods{
      kIsReady, kIsOld, std::nullopt, kIsUnready, kIsOldGoing, kIsOld, kIsYoung};
  const auto members = [&](Pods of) {
    Ordinals up;
    Ordinals down;
    Ordinals others;
    Ordinals others_down;
    std::int64_t number{};
    static_cast<void>(planned(
        [&](const View& view, policy::Plan&) {
          up = down = others = others_down = {};
          for (auto at = view.next(of, 0); at; at = view.next(of, *at + 1)) {
            up.push_back(*at);
          }
          for (auto at = view.previous(of, 100); at; at = view.previous(of, *at - 1)) {
            down.insert(down.begin(), *at);
          }
          for (auto at = view.next_missing(of, 0); at < 7; at = view.next_missing(of, at + 1)) {
            others.push_back(at);
          }
          for (auto at = view.previous_missing(of, 6); at >= 0;
               at = view.previous_missing(of, at - 1)) {
            others_down.insert(others_down.begin(), at);
          }
          number = view.count(of, 0, 100);
        },
        pods,
        {.more = R"("minReadySeconds":30,)"}));
    CHECK(down == up);
    CHECK(number == std::ssize(up));
    CHECK(others == others_down);
    CHECK(std::ssize(others) == 7 - std::ssize(up));
    return up;
  };
  CHECK(members(Pods::Present) == Ordinals{0, 1, 3, 4, 5, 6});
  CHECK(members(Pods::Ready) == Ordinals{0, 1, 4, 5, 6});
  CHECK(members(Pods::Available) == Ordinals{0, 1, 4, 5});
  CHECK(members(Pods::Unavailable) == Ordinals{3, 4, 6});
  CHECK(members(Pods::Terminating) == Ordinals{4});
  CHECK(members(Pods::Unsettled) == Ordinals{3, 4, 6});
  CHECK(members(Pods::Mismatched).empty());
  CHECK(members(Pods::Outdated) == Ordinals{1, 5});
  CHECK(members(Pods::OutdatedTerminating) == Ordinals{4});
}

TEST_CASE("A policy can ask about a pod, a label, an annotation, a part of the spec and a gate") {
  static_cast<void>(planned(
      [](const View& view, policy::Plan&) {
        CHECK(view.name() == "web");
        CHECK(view.set().replicas == 3);
        CHECK(view.set().has_rolling_update == 1);
        CHECK(view.set().now_us == 24LL * 3600 * 1'000'000);
        CHECK(view.at_least(36));
        CHECK_FALSE(view.at_least(37));
        const auto pod = view.pod(1);
        REQUIRE(pod);
        CHECK(policy::to_view(pod->name) == "web-1");
        CHECK(policy::to_view(pod->revision) == "web-old");
        CHECK(pod->ready == 1);
        CHECK(pod->ready_since_us == 23LL * 3600 * 1'000'000);
        CHECK_FALSE(view.pod(2));
        CHECK(view.label(1, "app") == "web");
        CHECK_FALSE(view.label(1, "color"));
        CHECK_FALSE(view.label(2, "app"));
        CHECK(view.annotation("color") == "blue");
        CHECK_FALSE(view.annotation("shape"));
        CHECK(view.field("/updateStrategy/type") == "\"RollingUpdate\"");
        CHECK_FALSE(view.field("/nothing"));
        CHECK_FALSE(view.field("no pointer"));
        CHECK_FALSE(view.feature("MaxUnavailableStatefulSet"));
        CHECK(view.feature("StaleControllerConsistencyStatefulSet"));
      },
      {kIsReady, kIsOld},
      {.annotations = R"({"color":"blue"})"}));
}

TEST_CASE("POL-1: a decision that throws or gives up ends with its words") {
  CHECK(misconduct([](const View&, policy::Plan&) { throw std::runtime_error("no such row"); }) ==
        "POL-1: no such row");
  CHECK(misconduct([](const View&, policy::Plan&) { throw 7; }) ==
        "POL-1: it has thrown something that is no std::exception");
  CHECK(misconduct([](const View&, policy::Plan& plan) { plan.fail("I am lost"); }) ==
        "POL-1: I am lost");
}

TEST_CASE("POL-1: what is asked for is limited, too") {
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          for (int i = 0; i < 20'000; ++i) {
            plan.wait("on and on", "X-1");
          }
        }) == "POL-1: it has asked for more than 10300 acts and reasons");
}

TEST_CASE("Another look comes after some time, and before time is over") {
  const auto after = [](std::int64_t asked) {
    const auto plan = planned(
        [asked](const View&, policy::Plan& policy_plan) { policy_plan.again(asked, true); }, {});
    REQUIRE(plan.again.size() == 1);
    return plan.again.front().after.count();
  };
  CHECK(after(0) == 1);
  CHECK(after(-5) == 1);
  CHECK(after(7) == 7);
  CHECK(after(std::numeric_limits<std::int64_t>::max()) < 4'000'000'000'000'000);
}

TEST_CASE("Texts that a policy was given hold as long as its decision") {
  static_cast<void>(planned(
      [](const View& view, policy::Plan&) {
        const auto type = view.field("/updateStrategy/type");
        const auto replicas = view.field("/replicas");
        CHECK(type == "\"RollingUpdate\"");
        CHECK(replicas == "3");
      },
      {}));
}

TEST_CASE("POL-2: questions are limited, by the number of pods") {
  std::uint64_t asked = 0;
  CHECK(misconduct([&asked](const View& view, policy::Plan&) {
          for (asked = 0;; ++asked) {
            static_cast<void>(view.pod(0));
          }
        }) == "POL-2: it has asked more than 10300 questions in one decision");
  CHECK(asked == 10'300);
}

TEST_CASE("POL-3: one view has one decision") {
  int calls_so_far = 0;
  CHECK(misconduct([&](const View&, policy::Plan& plan) {
          plan.wait(fmt::format("reason {}", ++calls_so_far), "X-1");
        }) == "POL-3: asked twice at one instant, it has decided differently");
  CHECK(misconduct([](const View&, policy::Plan& plan) { plan.wait("the same", "X-1"); }).empty());
}

TEST_CASE("POL-4: no two pods of one identity") {
  const auto create = [](const View&, policy::Plan& plan) {
    plan.create(1, Revision::Update, "", "X-1");
  };
  CHECK(misconduct(create, {kIsReady}).empty());
  CHECK(misconduct(create, {kIsReady, kIsUnready}) ==
        "POL-4: it wants to create web-1, which is there");
  CHECK(misconduct([&](const View& view, policy::Plan& plan) {
          create(view, plan);
          create(view, plan);
        }) == "POL-4: it wants to create web-1, which this plan creates already");
  CHECK(misconduct(
            [](const View&, policy::Plan& plan) {
              plan.recreate(0, Revision::Update, "", "X-1");
              plan.recreate(0, Revision::Update, "", "X-1");
            },
            {kIsFailed}) == "POL-4: it wants to recreate web-0 twice");
}

TEST_CASE("POL-5: what a plan names is there") {
  CHECK(misconduct([](const View&, policy::Plan& plan) { plan.remove(7, "", "X-1"); }) ==
        "POL-5: it wants to remove web-7, a pod that is not there");
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.remove_if_there(7, "", "X-1");
        }).empty());
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.remove_if_there(5'000'000'000, "", "X-1");
        }) == "POL-5: it wants to remove a pod of ordinal -1");
  CHECK(misconduct(
            [](const View&, policy::Plan& plan) { plan.recreate(0, Revision::Update, "", "X-1"); },
            {kIsReady}) == "POL-5: it wants to recreate web-0, which has not ended");
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.recreate(0, Revision::Update, "", "X-1");
        }) == "POL-5: it wants to recreate web-0, a pod that is not there");
  CHECK(misconduct([](const View&, policy::Plan& plan) { plan.repair(7); }) ==
        "POL-5: it wants to repair web-7, a pod that is not there");
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.create(-3, Revision::Update, "", "X-1");
        }) == "POL-5: it wants to create a pod of ordinal -1");
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.create(0, static_cast<Revision>(9), "", "X-1");
        }) ==
        "POL-5: it wants to create web-0 at revision number 9, which is neither the current "
        "(0) nor the update revision (1)");
}

TEST_CASE("POL-6: reasons and rules are words") {
  CHECK(misconduct([](const View&, policy::Plan& plan) { plan.wait("\xff", "X-1"); }) ==
        "POL-6: a reason or a rule id is no valid UTF-8");
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.keep(std::string((1U << 20U) + 1, 'x'));
        }) == "POL-6: it keeps 1048577 bytes of a set");
  CHECK(misconduct([](const View&, policy::Plan& plan) {
          plan.wait("why", std::string(64, 'x'));
        }) == "POL-6: a rule id has 64 bytes");
}

TEST_CASE("What a policy keeps it finds again, of each set its own") {
  const Tried tried(
      [](const View& view, policy::Plan& plan) { plan.keep(std::string(view.state()) + "x"); });
  Cluster cluster;
  cluster.use(tried);
  const auto plan = planned(cluster, {}, {});
  CHECK(plan.kept == "x");
  controllers::statefulset::SetViews views(&tried);
  const api::ObjectKey web{api::Kind::StatefulSet, "default", "web"};
  CHECK(views.kept(web).empty());
  views.keep(web, "xx");
  CHECK(views.kept(web) == "xx");
  CHECK(views.kept({api::Kind::StatefulSet, "default", "db"}).empty());
  views.keep(web, "");
  CHECK(views.all_kept().empty());
}

TEST_CASE("Another release's policy decides by the rules of that release") {
  // SS-250: up to 1.33 an update waits for ready pods, since 1.34 for available ones.
  const SetSpec young{.more = R"("minReadySeconds":30,)"};
  const std::vector<std::optional<PodState>> pods{kIsOld, kIsOld, kIsYoung};
  CHECK(calls(planned("upstream-1.34", {.replicas = 3, .parallel = true, .more = young.more}, pods))
            .empty());
  CHECK(calls(planned(
            "upstream-1.33", {.replicas = 3, .parallel = true, .more = young.more}, pods)) ==
        Names{"delete web-1"});
  // SS-190: words in lower case up to 1.34.
  const auto made = planned("upstream-1.34", {}, {});
  CHECK(made.groups.back().success->message == "create Pod web-0 in StatefulSet web successful");
}
