#pragma once
// Labels and annotations of objects.

#include <stsim/base/shared_vector.hpp>
#include <stsim/base/text.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace stsim::api {

/// Labels or annotations, in bytewise order of key. Copies share them until one is changed.
class Labels {
 public:
  using value_type = std::pair<Text, Text>;
  using const_iterator = SharedVector<value_type>::const_iterator;

  Labels() = default;
  /// Of a key that is there twice the first value counts.
  Labels(std::initializer_list<value_type> entries);

  [[nodiscard]] const_iterator begin() const { return entries_.begin(); }
  [[nodiscard]] const_iterator end() const { return entries_.end(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// The entry of a key, or end().
  [[nodiscard]] const_iterator find(std::string_view key) const;
  [[nodiscard]] bool contains(std::string_view key) const { return find(key) != end(); }
  /// The value of a key. Pre: it is there.
  [[nodiscard]] const Text& at(std::string_view key) const;

  /// The value of a key to be set; a new one is empty. Valid until the labels are changed or
  /// copied.
  [[nodiscard]] Text& operator[](std::string_view key);
  /// Takes a key out. Returns whether it was there.
  bool erase(std::string_view key);
  void clear() { entries_.clear(); }

  bool operator==(const Labels&) const = default;

 private:
  SharedVector<value_type> entries_;
};

}  // namespace stsim::api
