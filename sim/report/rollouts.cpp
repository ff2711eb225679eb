#include "report/rollouts.hpp"

#include <algorithm>
#include <set>

namespace stsim::report {

namespace {

using engine::TraceId;
using engine::TraceRecord;

bool changes_template(const TraceRecord& record) {
  if (!is_change(record) || record.object.kind != api::Kind::StatefulSet || !record.after) {
    return false;
  }
  const auto& now = record.after->as<api::StatefulSet>().spec->pod_template;
  return !record.before || record.before->uid != record.after->uid ||
         *record.before->as<api::StatefulSet>().spec->pod_template != *now;
}

/// The text of the step in which a record was written.
std::string prompt_of(const scenario::RunLog& log, const TraceRecord& record) {
  for (const TraceId cause : record.causes.ids()) {
    if (log.of(cause).type == TraceRecord::Type::Step) {
      return log.of(cause).text;
    }
  }
  return "";
}

std::int32_t partition_of(const api::Object& set) {
  const api::StatefulSetSpec& spec = *set.as<api::StatefulSet>().spec;
  return spec.strategy == api::UpdateStrategy::RollingUpdate ? spec.partition : 0;
}

/// One rollout, from the change of the template to the next one.
class Window {
 public:
  Window(const scenario::RunLog& log,
         std::span<const TraceRecord> records,
         std::span<const PodSpan> spans)
      : log_(log), records_(records) {
    const TraceRecord& first = records.front();
    out_.set = first.object;
    out_.record = first.id;
    out_.begun = first.time;
    out_.prompt = prompt_of(log, first);
    out_.partition_before = partition_of(*first.after);
    end_ = records.back().time;
    set_ = first.after;
    for (const TraceRecord& record : records) {
      if (is_change(record) && record.object == out_.set && record.after) {
        set_ = record.after;
      }
    }
    out_.revision = set_->as<api::StatefulSet>().status.update_revision;
    // A pod takes part with what it was when the rollout began, and with all that came after.
    for (const PodSpan& span : spans) {
      if (span.set == out_.set.name && span.pod.ns == out_.set.ns && span.record <= last_id() &&
          (span.end > out_.begun || span.open)) {
        pods_[span.ordinal].push_back(&span);
      }
    }
  }

  Rollout read() {
    for (const auto& [ordinal, spans] : pods_) {
      follow(spans);
    }
    std::ranges::sort(out_.taken, {}, &Taken::record);
    tell_user();
    tell_waits();
    see_rest();
    return std::move(out_);
  }

 private:
  [[nodiscard]] TraceId last_id() const { return records_.back().id; }

  /// Whether the pod was taken, and what became of it.
  void follow(const std::vector<const PodSpan*>& spans) {
    const auto at_target = std::ranges::find_if(spans, [&](const PodSpan* span) {
      return span->revision == out_.revision && span->state != PodState::Terminating;
    });
    Taken taken;
    taken.pod = spans.front()->pod.name;
    if (at_target == spans.end()) {
      const auto going = std::ranges::find(spans, PodState::Terminating, &PodSpan::state);
      if (going == spans.end() || (*going)->record < out_.record) {
        return;
      }
      taken.record = (*going)->record;
      taken.at = (*going)->begin;
    } else if ((*at_target)->record < out_.record) {
      return;  // it was at this revision already
    } else {
      const PodSpan* before = at_target == spans.begin() ? nullptr : *(at_target - 1);
      const bool deleted = before != nullptr && before->state == PodState::Terminating &&
                           before->record > out_.record && before->uid != (*at_target)->uid;
      taken.record = deleted ? before->record : (*at_target)->record;
      taken.at = deleted ? before->begin : (*at_target)->begin;
      taken.created = (*at_target)->begin;
      for (auto span = at_target; span != spans.end(); ++span) {
        if ((*span)->uid == (*at_target)->uid && (*span)->state == PodState::Ready) {
          taken.ready = (*span)->begin;
          break;
        }
      }
    }
    const PodSpan& last = *spans.back();
    taken.state = to_string(last.state);
    taken.state += last.detail.empty() ? "" : ": " + last.detail;
    taken.tone = tone_of(last.state);
    out_.taken.push_back(std::move(taken));
  }

  /// What the controller said between two records that it waits for, each thing once.
  [[nodiscard]] std::vector<WaitedFor> waits_between(TraceId after, TraceId before) const {
    std::vector<WaitedFor> out;
    for (const TraceRecord& record : records_) {
      if (record.type != TraceRecord::Type::Wait || record.id <= after || record.id >= before ||
          record.actor != engine::Actor::StatefulSetController || !is_about(record.object)) {
        continue;
      }
      WaitedFor wait{record.text, record.rule};
      if (std::ranges::find(out, wait) == out.end()) {
        out.push_back(std::move(wait));
      }
    }
    return out;
  }

  /// Whether an object is the set or a pod of it.
  [[nodiscard]] bool is_about(const api::ObjectKey& object) const {
    return object == out_.set || (object.kind == api::Kind::Pod && object.ns == out_.set.ns &&
                                  api::parent_and_ordinal(object.name).parent == out_.set.name);
  }

  void tell_waits() {
    TraceId last = out_.record;
    for (Taken& taken : out_.taken) {
      // What the user did in between is shown: from there on it counts what was waited for.
      for (const Interference& what : out_.interferences) {
        last = what.record < taken.record ? std::max(last, what.record) : last;
      }
      taken.waited = waits_between(last, taken.record);
      last = taken.record;
    }
  }

  void tell_user() {
    std::string last = out_.prompt;
    for (const TraceRecord& record : records_.subspan(1)) {
      const bool acts = is_change(record) && record.actor == engine::Actor::User &&
                        record.object.kind != api::Kind::Event && is_about(record.object);
      if (acts) {
        std::string prompt = prompt_of(log_, record);
        // A step that changes several of these is told once.
        if (!prompt.empty() && prompt != last) {
          out_.interferences.push_back({record.id, record.time, prompt});
          last = std::move(prompt);
        }
      }
    }
  }

  /// What is still at another revision, and why.
  void see_rest() {
    const api::StatefulSetSpec& spec = *set_->as<api::StatefulSet>().spec;
    out_.partition = partition_of(*set_);
    std::set<std::string_view> taken;
    for (const Taken& pod : out_.taken) {
      taken.insert(pod.pod);
    }
    for (const auto& [ordinal, spans] : pods_) {
      const PodSpan& last = *spans.back();
      const bool gone = !last.open && last.end <= end_;
      if (gone || last.revision == out_.revision || taken.contains(last.pod.name)) {
        continue;
      }
      auto& where = ordinal - spec.start_ordinal < out_.partition ? out_.held : out_.left;
      where.push_back(last.pod.name);
    }
    if (!out_.left.empty()) {
      out_.waits =
          waits_between(out_.taken.empty() ? out_.record : out_.taken.back().record, last_id() + 1);
    }
  }

  const scenario::RunLog& log_;
  std::span<const TraceRecord> records_;
  SimTime end_;
  api::ObjectPtr set_;  // as it is at the end
  std::map<std::int32_t, std::vector<const PodSpan*>> pods_;
  Rollout out_;
};

}  // namespace

std::vector<Rollout> rollouts(const scenario::RunLog& log, Instant at) {
  const auto records = records_until(log, at);
  std::map<api::ObjectKey, std::vector<std::size_t>> begins;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (changes_template(records[i])) {
      begins[records[i].object].push_back(i);
    }
  }
  const std::vector<PodSpan> spans = pod_spans(log);
  std::vector<Rollout> out;
  for (const auto& [set, places] : begins) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::size_t end = i + 1 < places.size() ? places[i + 1] : records.size();
      out.push_back(Window(log, records.subspan(places[i], end - places[i]), spans).read());
    }
  }
  return out;
}

}  // namespace stsim::report
