// The picture of how a rollout took the pods.
#include "report/rollouts.hpp"

#include <fmt/format.h>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>

namespace stsim::report {

namespace {

constexpr std::size_t kTextWidth = 46;

/// What was waited for, a few lines; of many things the last ones.
std::vector<std::string> wait_lines(const char* begin, const std::vector<WaitedFor>& waits) {
  constexpr std::size_t kMost = 3;
  std::vector<std::string> out;
  const std::size_t first = waits.size() - std::min(waits.size(), kMost);
  for (std::size_t i = first; i < waits.size(); ++i) {
    const std::string text = fmt::format("{}: {} [{}]", begin, waits[i].text, waits[i].rule);
    for (const std::string& line : wrapped(text, kTextWidth)) {
      out.push_back((line.starts_with(begin) ? "" : "   ") + line);
    }
  }
  return out;
}

/// Draws one rollout into a graph.
class Drawing {
 public:
  /// `next`: when another one began in its place.
  Drawing(Graph& graph,
          const scenario::RunLog& log,
          const Rollout& rollout,
          std::string group,
          std::optional<SimTime> next)
      : graph_(graph), log_(log), rollout_(rollout), group_(std::move(group)), next_(next) {}

  void draw() {
    last_ = user_node(rollout_.record, rollout_.begun, rollout_.prompt);
    if (rollout_.partition_before > 0) {
      graph_.nodes.back().lines.push_back(
          fmt::format("(partition: {})", rollout_.partition_before));
    }
    std::size_t next = 0;
    for (const Taken& taken : rollout_.taken) {
      for (; next < rollout_.interferences.size() &&
             rollout_.interferences[next].record <= taken.record;
           ++next) {
        interfere(rollout_.interferences[next]);
      }
      take(taken);
    }
    // Where nothing is left to be done, what the user does then belongs to the next one.
    const bool rests = !rollout_.left.empty() || !rollout_.held.empty();
    for (; rests && next < rollout_.interferences.size(); ++next) {
      interfere(rollout_.interferences[next]);
    }
    rest();
  }

 private:
  std::string id(std::string_view what) const { return fmt::format("{} {}", group_, what); }

  std::string user_node(engine::TraceId record, SimTime at, const std::string& prompt) {
    GraphNode node{id(fmt::format("record {}", record)), clock(at), {}, NodeKind::User, {}, group_};
    node.lines = wrapped(prompt.empty() ? "the template is changed" : prompt, kTextWidth);
    graph_.nodes.push_back(node);
    return node.id;
  }

  void interfere(const Interference& what) {
    const std::string node = user_node(what.record, what.at, what.prompt);
    graph_.edges.push_back({last_, node, {}, EdgeKind::Weak});
    last_ = node;
    ready_ = what.at;
  }

  void take(const Taken& taken) {
    GraphNode node{id(taken.pod), taken.pod, {}, NodeKind::Pod, taken.tone, group_};
    node.lines = wait_lines("waited", taken.waited);
    const engine::TraceRecord& how = log_.of(taken.record);
    const bool anew = taken.created && *taken.created == taken.at && how.before == nullptr;
    node.lines.push_back(fmt::format("{} {}{}{}",
                                     clock(taken.at),
                                     anew ? "created"
                                     : taken.created && *taken.created == taken.at
                                         ? "changed in its place"
                                         : "deleted",
                                     how.actor == engine::Actor::StatefulSetController
                                         ? ""
                                         : fmt::format(" by {}", engine::name(how.actor)),
                                     how.rule.empty() ? "" : fmt::format(" [{}]", how.rule)));
    if (taken.created && *taken.created != taken.at) {
      node.lines.push_back(clock(*taken.created) + " created anew");
    }
    if (taken.ready) {
      node.lines.push_back(fmt::format("{} ready, after {}",
                                       clock(*taken.ready),
                                       scenario::in_seconds(*taken.ready - taken.at)));
    }
    if (!taken.ready || taken.tone != Tone::Good) {
      node.lines.push_back("at the end " + taken.state);
    }
    // Those that are taken at once, without a wait in between, begin at the same place.
    const bool together = !taken.waited.empty() || !ready_ || *ready_ <= taken.at;
    if (together) {
      from_ = last_;
    }
    graph_.edges.push_back({from_, node.id, {}, EdgeKind::Strong});
    last_ = node.id;
    ready_ = taken.ready.value_or(SimTime::max());
    graph_.nodes.push_back(std::move(node));
  }

  /// What has not come to the revision.
  void rest() {
    if (!rollout_.held.empty()) {
      const std::string held = group_ + " partition";
      graph_.groups.push_back(
          {held, fmt::format("held back by partition: {}", rollout_.partition), group_, true});
      for (auto pod = rollout_.held.rbegin(); pod != rollout_.held.rend(); ++pod) {
        graph_.nodes.push_back(
            {id(*pod), *pod, {"keeps its revision"}, NodeKind::Pod, Tone::Usual, held});
        graph_.edges.push_back({last_, id(*pod), {}, EdgeKind::Weak});
        last_ = id(*pod);
      }
    }
    for (auto pod = rollout_.left.rbegin(); pod != rollout_.left.rend(); ++pod) {
      GraphNode node{
          id(*pod), *pod, {}, NodeKind::Pod, next_ ? Tone::Usual : Tone::Waiting, group_};
      if (pod == rollout_.left.rbegin()) {
        node.lines = wait_lines(next_ ? "waited" : "waits", rollout_.waits);
      }
      node.lines.push_back(
          next_ ? fmt::format("never taken: at {} the next rollout began", clock(*next_))
                : "not taken yet");
      graph_.nodes.push_back(std::move(node));
      graph_.edges.push_back({last_, id(*pod), {}, EdgeKind::Weak});
      last_ = id(*pod);
    }
  }

  Graph& graph_;
  const scenario::RunLog& log_;
  const Rollout& rollout_;
  std::string group_;
  std::optional<SimTime> next_;
  std::string from_;              // on which the last one hangs
  std::string last_;              // the last node
  std::optional<SimTime> ready_;  // when what it stands for was done
};

}  // namespace

Graph rollout_graph(const scenario::RunLog& log, Instant at) {
  Graph out;
  out.title = "Rollouts until " + clock(at.value_or(log.end()));
  const std::vector<Rollout> all = rollouts(log, at);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Rollout& rollout = all[i];
    const std::string group = fmt::format("{} {}", told_name(rollout.set), i + 1);
    out.groups.push_back(
        {group,
         fmt::format("{} to {}",
                     told_name(rollout.set),
                     rollout.revision.empty() ? "no revision yet" : rollout.revision),
         "",
         false});
    const auto next = std::ranges::find(
        all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(), rollout.set, &Rollout::set);
    Drawing(out, log, rollout, group, next == all.end() ? std::nullopt : std::optional(next->begun))
        .draw();
  }
  return out;
}

}  // namespace stsim::report
