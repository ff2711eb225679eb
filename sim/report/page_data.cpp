// A run as the page shows it.
#include "report/page_events.hpp"
#include "report/page_names.hpp"
#include "report/page_reasons.hpp"
#include "report/page_sets.hpp"
#include "report/page_tables.hpp"

#include <fmt/format.h>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/report/page.hpp>
#include <stsim/report/pod_spans.hpp>
#include <stsim/scenario/session.hpp>

#include <algorithm>
#include <map>

namespace stsim::report {

namespace {

using api::Json;
using api::Kind;
using engine::TraceRecord;

/// A number, or -1 for none.
std::int64_t number_or_none(bool there, std::size_t number) {
  return there ? static_cast<std::int64_t>(number) : -1;
}

/// A text of which at most so much is shown.
std::string in_bounds(const std::string& text) {
  constexpr std::size_t kMost = 16'000;
  if (text.size() <= kMost) {
    return text;
  }
  const std::size_t end = text.rfind('\n', kMost);
  const std::size_t kept = end == std::string::npos ? kMost : end + 1;
  return fmt::format("{}… and {} more characters\n", text.substr(0, kept), text.size() - kept);
}

/// Puts a page's data together from a run.
class Assembly {
 public:
  Assembly(const scenario::Scenario& scenario,
           const scenario::RunLog& log,
           const PageOptions& options)
      : scenario_(scenario),
        log_(log),
        options_(options),
        events_(log, options.most_events),
        tables_(scenario.kubernetes, strings_),
        names_(strings_) {
    read_beginning();
    for (const TraceRecord& record : log.records()) {
      if (record.time > events_.end()) {
        break;
      }
      read(record);
    }
    reasons_ = reason_reader_.finish();
    spans_ = pod_spans(log);
    std::erase_if(spans_, [&](const PodSpan& span) { return span.begin > events_.end(); });
    for (PodSpan& span : spans_) {
      span.open = span.open || span.end > events_.end();
      span.end = std::min(span.end, events_.end());
    }
    explanations_ = options.why;
    std::erase_if(explanations_,
                  [&](const PageExplanation& why) { return why.from > events_.end(); });
    std::ranges::stable_sort(explanations_, {}, &PageExplanation::from);
  }

  Json write() {
    note_moments();
    Json out = {{"format", 1},
                {"scenario", scenario_.name},
                {"about", scenario_.description.empty() ? options_.about : scenario_.description},
                {"kubernetes", to_string(scenario_.kubernetes)},
                {"end", moments_.number(events_.end())},
                {"events", events_.to_json(moments_, strings_, objects_)},
                {"inAll", events_.in_all()},
                {"wholeEnd", (log_.end() - kStartOfTime).count()},
                {"tables", tables_.to_json(moments_, strings_)},
                {"dns", names_.table().to_json(moments_, strings_)},
                {"reasons", reasons()},
                {"why", explanations()},
                {"steps", steps()},
                {"summary", summary()}};
    out["sets"] = sets_.to_json(moments_, strings_, revisions_);
    out["spans"] = spans();
    add_wanted();
    out["pods"] = pods();
    out["volumes"] = volumes_;
    out["revisions"] = revisions_.to_json();
    out["objects"] = objects_.to_json(strings_);
    out["moments"] = moments_.list();
    out["strings"] = strings_.list();
    return out;
  }

 private:
  /// Of what was there from the start no record tells.
  void read_beginning() {
    for (const api::ObjectPtr& object : log_.start()) {
      tables_.there(*object);
      names_.there(object);
      sets_.there(*object);
      look(*object);
    }
  }

  void read(const TraceRecord& record) {
    tables_.see(record);
    names_.see(record);
    sets_.see(record);
    reason_reader_.see(record);
    if (record.type == TraceRecord::Type::Call && record.after && record.before != record.after) {
      look(*record.after);
    }
  }

  void look(const api::Object& object) {
    if (object.key.kind == Kind::Pod) {
      if (const std::string_view revision = controllers::statefulset::revision_of(object);
          !revision.empty()) {
        revisions_.see(revision, object);
      }
      if (claims_.contains(object.key)) {
        return;
      }
      std::vector<std::string>& claims = claims_[object.key];
      for (const api::ClaimVolume& claim : api::claims(object)) {
        claims.push_back(claim.claim);
      }
    } else if (object.key.kind == Kind::PersistentVolume) {
      const auto& volume = object.as<api::Volume>();
      const Text& server = volume.spec->nfs_server;
      volumes_[std::string(object.key.name)] =
          server.empty() ? "" : fmt::format("{}:{}", server, volume.nfs_path);
    }
  }

  void note_moments() {
    moments_.note(kStartOfTime);
    moments_.note(events_.end());
    events_.note(moments_);
    tables_.note(moments_);
    names_.table().note(moments_);
    sets_.note(moments_);
    for (const PageReason& reason : reasons_) {
      moments_.note(reason.begin);
      moments_.note(reason.end.value_or(reason.begin));
    }
    for (const PodSpan& span : spans_) {
      moments_.note(span.begin);
      moments_.note(span.end);
    }
    for (const PageExplanation& why : explanations_) {
      moments_.note(why.from);
      moments_.note(std::min(why.to, events_.end()));
    }
    for (const scenario::LoggedStep& step : log_.steps()) {
      if (step.begun <= events_.end()) {
        moments_.note(step.begun);
        moments_.note(std::min(step.ended, events_.end()));
      }
    }
    moments_.count();
  }

  Json reasons() {
    Json out;
    for (const char* column : {"object", "look", "text", "rule", "end"}) {
      out[column] = Json::array();
    }
    std::vector<SimTime> begins;
    for (const PageReason& reason : reasons_) {
      begins.push_back(reason.begin);
      out["object"].push_back(objects_.number(reason.object));
      out["look"].push_back(objects_.number(reason.look));
      out["text"].push_back(strings_.number(reason.text));
      out["rule"].push_back(strings_.number(reason.rule));
      out["end"].push_back(reason.end ? moments_.number(*reason.end) : -1);
    }
    out["at"] = moments_.column(begins);
    return out;
  }

  Json explanations() {
    Json out = Json::array();
    for (const PageExplanation& why : explanations_) {
      Json objects = Json::array();
      for (const api::ObjectKey& object : why.objects) {
        objects.push_back(objects_.number(object));
      }
      const bool ends = why.to <= events_.end();
      out.push_back({{"at", moments_.number(why.from)},
                     {"end", ends ? moments_.number(why.to) : -1},
                     {"objects", std::move(objects)},
                     {"text", why.text}});
    }
    return out;
  }

  Json spans() {
    Json out;
    for (const char* column : {"pod", "state", "revision", "end", "open", "detail", "event"}) {
      out[column] = Json::array();
    }
    std::vector<SimTime> begins;
    for (const PodSpan& span : spans_) {
      begins.push_back(span.begin);
      out["pod"].push_back(lane(span));
      out["state"].push_back(static_cast<int>(span.state));
      out["revision"].push_back(
          number_or_none(!span.revision.empty(), revisions_.number(span.revision)));
      out["end"].push_back(moments_.number(span.end) - moments_.number(span.begin));
      out["open"].push_back(span.open ? 1 : 0);
      out["detail"].push_back(strings_.number(span.detail));
      out["event"].push_back(events_.event_of(span.record));
    }
    out["at"] = moments_.column(begins);
    out["states"] = Json::array();
    for (int state = 0; state <= static_cast<int>(PodState::Terminating); ++state) {
      out["states"].push_back(to_string(static_cast<PodState>(state)));
    }
    return out;
  }

  /// The lane of a pod: one for each name.
  std::size_t lane(const PodSpan& span) {
    const auto [found, is_new] = lane_of_.emplace(span.pod, lanes_.size());
    if (is_new) {
      lanes_.push_back({span.pod, -1, span.ordinal});
    }
    Lane& lane = lanes_[found->second];
    if (!span.set.empty()) {
      lane.set = sets_.number(std::string(span.pod.ns), span.set);
      lane.ordinal = span.ordinal;
    }
    return found->second;
  }

  /// A pod that never came has a lane, too: it is what somebody asks about.
  void add_wanted() {
    constexpr std::size_t kMost = 5'000;
    for (const auto& [pod, ordinal] : sets_.wanted(kMost)) {
      if (lane_of_.emplace(pod, lanes_.size()).second) {
        const std::string_view set = api::parent_and_ordinal(pod.name.view()).parent;
        lanes_.push_back({pod, sets_.number(pod.ns.view(), set), ordinal});
      }
    }
  }

  Json pods() {
    Json out;
    for (const char* column : {"object", "set", "ordinal", "claims"}) {
      out[column] = Json::array();
    }
    for (const Lane& lane : lanes_) {
      out["object"].push_back(objects_.number(lane.pod));
      out["set"].push_back(lane.set);
      out["ordinal"].push_back(lane.ordinal);
      out["claims"].push_back(claims_[lane.pod]);
    }
    return out;
  }

  Json steps() {
    Json out = Json::array();
    for (const scenario::LoggedStep& step : log_.steps()) {
      if (step.begun > events_.end()) {
        break;
      }
      Json one = {{"at", moments_.number(step.begun)},
                  {"end", moments_.number(std::min(step.ended, events_.end()))},
                  {"prompt", step.result.prompt},
                  {"command", step.command},
                  {"event", events_.event_of(step.record)}};
      std::string trouble = step.result.error;
      for (const std::string& difference : step.result.differences) {
        trouble += (trouble.empty() ? "" : "\n") + difference;
      }
      if (step.result.output) {
        one["out"] = in_bounds(step.result.output->out);
        one["err"] = in_bounds(step.result.output->err);
        one["exit"] = step.result.output->exit;
      }
      if (!trouble.empty()) {
        one["trouble"] = in_bounds(trouble);
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  Json summary() const {
    const scenario::RunSummary& of = log_.summary();
    Json others = Json::array();
    for (const auto& [source, repeated] : of.others) {
      others.push_back({{"hope", repeated.first.watched->promise == check::Promise::Hope},
                        {"source", source},
                        {"text", repeated.first.watched->text},
                        {"first", repeated.first.text},
                        {"time", (repeated.first.time - kStartOfTime).count()},
                        {"times", repeated.times}});
    }
    return {{"holds", of.holds()},
            {"failed", of.failed},
            {"refused", of.refused},
            {"cutShort", of.cut_short},
            {"broken", of.broken},
            {"others", std::move(others)}};
  }

  struct Lane {
    api::ObjectKey pod;
    std::int64_t set{};
    std::int32_t ordinal{};
  };

  const scenario::Scenario& scenario_;
  const scenario::RunLog& log_;
  const PageOptions& options_;
  PageStrings strings_;
  PageMoments moments_;
  PageObjects objects_;
  PageRevisions revisions_;
  PageEvents events_;
  PageTables tables_;
  PageNames names_;
  PageSets sets_;
  PageReasons reason_reader_;
  std::vector<PageReason> reasons_;
  std::vector<PodSpan> spans_;
  std::vector<PageExplanation> explanations_;
  std::map<api::ObjectKey, std::vector<std::string>> claims_;
  std::map<std::string, std::string> volumes_;
  std::map<api::ObjectKey, std::size_t> lane_of_;
  std::vector<Lane> lanes_;
};

}  // namespace

Json page_data(const scenario::Scenario& scenario,
               const scenario::RunLog& log,
               const PageOptions& options) {
  return Assembly(scenario, log, options).write();
}

}  // namespace stsim::report
