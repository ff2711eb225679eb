#pragma once
// Labels and annotations of objects.

#include <stsim/base/shared_vector.hpp>
#include <stsim/base/text.hpp>

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <utility>

namespace stsim::api {

/// Labels or annotations, in bytewise order of key. Copies share them until one is changed, and go
/// on sharing the keys as long as only values are changed: all pods of a set have the same ones.
class Labels {
 public:
  /// A key and its value. Valid until the labels are changed.
  using Entry = std::pair<const Text&, const Text&>;

  /// Goes through the entries in order.
  class const_iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Entry;

    const_iterator() = default;
    const_iterator(const Text* key, const Text* value) : key_(key), value_(value) {}
    Entry operator*() const { return {*key_, *value_}; }
    const_iterator& operator++() {
      ++key_;
      ++value_;
      return *this;
    }
    const_iterator operator++(int) {
      const const_iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const const_iterator& other) const { return value_ == other.value_; }

   private:
    const Text* key_{};
    const Text* value_{};
  };

  Labels() = default;
  /// Of a key that is there twice the first value counts.
  Labels(std::initializer_list<std::pair<Text, Text>> entries);

  [[nodiscard]] const_iterator begin() const { return {keys().begin(), values_.begin()}; }
  [[nodiscard]] const_iterator end() const { return {keys().end(), values_.end()}; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] bool empty() const { return values_.empty(); }

  /// The value of a key, or nullptr. Valid until the labels are changed.
  [[nodiscard]] const Text* find(std::string_view key) const;
  [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }
  /// The value of a key. Pre: it is there.
  [[nodiscard]] const Text& at(std::string_view key) const;

  /// The value of a key to be set; a new one is empty. Valid until the labels are changed or
  /// copied.
  [[nodiscard]] Text& operator[](std::string_view key);
  /// Takes a key out. Returns whether it was there.
  bool erase(std::string_view key);
  void clear() { values_.clear(); }

  bool operator==(const Labels&) const = default;

 private:
  using Keys = SharedVector<Text>;
  [[nodiscard]] const Keys& keys() const { return values_.header(); }

  /// With their keys, in the same order.
  SharedVector<Text, Keys> values_;
};

}  // namespace stsim::api
