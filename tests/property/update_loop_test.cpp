// Every small situation of the update loop: the controller decides as the plain transcription of
// the rules, and nothing that it decides breaks what upstream's own tests require of every step.
#include "property/situation.hpp"
#include "support/catch.hpp"
#include "support/choices.hpp"
#include "support/plain_statefulset.hpp"

#include <algorithm>

using namespace stsim;
using test::At;
using test::Choices;
using test::Look;
using test::PodLook;
using test::Scene;
using test::SetLook;

namespace {

using Gates = std::map<std::string, bool, std::less<>>;
using Strategy = SetLook::Strategy;

const api::ObjectKey kWeb{api::Kind::StatefulSet, "default", "web"};

api::Features features(std::string_view release, bool gate = false) {
  Gates gates{{"StatefulSetStartOrdinal", true}};  // 1.26 has it, but not on its own
  if (gate) {
    gates.emplace("MaxUnavailableStatefulSet", true);
  }
  return {*parse_release(release), std::move(gates)};
}

/// Every set of `replicas` from an ordinal on.
std::vector<SetLook> sets(int replicas, int start, bool gate) {
  std::vector<SetLook> out;
  Choices choices;
  while (choices.next()) {
    SetLook set{.replicas = replicas, .start = start};
    set.parallel = choices.flag();
    set.strategy = static_cast<Strategy>(choices.pick(3));
    set.updating = choices.flag();
    if (set.strategy == Strategy::Block) {
      set.partition = static_cast<int>(choices.pick(static_cast<std::size_t>(replicas) + 2));
      static constexpr std::array kBudgets{"", "2", "\"50%\""};
      set.max_unavailable = gate ? kBudgets[choices.pick(kBudgets.size())] : "";
    } else if (set.strategy == Strategy::NoBlock) {
      set.current_replicas = static_cast<int>(choices.pick(static_cast<std::size_t>(replicas) + 1));
    }
    out.push_back(std::move(set));
  }
  return out;
}

/// Any pod at all.
PodLook any_pod(Choices& choices) {
  PodLook pod;
  pod.look = static_cast<Look>(choices.pick(10));
  if (pod.look != Look::Absent) {
    pod.at = static_cast<At>(choices.pick(3));
  }
  return pod;
}

/// A pod at one of two revisions, and only those that differ in what the loop asks of them.
PodLook some_pod(Choices& choices) {
  static constexpr std::array<PodLook, 13> kPods{{{Look::Absent, At::Update},
                                                  {Look::Pending, At::Current},
                                                  {Look::Pending, At::Update},
                                                  {Look::Unready, At::Current},
                                                  {Look::Unready, At::Update},
                                                  {Look::Ready, At::Current},
                                                  {Look::Ready, At::Update},
                                                  {Look::Young, At::Current},
                                                  {Look::Young, At::Update},
                                                  {Look::TerminatingReady, At::Current},
                                                  {Look::TerminatingUnready, At::Update},
                                                  {Look::Failed, At::Current},
                                                  {Look::Succeeded, At::Update}}};
  return kPods[choices.pick(kPods.size())];
}

std::string situation(const api::Features& f,
                      const SetLook& set,
                      const std::vector<PodLook>& pods,
                      const Scene& scene) {
  std::string out = fmt::format("release {}, gate MaxUnavailableStatefulSet {}\n{}\n",
                                to_string(f.release),
                                f.enabled("MaxUnavailableStatefulSet") ? "on" : "off",
                                to_string(set));
  for (std::size_t ordinal = 0; ordinal < pods.size(); ++ordinal) {
    const int o = static_cast<int>(ordinal);
    out += fmt::format("web-{}: {}{}\n",
                       ordinal,
                       to_string(pods[ordinal]),
                       o < set.start || o >= set.start + set.replicas ? " (out of range)" : "");
  }
  return out + fmt::format("current revision {}, update revision {}\n",
                           set.updating ? scene.old_revision() : scene.new_revision(),
                           scene.new_revision());
}

/// Goes through the pods that `pod` can pick for ordinals 0 … ordinals-1, under every set of
/// `looks`. Returns how many decisions were compared.
std::size_t go_through(const api::Features& f,
                       const std::vector<SetLook>& looks,
                       std::size_t ordinals,
                       Choices choices,
                       PodLook (*pod)(Choices&)) {
  const Scene stage(f);
  std::vector<api::Object> clothes;
  for (const SetLook& look : looks) {
    clothes.push_back(stage.tailor(look));
  }
  std::size_t compared = 0;
  while (choices.next()) {
    std::vector<PodLook> pods;
    Scene scene = stage;
    for (std::size_t ordinal = 0; ordinal < ordinals; ++ordinal) {
      pods.push_back(pod(choices));
      scene.add(static_cast<int>(ordinal), pods.back());
    }
    for (std::size_t i = 0; i < looks.size(); ++i) {
      scene.wear(clothes[i]);
      const test::SyncSummary real = test::reduce(scene.cluster.plan());
      const test::SyncSummary plain =
          test::plain_sync(kWeb, scene.cluster.seen(), scene.cluster.now);
      const auto broken = test::broken_invariants(f, looks[i], pods, scene, real.calls);
      ++compared;
      if (real == plain && broken.empty()) {
        continue;
      }
      std::string text = situation(f, looks[i], pods, scene) + "--- decided:\n" + to_string(real) +
                         "--- the rules say:\n" + to_string(plain);
      for (const std::string& rule : broken) {
        text += "broken: " + rule + "\n";
      }
      FAIL(text);
    }
  }
  return compared;
}

/// Every set that can have pods at these ordinals, in range or out of it.
std::vector<SetLook> all_sets(int ordinals, bool gate) {
  std::vector<SetLook> out;
  for (int start = 0; start <= 1; ++start) {
    for (int replicas = 0; start + replicas <= ordinals; ++replicas) {
      const auto more = sets(replicas, start, gate);
      out.insert(out.end(), more.begin(), more.end());
    }
  }
  return out;
}

}  // namespace

TEST_CASE("SS-100 to SS-130: up to two pods, whatever they look like, in every release",
          "[exhaustive][two-pods]") {
  const std::string_view release = GENERATE("1.26", "1.27", "1.28", "1.33", "1.34", "1.36");
  const bool gate = GENERATE(false, true);
  CAPTURE(release, gate);
  REQUIRE(go_through(features(release, gate), all_sets(2, gate), 2, {}, any_pod) > 0);
}

TEST_CASE("SS-100 to SS-130: three pods", "[exhaustive][three-pods]") {
  const bool gate = GENERATE(false, true);
  REQUIRE(go_through(features("1.36", gate), all_sets(3, gate), 3, {}, some_pod) > 0);
}

TEST_CASE("SS-100 to SS-130: some of the situations with up to five pods") {
  const std::string_view release = GENERATE("1.26", "1.33", "1.36");
  const bool gate = GENERATE(false, true);
  CAPTURE(release, gate);
  REQUIRE(go_through(features(release, gate), all_sets(5, gate), 5, {7, 5}, any_pod) > 0);
}
