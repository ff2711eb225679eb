#include <fmt/compile.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/event_correlator.hpp>

#include <algorithm>

namespace stsim::controllers {

namespace {

constexpr std::size_t kMostDistinct = 10;
constexpr SimDuration kRemembered = std::chrono::seconds{600};
constexpr int kFullBucket = 25;
constexpr SimDuration kRefill = std::chrono::seconds{300};
constexpr SimDuration kSeriesEnd = std::chrono::minutes{6};
constexpr SimDuration kSeriesRefresh = std::chrono::minutes{30};

/// The namespace of the API Events about an object.
Text namespace_of(const api::Object& about) {
  return about.key.ns.empty() ? Text(api::kDefaultNamespace) : about.key.ns;
}

api::ObjectKey event_key(const Text& ns, std::string_view about, std::int64_t instant) {
  return {api::Kind::Event, ns, fmt::format(FMT_COMPILE("{}.{:x}"), about, instant)};
}

/// The last one of the instants that lie `period` apart which is not after `now`.
SimTime last_tick(SimTime now, SimDuration period) {
  return kStartOfTime + (now - kStartOfTime) / period * period;
}

}  // namespace

EventWrite EventCorrelator::record(std::string_view source,
                                   const api::Object& about,
                                   const EventText& event,
                                   SimTime now) {
  if (sources_.find(source) == nullptr) {
    sources_.set(source, {});
  }
  Memory& memory = *sources_.edit(source);
  Digest spender;
  spender.add(about.uid.high);
  spender.add(about.uid.low);
  spender.add(api::digest(about.key));
  spender.add(event.type);
  Digest similar = spender;
  similar.add(event.reason);
  // Similar events: the tenth distinct message stands for all that come while nine are remembered.
  Group group;
  if (const auto* known = memory.groups.find(similar);
      known != nullptr && now - known->last <= kRemembered) {
    group = *known;
  }
  group.last = now;
  Digest said;
  said.add(event.message);
  if (std::ranges::find(group.messages, said.low()) == group.messages.end()) {
    group.messages.push_back(said.low());
  }
  std::string message = event.message;
  Digest identity = similar;  // of a folded group all are the same
  if (group.messages.size() >= kMostDistinct) {
    group.messages.erase(0);
    message = "(combined from similar events): " + event.message;
  } else {
    identity.add(event.field_path);
    identity.add(said);
  }
  memory.groups.set(similar, std::move(group));
  // Identical events are one event with a count.
  EventWrite out;
  out.message = std::move(message);
  Reported reported;
  if (const auto* known = memory.reported.find(identity)) {
    reported = *known;
  } else {
    reported.first = now;
    reported.event = event_key(namespace_of(about), about.key.name, new_instant(now));
  }
  ++reported.count;
  out.event = reported.event;
  out.count = reported.count;
  out.first = reported.first;
  out.last = now;
  memory.reported.set(identity, std::move(reported));
  // The token bucket of the source, object and type. A full one collects nothing.
  const Bucket* bucket_known = memory.buckets.find(spender);
  Bucket bucket = bucket_known != nullptr ? *bucket_known : Bucket{kFullBucket, now};
  const auto refills = (now - bucket.filled) / kRefill;
  bucket.tokens = static_cast<int>(std::min<std::int64_t>(kFullBucket, bucket.tokens + refills));
  bucket.filled = bucket.tokens == kFullBucket ? now : bucket.filled + refills * kRefill;
  if (bucket.tokens == 0) {
    out.dropped = true;
    memory.buckets.set(spender, bucket);
    return out;
  }
  --bucket.tokens;
  memory.buckets.set(spender, bucket);
  return out;
}

EventWrite EventCorrelator::record_in_series(const api::Object& about,
                                             const EventText& event,
                                             SimTime now) {
  Digest same;
  same.add(about.uid.high);
  same.add(about.uid.low);
  same.add(api::digest(about.key));
  same.add(about.resource_version.value);
  same.add(event.type);
  same.add(event.reason);
  Series* series = series_.edit(same);
  if (series == nullptr) {
    TextAbout message(event.message, about.key.name);
    Digest said;
    message.add_to(said);
    Boxed<TextAbout> shared = messages_.get(
        said.low(),
        [&message](const TextAbout& known) { return known == message; },
        [&message] { return std::move(message); });
    series_.set(
        same,
        {namespace_of(about), about.key.name, new_instant(now), std::move(shared), 1, now, now});
    series = series_.edit(same);
  } else {
    ++series->count;
    series->last = now;
  }
  EventWrite out = write_of(*series);
  out.dropped = series->count > 2;
  return out;
}

std::vector<EventWrite> EventCorrelator::series_due(SimTime now) {
  const SimTime ended = last_tick(now, kSeriesEnd);
  const SimTime refreshed = last_tick(now, kSeriesRefresh);
  std::vector<EventWrite> out;
  if (ended > series_kept_) {
    std::vector<Digest> over;
    for (const auto& [same, series] : series_) {
      const bool ends = series.last < ended - kSeriesEnd;
      if (series.count > 1 && (ends || refreshed > series_kept_)) {
        out.push_back(write_of(series));
      }
      if (ends) {
        over.push_back(same);
      }
    }
    for (const Digest& same : over) {
      series_.erase(same);
    }
    series_kept_ = ended;
  }
  return out;
}

EventWrite EventCorrelator::write_of(const Series& series) {
  return {false,
          event_key(series.ns, series.about, series.instant),
          series.message->of(series.about),
          series.count,
          series.first,
          series.last};
}

std::int64_t EventCorrelator::new_instant(SimTime now) {
  return std::chrono::nanoseconds(now.time_since_epoch()).count() + named_++;
}

}  // namespace stsim::controllers
