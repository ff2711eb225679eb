// Characters of ASCII.
#include "support/catch.hpp"

#include <stsim/base/characters.hpp>

using namespace stsim;

TEST_CASE("a text is trimmed at both ends, and may be nothing else than blanks") {
  CHECK(trimmed(" \t a b\r\n") == "a b");
  CHECK(trimmed("a") == "a");
  CHECK(trimmed(" \v\f ").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("\u3000x") == "\u3000x");
}

TEST_CASE("letter case is that of ASCII, whatever the locale") {
  CHECK(to_lower("Web-0 Ä") == "web-0 Ä");
  CHECK(to_upper("web-0 ä") == "WEB-0 ä");
}
