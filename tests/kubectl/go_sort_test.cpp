#include "kubectl/go_sort.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace stsim::kubectl {
namespace {

TEST_CASE("KC-51: Go's sort orders any number of elements") {
  const int size = GENERATE(0, 1, 2, 12, 13, 49, 50, 200, 1000);
  const int values = GENERATE(1, 3, 10000);
  std::vector<int> numbers;
  std::uint32_t state = 12345;
  for (int i = 0; i < size; ++i) {
    state = state * 1664525U + 1013904223U;
    numbers.push_back(static_cast<int>((state >> 8U) % static_cast<std::uint32_t>(values)));
  }
  std::vector<int> sorted = numbers;
  go_sort(sorted, [](int a, int b) { return a < b; });
  std::sort(numbers.begin(), numbers.end());
  CHECK(sorted == numbers);
}

TEST_CASE("KC-51: Go's sort keeps sorted input and up to twelve equal elements in place") {
  std::vector<std::pair<int, int>> items;
  for (int i = 0; i < 40; ++i) {
    items.emplace_back(i / 4, i);
  }
  const auto expected = items;
  go_sort(items, [](const auto& a, const auto& b) { return a.first < b.first; });
  CHECK(items == expected);
}

}  // namespace
}  // namespace stsim::kubectl
