#pragma once
// What one reader of the change log has seen so far. A controller's cache is not a second copy: it
// is the store, seen through the changes that have not been delivered yet.

#include <stsim/base/boxed.hpp>
#include <stsim/store/store.hpp>

#include <optional>
#include <span>
#include <vector>

namespace stsim::store {

/// A position in the change log; and, as long as the watch of a kind is out of order, an earlier
/// one for that kind alone, as each kind has a connection of its own.
class Watch {
 public:
  /// The changes of a kind that do not get through.
  struct Hold {
    api::Kind kind{};
    std::uint64_t seen{};            ///< the position of the newest one that did
    std::optional<SimDuration> lag;  ///< how late they come; nothing: not at all
    bool operator==(const Hold&) const = default;
  };

  Watch() = default;
  /// One that has seen everything up to a position.
  explicit Watch(std::uint64_t position) : position_(position) {}

  /// The position of the newest change that was delivered, or is held.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// Up to where the changes of a kind were seen.
  [[nodiscard]] std::uint64_t seen(api::Kind kind) const {
    const Hold* hold = held(kind);
    return hold == nullptr ? position_ : hold->seen;
  }
  /// Up to where all changes were seen.
  [[nodiscard]] std::uint64_t all_seen() const {
    return holds_.is_set() ? seen_despite_holds() : position_;
  }

  /// Delivers the next change. Pre: there is one. The result is valid until the store is written.
  const Change& deliver(const Store& store);
  /// The same for a reader that has the change already.
  void advance() { ++position_; }

  // --- Watches out of order.

  /// Whether the changes of a kind are held, and how; else nullptr. Valid until the next change.
  [[nodiscard]] const Hold* held(api::Kind kind) const {
    return holds_.is_set() ? find_hold(kind) : nullptr;
  }
  /// Whether any kind is held.
  [[nodiscard]] bool holds_any() const { return holds_.is_set(); }
  /// The kinds that are held, in the order in which they were.
  [[nodiscard]] const std::vector<Hold>& holds() const { return *holds_; }
  /// From now on the changes of a kind are late, or do not come; what was held before stays so.
  void hold(api::Kind kind, std::optional<SimDuration> lag);
  /// Delivers the next change that is held of a kind, of those up to a position, or nullptr where
  /// there is none. Valid until the store is written. Pre: the kind is held.
  const Change* deliver_held(const Store& store, api::Kind kind, std::uint64_t up_to);
  /// Ends a hold. Pre: what was held was delivered.
  void release(api::Kind kind);

  bool operator==(const Watch&) const = default;

 private:
  [[nodiscard]] std::uint64_t seen_despite_holds() const;
  [[nodiscard]] const Hold* find_hold(api::Kind kind) const;

  std::uint64_t position_{};
  Boxed<std::vector<Hold>> holds_;
};

/// The store as a watch has seen it. Holds references: for the length of one decision.
class Cache {
 public:
  Cache(const Store& store, const Watch& watch) : store_(store), watch_(watch) {}

  /// The object as last seen, or null.
  [[nodiscard]] api::ObjectPtr find(const api::ObjectKey& key) const;
  /// Ordered by namespace and name; all namespaces if `ns` is empty.
  [[nodiscard]] std::vector<api::ObjectPtr> list(api::Kind kind, std::string_view ns = "") const;
  /// The objects that name an owner, in order of key.
  [[nodiscard]] std::vector<api::ObjectPtr> owned_by(const api::Uid& owner) const;
  /// The same, those of one kind only.
  [[nodiscard]] std::vector<api::ObjectPtr> owned_by(const api::Uid& owner, api::Kind kind) const;
  [[nodiscard]] const api::Features& features() const { return store_.features(); }
  /// The position of the change log up to which this cache has seen everything.
  [[nodiscard]] std::uint64_t position() const { return watch_.all_seen(); }

 private:
  /// Objects as they are now, corrected by those of some kinds that were not yet delivered;
  /// `belongs` tells which of these.
  template <class Belongs>
  [[nodiscard]] std::vector<api::ObjectPtr> as_seen(std::vector<api::ObjectPtr> now,
                                                    std::span<const api::Kind> kinds,
                                                    Belongs belongs) const;

  const Store& store_;
  const Watch& watch_;
};

}  // namespace stsim::store
