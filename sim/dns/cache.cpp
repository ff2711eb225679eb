#include <stsim/dns/cache.hpp>

#include <algorithm>

namespace stsim::dns {

std::optional<Reply> Cache::find(const Question& question, SimTime now) const {
  const Kept* kept = kept_.find(question);
  if (kept == nullptr || kept->until <= now) {
    return std::nullopt;
  }
  Reply out = kept->reply;
  const SimDuration left = kept->until - now;
  out.age = now - kept->since;
  out.time_to_live = left;
  for (auto* records : {&out.records, &out.additional}) {
    for (Record& record : *records) {
      record.time_to_live = std::min(record.time_to_live, left);
    }
  }
  return out;
}

void Cache::keep(const Question& question, const Reply& reply, const Limits& limits, SimTime now) {
  const SimDuration most = reply.records.empty() ? limits.negative : limits.positive;
  SimDuration length = std::min(most, reply.time_to_live);
  for (const Record& record : reply.records) {
    length = std::min(length, record.time_to_live);
  }
  if (length > SimDuration{}) {
    kept_.set(question, {reply, now - reply.age, now + length});
  }
}

}  // namespace stsim::dns
