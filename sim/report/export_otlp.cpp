// A run as traces of OpenTelemetry.
#include <fmt/format.h>
#include <stsim/api/json.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/report/export.hpp>
#include <stsim/report/pod_spans.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace stsim::report {

namespace {

using api::Json;
using engine::Actor;
using engine::TraceId;
using engine::TraceRecord;

/// Nanoseconds since the epoch; numbers of 64 bits are strings in the JSON form of protocol
/// buffers.
std::string nanoseconds(SimTime time) {
  return fmt::format("{}000", time.time_since_epoch().count());
}

Json attribute(const char* key, std::string_view value) {
  return {{"key", key}, {"value", {{"stringValue", value}}}};
}

Json number(const char* key, std::int64_t value) {
  return {{"key", key}, {"value", {{"intValue", fmt::format("{}", value)}}}};
}

class Otlp {
 public:
  Otlp(const scenario::RunLog& log, std::string_view name) : log_(log), name_(name) {
    // Of the same run the same ids, and of others others.
    run_.add(name);
    for (const TraceRecord& record : log.records()) {
      run_.add(record.time.time_since_epoch().count());
      run_.add(record.actor);
      run_.add(record.type);
      run_.add(digest(record.object));
      run_.add(std::string_view(record.text));
    }
    trace_ = fmt::format("{:016x}{:016x}", run_.high(), run_.low());
  }

  std::string text() {
    tell_steps();
    tell_syncs();
    tell_pods();
    Json resources = Json::array();
    for (auto& [actor, spans] : spans_) {
      resources.push_back(
          {{"resource",
            {{"attributes",
              Json::array({attribute("service.name", engine::name(actor)),
                           attribute("service.namespace", "stsim"),
                           attribute("stsim.scenario", name_)})}}},
           {"scopeSpans",
            Json::array({{{"scope", {{"name", "stsim"}}}, {"spans", std::move(spans)}}})}});
    }
    return Json{{"resourceSpans", std::move(resources)}}.dump(
               1, ' ', false, Json::error_handler_t::replace) +
           "\n";
  }

 private:
  /// The id of a span that stands for something of the run.
  [[nodiscard]] std::string id(std::string_view what, std::uint64_t number) const {
    Digest out = run_;
    out.add(what);
    out.add(number);
    return fmt::format("{:016x}", out.high() == 0 ? 1 : out.high());
  }

  [[nodiscard]] Json span(std::string_view title,
                          const std::string& own,
                          const std::string& parent,
                          SimTime begin,
                          SimTime end) const {
    Json out = {{"traceId", trace_},
                {"spanId", own},
                {"name", title},
                {"kind", 1},  // INTERNAL
                {"startTimeUnixNano", nanoseconds(begin)},
                {"endTimeUnixNano", nanoseconds(end)},
                {"attributes", Json::array()},
                {"events", Json::array()},
                {"links", Json::array()}};
    if (!parent.empty()) {
      out["parentSpanId"] = parent;
    }
    return out;
  }

  static Json event(SimTime time, std::string_view title, std::string_view rule) {
    Json out = {{"timeUnixNano", nanoseconds(time)}, {"name", title}};
    if (!rule.empty()) {
      out["attributes"] = Json::array({attribute("stsim.rule", rule)});
    }
    return out;
  }

  static void fail(Json& span, std::string_view why) {
    span["status"] = {{"code", 2}, {"message", why}};  // ERROR
  }

  void tell_steps() {
    Json root = span(name_, id("run", 0), "", kStartOfTime, log_.end());
    if (!log_.summary().holds()) {
      fail(root, "what is expected or guaranteed does not hold");
    }
    spans_[Actor::User].push_back(std::move(root));
    for (std::size_t i = 0; i < log_.steps().size(); ++i) {
      const scenario::LoggedStep& step = log_.steps()[i];
      Json out = span(step.result.prompt, id("step", i), id("run", 0), step.begun, step.ended);
      if (const auto& output = step.result.output) {
        out["attributes"].push_back(number("process.exit.code", output->exit));
        if (output->exit != 0) {
          fail(out, output->err);
        }
      }
      if (!step.result.error.empty()) {
        fail(out, step.result.error);
      }
      spans_[Actor::User].push_back(std::move(out));
      if (step.record != 0) {
        span_of_[step.record] = id("step", i);
      }
    }
  }

  /// The span in which a record was written: that of a sync, a step or a pod's life.
  [[nodiscard]] std::optional<std::string> span_with(TraceId record) const {
    while (record != 0) {
      if (const auto found = span_of_.find(record); found != span_of_.end()) {
        return found->second;
      }
      const auto causes = log_.of(record).causes.ids();
      record = causes.empty() ? 0 : causes.front();
    }
    return std::nullopt;
  }

  void link(Json& span, const TraceRecord& record) const {
    for (const TraceId cause : record.causes.ids()) {
      const auto from = span_with(cause);
      if (from && *from != span["spanId"].get<std::string>()) {
        span["links"].push_back({{"traceId", trace_}, {"spanId", *from}});
      }
    }
  }

  void tell_syncs() {
    struct Place {
      Actor actor{};
      std::size_t index{};
      SimTime end;
    };
    std::map<TraceId, Place> places;
    for (const TraceRecord& record : log_.records()) {
      if (record.type == TraceRecord::Type::Sync) {
        Json out = span("sync " + record.object.text(),
                        id("sync", record.id),
                        id("run", 0),
                        record.time,
                        record.time);
        link(out, record);
        span_of_[record.id] = id("sync", record.id);
        auto& spans = spans_[record.actor];
        places[record.id] = {record.actor, spans.size(), record.time};
        spans.push_back(std::move(out));
        continue;
      }
      const auto causes = record.causes.ids();
      const auto sync = causes.empty() ? places.end() : places.find(causes.front());
      const bool said =
          record.type == TraceRecord::Type::Call || record.type == TraceRecord::Type::Wait;
      if (sync == places.end() || !said || sync->second.actor != record.actor) {
        continue;
      }
      Json& out = spans_[record.actor][sync->second.index];
      TraceRecord plain = record;
      plain.rule = {};  // it is an attribute
      out["events"].push_back(event(record.time, engine::in_words(plain), record.rule));
      out["endTimeUnixNano"] = nanoseconds(record.time);
      if (record.code >= 400) {
        fail(out, record.reason);
      }
    }
  }

  void tell_pods() {
    std::map<api::Uid, std::size_t> lives;
    auto& spans = spans_[Actor::Kubelet];
    for (const PodSpan& state : pod_spans(log_)) {
      const auto [found, is_new] = lives.try_emplace(state.uid, spans.size());
      if (is_new) {
        Json out = span("pod " + state.pod.name,
                        id("pod " + state.uid.text(), 0),
                        id("run", 0),
                        state.begin,
                        state.end);
        out["attributes"] = Json::array({attribute("k8s.pod.name", state.pod.name),
                                         attribute("k8s.pod.uid", state.uid.text()),
                                         attribute("k8s.namespace.name", state.pod.ns)});
        if (!state.set.empty()) {
          out["attributes"].push_back(attribute("k8s.statefulset.name", state.set));
          out["attributes"].push_back(number("stsim.ordinal", state.ordinal));
          out["attributes"].push_back(attribute("stsim.revision", state.revision));
        }
        link(out, log_.of(state.record));
        spans.push_back(std::move(out));
      }
      Json& out = spans[found->second];
      std::string words(to_string(state.state));
      words += state.detail.empty() ? "" : ": " + state.detail;
      out["events"].push_back(event(state.begin, words, log_.of(state.record).rule));
      out["endTimeUnixNano"] = nanoseconds(state.end);
    }
  }

  const scenario::RunLog& log_;
  std::string name_;
  Digest run_;
  std::string trace_;
  std::map<Actor, std::vector<Json>> spans_;
  std::map<TraceId, std::string> span_of_;  // of those that begin one
};

}  // namespace

std::string to_otlp(const scenario::RunLog& log, std::string_view name) {
  return Otlp(log, name).text();
}

}  // namespace stsim::report
