#pragma once
// An ordered map that copies in constant time. Copies share their nodes; a write copies the path
// from the root to the entry, and changes in place what nobody else holds. It is what makes a world
// cheap to copy.

#include <stsim/base/shared_count.hpp>

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace stsim {

/// A height-balanced tree of shared nodes. Lookups and writes cost O(log n); a copy costs O(1).
/// Iteration is in the order of `Less`. References and iterators stay valid until the map they came
/// from is written to, whatever happens to its copies.
template <class Key, class Value, class Less = std::less<>>
class PersistentMap {
  struct Node;

 public:
  /// An entry as iteration shows it.
  struct Entry {
    Key key;
    Value value;
  };

  /// A forward iterator over entries in order.
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = const Entry*;
    using reference = const Entry&;

    // Of the path only what is in use is set and copied.
    Iterator() {}  // NOLINT(cppcoreguidelines-pro-type-member-init)
    Iterator(const Iterator& other) : depth_(other.depth_) { copy_path(other); }
    Iterator& operator=(const Iterator& other) {
      depth_ = other.depth_;
      copy_path(other);
      return *this;
    }
    ~Iterator() = default;
    const Entry& operator*() const { return path_[depth_ - 1]->entry; }
    const Entry* operator->() const { return &**this; }
    Iterator& operator++() {
      const Node* node = path_[--depth_];
      descend_left(node->right);
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const {
      return depth_ == other.depth_ &&
             (depth_ == 0 || path_[depth_ - 1] == other.path_[depth_ - 1]);
    }

   private:
    friend class PersistentMap;
    /// An AVL tree of 2^62 nodes is less than 1.45 * 62 high.
    static constexpr std::size_t kHighest = 92;
    void copy_path(const Iterator& other) { std::copy_n(other.path_, depth_, path_); }
    void descend_left(const Node* node) {
      for (; node != nullptr; node = node->left) {
        path_[depth_++] = node;
      }
    }
    /// The ancestors still to be visited; a node's left part is done when it is on top.
    const Node* path_[kHighest];
    std::size_t depth_{0};
  };

  PersistentMap() = default;
  PersistentMap(const PersistentMap& other) : root_(retain(other.root_)), size_(other.size_) {}
  PersistentMap(PersistentMap&& other) noexcept
      : root_(std::exchange(other.root_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  PersistentMap& operator=(PersistentMap other) noexcept {
    std::swap(root_, other.root_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~PersistentMap() { release(root_); }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// The value of `key`, or nullptr.
  template <class K>
  [[nodiscard]] const Value* find(const K& key) const {
    const Node* node = root_;
    while (node != nullptr) {
      const auto order = compare(key, node->entry.key);
      if (order == 0) {
        return &node->entry.value;
      }
      node = order < 0 ? node->left : node->right;
    }
    return nullptr;
  }

  /// Sets the value of `key`, whether or not there was one.
  void set(Key key, Value value) { root_ = put(root_, std::move(key), std::move(value)); }

  /// The value of `key` to be changed in place, or nullptr. Copies of the map keep the old one.
  /// Valid until the map is written to or copied.
  template <class K>
  [[nodiscard]] Value* edit(const K& key) {
    if (find(key) == nullptr) {
      return nullptr;
    }
    Node** at = &root_;
    while (true) {
      *at = own(*at);
      Node* node = *at;
      const auto order = compare(key, node->entry.key);
      if (order == 0) {
        return &node->entry.value;
      }
      at = order < 0 ? &node->left : &node->right;
    }
  }

  /// Takes `key` out. Returns whether it was there.
  template <class K>
  bool erase(const K& key) {
    if (find(key) == nullptr) {
      return false;
    }
    root_ = take(root_, key);
    --size_;
    return true;
  }

  [[nodiscard]] Iterator begin() const {
    Iterator it;
    it.descend_left(root_);
    return it;
  }
  [[nodiscard]] Iterator end() const { return {}; }

  /// The first entry whose key is not less than `key`.
  template <class K>
  [[nodiscard]] Iterator lower_bound(const K& key) const {
    Iterator it;
    const Node* node = root_;
    while (node != nullptr) {
      if (Less{}(node->entry.key, key)) {
        node = node->right;
      } else {
        it.path_[it.depth_++] = node;
        node = node->left;
      }
    }
    return it;
  }

  /// The last entry whose key is not greater than `key`, or nullptr.
  template <class K>
  [[nodiscard]] const Entry* last_up_to(const K& key) const {
    const Entry* out = nullptr;
    const Node* node = root_;
    while (node != nullptr) {
      if (Less{}(key, node->entry.key)) {
        node = node->left;
      } else {
        out = &node->entry;
        node = node->right;
      }
    }
    return out;
  }

  /// Whether both are the very same nodes; then they are equal without looking.
  [[nodiscard]] bool same_as(const PersistentMap& other) const { return root_ == other.root_; }

  friend bool operator==(const PersistentMap& a, const PersistentMap& b) {
    if (a.root_ == b.root_) {
      return true;
    }
    return a.size_ == b.size_ &&
           std::equal(a.begin(), a.end(), b.begin(), [](const Entry& x, const Entry& y) {
             return x.key == y.key && x.value == y.value;
           });
  }

 private:
  struct Node {
    Node(Entry e, Node* l, Node* r) : entry(std::move(e)), left(l), right(r) {}
    Entry entry;
    Node* left;
    Node* right;
    SharedCount owners;
    std::int32_t height{1};
  };

  /// Where a key stands to that of a node: compared once, where the keys allow it.
  template <class K>
  static std::weak_ordering compare(const K& key, const Key& of_node) {
    if constexpr (std::is_same_v<Less, std::less<>> && requires {
                    { key <=> of_node } -> std::convertible_to<std::weak_ordering>;
                  }) {
      return key <=> of_node;
    } else {
      return Less{}(key, of_node)   ? std::weak_ordering::less
             : Less{}(of_node, key) ? std::weak_ordering::greater
                                    : std::weak_ordering::equivalent;
    }
  }

  static Node* retain(Node* node) {
    if (node != nullptr) {
      node->owners.hold();
    }
    return node;
  }

  static void release(Node* node) {
    // The right spine by iteration, the left by recursion: at most the tree's height deep.
    while (node != nullptr && node->owners.let_go()) {
      release(node->left);
      Node* right = node->right;
      delete node;
      node = right;
    }
  }

  /// `node` if nobody else holds it, otherwise a copy of it; takes over the caller's hold.
  static Node* own(Node* node) {
    if (node->owners.alone()) {
      return node;
    }
    Node* copy = new Node(node->entry, retain(node->left), retain(node->right));
    copy->height = node->height;
    release(node);
    return copy;
  }

  static int height(const Node* node) { return node == nullptr ? 0 : node->height; }

  static void measure(Node* node) {
    node->height = 1 + std::max(height(node->left), height(node->right));
  }

  static Node* rotate_right(Node* node) {
    Node* top = node->left = own(node->left);
    node->left = top->right;
    measure(node);
    top->right = node;
    measure(top);
    return top;
  }

  static Node* rotate_left(Node* node) {
    Node* top = node->right = own(node->right);
    node->right = top->left;
    measure(node);
    top->left = node;
    measure(top);
    return top;
  }

  /// Restores the balance of a node of our own whose parts differ in height by at most two.
  static Node* balance(Node* node) {
    measure(node);
    const int lean = height(node->left) - height(node->right);
    if (lean > 1) {
      if (height(node->left->left) < height(node->left->right)) {
        node->left = rotate_left(own(node->left));
      }
      return rotate_right(node);
    }
    if (lean < -1) {
      if (height(node->right->right) < height(node->right->left)) {
        node->right = rotate_right(own(node->right));
      }
      return rotate_left(node);
    }
    return node;
  }

  Node* put(Node* node, Key&& key, Value&& value) {
    if (node == nullptr) {
      ++size_;
      return new Node(Entry{std::move(key), std::move(value)}, nullptr, nullptr);
    }
    node = own(node);
    const auto order = compare(key, node->entry.key);
    if (order == 0) {
      node->entry.value = std::move(value);
      return node;
    }
    Node*& part = order < 0 ? node->left : node->right;
    part = put(part, std::move(key), std::move(value));
    return balance(node);
  }

  template <class K>
  static Node* take(Node* node, const K& key) {
    node = own(node);
    const auto order = compare(key, node->entry.key);
    if (order < 0) {
      node->left = take(node->left, key);
    } else if (order > 0) {
      node->right = take(node->right, key);
    } else {
      Node* left = std::exchange(node->left, nullptr);
      Node* right = std::exchange(node->right, nullptr);
      release(node);
      if (left == nullptr) {
        return right;
      }
      if (right == nullptr) {
        return left;
      }
      Node* next = nullptr;
      right = take_first(right, next);
      next->left = left;
      next->right = right;
      return balance(next);
    }
    return balance(node);
  }

  /// Takes the first node of a part out; `first` becomes it, a node of our own without parts.
  static Node* take_first(Node* node, Node*& first) {
    node = own(node);
    if (node->left == nullptr) {
      first = node;
      return std::exchange(node->right, nullptr);
    }
    node->left = take_first(node->left, first);
    return balance(node);
  }

  Node* root_{nullptr};
  std::size_t size_{0};
};

}  // namespace stsim
