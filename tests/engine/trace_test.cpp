#include "support/catch.hpp"

#include <stsim/engine/trace.hpp>

using stsim::engine::Causes;
using Ids = std::vector<stsim::engine::TraceId>;

namespace {
Ids ids(const Causes& causes) {
  return {causes.ids().begin(), causes.ids().end()};
}
}  // namespace

TEST_CASE("causes name the last enabler first, each once, and keep the newest") {
  Causes causes(1);
  causes.add(2);
  causes.add(1);
  REQUIRE(ids(causes) == Ids{2, 1});
  for (stsim::engine::TraceId id = 3; id <= 6; ++id) {
    causes.add(id);
  }
  REQUIRE(ids(causes) == Ids{6, 5, 4, 3});
}

TEST_CASE("record 0 is no cause") {
  Causes causes;
  causes.add(0);
  REQUIRE(ids(causes).empty());
}

TEST_CASE("causes of two are joined, the added ones first") {
  Causes a(1);
  Causes b(2);
  b.add(3);
  a.add(b);
  REQUIRE(ids(a) == Ids{3, 2, 1});
}
