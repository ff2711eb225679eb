// What led to what: small traces by hand, as no scenario has them so plain.
#include "support/catch.hpp"

#include <fmt/format.h>
#include <stsim/report/causality.hpp>

#include <initializer_list>

using namespace stsim;
using engine::TraceId;
using report::CausalEdge;
using report::Causality;

namespace {

/// A record of the trace: when, in seconds, and its causes, the last enabler first.
struct Told {
  int second{};
  std::vector<TraceId> causes{};
};

scenario::RunLog log_of(std::initializer_list<Told> all) {
  scenario::RunLog log;
  for (const Told& told : all) {
    engine::TraceRecord record;
    record.id = log.records().size() + 1;
    record.time = kStartOfTime + std::chrono::seconds{told.second};
    for (auto cause = told.causes.rbegin(); cause != told.causes.rend(); ++cause) {
      record.causes.add(*cause);
    }
    log.record(record);
  }
  return log;
}

/// `1->2 3s`, with `!` where the cause is the last enabler.
std::string in_words(const std::vector<CausalEdge>& edges) {
  std::string out;
  for (const CausalEdge& edge : edges) {
    out += fmt::format("{}{}->{} {}{}",
                       out.empty() ? "" : ", ",
                       edge.cause,
                       edge.effect,
                       to_seconds_string(edge.took),
                       edge.last_enabler ? "!" : "");
  }
  return out;
}

/// The start, two things that follow from it, a third that waited for both, and one beside.
const scenario::RunLog kBoth = log_of({{0}, {1, {1}}, {4, {1}}, {5, {3, 2}}, {6, {2}}});

}  // namespace

TEST_CASE("a record has its causes, the last enabler first, and what it led to") {
  const Causality causality(kBoth);
  CHECK(in_words(causality.causes_of(4)) == "3->4 1s!, 2->4 4s");
  CHECK(in_words(causality.causes_of(1)).empty());
  CHECK(in_words(causality.effects_of(2)) == "2->4 4s, 2->5 5s!");
}

TEST_CASE("what led to a record is all that it could not have come without, and nothing beside") {
  const Causality causality(kBoth);
  CHECK(causality.led_to(std::vector<TraceId>{4}) == std::vector<TraceId>{1, 2, 3, 4});
  CHECK(causality.led_to(std::vector<TraceId>{2, 5}) == std::vector<TraceId>{1, 2, 5});
  CHECK(causality.led_to(std::vector<TraceId>{}).empty());
}

TEST_CASE("the critical path leads over the last enabler of each, and its times add up") {
  const Causality causality(kBoth);
  const auto path = causality.critical_path(4);
  CHECK(in_words(path) == "1->3 4s!, 3->4 1s!");
  SimDuration sum{};
  for (const CausalEdge& edge : path) {
    sum += edge.took;
  }
  CHECK(sum == kBoth.of(4).time - kBoth.of(1).time);
  CHECK(causality.critical_path(1).empty());
}

TEST_CASE("records that are left out hand their causes on") {
  const Causality causality(kBoth);
  CHECK(in_words(causality.among(std::vector<TraceId>{1, 4})) == "1->4 5s!");
  CHECK(in_words(causality.among(std::vector<TraceId>{1, 2, 4})) == "1->2 1s!, 1->4 5s!, 2->4 4s");
  CHECK(causality.among(std::vector<TraceId>{}).empty());
}

TEST_CASE("what follows from other edges is not drawn again") {
  // The third has both before it as causes, and the first of these caused the second.
  const Causality causality(log_of({{0}, {1, {1}}, {2, {2, 1}}}));
  CHECK(in_words(causality.among(std::vector<TraceId>{1, 2, 3})) == "1->2 1s!, 2->3 1s!");
}
