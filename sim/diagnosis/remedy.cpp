#include <stsim/diagnosis/remedy.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace stsim::diagnosis {

namespace {

using engine::TraceRecord;

/// Containers that crash are up for a while between two crashes: what comes true has to stay so for
/// longer than the longest back-off. Rule: PN-31.
constexpr SimDuration kLongEnough = std::chrono::minutes{15};

/// Sees when a wish comes true.
class Waiting : public scenario::RunObserver {
 public:
  Waiting(const Wish& wish, const world::World& world) : wish_(wish), world_(world) { look(); }

  void record(const TraceRecord& record) override {
    if (record.type == TraceRecord::Type::Call && record.before != record.after &&
        concerns(record.object)) {
      look();
    }
  }

  void look() {
    const bool holds = wish_.holds(world_);
    if (holds && !holds_) {
      since_ = world_.now;
    }
    holds_ = holds;
  }

  [[nodiscard]] bool holds() const { return holds_; }
  [[nodiscard]] SimTime since() const { return since_; }

 private:
  /// Of a set its pods count, of a pod what its set says of revisions.
  [[nodiscard]] bool concerns(const api::ObjectKey& object) const {
    return object == wish_.object || object.kind == api::Kind::StatefulSet ||
           (wish_.object.kind == api::Kind::StatefulSet && object.kind == api::Kind::Pod);
  }

  const Wish& wish_;
  const world::World& world_;
  bool holds_{};
  SimTime since_;
};

/// Where only steps move pods, this moves all of them.
const Act kSettle{"settle", {{"settle", api::Json::object()}}, true, ""};

/// Acts as steps.
std::shared_ptr<const scenario::Scenario> story_of(const std::vector<Act>& acts,
                                                   const scenario::Session& session) {
  api::Json steps = api::Json::array();
  for (const Act& act : acts) {
    steps.push_back(act.step);
  }
  const api::Json document = {
      {"scenario", "remedy"}, {"kubelet", to_string(session.scenario().kubelet)}, {"steps", steps}};
  auto loaded =
      scenario::load_scenario_text(document.dump(), "a remedy", session.scenario().folder);
  STSIM_ASSERT(loaded);
  return std::make_shared<const scenario::Scenario>(*std::move(loaded));
}

/// What becomes of a wish after some acts, and after others behind them that do not count.
Trial tried(const scenario::Session& session,
            const Wish& wish,
            std::vector<Act> acts,
            const std::vector<Act>& behind = {}) {
  std::vector<Act> all = acts;
  all.insert(all.end(), behind.begin(), behind.end());
  const auto story = story_of(all, session);
  scenario::Session copy = session;
  Waiting waiting(wish, copy.world());
  for (const scenario::Step& step : story->steps) {
    copy.take({story, &step}, waiting);
  }
  copy.rest(waiting);
  const SimTime rest = copy.world().now;
  waiting.look();
  copy.pass(rest + kLongEnough, waiting);
  copy.rest(waiting);
  waiting.look();
  Trial out{std::move(acts), std::nullopt};
  if (waiting.holds() && waiting.since() <= rest && !copy.stopped() &&
      copy.summary().broken.empty()) {
    out.comes = waiting.since();
  }
  return out;
}

/// Whether a remedy does what another one does, and more: `delete pod web-0 web-1`.
bool goes_further(const Trial& other, const std::vector<Act>& acts) {
  return std::ranges::equal(other.acts, acts, [](const Act& less, const Act& more) {
    return more.line == less.line || more.line.starts_with(less.line + " ");
  });
}

/// Calls `use` with each choice of `size` acts, in order.
template <class Use>
void for_each_choice(const std::vector<Act>& acts, std::size_t size, const Use& use) {
  std::vector<bool> chosen(acts.size());
  std::fill_n(chosen.begin(), size, true);
  do {
    std::vector<Act> out;
    for (std::size_t i = 0; i < acts.size(); ++i) {
      if (chosen[i]) {
        out.push_back(acts[i]);
      }
    }
    use(std::move(out));
  } while (std::prev_permutation(chosen.begin(), chosen.end()));
}

}  // namespace

Trials remedies_of(const scenario::Session& session, const Wish& wish, const Chain& chain) {
  constexpr std::size_t kMostActs = 8;
  constexpr std::size_t kMostTogether = 3;
  Trials out;
  out.nothing = tried(session, wish, {});
  if (out.nothing.comes) {
    return out;
  }
  std::vector<Act> behind;
  if (!session.world().settings->auto_kubelet) {
    Trial settled = tried(session, wish, {kSettle});
    if (settled.comes) {
      out.help.push_back(std::move(settled));
      return out;
    }
    behind.push_back(kSettle);
  }
  std::vector<Act> acts = chain.acts;
  acts.resize(std::min(acts.size(), kMostActs));
  out.untried = chain.acts.size() - acts.size();
  std::vector<Act> inside;
  std::ranges::copy_if(
      acts, std::back_inserter(inside), [](const Act& act) { return !act.outside; });
  bool found = false;
  for (std::size_t size = 1; size <= std::min(kMostTogether, acts.size()) && !found; ++size) {
    const std::vector<Act>& among = size == 1 ? acts : inside;
    if (size > among.size()) {
      break;
    }
    for_each_choice(among, size, [&](std::vector<Act> chosen) {
      if (std::ranges::any_of(out.help,
                              [&](const Trial& known) { return goes_further(known, chosen); })) {
        return;
      }
      Trial trial = tried(session, wish, std::move(chosen), behind);
      if (trial.comes) {
        found = found || !trial.acts.front().outside;
        out.help.push_back(std::move(trial));
      } else if (size == 1) {
        out.in_vain.push_back(std::move(trial));
      }
    });
  }
  if (out.help.empty()) {
    for_each_choice(acts, std::min<std::size_t>(2, acts.size()), [&](std::vector<Act> chosen) {
      if (std::ranges::count(chosen, true, &Act::outside) == 1 && chosen.size() == 2) {
        Trial trial = tried(session, wish, std::move(chosen), behind);
        if (trial.comes) {
          out.help.push_back(std::move(trial));
        }
      }
    });
  }
  std::stable_partition(out.help.begin(), out.help.end(), [](const Trial& trial) {
    return !trial.acts.front().outside;
  });
  return out;
}

}  // namespace stsim::diagnosis
