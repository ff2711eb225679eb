#include "support/catch.hpp"

#include <stsim/api/selector.hpp>

#include <string>

using stsim::api::Json;
using stsim::api::Labels;
using stsim::api::parse_label_selector;
using stsim::api::parse_selector;

namespace {

bool selects(std::string_view selector, const Labels& labels) {
  const auto parsed = parse_selector(selector);
  REQUIRE(parsed);
  return parsed->matches(labels);
}

std::string complaint(std::string_view selector) {
  const auto parsed = parse_selector(selector);
  return parsed ? "none: " + parsed->text() : parsed.error();
}

}  // namespace

TEST_CASE("KC-1: a selector of the command line picks objects by label", "[selector]") {
  const Labels web{{"app", "web"}, {"tier", "front"}, {"empty", ""}};
  CHECK(selects("", web));
  CHECK(selects("app=web", web));
  CHECK(selects("app==web", web));
  CHECK(selects("app = web , tier", web));
  CHECK(selects("app!=db", web));
  CHECK(selects("missing!=x", web));
  CHECK(selects("tier in (front, back)", web));
  CHECK(selects("tier notin (back)", web));
  CHECK(selects("missing notin (back)", web));
  CHECK(selects("!missing", web));
  CHECK(selects("empty=", web));
  CHECK(selects("empty in ()", web));
  CHECK(selects("app in (in,notin,web)", web));
  CHECK_FALSE(selects("app=web,tier=back", web));
  CHECK_FALSE(selects("!app", web));
  CHECK_FALSE(selects("missing", web));
  CHECK_FALSE(selects("missing in (a)", web));
  CHECK_FALSE(selects("app!=web", web));
}

TEST_CASE("KC-1: a selector that is none is refused in kubectl's words", "[selector]") {
  CHECK(complaint("app=web,") == "found '', expected: identifier after ','");
  CHECK(complaint("=web") == "found '=', expected: !, identifier, or 'end of string'");
  CHECK(complaint("app web") ==
        "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt");
  CHECK(complaint("app in web") == "unable to parse requirement: found 'web' expected: '('");
  CHECK(complaint("app in (a b)") ==
        "unable to parse requirement: found 'b', expected: ',' or ')'");
  CHECK(complaint("app=web tier=x") == "found 'tier', expected: ',' or 'end of string'");
  CHECK(complaint("!") == "unable to parse requirement: found '', expected: identifier");
  CHECK(
      complaint("app=a_") ==
      "unable to parse requirement: values[0][app]: Invalid value: \"a_\": a valid label must be "
      "an "
      "empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
      "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
      "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
}

TEST_CASE("SS-10: a selector in text form is sorted by key", "[selector]") {
  const auto selector = parse_label_selector(Json::parse(R"({
      "matchLabels": {"tier": "front", "app": "web"},
      "matchExpressions": [{"key": "b", "operator": "In", "values": ["y", "x"]},
                           {"key": "gone", "operator": "DoesNotExist"},
                           {"key": "c", "operator": "NotIn", "values": ["q", "p"]},
                           {"key": "here", "operator": "Exists"}]})"));
  REQUIRE(selector);
  CHECK(selector->text() == "app=web,b in (x,y),c notin (p,q),!gone,here,tier=front");
}

TEST_CASE("SS-60: a selector that cannot be parsed says why", "[selector]") {
  const auto bad = [](const char* text) {
    const auto selector = parse_label_selector(Json::parse(text));
    REQUIRE_FALSE(selector);
    return selector.error();
  };
  CHECK(bad(R"({"matchExpressions": [{"key": "a", "operator": "Near"}]})") ==
        "\"Near\" is not a valid label selector operator");
  CHECK(bad(R"({"matchExpressions": [{"key": "a", "operator": "In"}]})") ==
        "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
  CHECK(bad(R"({"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]})") ==
        "values: Invalid value: [\"b\"]: values set must be empty for exists and does not exist");
}

TEST_CASE("a service selects by equalities", "[selector]") {
  const auto selector = stsim::api::equalities({{"app", "web"}, {"tier", "front"}});
  CHECK(selector.text() == "app=web,tier=front");
  CHECK(selector.matches({{"app", "web"}, {"tier", "front"}, {"x", "y"}}));
  CHECK_FALSE(selector.matches({{"app", "web"}}));
}
