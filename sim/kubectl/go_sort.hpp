#pragma once
// The order that Go's sort package gives to elements, of which equal ones may change places:
// kubectl sorts with it, so that what it prints depends on the algorithm. It is a pattern-defeating
// quicksort (Orson Peters, 2021) with insertion sort for up to twelve elements. Rules: KC-44,
// KC-51.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace stsim::kubectl {

/// Sorts a vector as Go does. `Less` may be any function of two elements, also one that is no
/// order.
template <class T, class Less = std::function<bool(const T&, const T&)>>
class GoSorter {
 public:
  GoSorter(std::vector<T>& data, Less less) : data_(data), less_(std::move(less)) {}

  void sort() {
    const auto size = static_cast<Index>(data_.size());
    if (size > 1) {
      quick_sort(0, size, static_cast<int>(std::bit_width(data_.size())));
    }
  }

 private:
  using Index = std::ptrdiff_t;

  enum class Hint { Unknown, Increasing, Decreasing };

  [[nodiscard]] T& at(Index i) { return data_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] bool less(Index i, Index j) { return less_(at(i), at(j)); }
  void swap(Index i, Index j) {
    using std::swap;
    swap(at(i), at(j));
  }

  void insertion_sort(Index first, Index last) {
    for (Index i = first + 1; i < last; ++i) {
      for (Index j = i; j > first && less(j, j - 1); --j) {
        swap(j, j - 1);
      }
    }
  }

  void sift_down(Index low, Index high, Index first) {
    for (Index root = low;;) {
      Index child = 2 * root + 1;
      if (child >= high) {
        return;
      }
      if (child + 1 < high && less(first + child, first + child + 1)) {
        ++child;
      }
      if (!less(first + root, first + child)) {
        return;
      }
      swap(first + root, first + child);
      root = child;
    }
  }

  void heap_sort(Index first, Index last) {
    const Index size = last - first;
    for (Index i = (size - 1) / 2; i >= 0; --i) {
      sift_down(i, size, first);
    }
    for (Index i = size - 1; i >= 0; --i) {
      swap(first, first + i);
      sift_down(0, i, first);
    }
  }

  void quick_sort(Index first, Index last, int limit) {
    constexpr Index kMostForInsertion = 12;
    bool balanced = true;
    bool partitioned = true;
    while (last - first > kMostForInsertion) {
      const Index size = last - first;
      if (limit == 0) {
        heap_sort(first, last);
        return;
      }
      if (!balanced) {
        break_patterns(first, last);
        --limit;
      }
      auto [pivot, hint] = choose_pivot(first, last);
      if (hint == Hint::Decreasing) {
        for (Index i = first, j = last - 1; i < j; ++i, --j) {
          swap(i, j);
        }
        pivot = (last - 1) - (pivot - first);
        hint = Hint::Increasing;
      }
      if (balanced && partitioned && hint == Hint::Increasing && insert_few(first, last)) {
        return;
      }
      if (first > 0 && !less(first - 1, pivot)) {
        first = partition_equal(first, last, pivot);
        continue;
      }
      const auto [middle, already] = partition(first, last, pivot);
      partitioned = already;
      const Index left = middle - first;
      const Index right = last - middle;
      balanced = (left < right ? left : right) >= size / 8;
      if (left < right) {
        quick_sort(first, middle, limit);
        first = middle + 1;
      } else {
        quick_sort(middle + 1, last, limit);
        last = middle;
      }
    }
    insertion_sort(first, last);
  }

  // Where the pivot ends up, and whether nothing had to move.
  std::pair<Index, bool> partition(Index first, Index last, Index pivot) {
    swap(first, pivot);
    Index i = first + 1;
    Index j = last - 1;
    bool moved = false;
    for (;;) {
      while (i <= j && less(i, first)) {
        ++i;
      }
      while (i <= j && !less(j, first)) {
        --j;
      }
      if (i > j) {
        swap(j, first);
        return {j, !moved};
      }
      swap(i, j);
      moved = true;
      ++i;
      --j;
    }
  }

  // Elements equal to the pivot come first; the result is where the others begin.
  Index partition_equal(Index first, Index last, Index pivot) {
    swap(first, pivot);
    Index i = first + 1;
    Index j = last - 1;
    for (;;) {
      while (i <= j && !less(first, i)) {
        ++i;
      }
      while (i <= j && less(first, j)) {
        --j;
      }
      if (i > j) {
        return i;
      }
      swap(i, j);
      ++i;
      --j;
    }
  }

  // Sorts what is nearly sorted; false where that takes more than a few steps.
  bool insert_few(Index first, Index last) {
    constexpr int kSteps = 5;
    constexpr Index kShortestToShift = 50;
    Index i = first + 1;
    for (int step = 0; step < kSteps; ++step) {
      while (i < last && !less(i, i - 1)) {
        ++i;
      }
      if (i == last) {
        return true;
      }
      if (last - first < kShortestToShift) {
        return false;
      }
      swap(i, i - 1);
      if (i - first >= 2) {
        for (Index j = i - 1; j >= 1 && less(j, j - 1); --j) {
          swap(j, j - 1);
        }
      }
      if (last - i >= 2) {
        for (Index j = i + 1; j < last && less(j, j - 1); ++j) {
          swap(j, j - 1);
        }
      }
    }
    return false;
  }

  void break_patterns(Index first, Index last) {
    const Index size = last - first;
    if (size < 8) {
      return;
    }
    auto random = static_cast<std::uint64_t>(size);
    const std::uint64_t mask =
        (std::uint64_t{1} << static_cast<unsigned>(std::bit_width(random))) - 1;
    const Index middle = first + (size / 4) * 2 - 1;
    for (Index i = 0; i < 3; ++i) {
      random ^= random << 13U;
      random ^= random >> 7U;
      random ^= random << 17U;
      auto other = static_cast<Index>(random & mask);
      if (other >= size) {
        other -= size;
      }
      swap(middle - 1 + i, first + other);
    }
  }

  std::pair<Index, Hint> choose_pivot(Index first, Index last) {
    constexpr Index kShortestForNine = 50;
    constexpr int kMostSwaps = 4 * 3;
    const Index quarter = (last - first) / 4;
    Index i = first + quarter;
    Index j = first + quarter * 2;
    Index k = first + quarter * 3;
    int swaps = 0;
    if (last - first >= 8) {
      if (last - first >= kShortestForNine) {
        i = median(i - 1, i, i + 1, swaps);
        j = median(j - 1, j, j + 1, swaps);
        k = median(k - 1, k, k + 1, swaps);
      }
      j = median(i, j, k, swaps);
    }
    const Hint hint = swaps == 0            ? Hint::Increasing
                      : swaps == kMostSwaps ? Hint::Decreasing
                                            : Hint::Unknown;
    return {j, hint};
  }

  Index median(Index a, Index b, Index c, int& swaps) {
    const auto order = [&](Index& x, Index& y) {
      if (less(y, x)) {
        ++swaps;
        std::swap(x, y);
      }
    };
    order(a, b);
    order(b, c);
    order(a, b);
    return b;
  }

  std::vector<T>& data_;
  Less less_;
};

/// Sorts `data` as Go's sort.Sort and sort.Slice do.
template <class T, class Less>
void go_sort(std::vector<T>& data, Less less) {
  GoSorter<T, Less>(data, std::move(less)).sort();
}

}  // namespace stsim::kubectl
