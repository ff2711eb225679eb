#include "support/catch.hpp"

#include <stsim/base/text_about.hpp>

#include <string>

using namespace stsim;

TEST_CASE("what is said alike of two things is the same, and whole again with their names") {
  const TextAbout first("Created pod web-1 of web-1's set", "web-1");
  const TextAbout second("Created pod web-2 of web-2's set", "web-2");
  REQUIRE(first == second);
  REQUIRE(first.of("web-1") == "Created pod web-1 of web-1's set");
  REQUIRE(first.of("web-2") == "Created pod web-2 of web-2's set");
  REQUIRE_FALSE(first == TextAbout("Created pod web-2 of web-1's set", "web-1"));
}

TEST_CASE("every text about a thing is whole again with the thing's name") {
  // The third of these characters is what stands for a name.
  const std::string characters = "ab\x01";
  const auto text_of = [&characters](int number, int size) {
    std::string out;
    for (int i = 0; i < size; ++i, number /= 3) {
      out += characters[static_cast<std::size_t>(number % 3)];
    }
    return out;
  };
  for (const std::string name : {"", "a", "ab", "aa", "\x01", "a\x01"}) {
    for (int size = 0, count = 1; size <= 6; ++size, count *= 3) {
      for (int number = 0; number < count; ++number) {
        const std::string text = text_of(number, size);
        REQUIRE(TextAbout(text, name).of(name) == text);
        if (text.find(name) == std::string::npos) {
          REQUIRE(TextAbout(text, name).of("other") == text);
        }
      }
    }
  }
}
