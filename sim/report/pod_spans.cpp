#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/report/pod_spans.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace stsim::report {

namespace {

using api::ContainerState;
using engine::TraceRecord;

/// The state of a pod as its object has it, with the detail.
std::pair<PodState, std::string> state_of(const api::Object& object, bool pulling) {
  const auto& pod = object.as<api::Pod>();
  if (object.terminating()) {
    return {PodState::Terminating, ""};
  }
  if (pod.status.ended()) {
    return {PodState::Ended, pod.status.phase == api::PodPhase::Failed ? "Failed" : "Succeeded"};
  }
  if (pod.node_name.empty()) {
    return {PodState::Pending, ""};
  }
  for (const api::ContainerStatus& container : pod.status.containers) {
    const bool ended = container.state.type == ContainerState::Type::Terminated;
    const bool waits = container.state.type == ContainerState::Type::Waiting;
    if (ended || (waits && !is_on_its_way(container.state))) {
      return {PodState::Failing, std::string(container.state.why->reason)};
    }
  }
  if (pod.status.ready()) {
    return {PodState::Ready, ""};
  }
  if (pod.status.phase == api::PodPhase::Running) {
    return {PodState::Running, ""};
  }
  return {pulling ? PodState::Pulling : PodState::Starting, ""};
}

/// Follows the pods of a run.
class Spans {
 public:
  /// Begins with a pod that is there before anything has happened.
  void begin(const api::ObjectPtr& pod, const TraceRecord& start) {
    TraceRecord record = start;
    record.object = pod->key;
    record.after = pod;
    look(*pod, record);
  }

  void see(const TraceRecord& record) {
    if (record.object.kind != api::Kind::Pod) {
      return;
    }
    if (record.type == TraceRecord::Type::Call && record.before != record.after) {
      if (record.before && (!record.after || record.after->uid != record.before->uid)) {
        close(record.object, record.time);
      }
      if (record.after) {
        look(*record.after, record);
      }
    } else if (record.type == TraceRecord::Type::ApiEvent) {
      see_event(record);
    }
  }

  std::vector<PodSpan> finish(SimTime end) {
    for (auto& [key, open] : open_) {
      open.span.end = end;
      open.span.open = true;
      keep(open.span);
    }
    std::ranges::stable_sort(out_, {}, &PodSpan::record);
    return std::move(out_);
  }

 private:
  struct Open {
    PodSpan span;
    api::ObjectPtr pod;
    bool pulling{};
  };

  void see_event(const TraceRecord& record) {
    const auto found = open_.find(record.object);
    if (found == open_.end() ||
        (record.reason != "Pulling" && record.reason != "Pulled" && record.reason != "Failed")) {
      return;
    }
    found->second.pulling = record.reason == "Pulling";
    turn(found->second, record);
  }

  void look(const api::Object& pod, const TraceRecord& record) {
    auto found = open_.find(pod.key);
    if (found == open_.end()) {
      PodSpan span;
      span.pod = pod.key;
      span.uid = pod.uid;
      if (const api::OwnerReference* owner = pod.controller()) {
        span.set = owner->name;
        span.ordinal = api::parent_and_ordinal(pod.key.name.view()).ordinal;
      }
      span.revision = controllers::statefulset::revision_of(pod);
      span.begin = record.time;
      span.record = record.id;
      std::tie(span.state, span.detail) = state_of(pod, false);
      found = open_.emplace(pod.key, Open{std::move(span), nullptr, false}).first;
    }
    found->second.pod = record.after;
    turn(found->second, record);
  }

  /// Another span begins if the pod is in another state now.
  void turn(Open& open, const TraceRecord& record) {
    auto [state, detail] = state_of(*open.pod, open.pulling);
    const std::string_view revision = controllers::statefulset::revision_of(*open.pod);
    if (state == open.span.state && detail == open.span.detail && revision == open.span.revision) {
      return;
    }
    open.span.end = record.time;
    keep(open.span);
    open.span.state = state;
    open.span.detail = std::move(detail);
    open.span.revision = revision;
    open.span.begin = record.time;
    open.span.record = record.id;
  }

  void close(const api::ObjectKey& pod, SimTime time) {
    const auto found = open_.find(pod);
    if (found != open_.end()) {
      found->second.span.end = time;
      keep(found->second.span);
      open_.erase(found);
    }
  }

  void keep(const PodSpan& span) {
    if (span.end > span.begin) {
      out_.push_back(span);
    }
  }

  std::map<api::ObjectKey, Open> open_;
  std::vector<PodSpan> out_;
};

}  // namespace

bool is_on_its_way(const api::ContainerState& state) {
  using api::ContainerState;
  return state.type == ContainerState::Type::None || state.why->reason == "ContainerCreating" ||
         state.why->reason == "PodInitializing";
}

std::string_view to_string(PodState state) {
  constexpr std::array<std::string_view, 8> kWords{
      "pending", "pulling", "starting", "running", "ready", "failing", "ended", "terminating"};
  return kWords.at(static_cast<std::size_t>(state));
}

std::vector<PodSpan> pod_spans(const scenario::RunLog& log) {
  Spans spans;
  for (const api::ObjectPtr& object : log.start()) {
    if (object->key.kind == api::Kind::Pod) {
      spans.begin(object, log.records().front());
    }
  }
  for (const TraceRecord& record : log.records()) {
    spans.see(record);
  }
  return spans.finish(log.end());
}

}  // namespace stsim::report
