#include "support/catch.hpp"

#include <stsim/base/error.hpp>

#include <array>

using stsim::UserError;

TEST_CASE("an error of the user's shows place, line, caret and what to do") {
  const UserError error{
      {"a.yaml", 3, 5}, "unknown key \"stpes\"", "did you mean \"steps\"?", "    stpes:"};
  REQUIRE(to_string(error) ==
          "a.yaml:3:5: error: unknown key \"stpes\"\n"
          "      stpes:\n"
          "      ^\n"
          "  did you mean \"steps\"?\n");
}

TEST_CASE("an error without a place is only its message") {
  REQUIRE(to_string(UserError{{}, "no such file", "", ""}) == "error: no such file\n");
}

TEST_CASE("a caret stands below its column behind tabs") {
  REQUIRE(to_string(UserError{{"f", 1, 3}, "m", "", "\t\tx"}) ==
          "f:1:3: error: m\n  \t\tx\n  \t\t^\n");
}

TEST_CASE("the closest word is suggested only if it is close") {
  constexpr std::array<std::string_view, 3> kWords{"settle", "scale", "steps"};
  REQUIRE(stsim::closest("setle", kWords) == "settle");
  REQUIRE(stsim::closest("scales", kWords) == "scale");
  REQUIRE(stsim::closest("banana", kWords).empty());
  REQUIRE(stsim::closest("", kWords).empty());
}

TEST_CASE("a hint names the closest word, or all that are possible") {
  constexpr std::array<std::string_view, 2> kWords{"auto", "stepped"};
  CHECK(stsim::suggestion("steped", kWords) == "did you mean \"stepped\"?");
  CHECK(stsim::suggestion("banana", kWords) == "possible: auto, stepped");
  CHECK(stsim::suggestion("banana", {}).empty());
  CHECK(stsim::did_you_mean("").empty());
}
