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
  /// Events that say similar things. The uid comes first: it tells nearly all apart.
  struct Similar {
    api::Uid uid;
    api::ObjectKey about;
    Text type;
    Text reason;
    auto operator<=>(const Similar&) const = default;
  };
  /// Events that say the same; of a folded group all.
  struct Same {
    Similar similar;
    bool folded{};
    Text field_path;
    Text message;
    auto operator<=>(const Same&) const = default;
  };
  /// Who has to do with how many events are written about it.
  struct Spender {
    api::Uid uid;
    api::ObjectKey about;
    Text type;
    auto operator<=>(const Spender&) const = default;
  };
  struct Group {
    std::vector<Text> messages;  ///< the distinct ones still remembered, oldest first
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
    RecentMap<Similar, Group, kMost> groups;
    RecentMap<Same, Reported, kMost> reported;
    RecentMap<Spender, Bucket, kMost> buckets;
    bool operator==(const Memory&) const = default;
  };
  PersistentMap<Text, Memory> sources_;
  std::int64_t named_{};  // events so far, which makes their names different
};

}  // namespace stsim::controllers
