#include "report/page_reasons.hpp"

#include <algorithm>

namespace stsim::report {

using engine::TraceRecord;

void PageReasons::see(const TraceRecord& record) {
  if (record.type == TraceRecord::Type::Sync) {
    Looks& looks = looks_[{record.actor, record.object}];
    // What this look finds is told after it, so that only now it is known what the last one found.
    close_old(looks);
    by_record_.erase(looks.last);
    looks.last = record.id;
    looks.time = record.time;
    by_record_.emplace(record.id, std::pair(record.object, &looks));
    return;
  }
  const auto causes = record.causes.ids();
  if (record.type != TraceRecord::Type::Wait || causes.empty()) {
    return;
  }
  const auto found = by_record_.find(causes.front());
  if (found == by_record_.end()) {
    return;
  }
  auto& [look, looks] = found->second;
  const auto [open, is_new] =
      looks->open.emplace(std::pair(record.object, record.text), Open{all_.size(), record.id});
  open->second.found = looks->last;
  if (is_new) {
    all_.push_back({record.object, look, record.text, record.rule, record.time, {}});
  }
}

void PageReasons::close_old(Looks& looks) {
  std::erase_if(looks.open, [&](const auto& entry) {
    const Open& open = entry.second;
    if (open.found == looks.last) {
      return false;
    }
    all_[open.reason].end = looks.time;
    return true;
  });
}

std::vector<PageReason> PageReasons::finish() {
  for (auto& [key, looks] : looks_) {
    close_old(looks);
  }
  std::erase_if(all_, [](const PageReason& reason) { return reason.end == reason.begin; });
  std::ranges::stable_sort(all_, {}, &PageReason::begin);
  return std::move(all_);
}

}  // namespace stsim::report
