// YAML as users write it: places, types of scalars, and texts that are meant to do harm.
#include "support/catch.hpp"

#include <stsim/api/yaml.hpp>

#include <chrono>
#include <string>

using namespace stsim;
using namespace stsim::api;

namespace {

YamlNode only_document(std::string_view text) {
  const auto documents = load_yaml(text, "web.yaml");
  REQUIRE(documents.has_value());
  REQUIRE(documents->size() == 1);
  return documents->front();
}

Json json_of(std::string_view text) {
  const auto value = only_document(text).json();
  REQUIRE(value.has_value());
  return *value;
}

std::string json_error(std::string_view text) {
  const auto value = only_document(text).json();
  REQUIRE_FALSE(value.has_value());
  return value.error();
}

std::string yaml_error(std::string_view text) {
  const auto documents = load_yaml(text, "web.yaml");
  REQUIRE_FALSE(documents.has_value());
  return to_string(documents.error());
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

}  // namespace

TEST_CASE("every key and value knows its place") {
  const YamlNode root = only_document(
      "name: web\n"
      "spec:\n"
      "  ports:\n"
      "  - {port: 80}\n"
      "  empty:\n");
  CHECK(root.mark() == SourceMark{"web.yaml", 1, 1});
  REQUIRE(root.entries().size() == 2);
  CHECK(root.entries()[1].key.mark() == SourceMark{"web.yaml", 2, 1});
  const YamlNode* spec = root.find("spec");
  REQUIRE(spec != nullptr);
  CHECK(spec->mark() == SourceMark{"web.yaml", 3, 3});
  CHECK(spec->find("ports")->items()[0].find("port")->mark() == SourceMark{"web.yaml", 4, 12});
  // What is left out stands where its key does, not where the parser noticed.
  CHECK(spec->find("empty")->mark() == SourceMark{"web.yaml", 5, 3});
  CHECK(root.find("nosuch") == nullptr);
}

TEST_CASE("columns count characters, not bytes") {
  const YamlNode root = only_document("{größe: 1, b: 2}\n");
  CHECK(root.entries()[1].key.mark() == SourceMark{"web.yaml", 1, 12});
}

TEST_CASE("an error of a later check shows the line of the value") {
  const YamlNode root = only_document("a: 1\nb: [x, y]\n");
  CHECK(to_string(root.find("b")->items()[1].error("no y here", "try z")) ==
        "web.yaml:2:8: error: no y here\n"
        "  b: [x, y]\n"
        "         ^\n"
        "  try z\n");
}

TEST_CASE("repeated keys are visible, with the place of the later one") {
  const YamlNode root = only_document("a: 1\nb:\n  c: 1\n  'c': 2\na: 3\n");
  const auto found = root.repeated_keys();
  REQUIRE(found.size() == 2);
  CHECK(found[0]->key.mark() == SourceMark{"web.yaml", 4, 3});
  CHECK(found[1]->key.mark() == SourceMark{"web.yaml", 5, 1});
  CHECK(root.find("a")->text() == "3");
}

TEST_CASE("KC-33: plain scalars have the types of YAML 1.1 as kubectl reads them") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"yes", "true"},
      {"On", "true"},
      {"y", "true"},
      {"No", "false"},
      {"off", "false"},
      {"yEs", "\"yEs\""},
      {"~", "null"},
      {"Null", "null"},
      {"nil", "\"nil\""},
      {"12", "12"},
      {"+12", "12"},
      {"-12", "-12"},
      {"0644", "420"},
      {"0o644", "420"},
      {"089", "89"},
      {"0x1F", "31"},
      {"0b101", "5"},
      {"1_000", "1000"},
      {"9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"18446744073709551615", "18446744073709551615"},
      {"1e3", "1000"},
      {"1.0", "1"},
      {"0.5", "0.5"},
      {".5", "0.5"},
      {"-.5", "-0.5"},
      {"1e", "\"1e\""},
      {"1.2.3", "\"1.2.3\""},
      {"1:30", "\"1:30\""},
      {"5Gi", "\"5Gi\""},
      {"2026-01-01", "\"2026-01-01\""},
      {"2026-01-01T00:00:00Z", "\"2026-01-01T00:00:00Z\""},
      {"-", "\"-\""},
      {".", "\".\""},
      {"1e999", "\"1e999\""},
      {"1e-999", "0"},
  }));
  CAPTURE(text);
  CHECK(resolve_plain_scalar(text).dump() == expected);
}

TEST_CASE("KC-33: quotes and tags decide before the look of a scalar") {
  CHECK(json_of("a: \"1\"\nb: 'yes'\nc: !!str 5\nd: !!float 2\ne: !!int \"7\"\nf: |\n  12\n") ==
        Json::parse(R"({"a":"1","b":"yes","c":"5","d":2,"e":7,"f":"12\n"})"));
  CHECK(json_error("a: !!int two\n") == "yaml: cannot decode !!str `two` as a !!int");
}

TEST_CASE("KC-33: escapes of characters beyond ASCII are read as UTF-8") {
  CHECK(json_of(R"(a: "x\N\_\L\xe9y é")").at("a") ==
        "x\xc2\x85\xc2\xa0\xe2\x80\xa8\xc3\xa9y \xc3\xa9");
}

TEST_CASE("KC-33: keys become text, the last of equal ones wins") {
  CHECK(json_of("1: a\ny: b\n1.5: c\n0x10: d\n") ==
        Json::parse(R"({"1":"a","true":"b","1.5":"c","16":"d"})"));
  CHECK(json_of("replicas: 1\nreplicas: 2\n") == Json::parse(R"({"replicas":2})"));
}

TEST_CASE("KC-33: aliases and merge keys are carried out") {
  CHECK(json_of("base: &b {k: 1, l: 2}\n"
                "one: {<<: *b, l: 3}\n"
                "two: {<<: [{k: 5}, *b], m: 4}\n") ==
        Json::parse(R"({"base":{"k":1,"l":2},"one":{"k":1,"l":3},"two":{"k":5,"l":2,"m":4}})"));
  CHECK(json_error("a: {<<: 5}\n") ==
        "yaml: map merge requires map or sequence of maps as the value");
}

TEST_CASE("KC-33: what has no JSON form is refused in kubectl's words") {
  CHECK(json_error("name: {{ .Values.name }}\n") ==
        "yaml: invalid map key: map[interface {}]interface {}{\".Values.name\":interface {}(nil)}");
  CHECK(json_error("a: .inf\n") == "json: unsupported value: +Inf");
}

TEST_CASE("what is no YAML is refused with place, line and what to do") {
  CHECK(yaml_error("a: 1\n\tb: 2\n") ==
        "web.yaml:2:1: error: a tab in the indentation\n"
        "  \tb: 2\n"
        "  ^\n"
        "  YAML is indented by spaces only\n");
  CHECK(yaml_error("a: b: c\n") ==
        "web.yaml:1:5: error: a colon is not possible here\n"
        "  a: b: c\n"
        "      ^\n"
        "  put text with a colon in quotes, and each key on a line of its own\n");
  CHECK(yaml_error("spec:\n  replicas: 3\n template: {}\n") ==
        "web.yaml:3:2: error: this fits neither the mapping before it nor one further out\n"
        "   template: {}\n"
        "   ^\n"
        "  check the indentation: keys of one mapping stand in the same column\n");
  CHECK(yaml_error("spec:\n  a: 1\n  replicas:3\n") ==
        "web.yaml:3:3: error: a key without a colon\n"
        "    replicas:3\n"
        "    ^\n"
        "  a key is followed by a colon and a blank: `key: value`\n");
  CHECK(yaml_error("a: \"b\nc: d\n") ==
        "web.yaml:1:4: error: this quote is never closed\n"
        "  a: \"b\n"
        "     ^\n");
  CHECK(yaml_error("a: *b\n") ==
        "web.yaml:1:4: error: an alias without its anchor\n"
        "  a: *b\n"
        "     ^\n"
        "  put text that begins with * in quotes\n");
  CHECK(yaml_error("a: 1\n\xff\n") == "web.yaml:2:1: error: this is not UTF-8\n  \xff\n  ^\n");
}

TEST_CASE("what aliases add is limited more strictly than what a text says itself") {
  const std::string large = "a: &a [x" + repeated(", x", 999) + "]\n";
  const std::string grows = "the file grows too large when its aliases are followed";
  CHECK(load_yaml(large + "b: [*a" + repeated(", *a", 89) + "]\n", "web.yaml").has_value());
  CHECK(yaml_error(large + "b: [*a" + repeated(", *a", 109) + "]\n").find(grows) !=
        std::string::npos);
  CHECK(load_yaml("a: [x" + repeated(", x", 200'000) + "]\n", "web.yaml").has_value());

  const std::string long_value = "a: &a " + repeated("x", 20'000) + "\n";
  CHECK(load_yaml(long_value + "b: [*a" + repeated(", *a", 51) + "]\n", "web.yaml").has_value());
  CHECK(yaml_error(long_value + "b: [*a" + repeated(", *a", 53) + "]\n").find(grows) !=
        std::string::npos);
}

TEST_CASE("texts that grow or nest without measure are refused, and soon") {
  const auto begin = std::chrono::steady_clock::now();
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (int k = 1; k < 10; ++k) {
      laughs += ", " + alias;
    }
    laughs += "]\n";
  }
  CHECK(yaml_error(laughs).find("the file grows too large when its aliases are followed") !=
        std::string::npos);
  for (const std::string_view open : {"[", "{", "- ", "? ", "[{", "[\n"}) {
    CAPTURE(open);
    CHECK(yaml_error(repeated(open, 20'000)).find("more than 100 levels of nesting") !=
          std::string::npos);
  }
  CHECK(yaml_error("a: &a [*a]\n").find("the anchor 'a' contains itself") != std::string::npos);
  CHECK(yaml_error("]").find("this closes nothing that is open") != std::string::npos);
  CHECK(yaml_error(repeated("\"", 50'000)).find("a document ends before this") !=
        std::string::npos);
  CHECK(yaml_error("%TAG !a! " + repeated("x", 100'000) + "\n---\n" + repeated("- !a!b c\n", 9'000))
            .find("a directive that is too long") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20});
}

TEST_CASE("limits are refusals, never cuts") {
  YamlLimits limits;
  limits.bytes_max = 10;
  CHECK(load_yaml("a: 1\nb: 2\n", "web.yaml", limits).has_value());
  const auto refused = load_yaml("a: 1\nb: 22\n", "web.yaml", limits);
  REQUIRE_FALSE(refused.has_value());
  CHECK(to_string(refused.error()) == "web.yaml: error: the file is longer than 10 bytes\n");
}
