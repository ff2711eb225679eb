#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/kubectl/jsonpath.hpp>
#include <stsim/kubectl/yaml.hpp>

namespace stsim::kubectl {
namespace {

using api::Json;

const Json& pods() {
  static const Json list = parse(R"({"kind":"List","items":[
    {"metadata":{"name":"web-0","labels":{"app":"web","a.b/c":"x","statefulset.kubernetes.io/pod-name":"web-0"}},
     "spec":{"containers":[{"name":"web","image":"web:v1","ports":[80,443]},{"name":"side","image":"side:1"}]},
     "status":{"restarts":2,"ready":true,"load":1.5,"none":null}},
    {"metadata":{"name":"web-1","labels":{"app":"web"}},
     "spec":{"containers":[{"name":"web","image":"web:v2"}]},
     "status":{"restarts":10,"ready":false}},
    {"metadata":{"name":"db-0","labels":{"app":"db"}},"spec":{"containers":[]},"status":{}}]})");
  return list;
}

std::string print(std::string_view text) {
  const auto path = JsonPath::parse(text);
  if (!path) {
    return "parse: " + path.error();
  }
  const auto result = path->print(pods());
  return result ? *result : "find: " + result.error();
}

TEST_CASE("KC-4: paths, texts and several results") {
  CHECK(print("{.kind}") == "List");
  CHECK(print("{$.kind}") == "List");
  CHECK(print("{@.kind}") == "List");
  CHECK(print("{['kind']}") == "List");
  CHECK(print("kind is {.kind}!") == "kind is List!");
  CHECK(print("{.items[0].metadata.name}") == "web-0");
  CHECK(print("{.items[*].metadata.name}") == "web-0 web-1 db-0");
  CHECK(print("{.items[*]['metadata.name','status.restarts']}") == "web-0 web-1 db-0 2 10");
  CHECK(print("{.kind}{\"\\t\"}{.kind}{\"\\n\"}") == "List\tList\n");
  CHECK(print("{.kind}{'\\n'}") == "List\n");
  CHECK(print("{.missing.more}").empty());
  CHECK(print("").empty());
}

TEST_CASE("KC-4: keys with dots") {
  CHECK(print("{.items[0].metadata.labels.a\\.b/c}") == "x");
  CHECK(print("{.items[0].metadata.labels['a\\.b/c']}") == "x");
  CHECK(print("{.items[0].metadata.labels['statefulset\\.kubernetes\\.io/pod-name']}") == "web-0");
}

TEST_CASE("KC-4: indexes and slices") {
  CHECK(print("{.items[-1].metadata.name}") == "db-0");
  CHECK(print("{.items[-2].metadata.name}") == "web-1");
  CHECK(print("{.items[0:2].metadata.name}") == "web-0 web-1");
  CHECK(print("{.items[1:].metadata.name}") == "web-1 db-0");
  CHECK(print("{.items[:-1].metadata.name}") == "web-0 web-1");
  CHECK(print("{.items[::2].metadata.name}") == "web-0 db-0");
  CHECK(print("{.items[0,2].metadata.name}") == "web-0 db-0");
  CHECK(print("{.items[1:1]}").empty());
  CHECK(print("{.items[3]}") == "find: array index out of bounds: index 3, length 3");
  CHECK(print("{.items[0:9]}") == "find: array index out of bounds: index 8, length 3");
  CHECK(print("{.items[-4]}") == "find: array index out of bounds: index -1, length 3");
  CHECK(print("{.items[2:1]}") == "find: starting index 2 is greater than ending index 1");
  CHECK(print("{.items[::0]}") == "find: step must be > 0");
  CHECK(print("{.kind[0]}") == "find: string is not array or slice");
  CHECK(print("{.items[x]}") == "parse: invalid array index x");
  CHECK(print("{.items[-]}") == "parse: array index - is not a number");
}

TEST_CASE("KC-4: filters") {
  CHECK(print(R"({.items[?(@.metadata.labels.app=="web")].metadata.name})") == "web-0 web-1");
  CHECK(print(R"({.items[?(@.metadata.name!='web-0')].metadata.name})") == "web-1 db-0");
  CHECK(print("{.items[?(@.status.restarts>2)].metadata.name}") == "web-1");
  CHECK(print("{.items[?(@.status.restarts<=2)].metadata.name}") == "web-0");
  CHECK(print("{.items[?(@.status.restarts >= 10)].metadata.name}") == "web-1");
  CHECK(print("{.items[?(@.status.ready==true)].metadata.name}") == "web-0");
  CHECK(print("{.items[?(@.status.ready)].metadata.name}") == "web-0 web-1");
  CHECK(print("{.items[?(@.status.load<2)].metadata.name}") ==
        "find: incompatible types for comparison");
  CHECK(print(R"({.items[?(@.metadata=="x")]})") == "find: invalid type for comparison");
  CHECK(print(R"({.items[?(@.kind=~"x")].kind})") ==
        "parse: unrecognized character in action: U+007E '~'");
  CHECK(print(R"({.items[?(@.metadata.name=="a)b")].kind})").empty());
  CHECK(print("{.kind[?(@.x)]}") == "find: List is not array or slice and cannot be filtered");
}

TEST_CASE("KC-4: ranges repeat what stands between range and end") {
  CHECK(print(R"({range .items[*]}{.metadata.name}{"\n"}{end})") == "web-0\nweb-1\ndb-0\n");
  CHECK(
      print(
          R"({range .items[*]}{.metadata.name}: {range .spec.containers[*]}<{.name}>{end};{end}.)") ==
      "web-0: <web><side>;web-1: <web>;db-0: ;.");
  CHECK(print("{range .none[*]}x{.a}{end}after") == "after");
  CHECK(print("{end}") == "find: not in range, nothing to end");
  CHECK(print("{foo}") == "find: unrecognized identifier foo");
}

TEST_CASE("KC-4: wildcards and recursive descent") {
  CHECK(print("{.items[1].metadata.labels.*}") == "web");
  CHECK(print("{..image}") == "web:v1 side:1 web:v2");
  CHECK(print("{.items[0].spec..name}") == "web side");
  CHECK(print("{....x}") == "parse: invalid multiple recursive descent");
}

TEST_CASE("KC-4: values are printed as Go prints them, lists and maps as JSON") {
  CHECK(print("{.items[0].status.restarts}") == "2");
  CHECK(print("{.items[0].status.ready}") == "true");
  CHECK(print("{.items[0].status.load}") == "1.5");
  CHECK(print("{.items[0].status.none}") == "null");
  CHECK(print("{.items[1].metadata.labels}") == R"({"app":"web"})");
  CHECK(print("{.items[0].spec.containers[0].ports}") == "[80,443]");
  CHECK(print("{.items[0].spec.containers[0].ports[*]}") == "80 443");
}

TEST_CASE("KC-4: wrong templates") {
  CHECK(print("{.kind") == "parse: unclosed action");
  CHECK(print("{.items[0}") == "parse: unterminated array");
  CHECK(print("{.items[?(@.a==1]}") == "parse: unterminated filter");
  CHECK(print("{\"abc}") == "parse: unterminated quoted string");
  CHECK(print("{(}") == "parse: unrecognized character in action: U+0028 '('");
  CHECK(print_jsonpath("{.a", pods()).error() == "error parsing jsonpath {.a, unclosed action");
  CHECK(print_jsonpath("", pods()).error() == "template format specified but no template given");
  CHECK(
      print_jsonpath("{.a[1]}", parse(R"({"a":["x"],"n":1})")).error() ==
      "error executing jsonpath \"{.a[1]}\": Error executing template: array index out of bounds: "
      "index 1, length 1. Printing more information for debugging the template:\n\ttemplate was:\n"
      "\t\t{.a[1]}\n\tobject given to jsonpath engine was:\n"
      "\t\tmap[string]interface {}{\"a\":[]interface {}{\"x\"}, \"n\":1}\n\n\n");
}

TEST_CASE("KC-4: jsonpath-as-json prints lists") {
  CHECK(*JsonPath::parse("{.items[*].metadata.name}")->print_as_json(pods()) ==
        "[\n    \"web-0\",\n    \"web-1\",\n    \"db-0\"\n]\n");
}

std::vector<const Json*> items() {
  std::vector<const Json*> result;
  for (const Json& item : pods()["items"]) {
    result.push_back(&item);
  }
  return result;
}

TEST_CASE("KC-4: custom columns") {
  CHECK(*print_custom_columns(
            "NAME:.metadata.name,IMAGE:.spec.containers[*].image,N:{status.restarts}", items()) ==
        "NAME    IMAGE           N\n"
        "web-0   web:v1,side:1   2\n"
        "web-1   web:v2          10\n"
        "db-0    <none>          <none>\n");
  CHECK(*print_custom_columns("L:metadata.labels", {items()[1]}) == "L\nmap[app:web]\n");
  CHECK(*print_custom_columns("NAME:metadata.name", {}) == "NAME\n");
  CHECK(*print_custom_columns("NAME:metadata.name", {items()[2]}, false) == "db-0\n");
  CHECK(print_custom_columns("NAME", items()).error() ==
        "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>");
  CHECK(print_custom_columns("", items()).error() ==
        "custom-columns format specified but no custom columns given");
  CHECK(print_custom_columns("A:{.a}{.b}", items()).error() ==
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'");
}

std::string sorted(std::string_view path, const Json& values) {
  std::vector<const Json*> objects;
  for (const Json& value : values) {
    objects.push_back(&value);
  }
  if (const auto result = sort_by(path, objects); !result) {
    return result.error();
  }
  std::string names;
  for (const Json* object : objects) {
    names += api::text(*object, "n");
  }
  return names;
}

TEST_CASE("KC-4: --sort-by compares numbers, quantities and texts") {
  CHECK(sorted(".v", parse(R"([{"n":"a","v":10},{"n":"b","v":9},{"n":"c","v":-1}])")) == "cba");
  CHECK(sorted("v", parse(R"([{"n":"a","v":"1Gi"},{"n":"b","v":"1G"},{"n":"c","v":"500M"}])")) ==
        "cba");
  CHECK(sorted("{.v}", parse(R"([{"n":"a","v":"web-2"},{"n":"b","v":"web-10"}])")) == "ba");
  CHECK(
      sorted(
          ".v",
          parse(
              R"([{"n":"a","v":"2026-01-01T00:00:09Z"},{"n":"b","v":"2025-12-31T00:00:00Z"}])")) ==
      "ba");
}

TEST_CASE("KC-4: --sort-by puts objects without the field first, in Go's order") {
  CHECK(sorted(".v", parse(R"([{"n":"a","v":1},{"n":"b"},{"n":"c"},{"n":"d","v":0}])")) == "cbda");
  CHECK(sorted(".v", parse(R"([{"n":"a"},{"n":"b"}])")) ==
        "couldn't find any field with path \"{.v}\" in the list of objects");
  CHECK(sorted(".v", parse(R"([{"n":"a"}])")) ==
        "couldn't find any field with path \"{.v}\" in the list of objects");
  CHECK(sorted(".v", parse(R"([{"n":"a","v":1},{"n":"b","v":"x"}])")) ==
        "Field {.v} in [][][]reflect.Value is an unsortable type: interface, err: unsortable "
        "interface: interface");
  CHECK(sorted(".v[", parse(R"([{"n":"a"},{"n":"b"}])")) == "sorting error: unterminated array");
}

TEST_CASE("KC-4: --sort-by keeps equal objects in place while there are few") {
  CHECK(
      sorted(".v", parse(R"([{"n":"a","v":1},{"n":"b","v":0},{"n":"c","v":1},{"n":"d","v":0}])")) ==
      "bdac");
}

}  // namespace
}  // namespace stsim::kubectl
