#pragma once
// A set of ordinals, as what is kept of a set's pods is made of.

#include <stsim/base/persistent_map.hpp>

#include <cstdint>
#include <optional>

namespace stsim::controllers::statefulset {

/// A set of numbers from 0 on, kept as runs of neighbours, because the pods of a set are alike in
/// runs: a thousand ready pods are one. A value; whatever is asked costs O(log n) in the number of
/// runs, if nothing else is said.
class Ordinals {
 public:
  /// Puts a number in or takes it out, whether it is there or not. Pre: ordinal >= 0.
  void set(std::int32_t ordinal, bool is_member);

  /// Whether a number is a member.
  [[nodiscard]] bool contains(std::int32_t ordinal) const;
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::int64_t size() const { return size_; }

  /// The smallest member that is not below a number.
  [[nodiscard]] std::optional<std::int64_t> next(std::int64_t least) const;
  /// The largest member that is not above a number.
  [[nodiscard]] std::optional<std::int64_t> previous(std::int64_t most) const;
  /// The smallest number from `least` on that is no member. Pre: least >= 0.
  [[nodiscard]] std::int64_t next_missing(std::int64_t least) const;
  /// The largest number up to `most` that is no member; -1 where all are.
  [[nodiscard]] std::int64_t previous_missing(std::int64_t most) const;
  /// How many members are from `first` to `last`, both included. O(log n) and the runs between.
  [[nodiscard]] std::int64_t count(std::int64_t first, std::int64_t last) const;

  bool operator==(const Ordinals&) const = default;

 private:
  PersistentMap<std::int64_t, std::int64_t> runs_;  ///< first and last number of each
  std::int64_t size_{};
};

}  // namespace stsim::controllers::statefulset
