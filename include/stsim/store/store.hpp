#pragma once
// The API server's store: keyed objects with resource versions, optimistic concurrency,
// generations, finalizers and graceful deletion. Its change log is the only way in which anyone
// learns of anything. A store is a value: copies share what they have in common.

#include <stsim/api/api_error.hpp>
#include <stsim/api/decode.hpp>
#include <stsim/api/object.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/persistent_map.hpp>
#include <stsim/base/recent_boxes.hpp>
#include <stsim/store/api_events.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::store {

/// Either an object as it stands after a write (or stood before a removal), or the refusal.
using WriteResult = Result<api::ObjectPtr, api::ApiError>;

/// What a delete asks for. Rules: PN-20 to PN-22, GC-2 to GC-5.
struct DeleteOptions {
  /// What becomes of dependents. Rules: GC-3 to GC-5.
  enum class Propagation : unsigned char { Background, Foreground, Orphan };
  std::optional<std::int64_t> grace_seconds;
  /// Takes the place of what an earlier delete asked for; nothing: that stays, else background.
  std::optional<Propagation> propagation{};
  api::Uid uid{};  ///< empty, or the uid that the object must have
  bool operator==(const DeleteOptions&) const = default;
};

/// One entry of the change log.
struct Change {
  std::uint64_t position{};  ///< counts from 1
  std::uint64_t cause{};     ///< the trace record of the write
  api::ObjectPtr before;     ///< null if the object is new
  api::ObjectPtr after;      ///< null if the object is gone
  /// The object as it is now, or as it was if it is gone.
  [[nodiscard]] const api::Object& object() const { return after ? *after : *before; }
};

/// Tells changes apart: the object, then the position in the log.
struct ChangedKey {
  api::ObjectKey object;
  std::uint64_t position{};
  auto operator<=>(const ChangedKey&) const = default;
};

/// The API server's store. A value: a copy costs the same however much is in it.
class Store {
 public:
  /// How many objects a store takes if nothing else is said.
  static constexpr std::size_t kMostObjects = 300'000;

  /// An empty store. uids are functions of `seed`, the object's key and the write that made it. A
  /// store with `most_objects` objects refuses more, as etcd does when its quota is used up.
  Store(api::Features features, std::uint64_t seed, std::size_t most_objects = kMostObjects)
      : features_(std::move(features)),
        seed_(seed),
        most_objects_(most_objects),
        api_events_(seed) {}

  [[nodiscard]] const api::Features& features() const { return features_; }

  /// The object, or null.
  [[nodiscard]] api::ObjectPtr find(const api::ObjectKey& key) const;

  /// The objects of a kind, of one namespace or ("") of all, ordered by namespace and name.
  [[nodiscard]] std::vector<api::ObjectPtr> list(api::Kind kind, std::string_view ns = "") const;

  /// Calls `each` with every object, in order of key. Those who need one for longer hold it.
  template <class Each>
  void for_each(Each each) const {
    for_each_but_events(each);
    api_events_.for_each("", each);
  }
  /// The same without API Events that are rows: they have no owners, no finalizers, and are not on
  /// their way out.
  template <class Each>
  void for_each_but_rows(Each each) const {
    for_each_but_events(each);
    api_events_.for_each_other(each);
  }
  /// The same with those of one kind.
  template <class Each>
  void for_each(api::Kind kind, Each each) const {
    if (kind == api::Kind::Event) {
      api_events_.for_each("", each);
      return;
    }
    for (const auto& [key, object] : of(kind)) {
      each(object);
    }
  }
  [[nodiscard]] const ApiEvents& api_events() const { return api_events_; }

  /// How many objects there are.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// How many there are of a kind.
  [[nodiscard]] std::size_t size(api::Kind kind) const {
    return kind == api::Kind::Event ? api_events_.size() : of(kind).size();
  }

  /// The objects that name an owner in their ownerReferences, in order of key. Rule: GC-1.
  [[nodiscard]] std::vector<api::ObjectPtr> owned_by(const api::Uid& owner) const;
  /// The same, those of one kind only.
  [[nodiscard]] std::vector<api::ObjectPtr> owned_by(const api::Uid& owner, api::Kind kind) const;

  // --- Writes. Each that succeeds and changes something appends to the change log; `cause` is the
  // --- trace record to which the log entry points.

  /// Stores a new object that is decoded and has its defaults: gives it uid, resource version, time
  /// and what admission adds. Only what a controller may get wrong is validated.
  /// Errors: AlreadyExists, NotFound (its namespace), Forbidden (by admission), Invalid.
  /// Rules: SS-3, SS-6, SS-250, PV-2, PV-9, VA-11.
  WriteResult create(api::Object object, SimTime now, std::uint64_t cause);

  /// As create, from a manifest: decoded, defaulted and validated first. Errors: BadRequest too.
  WriteResult create(api::Kind kind,
                     const api::Json& manifest,
                     std::string_view default_namespace,
                     SimTime now,
                     std::uint64_t cause);

  /// Stores an object as it was in another store: with its uid, its times, its status and its
  /// deletion; only its resource version is new. Nothing is checked. Pre: it is decoded and has its
  /// defaults, and there is none of its key.
  api::ObjectPtr restore(api::Object object, std::uint64_t cause);

  /// Replaces metadata and spec by those of an object that is decoded and has its defaults; status
  /// stays as stored (SS-4). A resource version that is set must be the stored one. Taking the last
  /// finalizer of an object on its way out removes it. Of specs only those of pods are validated;
  /// the generation stays.
  /// Errors: NotFound, Conflict, Invalid.
  WriteResult update(api::Object object, std::uint64_t cause);

  /// As update, from a document: decoded (fields that nobody knows are dropped), defaulted,
  /// validated against what is stored. Errors: BadRequest and Forbidden (by admission) too.
  WriteResult update(api::Kind kind, const api::Json& manifest, std::uint64_t cause);

  /// Replaces the status only; the same status makes no new version.
  /// Errors: NotFound, Conflict, Invalid (SS-9, SS-161).
  WriteResult update_status(api::Object object, std::uint64_t cause);

  /// Deletes, or marks as on its way out. Errors: NotFound, Conflict (uid).
  /// Rules: PN-20 to PN-22, GC-2 to GC-5, GC-15, PV-70, PV-71.
  WriteResult remove(const api::ObjectKey& key,
                     const DeleteOptions& options,
                     SimTime now,
                     std::uint64_t cause);

  // --- The change log.

  /// The position of the newest change; 0 before the first.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// The change at a position. Pre: not compacted. Valid until the store is written.
  [[nodiscard]] const Change& change(std::uint64_t position) const;
  /// The first change of an object behind a position, or nullptr where there is none. Pre: nothing
  /// behind the position is compacted. Valid until the store is written.
  [[nodiscard]] const Change* next_change(const api::ObjectKey& key, std::uint64_t position) const;
  /// Calls `each` with the first change behind a position of every object of a kind that has
  /// changed since. Pre: nothing of that kind behind the position is compacted.
  template <class Each>
  void for_each_changed(api::Kind kind, std::uint64_t position, Each each) const {
    // Somebody else may be far behind, for whom the log is kept.
    if (2 * (position_ - position) <= older_.size()) {
      for (std::uint64_t at = position + 1; at <= position_; ++at) {
        const Change& one = change(at);
        const api::ObjectKey& key = one.object().key;
        if (key.kind == kind && next_change(key, position)->position == at) {
          each(one);
        }
      }
      return;
    }
    auto it = older_by_key_.lower_bound(ChangedKey{{kind, {}, {}}, 0});
    while (it != older_by_key_.end() && it->key.object.kind == kind) {
      const api::ObjectKey key = it->key.object;
      const auto first = older_by_key_.lower_bound(ChangedKey{key, position + 1});
      if (first != older_by_key_.end() && first->key.object == key) {
        each(*older_.find(first->key.position));
      }
      it = older_by_key_.lower_bound(ChangedKey{key, position_ + 1});
    }
    // And the newest one, which lies beside those.
    if (newest_ && newest_->object().key.kind == kind &&
        next_change(newest_->object().key, position) == &*newest_) {
      each(*newest_);
    }
  }
  /// Forgets changes up to and including `position`.
  void compact(std::uint64_t position);

  /// Whether both hold the same objects and the same changes, and have had the same number of
  /// writes.
  bool operator==(const Store& other) const;

 private:
  template <class Each>
  void for_each_but_events(Each& each) const {
    for (const Objects& of_kind : objects_) {
      for (const auto& [key, object] : of_kind) {
        each(object);
      }
    }
  }

  using Objects = PersistentMap<api::ObjectKey, api::ObjectPtr>;
  /// Of those that have a map of objects: API Events come last.
  static constexpr auto kKinds = static_cast<std::size_t>(api::Kind::Event);

  [[nodiscard]] Objects& of(api::Kind kind) { return objects_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] const Objects& of(api::Kind kind) const {
    return objects_[static_cast<std::size_t>(kind)];
  }
  api::ObjectPtr put(api::ObjectPtr before, api::Object after, std::uint64_t cause);
  void share_spec(api::Volume& volume);
  void drop(const api::ObjectPtr& before, std::uint64_t cause);
  void index(const api::Object& object, bool add);
  void log(api::ObjectPtr before, api::ObjectPtr after, std::uint64_t cause);
  [[nodiscard]] std::optional<api::ApiError> refuse_unvalidated(const api::ObjectKey& key,
                                                                const api::Json& spec) const;
  WriteResult create_valid(api::Object object, SimTime now, std::uint64_t cause);
  [[nodiscard]] std::optional<api::ApiError> admit(api::Object& object) const;
  WriteResult replace(const api::ObjectPtr& stored,
                      api::Object object,
                      bool status,
                      std::uint64_t cause);

  api::Features features_;
  std::uint64_t seed_{};
  std::size_t most_objects_{};
  std::array<Objects, kKinds> objects_;  ///< by kind
  ApiEvents api_events_;
  std::size_t size_{};
  PersistentMap<api::Uid, PersistentSet<api::ObjectKey>> owned_;  ///< by owner: dependents
  // The change log.
  /// The change at `position_`, as long as it is not compacted. Nearly always everybody sees it at
  /// once, and it never comes into the maps of older ones.
  std::optional<Change> newest_;
  PersistentMap<std::uint64_t, Change> older_;  ///< those before that are not compacted
  PersistentSet<ChangedKey> older_by_key_;      ///< the same
  RecentBoxes<api::VolumeSpec> volume_specs_;   ///< to be shared; they decide nothing
  std::uint64_t position_{};  ///< every write is a change, so this is the resource version, too
};

}  // namespace stsim::store
