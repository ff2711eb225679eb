#include "support/catch.hpp"

#include <stsim/base/time.hpp>
#include <stsim/base/version.hpp>

using namespace std::chrono_literals;
using stsim::human_duration;
using stsim::SimDuration;
using stsim::SimTime;

TEST_CASE("KC-42: ages are printed as kubectl prints them") {
  struct Row {
    SimDuration age;
    const char* text;
  };
  const Row row = GENERATE(values<Row>(
      {{-2s, "<invalid>"},   {-1s, "0s"},         {-500ms, "0s"},    {0s, "0s"},
       {119s, "119s"},       {120s, "2m"},        {125s, "2m5s"},    {599s, "9m59s"},
       {600s, "10m"},        {179min, "179m"},    {180min, "3h"},    {185min, "3h5m"},
       {8h, "8h"},           {47h, "47h"},        {48h, "2d"},       {49h, "2d1h"},
       {8 * 24h, "8d"},      {729 * 24h, "729d"}, {730 * 24h, "2y"}, {731 * 24h, "2y1d"},
       {8 * 365 * 24h, "8y"}}));
  CAPTURE(row.age.count());
  REQUIRE(human_duration(row.age) == row.text);
}

TEST_CASE("times are printed in UTC and read back") {
  const SimTime time = stsim::kStartOfTime + 3723s + 45us;
  REQUIRE(stsim::to_rfc3339(time) == "2026-01-01T01:02:03Z");
  REQUIRE(stsim::to_rfc3339_micro(time) == "2026-01-01T01:02:03.000045Z");
  REQUIRE(stsim::to_rfc1123z(time) == "Thu, 01 Jan 2026 01:02:03 +0000");
  REQUIRE(stsim::parse_rfc3339("2026-01-01T01:02:03.000045Z") == time);
  REQUIRE(stsim::parse_rfc3339("2026-01-01T03:02:03.000045+02:00") == time);
  REQUIRE(stsim::parse_rfc3339("2024-02-29T00:00:00Z"));
  for (const char* bad : {"",
                          "2026-01-01",
                          "2026-02-29T00:00:00Z",
                          "2026-01-01T24:00:00Z",
                          "2026-01-01T00:00:00",
                          "2026-01-01T00:00:00Zx",
                          "2026-01-01T00:00:00.Z"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(stsim::parse_rfc3339(bad));
  }
}

TEST_CASE("durations are read and printed as Go does") {
  struct Row {
    const char* text;
    SimDuration duration;
    const char* printed;
  };
  const Row row = GENERATE(values<Row>({{"90s", 90s, "1m30s"},
                                        {"1m30s", 90s, "1m30s"},
                                        {"1.5h", 90min, "1h30m0s"},
                                        {"500ms", 500ms, "500ms"},
                                        {"1.25s", 1250ms, "1.25s"},
                                        {"10us", 10us, "10\xc2\xb5s"},
                                        {"-2m", -2min, "-2m0s"},
                                        {"0", 0s, "0s"}}));
  REQUIRE(stsim::parse_duration(row.text) == row.duration);
  REQUIRE(stsim::to_go_string(row.duration) == row.printed);
}

TEST_CASE("what is no duration is refused") {
  for (const char* bad : {"", "5", "s", "1x", "1s2", ".s", "1..5s", "99999999999999999999h"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(stsim::parse_duration(bad));
  }
}

TEST_CASE("SS-250: releases 1.25 to 1.36 and the point 1.35.0 can be named") {
  REQUIRE(stsim::parse_release("1.25")->minor == 25);
  REQUIRE(stsim::parse_release("v1.36")->at_least(36));
  REQUIRE(stsim::to_string(*stsim::parse_release("1.35.0")) == "1.35.0");
  for (const char* bad : {"", "1", "1.24", "1.38", "1.36.1", "2.30", "1.3x", "1.-5"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(stsim::parse_release(bad));
  }
}
