#pragma once
// What one reader of the change log has seen so far. A controller's cache is not a second copy: it
// is the store, seen through the changes that have not been delivered yet.

#include <stsim/store/store.hpp>

namespace stsim::store {

/// A position in the change log.
class Watch {
 public:
  /// The position of the newest delivered change.
  [[nodiscard]] std::uint64_t position() const { return position_; }

  /// Delivers the next change. Pre: there is one. The result is valid until the store is written.
  const Change& deliver(const Store& store);
  /// The same for a reader that has the change already.
  void advance() { ++position_; }

  bool operator==(const Watch&) const = default;

 private:
  std::uint64_t position_{};
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
  [[nodiscard]] std::uint64_t position() const { return watch_.position(); }

 private:
  /// Objects as they are now, corrected by those not yet delivered; `belongs` tells which of these.
  template <class Belongs>
  [[nodiscard]] std::vector<api::ObjectPtr> as_seen(std::vector<api::ObjectPtr> now,
                                                    Belongs belongs) const;

  const Store& store_;
  const Watch& watch_;
};

}  // namespace stsim::store
