#pragma once
// The API Events of a store, as rows. There are several for each pod that starts or stops, more
// than of everything else together, and nearly all of them say what thousands of others say. So a
// row keeps only what is its own, rows about one object lie together, and an object is made of a
// row when somebody asks for one.

#include <stsim/api/object.hpp>
#include <stsim/base/boxed.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/base/recent_boxes.hpp>
#include <stsim/base/shared_vector.hpp>
#include <stsim/base/text_about.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace stsim::store {

/// The API Events of one store, by namespace and name. What a row has no place for (labels, a name
/// that is not that of what the event is about with the time behind it) is kept as it is. A value:
/// a copy costs the same however many there are.
class ApiEvents {
 public:
  /// None, in a store that makes uids of `seed`.
  explicit ApiEvents(std::uint64_t seed = 0) : seed_(seed) {}

  /// The event, or null. Pre: `key` is one of an API Event, here and below.
  [[nodiscard]] api::ObjectPtr find(const api::ObjectKey& key) const;

  /// Puts an event in, in the place of an earlier version if there was one.
  void set(const api::ObjectPtr& event);

  /// Takes an event out, if it is there.
  void erase(const api::ObjectKey& key);

  [[nodiscard]] std::size_t size() const { return row_count_ + others_.size(); }

  /// Calls `each` with every event of one namespace or ("") of all, in order of key. The objects
  /// live as long as somebody holds them.
  template <class Each>
  void for_each(std::string_view ns, Each each) const {
    const api::ObjectKey first{api::Kind::Event, ns, ""};
    const auto ends = [ns](std::string_view of) { return !ns.empty() && of != ns; };
    auto other = others_.lower_bound(first);
    for (auto group = groups_.lower_bound(RowKey{ns, "", 0});
         group != groups_.end() && !ends(group->key.ns);
         ++group) {
      for (const Row& row : group->value.rows) {
        const api::ObjectPtr event = object_of(*group, row);
        for (; other != others_.end() && other->key < event->key; ++other) {
          each(other->value);
        }
        each(event);
      }
    }
    for (; other != others_.end() && !ends(other->key.ns); ++other) {
      each(other->value);
    }
  }

  /// The events about the object of a key, whatever its uid, in order of their own keys.
  [[nodiscard]] std::vector<api::ObjectPtr> about(const api::ObjectKey& object) const;

  /// Calls `each` with every event that is no row, in order of key.
  template <class Each>
  void for_each_other(Each each) const {
    for (const auto& [key, event] : others_) {
      each(event);
    }
  }

  /// Those that nobody has seen again for a while.
  struct Old {
    std::vector<api::ObjectKey> keys;   ///< in order
    SimTime next_seen{SimTime::max()};  ///< when the first of all others was last seen
  };
  /// Those last seen at `time` or before. Rule: SS-194.
  [[nodiscard]] Old last_seen_until(SimTime time) const;

  /// Whether both hold the same events; never if they are of stores with different seeds.
  bool operator==(const ApiEvents& other) const;

 private:
  /// The name of an event that is `web-0.18bcfe5687e2ffff`: that of what it is about, which has no
  /// dots, and a number of 16 digits. In the order of the names.
  struct RowKey {
    Text ns;
    Text about;  ///< with the dot
    std::uint64_t number{};
    [[nodiscard]] std::string_view name_of_about() const {
      return about.view().substr(0, about.size() - 1);
    }
    /// Whether both are of events about objects of one name.
    [[nodiscard]] bool same_about(const RowKey& other) const {
      return about == other.about && ns == other.ns;
    }
    auto operator<=>(const RowKey&) const = default;
  };
  /// What events that say the same share.
  struct Words {
    Text type;
    Text reason;
    TextAbout message;
    Text component;
    Text field_path;
    api::Kind about_kind{};
    bool of_cluster{};  ///< what it is about is in no namespace
    bool operator==(const Words&) const = default;
  };
  /// What is known of an event that follows of its key and version if it was written once, at the
  /// time that its name says.
  struct History {
    api::Uid uid;
    SimTime created;
    SimTime first_seen;
    SimTime last_seen;
    std::int32_t count{};
    bool operator==(const History&) const = default;
  };
  /// What an event says. All share it that say the same and have no history.
  struct Said {
    Boxed<Words> words;
    OptionalBox<History> history;  ///< only if it does not follow
    bool operator==(const Said&) const = default;
  };
  struct Row {
    std::uint64_t number{};
    api::ResourceVersion resource_version;
    api::ResourceVersion about_version;
    Boxed<Said> said;
    bool operator==(const Row&) const = default;
    /// The second in which its name was made, if recorders did.
    [[nodiscard]] SimTime named() const;
    [[nodiscard]] SimTime last_seen() const {
      return said->history ? said->history->last_seen : named();
    }
  };
  /// Events about one object which follow each other in the order of names.
  struct Group {
    api::Uid about_uid;
    SharedVector<Row> rows;  ///< by number; one at least
  };
  using Groups = PersistentMap<RowKey, Group>;
  /// Where a row is or belongs.
  struct Place {
    const Groups::Entry* group{};  ///< null if none about that name begins at or before it
    std::size_t at{};
    bool there{};
  };
  /// A longer group is continued by another, as a new row costs a copy of its group.
  static constexpr std::size_t kMostRows = 8;

  [[nodiscard]] static std::optional<RowKey> row_key(const api::ObjectKey& key);
  /// Whether a row says all of an event.
  [[nodiscard]] static bool fits(const api::Object& event, const RowKey& key);
  [[nodiscard]] Row row_of(const api::Object& event, const RowKey& key);
  [[nodiscard]] History written_once(const api::ObjectKey& key, const Row& row) const;
  [[nodiscard]] static api::ObjectKey key_of(const Groups::Entry& group, const Row& row);
  [[nodiscard]] api::ObjectPtr object_of(const Groups::Entry& group, const Row& row) const;
  [[nodiscard]] Boxed<Said> shared(Words words);
  [[nodiscard]] Place place_of(const RowKey& key) const;
  void put(const RowKey& key, const api::Uid& about_uid, Row row);
  void split(const RowKey& group, std::uint64_t number);
  bool erase_row(const RowKey& key);

  std::uint64_t seed_;
  std::size_t row_count_{};
  /// By a name that comes after the rows of the group before, and not after those of its own. Where
  /// a row comes before all of a group, it begins one.
  Groups groups_;
  PersistentMap<api::ObjectKey, api::ObjectPtr> others_;
  RecentBoxes<Said> said_;  ///< to be shared; it decides nothing
};

}  // namespace stsim::store
