#include "report/page_events.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::report {

namespace {

using engine::TraceRecord;

/// What a record says without its rule, the object's name put by a mark that no text has: so most
/// events share a few texts.
std::string pattern_of(const TraceRecord& record) {
  std::string text = engine::in_words(record);
  const std::string rule = record.rule.empty() ? "" : fmt::format("  [{}]", record.rule);
  if (!rule.empty() && text.ends_with(rule)) {
    text.resize(text.size() - rule.size());
  }
  const std::string name = record.object.name;
  if (name.empty()) {
    return text;
  }
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, begin)) {
    out.append(text, begin, at - begin);
    out += '\x03';
    begin = at + name.size();
  }
  out.append(text, begin);
  return out;
}

/// How the page shows an event: as the user's, a decision, news from a node, or trouble.
int look_of(const TraceRecord& record) {
  enum : int { User, Decision, Waiting, Node, Trouble };
  switch (record.type) {
    case TraceRecord::Type::Start:
    case TraceRecord::Type::Step:
      return User;
    case TraceRecord::Type::Wait:
      return Waiting;
    case TraceRecord::Type::ApiEvent:
    case TraceRecord::Type::Fault:
      return Trouble;
    case TraceRecord::Type::Kubelet:
      return Node;
    case TraceRecord::Type::Sync:
    case TraceRecord::Type::Call:
      break;
  }
  if (record.code >= 400) {
    return Trouble;
  }
  return record.actor == engine::Actor::Kubelet ? Node : Decision;
}

}  // namespace

std::size_t PageObjects::number(const api::ObjectKey& key) {
  const auto [found, is_new] = numbers_.emplace(key, all_.size());
  if (is_new) {
    all_.push_back(key);
  }
  return found->second;
}

api::Json PageObjects::to_json(PageStrings& strings) const {
  api::Json out = {{"kind", api::Json::array()},
                   {"namespace", api::Json::array()},
                   {"name", api::Json::array()}};
  for (const api::ObjectKey& key : all_) {
    out["kind"].push_back(strings.number(api::info(key.kind).name));
    out["namespace"].push_back(strings.number(std::string(key.ns)));
    out["name"].push_back(std::string(key.name));
  }
  return out;
}

PageEvents::PageEvents(const scenario::RunLog& log, std::size_t most) : end_(log.end()) {
  News news;
  for (const TraceRecord& record : log.records()) {
    const bool told = news.tell(record) || record.type == TraceRecord::Type::Step;
    of_record_.push_back(told ? static_cast<std::int64_t>(events_.size()) : cause_of(record));
    if (told) {
      events_.push_back(&record);
    }
  }
  in_all_ = events_.size();
  if (in_all_ <= most) {
    return;
  }
  const auto time_of = [](const TraceRecord* record) { return record->time; };
  const SimTime too_late = time_of(events_[most]);
  auto end = std::ranges::lower_bound(events_, too_late, {}, time_of);
  if (end == events_.begin()) {
    end = std::ranges::upper_bound(events_, too_late, {}, time_of);
  }
  events_.erase(end, events_.end());
  end_ = events_.back()->time;
}

std::int64_t PageEvents::cause_of(const TraceRecord& record) const {
  const auto causes = record.causes.ids();
  return causes.empty() ? -1 : event_of(causes.front());
}

std::int64_t PageEvents::event_of(engine::TraceId record) const {
  if (record == 0 || record > of_record_.size()) {
    return -1;
  }
  const std::int64_t event = of_record_[record - 1];
  return event < static_cast<std::int64_t>(events_.size()) ? event : -1;
}

void PageEvents::note(PageMoments& moments) const {
  for (const TraceRecord* record : events_) {
    moments.note(record->time);
  }
}

api::Json PageEvents::to_json(const PageMoments& moments,
                              PageStrings& strings,
                              PageObjects& objects) const {
  std::vector<SimTime> times;
  // Tables of their own, as few and short numbers are wanted.
  PageStrings actors;
  PageStrings rules;
  api::Json out;
  for (const char* column : {"actor", "object", "text", "rule", "look", "cause"}) {
    out[column] = api::Json::array();
  }
  std::int64_t number = 0;
  for (const TraceRecord* record : events_) {
    times.push_back(record->time);
    out["actor"].push_back(actors.number(engine::name(record->actor)));
    out["object"].push_back(record->object.name.empty()
                                ? -1
                                : static_cast<std::int64_t>(objects.number(record->object)));
    out["text"].push_back(strings.number(pattern_of(*record)));
    out["rule"].push_back(rules.number(record->rule));
    out["look"].push_back(look_of(*record));
    const std::int64_t cause = cause_of(*record);
    out["cause"].push_back(cause < 0 ? 0 : number - cause);
    ++number;
  }
  out["at"] = moments.column(times);
  out["actors"] = actors.list();
  out["rules"] = rules.list();
  return out;
}

}  // namespace stsim::report
