// Names of pods and their order.
#include "support/catch.hpp"

#include <stsim/api/object.hpp>

using namespace stsim::api;

TEST_CASE("SS-20: a pod's name is its set's, a dash and an ordinal") {
  const auto taken_apart = [](std::string_view name) {
    const auto parts = parent_and_ordinal(name);
    return std::pair(std::string(parts.parent), parts.ordinal);
  };
  CHECK(taken_apart("web-0") == std::pair<std::string, std::int32_t>("web", 0));
  CHECK(taken_apart("my-web-12") == std::pair<std::string, std::int32_t>("my-web", 12));
  CHECK(taken_apart("web-2147483647").second == 2147483647);
  CHECK(taken_apart("web-2147483648").second == -1);
  CHECK(taken_apart("web").second == -1);
  CHECK(taken_apart("web-").second == -1);
  CHECK(taken_apart("web-a").second == -1);
  CHECK(taken_apart("web-007").second == 7);
}

TEST_CASE("numbers in names count by value") {
  CHECK(natural_less("web-2", "web-10"));
  CHECK_FALSE(natural_less("web-10", "web-2"));
  CHECK_FALSE(natural_less("web-2", "web-2"));
  CHECK(natural_less("a-9", "b-1"));
  CHECK(natural_less("10.244.0.9", "10.244.0.11"));
  CHECK(natural_less("web", "web-0"));
}
