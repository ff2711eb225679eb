#include <fmt/format.h>
#include <stsim/engine/trace.hpp>

#include <algorithm>

namespace stsim::engine {

void Causes::add(TraceId id) {
  const auto known = ids();
  if (id == 0 || std::ranges::find(known, id) != known.end()) {
    return;
  }
  if (known.empty()) {
    only_ = id;
    return;
  }
  std::vector<TraceId> all{id};
  all.insert(all.end(), known.begin(), known.end());
  all.resize(std::min(all.size(), kMost));
  only_ = 0;
  several_ = std::move(all);
}

void Causes::add(const Causes& others) {
  const auto ids = others.ids();
  for (std::size_t i = ids.size(); i > 0; --i) {
    add(ids[i - 1]);
  }
}

std::string_view to_string(TraceRecord::Type type) {
  switch (type) {
    case TraceRecord::Type::Start:
      return "start";
    case TraceRecord::Type::Step:
      return "step";
    case TraceRecord::Type::Sync:
      return "sync";
    case TraceRecord::Type::Call:
      return "call";
    case TraceRecord::Type::Wait:
      return "wait";
    case TraceRecord::Type::ApiEvent:
      return "event";
    case TraceRecord::Type::Kubelet:
      return "kubelet";
    case TraceRecord::Type::Fault:
      return "fault";
  }
  return "";
}

std::string in_words(const TraceRecord& record) {
  std::string what;
  switch (record.type) {
    case TraceRecord::Type::Call:
      what = fmt::format("{} {} {}", record.verb, record.resource, record.object.name);
      if (record.code >= 400) {
        what += fmt::format(": {} {}", record.code, record.reason);
      }
      if (!record.text.empty()) {
        what += ": " + record.text;
      }
      break;
    case TraceRecord::Type::Wait:
      what = "waits: " + record.text;
      break;
    case TraceRecord::Type::ApiEvent:
      what = fmt::format(
          "{} {} on {}: {}", record.verb, record.reason, record.object.text(), record.text);
      break;
    case TraceRecord::Type::Fault:
      what = "fault: ";
      [[fallthrough]];
    case TraceRecord::Type::Start:
    case TraceRecord::Type::Step:
    case TraceRecord::Type::Sync:
    case TraceRecord::Type::Kubelet:
      if (!record.object.name.empty()) {
        what += fmt::format("{}: ", record.object.name);
      }
      what += record.text;
      break;
  }
  if (!record.rule.empty()) {
    what += fmt::format("  [{}]", record.rule);
  }
  return what;
}

}  // namespace stsim::engine
