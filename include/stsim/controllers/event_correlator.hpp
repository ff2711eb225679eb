#pragma once
// How repeated and similar API Events are folded together before they are written. Rule: SS-194.

#include <stsim/api/object.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/base/recent_map.hpp>
#include <stsim/controllers/plan.hpp>

#include <string>
#include <vector>

namespace stsim::controllers {

/// What to do about an event that a controller reports.
struct EventWrite {
  bool dropped{};        ///< it is one too many and not written, though it is remembered
  api::ObjectKey event;  ///< the API Event to be created or, where it is there, written again
  std::string message;   ///< with `(combined from similar events): ` where it was folded
  std::int32_t count{};  ///< how often it has been reported, those included that were dropped
  SimTime first;         ///< when it was first
};

/// Remembers what each source has reported: of each kind of memory the 4,096 entries used last, as
/// the recorder does (client-go's tools/record/events_cache.go). A value.
class EventCorrelator {
 public:
  /// Takes an event in. Of a folded group the event that stands for it is meant.
  EventWrite record(std::string_view source,
                    const api::Object& about,
                    const EventText& event,
                    SimTime now);

  bool operator==(const EventCorrelator&) const = default;

 private:
  struct Group {
    std::vector<std::string> messages;  ///< the distinct ones still remembered, oldest first
    SimTime last;
    bool operator==(const Group&) const = default;
  };
  struct Bucket {
    int tokens{};
    SimTime filled;
    bool operator==(const Bucket&) const = default;
  };
  struct Reported {
    api::ObjectKey event;
    std::int32_t count{};
    SimTime first;
    bool operator==(const Reported&) const = default;
  };
  static constexpr std::size_t kMost = 4096;
  /// What one source remembers.
  struct Memory {
    RecentMap<std::string, Group, kMost> groups;
    RecentMap<std::string, Reported, kMost> reported;
    RecentMap<std::string, Bucket, kMost> buckets;
    bool operator==(const Memory&) const = default;
  };
  PersistentMap<std::string, Memory> sources_;
  std::int64_t named_{};  // events so far, which makes their names different
};

}  // namespace stsim::controllers
