#pragma once
// A list that copies share until one of them changes it. One that was never filled takes no memory,
// any other a single block.

#include <stsim/base/error.hpp>
#include <stsim/base/nothing.hpp>
#include <stsim/base/shared_count.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace stsim {

/// A short list of things that copy without failing. It is read like a vector; a change of its
/// length costs O(n). One that is not empty may have a header, which stands with its items.
template <class T, class Header = Nothing>
class SharedVector {
 public:
  using value_type = T;
  using const_iterator = const T*;

  SharedVector() = default;
  SharedVector(std::initializer_list<T> items) : block_(copied(items.begin(), items.size(), {})) {}
  // Not explicit: it is that list.
  SharedVector(const std::vector<T>& items) : block_(copied(items.data(), items.size(), {})) {}
  SharedVector(const SharedVector& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) {
      block_->count.hold();
    }
  }
  SharedVector(SharedVector&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedVector& operator=(SharedVector other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedVector() {
    if (block_ != nullptr && block_->count.let_go()) {
      std::destroy_n(block_->items(), block_->size);
      block_->~Block();
      ::operator delete(block_);
    }
  }

  [[nodiscard]] const_iterator begin() const {
    return block_ == nullptr ? nullptr : block_->items();
  }
  [[nodiscard]] const_iterator end() const { return begin() + size(); }
  [[nodiscard]] std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
  [[nodiscard]] bool empty() const { return block_ == nullptr; }
  /// The n-th item, from 0. Pre: it is there.
  [[nodiscard]] const T& operator[](std::size_t n) const { return begin()[n]; }
  /// The first item. Pre: there is one.
  [[nodiscard]] const T& front() const { return *begin(); }

  /// The header; that of an empty list is `Header{}`. Valid until the list is changed.
  [[nodiscard]] const Header& header() const { return block_ == nullptr ? none() : block_->header; }
  /// Sets it. Pre: the list is not empty.
  void set_header(Header header) {
    STSIM_ASSERT(block_ != nullptr);
    static_cast<void>(edit());
    block_->header = std::move(header);
  }

  /// Puts an item before the n-th, or behind all.
  void insert(std::size_t n, T item) {
    Block* grown = allocate(size() + 1, header());
    std::uninitialized_copy_n(begin(), n, grown->items());
    new (grown->items() + n) T(std::move(item));
    std::uninitialized_copy(begin() + n, end(), grown->items() + n + 1);
    *this = SharedVector(grown);
  }
  /// Puts an item behind the others.
  void push_back(T item) { insert(size(), std::move(item)); }
  /// Takes out the n-th item. Pre: it is there.
  void erase(std::size_t n) {
    const T* gone = begin() + n;
    erase_if([gone](const T& item) { return &item == gone; });
  }
  void clear() { *this = {}; }
  /// Takes out the items that `gone` holds of, which may be asked twice.
  template <class Gone>
  void erase_if(Gone gone) {
    const auto going = static_cast<std::size_t>(std::count_if(begin(), end(), gone));
    if (going == 0) {
      return;
    }
    Block* left = going == size() ? nullptr : allocate(size() - going, header());
    if (left != nullptr) {
      T* to = left->items();
      for (const T& item : *this) {
        if (!gone(item)) {
          new (to++) T(item);
        }
      }
    }
    *this = SharedVector(left);
  }
  /// Makes it so many items long: those at the end go, or new ones come there that are `T{}`.
  void resize(std::size_t n) {
    if (n == size()) {
      return;
    }
    Block* out = n == 0 ? nullptr : allocate(n, header());
    if (out != nullptr) {
      const std::size_t kept = std::min(n, size());
      std::uninitialized_copy_n(begin(), kept, out->items());
      std::uninitialized_value_construct_n(out->items() + kept, n - kept);
    }
    *this = SharedVector(out);
  }
  /// The items to be changed. Valid until the list is copied or its length is changed.
  [[nodiscard]] std::span<T> edit() {
    if (block_ != nullptr && !block_->count.alone()) {
      *this = SharedVector(copied(begin(), size(), header()));
    }
    return {const_cast<T*>(begin()), size()};
  }

  friend bool operator==(const SharedVector& a, const SharedVector& b) {
    return a.block_ == b.block_ ||
           (std::equal(a.begin(), a.end(), b.begin(), b.end()) && a.header() == b.header());
  }

 private:
  static_assert(std::is_nothrow_copy_constructible_v<T>);
  static_assert(std::is_nothrow_copy_constructible_v<Header>);

  /// The items follow in memory.
  struct alignas(std::max({alignof(T), alignof(SharedCount), alignof(Header)})) Block {
    Block(std::size_t n, Header with)
        : size(static_cast<std::uint32_t>(n)), header(std::move(with)) {}
    SharedCount count;
    std::uint32_t size;
    [[no_unique_address]] Header header;
    [[nodiscard]] T* items() { return reinterpret_cast<T*>(this + 1); }
  };

  static_assert(alignof(Block) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

  explicit SharedVector(Block* block) : block_(block) {}

  /// A block for so many items, which are still to be put there.
  static Block* allocate(std::size_t n, Header header) {
    return new (::operator new(sizeof(Block) + n * sizeof(T))) Block(n, std::move(header));
  }
  static Block* copied(const T* items, std::size_t n, Header header) {
    if (n == 0) {
      return nullptr;
    }
    Block* out = allocate(n, std::move(header));
    std::uninitialized_copy_n(items, n, out->items());
    return out;
  }

  [[nodiscard]] static const Header& none() {
    static const Header kNone{};
    return kNone;
  }

  Block* block_{};
};

}  // namespace stsim
