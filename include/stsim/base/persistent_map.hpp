#pragma once
// An ordered map that copies in constant time. Copies share their nodes; a write copies the path
// from the root to the entry, and changes in place what nobody else holds. It is what makes a world
// cheap to copy.

#include <stsim/base/error.hpp>
#include <stsim/base/nothing.hpp>
#include <stsim/base/shared_count.hpp>

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace stsim {

/// A tree of shared nodes, all leaves of which are equally deep (a B+ tree). Lookups and writes
/// cost O(log n); a copy costs O(1). Iteration is in the order of `Less`. References and iterators
/// stay valid until the map they came from is written to, whatever happens to its copies.
///
/// The entries lie in the leaves, up to a kilobyte of them side by side, or four of large ones. In
/// a map of a million a lookup waits for memory at two or three nodes, not at each of twenty
/// entries; and an entry takes hardly more memory than its key and value do. An allocation that
/// fails leaves the map fit only to be destroyed.
template <class Key, class Value, class Less = std::less<>>
class PersistentMap {
  struct Node;
  struct Branch;
  class Hold;
  /// No map is higher: each node but a leaf has at least two branches, see kFewest.
  static constexpr std::size_t kHighest = 40;

 public:
  /// An entry as iteration shows it.
  struct Entry {
    Key key;
    [[no_unique_address]] Value value;
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
    const Entry& operator*() const { return items<Entry>(top().node)[top().at]; }
    const Entry* operator->() const { return &**this; }
    Iterator& operator++() {
      ++path_[depth_ - 1].at;
      leave_ended();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const {
      return depth_ == other.depth_ &&
             (depth_ == 0 || (top().node == other.top().node && top().at == other.top().at));
    }

   private:
    friend class PersistentMap;
    struct Step {
      const Node* node;
      std::size_t at;
    };
    [[nodiscard]] const Step& top() const { return path_[depth_ - 1]; }
    void copy_path(const Iterator& other) { std::copy_n(other.path_, depth_, path_); }
    void enter(const Node* node, std::size_t at) { path_[depth_++] = {node, at}; }
    /// To the first entry in a part.
    void descend(const Node* node) {
      for (; node->height > 0; node = items<Branch>(node)->part.get()) {
        enter(node, 0);
      }
      enter(node, 0);
    }
    /// Goes on to the next leaf if all of this one is behind, if there is a next one.
    void leave_ended() {
      if (top().at < top().node->size) {
        return;
      }
      while (--depth_ > 0) {
        Step& above = path_[depth_ - 1];
        if (++above.at < above.node->size) {
          descend(items<Branch>(above.node)[above.at].part.get());
          return;
        }
      }
    }
    /// From the root to the entry.
    Step path_[kHighest];
    std::size_t depth_{0};
  };

  PersistentMap() = default;
  PersistentMap(const PersistentMap& other) = default;
  PersistentMap(PersistentMap&& other) noexcept
      : root_(std::move(other.root_)), size_(std::exchange(other.size_, 0)) {}
  PersistentMap& operator=(PersistentMap other) noexcept {
    std::swap(root_, other.root_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~PersistentMap() = default;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// The value of `key`, or nullptr.
  template <class K>
  [[nodiscard]] const Value* find(const K& key) const {
    const Node* node = root_.get();
    if (node == nullptr) {
      return nullptr;
    }
    while (node->height > 0) {
      node = items<Branch>(node)[branch_of(node, key)].part.get();
    }
    const Place place = place_of(node, key);
    return place.there ? &items<Entry>(node)[place.at].value : nullptr;
  }

  /// Sets the value of `key`, whether or not there was one.
  void set(Key key, Value value) {
    if (!root_) {
      root_ = Hold::of_new(0, 1);
    }
    if (std::optional<Branch> split = put(root_, std::move(key), std::move(value))) {
      Hold above = Hold::of_new(root_->height + 1, 2);
      append(above, Branch{split->first, std::move(root_)});  // nobody reads that key
      append(above, *std::move(split));
      root_ = std::move(above);
    }
  }

  /// The value of `key`, which may be that of an entry of this map, to be changed in place, or
  /// nullptr. Copies of the map keep the old one.
  /// Valid until the map is written to or copied.
  template <class K>
  [[nodiscard]] Value* edit(const K& key) {
    if (find(key) == nullptr) {
      return nullptr;
    }
    Hold* at = &root_;
    for (own(*at); (*at)->height > 0; own(*at)) {
      at = &items<Branch>(at->get())[branch_of(at->get(), key)].part;
    }
    return &items<Entry>(at->get())[place_of(at->get(), key).at].value;
  }

  /// Takes `key`, which may be that of an entry of this map, out. Returns whether it was there.
  template <class K>
  bool erase(const K& key) {
    if (find(key) == nullptr) {
      return false;
    }
    take(root_, key);
    --size_;
    if (size_ == 0) {
      root_ = {};
    }
    while (root_ && root_->height > 0 && root_->size == 1) {
      Hold only = items<Branch>(root_.get())->part;
      root_ = std::move(only);
    }
    return true;
  }

  [[nodiscard]] Iterator begin() const {
    Iterator it;
    if (root_) {
      it.descend(root_.get());
    }
    return it;
  }
  [[nodiscard]] Iterator end() const { return {}; }

  /// The first entry whose key is not less than `key`.
  template <class K>
  [[nodiscard]] Iterator lower_bound(const K& key) const {
    const auto less = [&key](const auto& item) { return Less{}(key_of(item), key); };
    Iterator it;
    const Node* node = root_.get();
    if (node == nullptr) {
      return it;
    }
    while (node->height > 0) {
      const std::size_t at = last_branch(node, less);
      it.enter(node, at);
      node = items<Branch>(node)[at].part.get();
    }
    it.enter(node, first_not(items<Entry>(node), 0, node->size, less));
    it.leave_ended();
    return it;
  }

  /// The last entry whose key is not greater than `key`, or nullptr.
  template <class K>
  [[nodiscard]] const Entry* last_up_to(const K& key) const {
    const auto up_to = [&key](const auto& item) { return !Less{}(key, key_of(item)); };
    const Node* node = root_.get();
    if (node == nullptr) {
      return nullptr;
    }
    const Node* before = nullptr;  // the part before the one that was entered
    while (node->height > 0) {
      const std::size_t at = last_branch(node, up_to);
      const Branch* branches = items<Branch>(node);
      before = at > 0 ? branches[at - 1].part.get() : before;
      node = branches[at].part.get();
    }
    if (const std::size_t end = first_not(items<Entry>(node), 0, node->size, up_to); end > 0) {
      return &items<Entry>(node)[end - 1];
    }
    while (before != nullptr && before->height > 0) {
      before = items<Branch>(before)[before->size - 1].part.get();
    }
    return before == nullptr ? nullptr : &items<Entry>(before)[before->size - 1];
  }

  /// Whether both are the very same nodes; then they are equal without looking.
  [[nodiscard]] bool same_as(const PersistentMap& other) const {
    return root_.get() == other.root_.get();
  }

  friend bool operator==(const PersistentMap& a, const PersistentMap& b) {
    if (a.same_as(b)) {
      return true;
    }
    return a.size_ == b.size_ &&
           std::equal(a.begin(), a.end(), b.begin(), [](const Entry& x, const Entry& y) {
             return x.key == y.key && x.value == y.value;
           });
  }

 private:
  /// The head of a node. Behind it lie `size` items and room for more, up to `room`: entries in a
  /// leaf, which is 0 high, branches in others. There is at least one item.
  struct Node {
    SharedCount owners;
    std::uint16_t height{};
    std::uint16_t size{};
    std::uint16_t room{};
  };

  /// Holds a node together with others, or none.
  class Hold {
   public:
    Hold() = default;
    Hold(const Hold& other) : node_(other.node_) {
      if (node_ != nullptr) {
        node_->owners.hold();
      }
    }
    Hold(Hold&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    Hold& operator=(Hold other) noexcept {
      std::swap(node_, other.node_);
      return *this;
    }
    ~Hold() {
      if (node_ != nullptr && node_->owners.let_go()) {
        destroy(node_);
      }
    }
    /// A node of our own without items.
    static Hold of_new(std::size_t height, std::size_t room) {
      const std::size_t bytes =
          height > 0 ? kHead<Branch> + room * sizeof(Branch) : kHead<Entry> + room * sizeof(Entry);
      Node* node = new (::operator new(bytes)) Node;
      node->height = static_cast<std::uint16_t>(height);
      node->room = static_cast<std::uint16_t>(room);
      Hold out;
      out.node_ = node;
      return out;
    }
    [[nodiscard]] Node* get() const { return node_; }
    Node* operator->() const { return node_; }
    explicit operator bool() const { return node_ != nullptr; }

   private:
    Node* node_{nullptr};
  };

  /// A part of the map. All its keys are `first` or greater, and less than `first` of the next
  /// branch. So of a node's first branch it is not greater than any key; but where there are no
  /// keys before the node at all, nobody relies on it.
  struct Branch {
    Key first;
    Hold part;
  };

  /// Where the items begin.
  template <class Item>
  static constexpr std::size_t kHead = (sizeof(Node) + alignof(Item) - 1) / alignof(Item) *
                                       alignof(Item);
  /// How many items a node has at most: somewhat less than a kilobyte of them, up to which memory
  /// is quickly had, but four at least.
  template <class Item>
  static constexpr std::size_t kMost = std::clamp<std::size_t>(960 / sizeof(Item), 4, 32);

  /// A part with fewer is joined with the one beside it, or gets items of that. A node with one
  /// branch would have none to give or take when its part becomes empty.
  template <class Item>
  static constexpr std::size_t kFewest = std::max<std::size_t>(kMost<Item> / 4,
                                                               std::is_same_v<Item, Branch> ? 2
                                                                                            : 1);

  template <class Item>
  static Item* items(Node* node) {
    static_assert(alignof(Item) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return std::launder(reinterpret_cast<Item*>(reinterpret_cast<std::byte*>(node) + kHead<Item>));
  }
  template <class Item>
  static const Item* items(const Node* node) {
    return std::launder(
        reinterpret_cast<const Item*>(reinterpret_cast<const std::byte*>(node) + kHead<Item>));
  }

  static const Key& key_of(const Entry& entry) { return entry.key; }
  static const Key& key_of(const Branch& branch) { return branch.first; }

  /// Where a key stands to that of an item: compared once, where the keys allow it.
  template <class K>
  static std::weak_ordering compare(const K& key, const Key& of_item) {
    if constexpr (std::is_same_v<Less, std::less<>> && requires {
                    { key <=> of_item } -> std::convertible_to<std::weak_ordering>;
                  }) {
      return key <=> of_item;
    } else {
      return Less{}(key, of_item)   ? std::weak_ordering::less
             : Less{}(of_item, key) ? std::weak_ordering::greater
                                    : std::weak_ordering::equivalent;
    }
  }

  /// The first item from `begin` on for which `is` does not hold, or `end`. Pre: it holds for none
  /// behind one for which it does not.
  template <class Item, class Is>
  static std::size_t first_not(const Item* of, std::size_t begin, std::size_t end, Is is) {
    while (begin < end) {
      const std::size_t middle = (begin + end) / 2;
      if (is(of[middle])) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin;
  }

  /// The last branch for which `is` holds, or else the first branch.
  template <class Is>
  static std::size_t last_branch(const Node* node, Is is) {
    return first_not(items<Branch>(node), 1, node->size, is) - 1;
  }

  /// The branch in which a key is, if it is anywhere.
  template <class K>
  static std::size_t branch_of(const Node* node, const K& key) {
    return last_branch(node,
                       [&key](const Branch& branch) { return compare(key, branch.first) >= 0; });
  }

  /// Where an entry is in a leaf, or would have to be put in.
  struct Place {
    std::size_t at{};
    bool there{};
  };
  template <class K>
  static Place place_of(const Node* leaf, const K& key) {
    const Entry* entries = items<Entry>(leaf);
    std::size_t begin = 0;
    std::size_t end = leaf->size;
    while (begin < end) {
      const std::size_t middle = (begin + end) / 2;
      const auto order = compare(key, entries[middle].key);
      if (order == 0) {
        return {middle, true};
      }
      if (order < 0) {
        end = middle;
      } else {
        begin = middle + 1;
      }
    }
    return {begin, false};
  }

  static void destroy(Node* node) {
    if (node->height > 0) {
      std::destroy_n(items<Branch>(node), node->size);
    } else {
      std::destroy_n(items<Entry>(node), node->size);
    }
    node->~Node();
    ::operator delete(node);
  }

  /// How much room a node gets for so many items: somewhat more, but not for small maps.
  template <class Item>
  static std::size_t room_for(std::size_t size) {
    constexpr std::size_t kStep = 4;
    return size <= 2 ? size : std::min((size + kStep - 1) / kStep * kStep, kMost<Item>);
  }

  /// Makes a node our own: a copy of it, with room for one item more if there can be one, if others
  /// hold it too.
  static void own(Hold& node) {
    if (!node->owners.alone()) {
      node = node->height > 0 ? copy<Branch>(node.get()) : copy<Entry>(node.get());
    }
  }
  template <class Item>
  static Hold copy(const Node* node) {
    Hold out = Hold::of_new(node->height,
                            room_for<Item>(std::min<std::size_t>(node->size + 1U, kMost<Item>)));
    std::uninitialized_copy_n(items<Item>(node), node->size, items<Item>(out.get()));
    out->size = node->size;
    return out;
  }

  /// A node of items that are moved out of others, which are left behind to be destroyed, with room
  /// for `more`.
  template <class Item>
  static Hold move_out(std::size_t height, Item* from, std::size_t size, std::size_t more) {
    Hold out = Hold::of_new(height, room_for<Item>(size + more));
    std::uninitialized_move_n(from, size, items<Item>(out.get()));
    out->size = static_cast<std::uint16_t>(size);
    return out;
  }

  /// Puts an item in before the one at `at`. Pre: the node is our own, and not as large as nodes
  /// get.
  template <class Item>
  static void insert(Hold& node, std::size_t at, Item item) {
    const std::size_t size = node->size;
    if (size == node->room) {
      Hold larger = Hold::of_new(node->height, room_for<Item>(size + 1));
      Item* old = items<Item>(node.get());
      Item* fresh = items<Item>(larger.get());
      std::uninitialized_move_n(old, at, fresh);
      std::construct_at(fresh + at, std::move(item));
      std::uninitialized_move_n(old + at, size - at, fresh + at + 1);
      larger->size = static_cast<std::uint16_t>(size + 1);
      node = std::move(larger);
      return;
    }
    Item* all = items<Item>(node.get());
    if (at == size) {
      std::construct_at(all + size, std::move(item));
    } else {
      std::construct_at(all + size, std::move(all[size - 1]));
      std::move_backward(all + at, all + size - 1, all + size);
      all[at] = std::move(item);
    }
    ++node->size;
  }
  template <class Item>
  static void append(Hold& node, Item item) {
    insert(node, node->size, std::move(item));
  }

  /// The same with a node that may be as large as they get. Returns what was split off then, to
  /// stand behind it.
  template <class Item>
  static std::optional<Branch> insert_or_split(Hold& node, std::size_t at, Item item) {
    const std::size_t size = node->size;
    if (size < kMost<Item>) {
      insert(node, at, std::move(item));
      return std::nullopt;
    }
    // Who puts one entry in behind the other leaves full nodes behind; but one branch is too few.
    constexpr std::size_t kGoAlong = std::is_same_v<Item, Branch> ? 1 : 0;
    const std::size_t kept = at == size ? size - kGoAlong : size / 2;
    Item* all = items<Item>(node.get());
    Hold behind = move_out(node->height, all + kept, size - kept, at < kept ? 0 : 1);
    if (at == size) {
      std::destroy_n(all + kept, size - kept);
      node->size = static_cast<std::uint16_t>(kept);
    } else {
      node = move_out(node->height, all, kept, at < kept ? 1 : 0);
    }
    if (at < kept) {
      insert(node, at, std::move(item));
    } else {
      insert(behind, at - kept, std::move(item));
    }
    Key first = key_of(*items<Item>(behind.get()));
    return Branch{std::move(first), std::move(behind)};
  }

  /// Puts an entry into a part. Returns what was split off from that, to stand behind it.
  std::optional<Branch> put(Hold& node, Key&& key, Value&& value) {
    own(node);
    if (node->height > 0) {
      const std::size_t at = branch_of(node.get(), key);
      Hold& part = items<Branch>(node.get())[at].part;
      std::optional<Branch> split = put(part, std::move(key), std::move(value));
      return split ? insert_or_split(node, at + 1, *std::move(split)) : std::nullopt;
    }
    const Place place = place_of(node.get(), key);
    if (place.there) {
      items<Entry>(node.get())[place.at].value = std::move(value);
      return std::nullopt;
    }
    ++size_;
    return insert_or_split(node, place.at, Entry{std::move(key), std::move(value)});
  }

  template <class Item>
  static void erase_at(Node* node, std::size_t at) {
    Item* all = items<Item>(node);
    std::move(all + at + 1, all + node->size, all + at);
    std::destroy_at(all + --node->size);
  }

  /// Takes an entry out of a part. Pre: it is there.
  template <class K>
  static void take(Hold& node, const K& key) {
    own(node);
    if (node->height == 0) {
      erase_at<Entry>(node.get(), place_of(node.get(), key).at);
      return;
    }
    const std::size_t at = branch_of(node.get(), key);
    Hold& part = items<Branch>(node.get())[at].part;
    take(part, key);
    if (part->height > 0) {
      mend<Branch>(node.get(), at);
    } else {
      mend<Entry>(node.get(), at);
    }
  }

  /// Joins a part that has become small with the one beside it, or lets both have equally many.
  template <class Item>
  static void mend(Node* node, std::size_t at) {
    Branch* branches = items<Branch>(node);
    if (branches[at].part->size >= kFewest<Item>) {
      return;
    }
    STSIM_ASSERT(node->size > 1);
    const std::size_t behind = at == 0 ? 1 : at;
    Branch& left = branches[behind - 1];
    Branch& right = branches[behind];
    own(left.part);
    own(right.part);
    std::vector<Item> all;
    all.reserve(static_cast<std::size_t>(left.part->size) + right.part->size);
    for (const Hold* part : {&left.part, &right.part}) {
      Item* from = items<Item>(part->get());
      std::move(from, from + (*part)->size, std::back_inserter(all));
    }
    const std::size_t height = left.part->height;
    const std::size_t kept = all.size() <= kMost<Item> * 3 / 4 ? all.size() : all.size() / 2;
    left.part = move_out(height, all.data(), kept, 0);
    if (kept == all.size()) {
      erase_at<Branch>(node, behind);
    } else {
      right.part = move_out(height, all.data() + kept, all.size() - kept, 0);
      right.first = key_of(*items<Item>(right.part.get()));
    }
  }

  Hold root_;
  std::size_t size_{0};
};

/// An ordered set that copies in constant time: a map to nothing.
template <class Key, class Less = std::less<>>
using PersistentSet = PersistentMap<Key, Nothing, Less>;

}  // namespace stsim
