#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/api/yaml.hpp>
#include <stsim/kubectl/yaml.hpp>

namespace stsim::kubectl {
namespace {

using api::Json;

std::string value_of(const Json& value) {
  const std::string text = to_yaml({{"k", value}});
  return text.substr(3, text.size() - 4);
}

TEST_CASE("VA-13: strings that read as something else are quoted") {
  const auto text = GENERATE(as<std::string>(),
                             "",
                             "~",
                             "null",
                             "true",
                             "Yes",
                             "off",
                             "n",
                             "y",
                             "0",
                             "12",
                             "-5",
                             "+7",
                             "0755",
                             "089",
                             "0x1F",
                             "0o17",
                             "0b101",
                             "1_000",
                             "1.5",
                             ".5",
                             "5.",
                             "1e3",
                             "665e97",
                             "1:30",
                             "190:20:30",
                             "2026-01-01",
                             "2026-01-01T00:00:00Z",
                             "2026-1-2 3:4:5",
                             ".inf",
                             ".NaN",
                             "18446744073709551616");
  CHECK(value_of(text) == "\"" + text + "\"");
}

TEST_CASE("VA-13: other strings stand as they are") {
  const auto text = GENERATE(as<std::string>(),
                             "web",
                             "web:v1",
                             "a b",
                             "it's",
                             "6659db9746",
                             "6659e9746",
                             "1.2.3",
                             "10.244.0.10",
                             "5Gi",
                             "500m",
                             "80/TCP",
                             "-v",
                             "--flag",
                             "a#b",
                             "a:b",
                             "2026-13-01",
                             "2026-02-30",
                             "$patch",
                             "/data",
                             "registry.example/side:1.2@sha256:00",
                             "a & b <c>",
                             "0x",
                             "0xG",
                             "1e400x",
                             "node.kubernetes.io/not-ready",
                             "<<",
                             "=",
                             "http://:80/",
                             "é");
  CHECK(value_of(text) == text);
}

TEST_CASE("VA-13: characters with a meaning need single quotes") {
  const auto text = GENERATE(as<std::string>(),
                             "*",
                             "&a",
                             "!x",
                             "%",
                             "@at",
                             "`x",
                             "#x",
                             "[1]",
                             "{a}",
                             "a: b",
                             "a:",
                             "x #y",
                             "-",
                             "- a",
                             "? a",
                             " x",
                             "x ",
                             "|",
                             ">",
                             "---",
                             "\"q\"",
                             ",a");
  CHECK(value_of(text) == "'" + text + "'");
}

TEST_CASE("VA-13: a single quote is doubled inside single quotes") {
  CHECK(value_of("'a'") == "'''a'''");
}

TEST_CASE("VA-13: unprintable characters need double quotes") {
  CHECK(value_of("a\tb") == "\"a\\tb\"");
  CHECK(value_of(std::string("\x01")) == "\"\\x01\"");
  CHECK(value_of("\xF0\x9F\x98\x80") == "\"\\U0001F600\"");
  CHECK(value_of("a\tb\nc") == "\"a\\tb\\nc\"");
}

TEST_CASE("VA-13: text of several lines is a literal block") {
  CHECK(to_yaml({{"k", "a\nb\n"}}) == "k: |\n  a\n  b\n");
  CHECK(to_yaml({{"k", "a\n\nb"}, {"l", 1}}) == "k: |-\n  a\n\n  b\nl: 1\n");
  CHECK(to_yaml({{"k", "a\n\n"}, {"l", 1}}) == "k: |+\n  a\n\nl: 1\n");
  CHECK(to_yaml({{"k", "  a\nb\n"}}) == "k: |2\n    a\n  b\n");
  CHECK(to_yaml({{"k", "a \nb"}}) == "k: \"a \\nb\"\n");
  CHECK(to_yaml({{"k", Json::array({"a\nb\n"})}}) == "k:\n- |\n  a\n  b\n");
}

TEST_CASE("VA-13: long strings are folded after 80 columns") {
  const std::string words =
      "0/3 nodes are available: the pod has unbound immediate PersistentVolumeClaims which wait "
      "for a volume";
  CHECK(to_yaml({{"message", words}}) ==
        "message: '0/3 nodes are available: the pod has unbound immediate PersistentVolumeClaims\n"
        "  which wait for a volume'\n");
  CHECK(to_yaml({{"m", std::string(90, 'x') + " y"}}) == "m: " + std::string(90, 'x') + "\n  y\n");
  CHECK(to_yaml({{"m", std::string(90, 'x') + "  y"}}) == "m: " + std::string(90, 'x') + "  y\n");
}

TEST_CASE("VA-13: block style, lists at the column of their key") {
  CHECK(
      to_yaml(parse(R"({"spec":{"containers":[{"name":"web","args":["-v"],"resources":{},"env":[]}],
      "lists":[[1,2],[{"a":1,"b":null}]],"ok":true}})")) ==
      "spec:\n"
      "  containers:\n"
      "  - args:\n"
      "    - -v\n"
      "    env: []\n"
      "    name: web\n"
      "    resources: {}\n"
      "  lists:\n"
      "  - - 1\n"
      "    - 2\n"
      "  - - a: 1\n"
      "      b: null\n"
      "  ok: true\n");
}

TEST_CASE("VA-13: keys are in natural order and quoted like other strings") {
  CHECK(to_yaml(parse(R"({"a10":1,"a2":1,"a.b":1,"aa":1,"B":1,"y":1,"8":1,"a: b":1})")) ==
        "\"8\": 1\nB: 1\na.b: 1\n'a: b': 1\na2: 1\na10: 1\naa: 1\n\"y\": 1\n");
}

TEST_CASE("VA-13: a key longer than 128 bytes stands alone") {
  const std::string key(129, 'k');
  CHECK(to_yaml({{key, 1}}) == "? " + key + "\n: 1\n");
}

TEST_CASE("VA-13: any text reads back as itself") {
  const std::vector<std::string> pieces{" ",          " ",
                                        "\n",         "\t",
                                        ":",          "#",
                                        "-",          "'",
                                        "\"",         "a",
                                        "y",          "null",
                                        "0",          "1",
                                        ".",          ",",
                                        "{",          "}",
                                        "[",          "]",
                                        "&",          "*",
                                        "!",          "|",
                                        ">",          "%",
                                        "@",          "word",
                                        "é",          "\\",
                                        "?",          "=",
                                        "~",          "e",
                                        "_",          "+",
                                        "2026-01-02", "\xF0\x9F\x98\x80",
                                        "\x7F",       "\x01"};
  std::uint32_t state = 2026;
  const auto random = [&](std::uint32_t limit) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8U) % limit;
  };
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint32_t length = random(round % 3 == 0 ? 60 : 6); length > 0; --length) {
      text += pieces[random(static_cast<std::uint32_t>(pieces.size()))];
    }
    const Json document = {{"a", {{"key", text}, {"list", Json::array({text, "x"})}}}, {"z", 1}};
    const std::string yaml = to_yaml(document);
    const api::Manifests read = api::read_manifests(yaml);
    INFO(yaml);
    REQUIRE(read.error.empty());
    REQUIRE(read.documents == std::vector<Json>{document});
  }
}

TEST_CASE("VA-13: JSON is indented by four spaces and escapes what Go escapes") {
  CHECK(to_indented_json(parse(R"({"b":[],"a":{"x":"a & b <c>","l":[1,{"y":null}]},"c":{}})")) ==
        "{\n"
        "    \"a\": {\n"
        "        \"l\": [\n"
        "            1,\n"
        "            {\n"
        "                \"y\": null\n"
        "            }\n"
        "        ],\n"
        "        \"x\": \"a \\u0026 b \\u003cc\\u003e\"\n"
        "    },\n"
        "    \"b\": [],\n"
        "    \"c\": {}\n"
        "}\n");
}

TEST_CASE("VA-13: several objects are printed as a List") {
  const Json a = named("a");
  CHECK(to_yaml(list_of({&a})) ==
        "apiVersion: v1\n"
        "items:\n"
        "- metadata:\n"
        "    creationTimestamp: \"2026-01-01T00:00:00Z\"\n"
        "    name: a\n"
        "    namespace: default\n"
        "kind: List\n"
        "metadata:\n"
        "  resourceVersion: \"\"\n");
}

}  // namespace
}  // namespace stsim::kubectl
