#pragma once
// A map of bounded size: a value that copies cheaply.

#include <stsim/base/persistent_map.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace stsim {

/// An ordered map that keeps the `kMost` entries that were set last.
template <class Key, class Value, std::size_t kMost>
class RecentMap {
 public:
  /// The value of a key, or nullptr. Valid until the map is changed.
  [[nodiscard]] const Value* find(const Key& key) const {
    const Entry* found = entries_.find(key);
    return found == nullptr ? nullptr : &found->value;
  }

  /// Puts a value in, in place of that of the key if there is one. The entry that was set longest
  /// ago goes where there are too many.
  void set(const Key& key, Value value) {
    if (const Entry* known = entries_.find(key)) {
      order_.erase(known->set_at);
    }
    order_.set(++sets_, key);
    entries_.set(key, Entry{std::move(value), sets_});
    if (entries_.size() > kMost) {
      const auto oldest = order_.begin();
      entries_.erase(oldest->value);
      order_.erase(std::uint64_t{oldest->key});
    }
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  bool operator==(const RecentMap&) const = default;

 private:
  struct Entry {
    Value value;
    std::uint64_t set_at{};
    bool operator==(const Entry&) const = default;
  };
  PersistentMap<Key, Entry> entries_;
  PersistentMap<std::uint64_t, Key> order_;  // by when they were set
  std::uint64_t sets_{};
};

}  // namespace stsim
