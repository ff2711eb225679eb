// The policy of pingcap/advanced-statefulset, which Kubernetes 1.17 was the model of. Rules: OP-71
// to OP-75. `paused-reconcile` stops it before pods are adopted there; here only what it decides.
#include "policy/built_in.hpp"
#include "policy/replicas.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <string>

namespace stsim::policy {

namespace {

/// The ordinals of annotation `delete-slots`; none where it cannot be read. Rule: OP-71.
std::vector<Ordinal> deleted_slots(const View& view) {
  const auto text = view.annotation("delete-slots");
  const auto json = nlohmann::json::parse(text.value_or("[]"), nullptr, false);
  std::vector<Ordinal> out;
  if (!json.is_array()) {
    return out;
  }
  for (const auto& slot : json) {
    constexpr Ordinal kMost = std::numeric_limits<std::int32_t>::max();
    if (!slot.is_number_integer() || slot > kMost || slot < -kMost - 1) {
      return {};  // the whole list, which is one of int32
    }
    out.push_back(slot.get<Ordinal>());
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// OP-72: a negative slot raises the end although it leaves out nothing.
Ordinal wanted(const View& view, const std::vector<Ordinal>& slots) {
  return view.set().replicas + std::ranges::count_if(slots, [](Ordinal slot) { return slot < 0; });
}

class DeleteSlotsDecision {
 public:
  DeleteSlotsDecision(const View& view, Plan& plan, const std::vector<Ordinal>& slots)
      : view_(view),
        plan_(plan),
        set_(view.set()),
        ordered_(set_.parallel == 0),
        replicas_(0, wanted(view, slots), slots) {}

  void run() {
    if (view_.annotation("paused-reconcile") == "true") {
      plan_.wait("the annotation paused-reconcile is true", "OP-71");
      return;
    }
    if (set_.terminating != 0) {
      plan_.wait(fmt::format("{} is being deleted", view_.name()), "SS-106");
      return;
    }
    plan_.count();
    if (set_.strategy == STSIM_STRATEGY_ROLLING_UPDATE) {
      plan_.completes_with(-1);  // OP-75
    }
    if (process_replicas() && process_condemned() &&
        set_.strategy == STSIM_STRATEGY_ROLLING_UPDATE) {
      roll();
    }
  }

 private:
  using Place = std::optional<Ordinal>;

  [[nodiscard]] std::string usual_name(Ordinal ordinal) const {
    return fmt::format("{}-{}", view_.name(), ordinal);
  }

  /// OP-74: the partition is an ordinal.
  [[nodiscard]] Revision revision_for(Ordinal ordinal) const {
    const bool current =
        set_.strategy == STSIM_STRATEGY_ROLLING_UPDATE &&
        ordinal < (set_.has_rolling_update != 0 ? set_.partition : set_.status_current);
    return current ? Revision::Current : Revision::Update;
  }

  [[nodiscard]] stsim_counts counted(int replicas, std::string_view revision, int by) const {
    return {replicas,
            revision == to_view(set_.current_revision) ? by : 0,
            revision == to_view(set_.update_revision) ? by : 0};
  }

  void create(Ordinal ordinal, std::string_view why) {
    const Revision revision = revision_for(ordinal);
    plan_.create(ordinal,
                 revision,
                 why,
                 "OP-72",
                 counted(1,
                         to_view(revision == Revision::Current ? set_.current_revision
                                                               : set_.update_revision),
                         1));
  }

  bool process_replicas() {
    const auto next = [this](Ordinal from) -> Place {
      const Ordinal missing = view_.next_missing(Pods::Present, from);
      return std::min({missing,
                       view_.next(Pods::Unsettled, from).value_or(missing),
                       view_.next_missing(Pods::Ready, from)});  // ended ones among them
    };
    for (Place at = replicas_.next(0, next); at; at = replicas_.next(*at + 1, next)) {
      plan_.batch();
      if (!process_replica(*at) && ordered_) {
        return false;
      }
    }
    return true;
  }

  /// OP-73. Returns whether an ordered set goes on.
  bool process_replica(Ordinal ordinal) {
    const auto pod = view_.pod(ordinal);
    if (!pod) {
      create(ordinal, fmt::format("{} is missing", usual_name(ordinal)));
      return false;
    }
    const std::string_view name = to_view(pod->name);
    if (pod->phase == STSIM_PHASE_FAILED || pod->phase == STSIM_PHASE_SUCCEEDED) {
      plan_.recreate(ordinal,
                     std::nullopt,
                     fmt::format("{} has ended", name),
                     "OP-73",
                     counted(-1, to_view(pod->revision), -1));
      plan_.batch();
      create(ordinal, fmt::format("{} has ended", name));
      return false;
    }
    if (ordered_ && (pod->terminating != 0 || pod->ready == 0)) {
      plan_.wait(ordinal,
                 fmt::format("{} is {}, and everything after it waits",
                             name,
                             pod->terminating != 0 ? "terminating" : "not Running and Ready"),
                 "OP-73");
      return false;
    }
    if ((view_.needs(ordinal) & STSIM_NEEDS_REPAIR) != 0) {
      plan_.repair(ordinal);
    }
    return true;
  }

  bool process_condemned() {
    const Removal removal{
        ordered_, [](const stsim_pod& pod) { return pod.ready != 0; }, "healthy", "OP-73", "OP-72"};
    return remove_others(view_, plan_, replicas_, removal, [this](const stsim_pod& pod) {
      return counted(0, to_view(pod.revision), -1);
    });
  }

  void roll() {
    const auto previous = [this](Ordinal from) -> Place {
      const Ordinal found = std::max({view_.previous_missing(Pods::Present, from),
                                      view_.previous(Pods::Unavailable, from).value_or(-1),
                                      view_.previous(Pods::Outdated, from).value_or(-1)});
      return found < 0 ? std::nullopt : Place(found);
    };
    const Ordinal partition = set_.has_rolling_update != 0 ? set_.partition : 0;
    const Place at = replicas_.previous(replicas_.end() - 1, previous);
    if (!at || *at < partition) {
      return;
    }
    const auto pod = view_.pod(*at);
    if (pod && pod->terminating == 0 && to_view(pod->revision) != to_view(set_.update_revision)) {
      plan_.batch();
      plan_.remove_if_there(*at,
                            fmt::format("{} is not at the update revision {}",
                                        to_view(pod->name),
                                        to_view(set_.update_revision)),
                            "OP-73",
                            {.replicas = 0, .current = -1, .updated = 0});
      return;
    }
    plan_.wait(*at,
               fmt::format("{} has to be ready before the next pod is updated", usual_name(*at)),
               "OP-73");
  }

  const View& view_;
  Plan& plan_;
  const stsim_set& set_;
  bool ordered_;
  Replicas replicas_;
};

}  // namespace

void decide_delete_slots(const View& view, Plan& plan) {
  DeleteSlotsDecision(view, plan, deleted_slots(view)).run();
}

}  // namespace stsim::policy
