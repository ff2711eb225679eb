#include "report/told_objects.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/report/pod_spans.hpp>

#include <algorithm>

namespace stsim::report {

std::span<const engine::TraceRecord> records_until(const scenario::RunLog& log, Instant at) {
  const auto& all = log.records();
  if (!at) {
    return all;
  }
  const auto end = std::ranges::upper_bound(all, *at, {}, &engine::TraceRecord::time);
  return {all.begin(), end};
}

Objects objects_at(const scenario::RunLog& log, Instant at) {
  Objects out;
  for (const api::ObjectPtr& object : log.start()) {
    if (object->key.kind != api::Kind::Event) {
      out[object->key] = object;
    }
  }
  for (const engine::TraceRecord& record : records_until(log, at)) {
    if (!is_change(record) || record.object.kind == api::Kind::Event) {
      continue;
    }
    if (record.after) {
      out[record.object] = record.after;
    } else {
      out.erase(record.object);
    }
  }
  return out;
}

std::string told_name(const api::ObjectKey& key) {
  const bool usual = key.ns.empty() || key.ns == api::kDefaultNamespace;
  return usual ? key.text() : fmt::format("{} in {}", key.text(), key.ns);
}

Tone tone_of(PodState state) {
  switch (state) {
    case PodState::Pending:
    case PodState::Pulling:
    case PodState::Starting:
    case PodState::Running:
      return Tone::Waiting;
    case PodState::Ready:
      return Tone::Good;
    case PodState::Failing:
    case PodState::Ended:
      return Tone::Bad;
    case PodState::Terminating:
      return Tone::Gone;
  }
  return Tone::Usual;
}

std::map<api::ObjectKey, PodLook> pod_looks(const scenario::RunLog& log, Instant at) {
  std::map<api::ObjectKey, PodLook> out;
  for (const PodSpan& span : pod_spans(log)) {
    const bool now = at ? span.begin <= *at && (*at < span.end || span.open) : span.open;
    if (now) {
      std::string words(to_string(span.state));
      if (!span.detail.empty()) {
        words += ": " + span.detail;
      }
      out[span.pod] = {std::move(words), tone_of(span.state)};
    }
  }
  return out;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> out;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.size() + 1 + word.size() > width) {
      out.push_back(std::move(line));
      line.clear();
    }
    line += line.empty() ? "" : " ";
    line += word;
  }
  if (!line.empty()) {
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace stsim::report
