// A run as a trace for Perfetto. The numbers of fields are those of
// https://perfetto.dev/docs/reference/trace-packet-proto
#include "report/told_objects.hpp"

#include <fmt/format.h>
#include <protozero/pbf_writer.hpp>
#include <stsim/report/export.hpp>
#include <stsim/report/pod_spans.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace stsim::report {

namespace {

using engine::Actor;
using engine::TraceId;
using engine::TraceRecord;
using protozero::pbf_writer;

// Trace and TracePacket.
constexpr protozero::pbf_tag_type kPacket = 1;
constexpr protozero::pbf_tag_type kClockSnapshot = 6;
constexpr protozero::pbf_tag_type kTimestamp = 8;
constexpr protozero::pbf_tag_type kSequence = 10;
constexpr protozero::pbf_tag_type kTrackEvent = 11;
constexpr protozero::pbf_tag_type kSequenceFlags = 13;
constexpr protozero::pbf_tag_type kTrackDescriptor = 60;
// ClockSnapshot and its Clock.
constexpr protozero::pbf_tag_type kClocks = 1;
constexpr protozero::pbf_tag_type kClockId = 1;
constexpr protozero::pbf_tag_type kClockTime = 2;
// TrackDescriptor.
constexpr protozero::pbf_tag_type kTrack = 1;
constexpr protozero::pbf_tag_type kTrackName = 2;
constexpr protozero::pbf_tag_type kParent = 5;
constexpr protozero::pbf_tag_type kCounter = 8;
constexpr protozero::pbf_tag_type kChildOrdering = 11;
constexpr protozero::pbf_tag_type kRank = 12;
constexpr protozero::pbf_tag_type kUnit = 3;  // of CounterDescriptor
// TrackEvent.
constexpr protozero::pbf_tag_type kAnnotation = 4;
constexpr protozero::pbf_tag_type kType = 9;
constexpr protozero::pbf_tag_type kEventTrack = 11;
constexpr protozero::pbf_tag_type kCategory = 22;
constexpr protozero::pbf_tag_type kEventName = 23;
constexpr protozero::pbf_tag_type kCounterValue = 30;
constexpr protozero::pbf_tag_type kFlow = 47;
constexpr protozero::pbf_tag_type kFlowEnd = 48;
// DebugAnnotation.
constexpr protozero::pbf_tag_type kText = 6;
constexpr protozero::pbf_tag_type kAnnotationName = 10;

constexpr std::int32_t kExplicit = 3;  // the order of children: by their ranks
constexpr std::int32_t kUnitCount = 2;
constexpr std::uint32_t kRealTime = 1;
constexpr std::uint32_t kBootTime = 6;

/// TrackEvent.Type.
enum class EventType : std::int32_t { Begin = 1, End = 2, Instant = 3, Counter = 4 };

using TrackId = std::uint64_t;

/// One event on a track.
struct TrackEvent {
  SimTime time;
  int turn{};  ///< of one instant, what ends comes before what begins
  TraceId record{};
  EventType type{};
  TrackId track{};
  std::string name;
  std::string_view category;
  std::int64_t value{};
  std::vector<std::pair<std::string, std::string>> annotations;
  std::vector<std::uint64_t> flows;  ///< that begin here
  std::vector<std::uint64_t> flow_ends;
};

std::uint64_t nanoseconds_of(SimTime time) {
  return static_cast<std::uint64_t>((time - kStartOfTime).count()) * 1000;
}

class Perfetto {
 public:
  explicit Perfetto(const scenario::RunLog& log) : log_(log) {}

  std::string text() {
    clocks();
    steps();
    sets();
    actors();
    flows();
    std::ranges::stable_sort(events_, {}, [](const TrackEvent& event) {
      return std::tuple(event.time, event.turn, event.record);
    });
    for (const TrackEvent& event : events_) {
      write(event);
    }
    return std::move(out_);
  }

 private:
  template <class Fill>
  void packet(Fill fill) {
    pbf_writer trace(out_);
    pbf_writer packet(trace, kPacket);
    packet.add_uint32(kSequence, 1);
    if (std::exchange(first_, false)) {
      packet.add_uint32(kSequenceFlags, 1);  // nothing was said before
    }
    fill(packet);
  }

  /// At its beginning the run's clock showed the beginning of time.
  void clocks() {
    packet([](pbf_writer& packet) {
      pbf_writer snapshot(packet, kClockSnapshot);
      for (const auto& [clock, time] :
           {std::pair(kBootTime, std::uint64_t{0}),
            std::pair(
                kRealTime,
                static_cast<std::uint64_t>(kStartOfTime.time_since_epoch().count()) * 1000)}) {
        pbf_writer reading(snapshot, kClocks);
        reading.add_uint32(kClockId, clock);
        reading.add_uint64(kClockTime, time);
      }
    });
  }

  TrackId track(const std::string& name, TrackId parent, bool counter = false) {
    const TrackId id = ++tracks_;
    packet([&](pbf_writer& packet) {
      pbf_writer descriptor(packet, kTrackDescriptor);
      descriptor.add_uint64(kTrack, id);
      descriptor.add_string(kTrackName, name);
      if (parent != 0) {
        descriptor.add_uint64(kParent, parent);
      }
      if (counter) {
        pbf_writer of_counter(descriptor, kCounter);
        of_counter.add_enum(kUnit, kUnitCount);
      }
      descriptor.add_enum(kChildOrdering, kExplicit);
      descriptor.add_int32(kRank, ++ranks_[parent]);
    });
    return id;
  }

  /// Adds an event; where it stands for a record, flows can begin and end at it.
  TrackEvent& add(SimTime time, TraceId record, EventType type, TrackId track, std::string name) {
    TrackEvent event;
    event.time = time;
    event.turn = type == EventType::End ? 0 : 1;
    event.record = record;
    event.type = type;
    event.track = track;
    event.name = std::move(name);
    events_.push_back(std::move(event));
    if (record != 0 && (type == EventType::Begin || type == EventType::Instant)) {
      event_of_.emplace(record, events_.size() - 1);
    }
    return events_.back();
  }

  void steps() {
    const TrackId id = track("steps", 0);
    for (const scenario::LoggedStep& step : log_.steps()) {
      const bool at_once = step.ended == step.begun;  // as an expectation
      TrackEvent& begin = add(step.begun,
                              step.record,
                              at_once ? EventType::Instant : EventType::Begin,
                              id,
                              step.result.prompt);
      begin.category = "step";
      if (step.result.output) {
        begin.annotations.emplace_back("stdout", step.result.output->out);
        begin.annotations.emplace_back("stderr", step.result.output->err);
        begin.annotations.emplace_back("exit", fmt::format("{}", step.result.output->exit));
      }
      if (!at_once) {
        add(step.ended, step.record, EventType::End, id, "");
      }
    }
  }

  void sets() {
    const std::vector<PodSpan> spans = pod_spans(log_);
    std::map<std::pair<std::string, std::string>, std::map<std::string, TrackId, InNaturalOrder>>
        pods;
    for (const PodSpan& span : spans) {
      pods[{span.pod.ns, span.set}].emplace(span.pod.name, 0);
    }
    for (const api::ObjectPtr& object : log_.start()) {
      if (object->key.kind == api::Kind::StatefulSet) {
        pods.try_emplace({object->key.ns, object->key.name});
      }
    }
    for (const TraceRecord& record : log_.records()) {
      if (record.object.kind == api::Kind::StatefulSet && record.after) {
        pods.try_emplace({record.object.ns, record.object.name});
      }
    }
    for (auto& [set, tracks] : pods) {
      const auto& [ns, name] = set;
      const std::string where = ns == "default" ? "" : " in " + ns;
      const TrackId group =
          track(name.empty() ? "pods of no set" + where : "StatefulSet " + name + where, 0);
      if (!name.empty()) {
        counters({api::Kind::StatefulSet, ns, name}, group);
      }
      for (auto& [pod, id] : tracks) {
        id = track(pod, group);
      }
    }
    for (const PodSpan& span : spans) {
      const TrackId id = pods.at({span.pod.ns, span.set}).at(span.pod.name);
      std::string state(to_string(span.state));
      state += span.detail.empty() ? "" : ": " + span.detail;
      TrackEvent& begin = add(span.begin, span.record, EventType::Begin, id, state);
      begin.category = "pod";
      const TraceRecord& record = log_.of(span.record);
      begin.annotations = {{"revision", span.revision},
                           {"uid", span.uid.text()},
                           {"why", record.text.empty() ? engine::in_words(record) : record.text},
                           {"rule", std::string(record.rule)},
                           {"by", std::string(engine::name(record.actor))}};
      add(span.end, span.record, EventType::End, id, "");
    }
  }

  /// The counts of a set, as its status tells them.
  void counters(const api::ObjectKey& set, TrackId group) {
    constexpr std::size_t kCounts = 4;
    const std::array<const char*, kCounts> names{
        "replicas wanted", "readyReplicas", "availableReplicas", "updatedReplicas"};
    std::array<TrackId, kCounts> ids{};
    std::ranges::transform(
        names, ids.begin(), [&](const char* name) { return track(name, group, true); });
    std::array<std::int64_t, kCounts> last{-1, -1, -1, -1};
    const auto tell = [&](SimTime time, TraceId record, const api::Object* object) {
      std::array<std::int64_t, kCounts> now{};
      if (object != nullptr) {
        const auto& body = object->as<api::StatefulSet>();
        now = {body.spec->replicas,
               body.status.ready_replicas,
               body.status.available_replicas,
               body.status.updated_replicas};
      }
      for (std::size_t i = 0; i < kCounts; ++i) {
        if (now[i] != last[i]) {
          add(time, record, EventType::Counter, ids[i], "").value = now[i];
        }
      }
      last = now;
    };
    for (const api::ObjectPtr& object : log_.start()) {
      if (object->key == set) {
        tell(kStartOfTime, 0, object.get());
      }
    }
    for (const TraceRecord& record : log_.records()) {
      if (record.object == set && is_change(record)) {
        tell(record.time, record.id, record.after.get());
      }
    }
  }

  /// What controllers looked at, what happened on nodes, and what went wrong.
  void actors() {
    std::map<Actor, TrackId> ids;
    std::set<Actor> seen;
    for (const TraceRecord& record : log_.records()) {
      if (is_shown(record)) {
        seen.insert(record.actor);
      }
    }
    const TrackId group = track("controllers and kubelets", 0);
    for (const Actor actor : seen) {
      ids[actor] = track(actor == Actor::User ? "faults" : std::string(engine::name(actor)), group);
    }
    for (const TraceRecord& record : log_.records()) {
      if (is_shown(record)) {
        const bool sync = record.type == TraceRecord::Type::Sync;
        TrackEvent& event = add(record.time,
                                record.id,
                                EventType::Instant,
                                ids.at(record.actor),
                                sync ? "sync " + record.object.text() : engine::in_words(record));
        event.category = engine::to_string(record.type);
        continue;
      }
      const auto causes = record.causes.ids();
      const bool said =
          record.type == TraceRecord::Type::Call || record.type == TraceRecord::Type::Wait;
      const auto sync = causes.empty() ? event_of_.end() : event_of_.find(causes.front());
      if (said && sync != event_of_.end() &&
          log_.of(causes.front()).type == TraceRecord::Type::Sync) {
        auto& annotations = events_[sync->second].annotations;
        annotations.emplace_back(fmt::format("{}", annotations.size() + 1),
                                 engine::in_words(record));
      }
    }
  }

  static bool is_shown(const TraceRecord& record) {
    return record.type == TraceRecord::Type::Sync || record.type == TraceRecord::Type::Kubelet ||
           record.type == TraceRecord::Type::Fault;
  }

  /// The event in which a record shows: its own, or that of its last enabler.
  [[nodiscard]] std::optional<std::size_t> event_with(TraceId record) const {
    while (record != 0) {
      if (const auto found = event_of_.find(record); found != event_of_.end()) {
        return found->second;
      }
      const auto causes = log_.of(record).causes.ids();
      record = causes.empty() ? 0 : causes.front();
    }
    return std::nullopt;
  }

  /// Arrows between events on different tracks.
  void flows() {
    std::set<std::pair<std::size_t, std::size_t>> drawn;
    std::uint64_t next = 0;
    for (const auto& [record, effect] : event_of_) {
      for (const TraceId id : log_.of(record).causes.ids()) {
        const auto cause = event_with(id);
        if (cause && events_[*cause].track != events_[effect].track &&
            drawn.emplace(*cause, effect).second) {
          ++next;
          events_[*cause].flows.push_back(next);
          events_[effect].flow_ends.push_back(next);
        }
      }
    }
  }

  void write(const TrackEvent& event) {
    packet([&](pbf_writer& packet) {
      packet.add_uint64(kTimestamp, nanoseconds_of(event.time));
      pbf_writer out(packet, kTrackEvent);
      out.add_enum(kType, static_cast<std::int32_t>(event.type));
      out.add_uint64(kEventTrack, event.track);
      if (event.type == EventType::Counter) {
        out.add_int64(kCounterValue, event.value);
      }
      if (!event.name.empty()) {
        out.add_string(kEventName, event.name);
      }
      if (!event.category.empty()) {
        out.add_string(kCategory, event.category.data(), event.category.size());
      }
      for (const auto& [name, value] : event.annotations) {
        if (!value.empty()) {
          pbf_writer annotation(out, kAnnotation);
          annotation.add_string(kAnnotationName, name);
          annotation.add_string(kText, value);
        }
      }
      for (const std::uint64_t flow : event.flows) {
        out.add_fixed64(kFlow, flow);
      }
      for (const std::uint64_t flow : event.flow_ends) {
        out.add_fixed64(kFlowEnd, flow);
      }
    });
  }

  const scenario::RunLog& log_;
  std::string out_;
  bool first_{true};
  TrackId tracks_{};
  std::map<TrackId, std::int32_t> ranks_;  // by parent, of the last child
  std::vector<TrackEvent> events_;
  std::map<TraceId, std::size_t> event_of_;  // by record
};

}  // namespace

std::string to_perfetto(const scenario::RunLog& log) {
  return Perfetto(log).text();
}

}  // namespace stsim::report
