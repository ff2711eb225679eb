#include <fmt/format.h>
#include <stsim/scenario/retelling.hpp>

namespace stsim::scenario {

std::string in_seconds(SimDuration length) {
  return to_seconds_string(std::chrono::round<std::chrono::milliseconds>(length));
}

std::string since_start(SimTime time) {
  return "+" + to_seconds_string(time - kStartOfTime);
}

void Retelling::record(const engine::TraceRecord& record) {
  if (record.id > of_) {
    return;
  }
  told_.resize(record.id + 1);
  // That a controller has looked at something says nothing that its calls do not say.
  const bool says = record.type != engine::TraceRecord::Type::Sync;
  told_[record.id] = {
      record.time,
      says ? fmt::format("{} {}", engine::name(record.actor), engine::in_words(record)) : "",
      record.causes.ids().empty() ? 0 : record.causes.ids().front()};
}

std::string Retelling::lines() const {
  constexpr int kMostCauses = 8;
  std::string out;
  engine::TraceId at = of_;
  for (int n = 0; at != 0 && at < told_.size() && n < kMostCauses; at = told_[at].cause) {
    if (!told_[at].line.empty()) {
      out += fmt::format("\n    {} {} {}",
                         n == 0 ? "because" : "       ",
                         since_start(told_[at].time),
                         told_[at].line);
      ++n;
    }
  }
  return out;
}

}  // namespace stsim::scenario
