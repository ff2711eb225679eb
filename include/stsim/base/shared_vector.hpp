#pragma once
// A list that copies share until one of them changes it. One that was never filled takes no memory.

#include <stsim/base/boxed.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

namespace stsim {

/// A vector in a box. It is read like a vector, and changed as one through edit().
template <class T>
class SharedVector {
 public:
  using value_type = T;
  using const_iterator = typename std::vector<T>::const_iterator;

  SharedVector() = default;
  SharedVector(std::initializer_list<T> items) : items_(std::vector<T>(items)) {}
  // Not explicit: it is that list.
  SharedVector(std::vector<T> items) : items_(std::move(items)) {}

  [[nodiscard]] const_iterator begin() const { return items_->begin(); }
  [[nodiscard]] const_iterator end() const { return items_->end(); }
  [[nodiscard]] std::size_t size() const { return items_->size(); }
  [[nodiscard]] bool empty() const { return items_->empty(); }
  /// The n-th item, from 0. Pre: it is there.
  [[nodiscard]] const T& operator[](std::size_t n) const { return (*items_)[n]; }
  /// The first item. Pre: there is one.
  [[nodiscard]] const T& front() const { return items_->front(); }

  /// Puts an item behind the others.
  void push_back(T item) { items_.edit().push_back(std::move(item)); }
  void clear() { items_ = {}; }
  /// Takes out the items that `gone` holds of, which may be asked twice.
  template <class Gone>
  void erase_if(Gone gone) {
    if (std::any_of(begin(), end(), gone)) {
      std::erase_if(edit(), gone);
    }
  }
  /// The items to be changed. Valid until the list is copied.
  [[nodiscard]] std::vector<T>& edit() { return items_.edit(); }

  bool operator==(const SharedVector&) const = default;

 private:
  Boxed<std::vector<T>> items_;
};

}  // namespace stsim
