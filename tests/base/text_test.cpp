#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/base/text.hpp>

#include <string>
#include <vector>

using namespace stsim;

namespace {

/// Texts of all lengths around the longest that stands in place, and what is hard to compare.
std::vector<std::string> samples() {
  std::vector<std::string> out{"web-2", "web-10", "Web", "\xff", std::string("a\0", 2)};
  for (std::size_t length = 0; length < 40; ++length) {
    out.emplace_back(length, 'a');
    out.push_back(std::string(length, 'a') + 'b');
    out.push_back('b' + std::string(length, 'a'));
  }
  return out;
}

}  // namespace

TEST_CASE("a text is the string that it was made of, also as a copy and once moved") {
  for (const std::string& sample : samples()) {
    Text text = sample;
    const Text copy = text;
    const Text moved = std::move(text);
    REQUIRE(copy.view() == sample);
    REQUIRE(std::string(moved) == sample);
    REQUIRE(copy.size() == sample.size());
    REQUIRE(copy.empty() == sample.empty());
    REQUIRE(fmt::format("{}", copy) == sample);
    REQUIRE(copy + "!" == sample + "!");
    REQUIRE("!" + copy == "!" + sample);
  }
}

TEST_CASE("texts compare as strings do") {
  for (const std::string& a : samples()) {
    for (const std::string& b : samples()) {
      const Text one = a;
      const Text other = b;
      REQUIRE((one == other) == (a == b));
      REQUIRE((one <=> other) == (a <=> b));
      REQUIRE((one == b) == (a == b));
      REQUIRE((one < b) == (a < b));
      REQUIRE((a < other) == (a < b));
    }
  }
}

TEST_CASE("a text that is given another one lets go of the first") {
  Text text = std::string(100, 'a');
  const Text copy = text;
  text = "short";
  REQUIRE(text == "short");
  REQUIRE(copy == std::string(100, 'a'));
  text = copy;
  REQUIRE(text.view().data() == copy.view().data());
}
