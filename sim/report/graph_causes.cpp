// The picture of what led to the state of an object.
#include "report/told_objects.hpp"

#include <fmt/format.h>
#include <stsim/report/causality.hpp>
#include <stsim/report/pod_spans.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>
#include <set>

namespace stsim::report {

namespace {

using engine::TraceId;
using engine::TraceRecord;

/// More than that is no picture any more: the newest are shown.
constexpr std::size_t kMostRecords = 150;

/// Whether a record says something that its effects do not say: that a controller has looked at
/// something its calls say, what the user calls the steps say, and API Events repeat what has
/// happened.
bool says_something(const TraceRecord& record) {
  switch (record.type) {
    case TraceRecord::Type::Start:
    case TraceRecord::Type::Sync:
    case TraceRecord::Type::Wait:
    case TraceRecord::Type::ApiEvent:
      return false;
    case TraceRecord::Type::Call:
      return record.actor != engine::Actor::User && (is_change(record) || record.code >= 400);
    case TraceRecord::Type::Step:
    case TraceRecord::Type::Kubelet:
    case TraceRecord::Type::Fault:
      return true;
  }
  return false;
}

/// The last record up to an instant that changed an object; 0 if there is none.
TraceId last_change(const scenario::RunLog& log, const api::ObjectKey& object, Instant at) {
  TraceId out = 0;
  for (const TraceRecord& record : records_until(log, at)) {
    if (is_change(record) && record.object == object) {
      out = record.id;
    }
  }
  return out;
}

/// Those of what led to a record that are worth a line, in order, with the record itself.
std::vector<TraceId> worth_a_line(const scenario::RunLog& log,
                                  const Causality& causality,
                                  TraceId target) {
  std::vector<TraceId> out;
  for (const TraceId id : causality.led_to(std::vector{target})) {
    const TraceRecord& record = log.of(id);
    if (id != target && !says_something(record)) {
      continue;
    }
    // A kubelet reports a pod's end and takes the pod away in one go.
    if (!out.empty()) {
      const TraceRecord& before = log.of(out.back());
      if (before.time == record.time && before.actor == record.actor &&
          before.object == record.object && before.text == record.text) {
        out.pop_back();
      }
    }
    out.push_back(id);
  }
  return out;
}

/// The records of each node, from edges between records: those of one object in which each has the
/// one before as its only cause, and no other effect of that is shown.
std::vector<std::vector<TraceId>> in_nodes(const scenario::RunLog& log,
                                           std::span<const TraceId> shown,
                                           std::span<const CausalEdge> edges) {
  std::map<TraceId, std::vector<TraceId>> causes;
  std::map<TraceId, std::size_t> effects;
  for (const CausalEdge& edge : edges) {
    causes[edge.effect].push_back(edge.cause);
    ++effects[edge.cause];
  }
  std::vector<std::vector<TraceId>> out;
  std::map<TraceId, std::size_t> node_of;
  for (const TraceId id : shown) {
    const auto& from = causes[id];
    const bool follows = from.size() == 1 && effects[from.front()] == 1 &&
                         log.of(from.front()).object == log.of(id).object &&
                         !log.of(id).object.name.empty();
    const std::size_t node = follows ? node_of.at(from.front()) : out.size();
    if (!follows) {
      out.emplace_back();
    }
    out[node].push_back(id);
    node_of[id] = node;
  }
  return out;
}

/// What a record says below the name of its object.
std::string in_short(const TraceRecord& record) {
  std::string out = clock(record.time) + " ";
  if (record.type == TraceRecord::Type::Call) {
    const std::size_t part = record.resource.find('/');
    out += fmt::format("{}: {}{}",
                       engine::name(record.actor),
                       record.verb,
                       part == std::string::npos ? "" : " " + record.resource.substr(part + 1));
    if (record.code >= 400) {
      out += fmt::format(": {} {}", record.code, record.reason);
    }
    out += record.text.empty() ? "" : ": " + record.text;
  } else {
    out += record.text;
  }
  return record.rule.empty() ? out : fmt::format("{} [{}]", out, record.rule);
}

GraphNode node_of(const scenario::RunLog& log, std::span<const TraceId> records) {
  constexpr std::size_t kWidth = 76;
  const TraceRecord& first = log.of(records.front());
  GraphNode out;
  out.id = fmt::format("record {}", first.id);
  if (first.type == TraceRecord::Type::Step) {
    out.title = fmt::format("{} step", clock(first.time));
    out.lines = wrapped(first.text, kWidth);
    out.kind = NodeKind::User;
    return out;
  }
  out.title = told_name(first.object);
  const bool fault = first.type == TraceRecord::Type::Fault;
  out.tone = fault ? Tone::Waiting : Tone::Usual;
  out.kind = fault                                  ? NodeKind::Fault
             : first.object.kind == api::Kind::Pod  ? NodeKind::Pod
             : first.object.kind == api::Kind::Node ? NodeKind::Server
                                                    : NodeKind::Object;
  for (const TraceId id : records) {
    const TraceRecord& record = log.of(id);
    if (record.code >= 400) {
      out.tone = Tone::Bad;
    }
    for (std::string& line : wrapped(in_short(record), kWidth)) {
      const bool begins = line.starts_with('+');
      out.lines.push_back((begins ? "" : "      ") + line);
    }
  }
  return out;
}

}  // namespace

std::optional<api::ObjectKey> last_changed(const scenario::RunLog& log, Instant at) {
  std::optional<api::ObjectKey> out;
  for (const TraceRecord& record : records_until(log, at)) {
    if (is_change(record) && record.object.kind != api::Kind::Event) {
      out = record.object;
    }
  }
  TraceId last = 0;
  for (const PodSpan& span : pod_spans(log)) {
    if ((!at || span.begin <= *at) && span.record > last) {
      last = span.record;
      out = span.pod;
    }
  }
  return out;
}

Graph causes_graph(const scenario::RunLog& log, const api::ObjectKey& object, Instant at) {
  Graph out;
  const TraceId target = last_change(log, object, at);
  out.title = fmt::format("What led to {}", told_name(object));
  if (target == 0) {
    return out;
  }
  out.title += fmt::format(" as it is since {}", clock(log.of(target).time));
  const Causality causality(log);
  std::vector<TraceId> shown = worth_a_line(log, causality, target);
  const std::size_t left_out = shown.size() - std::min(shown.size(), kMostRecords);
  shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(left_out));
  const auto edges = causality.among(shown);
  const auto nodes = in_nodes(log, shown, edges);

  std::map<TraceId, std::size_t> place;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const TraceId id : nodes[i]) {
      place[id] = i;
    }
    out.nodes.push_back(node_of(log, nodes[i]));
  }
  if (left_out > 0) {
    out.nodes.front().lines.push_back(fmt::format("(after {} earlier records)", left_out));
  }
  GraphNode& last = out.nodes[place.at(target)];
  const auto looks = pod_looks(log, at);
  const auto look = looks.find(object);
  if (look != looks.end()) {
    last.tone = look->second.tone;
    last.lines.push_back("now " + look->second.words);
  } else if (!log.of(target).after) {
    last.tone = Tone::Gone;
    last.lines.emplace_back("now gone");
  }
  for (const CausalEdge& edge : edges) {
    if (place.at(edge.cause) == place.at(edge.effect)) {
      continue;
    }
    GraphEdge drawn{
        out.nodes[place.at(edge.cause)].id, out.nodes[place.at(edge.effect)].id, {}, {}};
    drawn.kind = edge.last_enabler ? EdgeKind::Strong : EdgeKind::Usual;
    if (edge.took > SimDuration::zero()) {
      drawn.lines = {scenario::in_seconds(edge.took)};
    }
    out.edges.push_back(std::move(drawn));
  }
  return out;
}

}  // namespace stsim::report
