#include "soak/examine.hpp"

#include "support/plain_statefulset.hpp"

#include <fmt/format.h>
#include <stsim/check/invariants.hpp>
#include <stsim/scenario/runner.hpp>
#include <stsim/world/rest.hpp>

namespace stsim::soak {

namespace {

constexpr std::size_t kMostFaults = 5;
/// Where controllers go round in circles, one round looks like the next.
constexpr std::size_t kClosely = 2000;

/// The kind of accident that a step is, if it is one.
struct Accident {
  std::string operator()(const scenario::NodeStep& step) const {
    return fmt::format("node {}", to_string(step.becomes));
  }
  std::string operator()(const scenario::ConductStep& step) const {
    return fmt::format("{} {}", step.of_image ? "image" : "pod", to_string(step.becomes));
  }
  std::string operator()(const scenario::PodStep& step) const {
    return fmt::format("pod {}", to_string(step.becomes));
  }
  std::string operator()(const scenario::WatchStep& step) const {
    return fmt::format("watch {}", to_string(step.becomes));
  }
  std::string operator()(const scenario::ControllerStep& step) const {
    return fmt::format("controller {}", scenario::to_string(step.becomes));
  }
  std::string operator()(const scenario::ApiStep& step) const {
    return fmt::format("api {}", step.fault ? scenario::to_string(step.fault->answer) : "normally");
  }
  std::string operator()(const scenario::NfsStep& step) const {
    return fmt::format("nfs {}", scenario::to_string(step.becomes));
  }
  std::string operator()(const scenario::DnsStep& step) const {
    return step.fault.stale ? "dns stale" : "dns fresh";
  }
  template <class Other>
  std::string operator()(const Other& /*step*/) const {
    return "";
  }
};

class Examiner : public scenario::RunObserver {
 public:
  void step_begins(const scenario::Step& /*step*/,
                   const std::string& prompt,
                   const world::World& world) override {
    world_ = &world;
    prompt_ = prompt;
    events_of_step_ = 0;
  }

  void record(const engine::TraceRecord& record) override {
    if (world_ == nullptr) {
      return;
    }
    history_left_ = history_left_ || check::may_leave_history(record);
    if (record.type == engine::TraceRecord::Type::Sync &&
        record.actor == engine::Actor::StatefulSetController) {
      compare(record.object);
    } else if ((record.after || record.before) && ++events_of_step_ <= kClosely) {
      ++out_.events;
      check(check::When::Always);
    }
  }

  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World& world) override {
    if (const std::string accident = std::visit(Accident{}, step.action);
        !accident.empty() && result.error.empty()) {
      ++out_.struck[accident];
    }
    if (world::at_rest(world) && check::undisturbed(world)) {
      ++out_.rests;
      check(check::When::AtRest);
    }
  }

  Examined take() { return std::move(out_); }

 private:
  void fault(std::string text) {
    if (out_.faults.size() < kMostFaults) {
      out_.faults.push_back(fmt::format("after {}: {}", prompt_, text));
    }
  }

  void compare(const api::ObjectKey& set) {
    constexpr int kFirstKnown = 26;  // the oldest release that the transcription knows
    const store::Cache cache(world_->store, world_->of(engine::Actor::StatefulSetController).watch);
    const Release release = cache.features().release;
    if (!release.at_least(kFirstKnown)) {
      return;
    }
    // The transcription is of Kubernetes' own policy, and of no preview.
    if (world_->settings->policy != nullptr || release == kPreview || events_of_step_ > kClosely) {
      return;
    }
    ++out_.syncs;
    const controllers::Plan plan = controllers::controller(engine::Actor::StatefulSetController)
                                       ->decide(set, cache, world_->views, world_->now);
    const test::SyncSummary decided = test::reduce(plan);
    const test::SyncSummary plain = test::plain_sync(set, cache, world_->now);
    if (decided != plain) {
      fault(fmt::format("{} decided\n{}but the rules say\n{}",
                        set.name,
                        test::to_string(decided),
                        test::to_string(plain)));
    }
  }

  void check(check::When when) {
    for (const check::Finding& finding : check::findings(*world_, when)) {
      if (history_left_ && finding.invariant->rule == "SS-95") {
        continue;
      }
      fault(to_string(finding));
    }
  }

  const world::World* world_{};
  std::string prompt_;
  std::size_t events_of_step_{};
  bool history_left_{};
  Examined out_;
};

}  // namespace

Examined examine(const scenario::Scenario& scenario) {
  Examiner examiner;
  const scenario::RunSummary summary = scenario::run(scenario, examiner);
  Examined out = examiner.take();
  if (!summary.broken.empty()) {
    out.faults.push_back("a guarantee is broken: " + summary.broken);
  }
  return out;
}

}  // namespace stsim::soak
