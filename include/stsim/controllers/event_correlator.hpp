#pragma once
// How repeated and similar API Events are folded together before they are written. Rules: SS-194,
// and PN-54 for the scheduler's.

#include <stsim/api/object.hpp>
#include <stsim/base/boxed.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/base/recent_boxes.hpp>
#include <stsim/base/recent_map.hpp>
#include <stsim/base/shared_vector.hpp>
#include <stsim/base/text_about.hpp>
#include <stsim/controllers/plan.hpp>

#include <cstdint>
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
  SimTime last;          ///< when it was last
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

  /// Takes an event in that the scheduler reports. The second of a series is written, those after
  /// it are counted: series_due(). Pre: that was asked at `now`. Rule: PN-54.
  EventWrite record_in_series(const api::Object& about, const EventText& event, SimTime now);

  /// The API Events of series to be written again now, for their counts or lest they expire.
  /// Forgets the series that have ended. Rule: PN-54.
  std::vector<EventWrite> series_due(SimTime now);

  /// A source has started again, and remembers nothing.
  void forget(std::string_view source) { sources_.erase(Text(source)); }

  bool operator==(const EventCorrelator& other) const {
    return sources_ == other.sources_ && series_ == other.series_ &&
           series_kept_ == other.series_kept_ && named_ == other.named_;
  }

 private:
  struct Group {
    /// Digests of the distinct ones still remembered, oldest first.
    SharedVector<std::uint64_t> messages;
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
  /// What one source remembers, by digests of what events are told apart by.
  struct Memory {
    RecentMap<Digest, Group, kMost> groups;  ///< by object, type and reason
    RecentMap<Digest, Reported, kMost>
        reported;  ///< likewise, with the part it is about and the message
    RecentMap<Digest, Bucket, kMost> buckets;  ///< by object and type
    bool operator==(const Memory&) const = default;
  };
  /// What the scheduler has reported of one version of an object, for one reason.
  struct Series {
    Text ns;                   ///< of its API Event
    Text about;                ///< the object's name
    std::int64_t instant{};    ///< which the API Event's name ends with
    Boxed<TextAbout> message;  ///< the first one
    std::int32_t count{1};
    SimTime first;
    SimTime last;
    bool operator==(const Series&) const = default;
  };
  [[nodiscard]] static EventWrite write_of(const Series& series);
  /// What the name of a new API Event ends with: nanoseconds, no two alike.
  [[nodiscard]] std::int64_t new_instant(SimTime now);

  PersistentMap<Text, Memory> sources_;
  PersistentMap<Digest, Series> series_;
  RecentBoxes<TextAbout> messages_;    // of series, to be shared; they decide nothing
  SimTime series_kept_{kStartOfTime};  // until when series_due() was asked
  std::int64_t named_{};               // events so far, which makes their names different
};

}  // namespace stsim::controllers
