#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/suite.hpp>

#include <sstream>

using namespace stsim;
using experiment::Case;
using experiment::FinishedCase;

namespace {

Case a_case(const std::string& file, const std::string& variant) {
  Case out;
  out.file = file;
  out.variant = variant;
  out.scenario.name = "canary";
  return out;
}

}  // namespace

TEST_CASE("JUnit has a suite for each file, with what fails, and no character that XML forbids") {
  const Case a = a_case("a.yaml", "seed 1");
  const Case b = a_case("a.yaml", "seed 2");
  const Case c = a_case("b.yaml", "");
  std::vector<FinishedCase> finished(3);
  finished[0] = {&a, {.passed = true, .virtual_time = std::chrono::milliseconds{1500}}};
  finished[1] = {&b, {.passed = false, .failures = {"first <line> & \x1b\nsecond"}}};
  finished[2] = {&c, {.passed = true}};
  std::ostringstream out;
  experiment::write_junit(out, finished);
  REQUIRE(out.str() == R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="stsim" tests="3" failures="1" errors="0">
  <testsuite name="a.yaml" tests="2" failures="1" errors="0">
    <testcase classname="a.yaml" name="canary (seed 1)" time="1.5" />
    <testcase classname="a.yaml" name="canary (seed 2)" time="0">
      <failure message="first &lt;line> &amp; ?" type="failure">first &lt;line&gt; &amp; ?
second</failure>
    </testcase>
  </testsuite>
  <testsuite name="b.yaml" tests="1" failures="0" errors="0">
    <testcase classname="b.yaml" name="canary" time="0" />
  </testsuite>
</testsuites>
)xml");
}

TEST_CASE("TAP counts from 1, and says as comments what failed") {
  const Case a = a_case("a.yaml", "");
  const Case b = a_case("b.yaml", "seed 2");
  std::vector<FinishedCase> finished(2);
  finished[0] = {&a, {.passed = true}};
  finished[1] = {&b, {.passed = false, .failures = {"one\ntwo", "three"}}};
  std::ostringstream out;
  experiment::write_tap(out, finished);
  REQUIRE(
      out.str() ==
      "TAP version 13\n1..2\nok 1 - a.yaml\nnot ok 2 - b.yaml (seed 2)\n# one\n# two\n# three\n");
}
