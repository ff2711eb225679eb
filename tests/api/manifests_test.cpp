// Files of manifests as `kubectl apply -f` reads them, and Go's words about broken JSON.
#include "support/catch.hpp"

#include <stsim/api/json_parse.hpp>
#include <stsim/api/yaml.hpp>

#include <string>

using namespace stsim;
using namespace stsim::api;

namespace {

/// All objects of a text that can be read.
std::vector<Json> objects(std::string_view text) {
  const Manifests found = read_manifests(text);
  REQUIRE(found.error.empty());
  return found.documents;
}

}  // namespace

TEST_CASE("KC-33: a file holds several documents, empty ones do not count") {
  CHECK(objects("# volumes\n---\nkind: A\n---\n# nothing\n---\n\n--- # the last one\nkind: B\n") ==
        std::vector<Json>{{{"kind", "A"}}, {{"kind", "B"}}});
  CHECK(objects("").empty());
  CHECK(objects("# a comment\n").empty());
}

TEST_CASE("KC-33: JSON is accepted, also several values and YAML behind it") {
  CHECK(objects("{\"kind\": \"A\"}\n{\"kind\": \"B\"}") ==
        std::vector<Json>{{{"kind", "A"}}, {{"kind", "B"}}});
  CHECK(objects("{\"kind\": \"A\"}\n---\nkind: B\n") ==
        std::vector<Json>{{{"kind", "A"}}, {{"kind", "B"}}});
  CHECK(objects("{kind: A}\n") == std::vector<Json>{{{"kind", "A"}}});
}

TEST_CASE("KC-33: unparsable manifests are refused in kubectl's words") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"a: 1\nb: 2\n c: 3\n", "yaml: line 3: mapping values are not allowed in this context"},
      {"a: b: c\n", "yaml: mapping values are not allowed in this context"},
      {"kind: X\nspec:\n    a: 1\n  b: 2\n", "yaml: line 3: did not find expected key"},
      {"kind: X\nspec:\n  - a: 1\n - b: 2\n", "yaml: line 3: did not find expected key"},
      {"- a\n- b\nc: 1\n", "yaml: line 2: did not find expected '-' indicator"},
      {"a: 1\nb: [1, 2\nc: 3\n", "yaml: line 2: did not find expected ',' or ']'"},
      {"a: 1\nb: \"x\nc: 3\n", "yaml: line 4: found unexpected end of stream"},
      {"a: 1\nb\nc: 3\n", "yaml: line 3: could not find expected ':'"},
      {"a: 1\nb:\n\t- c\n", "yaml: line 3: found character that cannot start any token"},
      {"a: 1\nb: @c\n", "yaml: line 2: found character that cannot start any token"},
      {"a: *b\n", "yaml: unknown anchor 'b' referenced"},
      {"a: &a [*a]\n", "yaml: anchor 'a' value contains itself"},
      {"a: - b\n", "yaml: block sequence entries are not allowed in this context"},
      {"a: \x01\n", "yaml: control characters are not allowed"},
      {"a: \xff\n", "yaml: invalid leading UTF-8 octet"},
      {"name: {{ x }}\n",
       "yaml: invalid map key: map[interface {}]interface {}{\"x\":interface {}(nil)}"},
  }));
  CAPTURE(text);
  CHECK(read_manifests(text).error == "error converting YAML to JSON: " + expected);
}

TEST_CASE("KC-33: lines are counted from the beginning of the document, earlier ones are kept") {
  const Manifests found = read_manifests("kind: A\n---\nkind: B\nb: 1\n c: 2\n---\nkind: C\n");
  CHECK(found.documents == std::vector<Json>{{{"kind", "A"}}});
  CHECK(found.error ==
        "error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this "
        "context");
}

TEST_CASE("KC-33: nothing may stand behind a separator but a comment") {
  CHECK(read_manifests("kind: A\n--- x\nkind: B\n").error == "invalid Yaml document separator: x");
}

TEST_CASE("KC-33: broken JSON is refused in Go's words where it is no YAML either") {
  CHECK(read_manifests("{\"a\": 1,, }").error ==
        "json: offset 9: invalid character ',' looking for beginning of object key string");
  CHECK(read_manifests("{\"a\": [1, 2").error == "unexpected EOF");
}

TEST_CASE("KC-13: Go's words about JSON that cannot be read") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"", "unexpected end of JSON input"},
      {"{\"spec\":", "unexpected end of JSON input"},
      {"{\"spec\"}", "invalid character '}' after object key"},
      {"{\"a\":1 \"b\"", "invalid character '\"' after object key:value pair"},
      {"{a:1}", "invalid character 'a' looking for beginning of object key string"},
      {"[1 2]", "invalid character '2' after array element"},
      {"[1,]", "invalid character ']' looking for beginning of value"},
      {"{} x", "invalid character 'x' after top-level value"},
      {"tru", "unexpected end of JSON input"},
      {"trux", "invalid character 'x' in literal true (expecting 'e')"},
      {"-x", "invalid character 'x' in numeric literal"},
      {"1.x", "invalid character 'x' after decimal point in numeric literal"},
      {"1ex", "invalid character 'x' in exponent of numeric literal"},
      {"\"a\nb\"", "invalid character '\\n' in string literal"},
      {"\"\\x\"", "invalid character 'x' in string escape code"},
      {"\"\\u00g0\"", "invalid character 'g' in \\u hexadecimal character escape"},
      {"'a'", "invalid character '\\'' looking for beginning of value"},
      {"\xc3\xa9", "invalid character '\xc3\x83' looking for beginning of value"},
  }));
  CAPTURE(text);
  const auto refused = parse_json(text);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message == expected);
}

TEST_CASE("JSON text that Go reads is read") {
  CHECK(*parse_json(" {\"a\": [1, -2, 0.5, true, null, \"\\u00e9\"], \"a\": 3} ") ==
        Json::parse(R"({"a":3})"));
  CHECK(*parse_json("[]") == Json::array());
  // Halves of surrogate pairs and bytes that are no UTF-8 are replaced.
  CHECK(*parse_json("\"\\ud800x\"") == Json("\xef\xbf\xbdx"));
  CHECK(*parse_json("\"\\ud83d\\ude00\"") == Json("\xf0\x9f\x98\x80"));
  CHECK(*parse_json("\"a\xff\"") == Json("a\xef\xbf\xbd"));
  CHECK(parse_json(std::string(20'000, '[')).error().message == "exceeded max depth");
}
