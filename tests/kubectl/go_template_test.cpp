// -o go-template=: the language of Go's text/template, as far as kubectl's users write it.
#include "kubectl/go_template.hpp"

#include "support/catch.hpp"

using namespace stsim;
using api::Json;
using kubectl::print_go_template;
using String = std::string;

namespace {

const Json& document() {
  static const Json kDocument = Json::parse(R"({
      "kind": "List",
      "count": 3, "zero": 0, "ratio": 0.5, "yes": true, "no": false, "nothing": null,
      "name": "web", "empty": "", "html": "<a href='x'>&\"",
      "labels": {"app": "web", "tier": "front"},
      "items": [{"name": "a", "ready": true}, {"name": "b", "ready": false}, {"name": "c"}],
      "numbers": [1, 2, 3]})");
  return kDocument;
}

String printed(const String& text) {
  const auto out = print_go_template(text, document(), true);
  CHECK(out.error.empty());
  return out.text;
}

/// What went wrong, without what kubectl puts around it.
String error(const String& text, bool missing_keys = true) {
  const auto out = print_go_template(text, document(), missing_keys);
  const std::size_t at = out.error.find("template: ");
  return at == String::npos ? out.error : out.error.substr(at);
}

}  // namespace

TEST_CASE("KC-4: paths, constants and variables of Go templates") {
  const auto [text, expected] = GENERATE(table<String, String>({
      {"plain", "plain"},
      {"{{.name}}", "web"},
      {"{{ .labels.app }}/{{ $.labels.tier }}", "web/front"},
      {"{{.labels}}", "map[app:web tier:front]"},
      {"{{.numbers}} {{.ratio}} {{.yes}}", "[1 2 3] 0.5 true"},
      {"{{.nothing}}|{{.none}}|{{.none.more}}", "<no value>|<no value>|<no value>"},
      {"{{\"a\\tb\"}}{{`c\\n`}}{{7}}{{-2}}{{1.5}}{{true}}", "a\tbc\\n7-21.5true"},
      {"{{$x := .name}}{{$x}}{{$x = \"y\"}}{{$x}}", "weby"},
      {"{{(index .items 1).name}}", "b"},
      {"{{(index (slice .items 1) 0).name}}", "b"},
      {"{{$x := .}}{{range slice .items 0 2}}{{$x = .}}{{end}}{{$x.name}}", "b"},
      {"{{0x10}} {{1_000}} {{len .name | printf \"%T\"}} {{printf \"%T\" .count}}",
       "16 1000 int int64"},
      {"{{ . | len }}", "13"},
      {"a {{- .name -}} b", "awebb"},
      {"a {{- /* a remark */ -}} b", "ab"},
      {"a {{/* a remark */}} b", "a  b"},
      {"{{if .yes}}{{$x := 1}}{{$x}}{{end}}{{$x := 2}}{{$x}}", "12"},
  }));
  CAPTURE(text);
  CHECK(printed(text) == expected);
}

TEST_CASE("KC-4: if, with and range of Go templates") {
  const auto [text, expected] = GENERATE(table<String, String>({
      {"{{if .yes}}1{{else}}2{{end}}{{if .no}}1{{else}}2{{end}}", "12"},
      {"{{if .zero}}1{{else if .empty}}2{{else if .name}}3{{else}}4{{end}}", "3"},
      {"{{with .labels}}{{.app}}{{end}}{{with .none}}1{{else}}2{{end}}", "web2"},
      {"{{range .numbers}}<{{.}}>{{end}}", "<1><2><3>"},
      {"{{range $i, $n := .numbers}}{{if $i}},{{end}}{{$i}}:{{$n}}{{end}}", "0:1,1:2,2:3"},
      {"{{range $k, $v := .labels}}{{$k}}={{$v}};{{end}}", "app=web;tier=front;"},
      {"{{range $item := .items}}{{$item.name}}{{end}}", "abc"},
      {"{{range .none}}1{{else}}none{{end}}", "none"},
      {"{{range .numbers}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}", "13"},
      {"{{range .numbers}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}", "1"},
      {"{{range .items}}{{if .ready}}{{.name}}{{end}}{{end}}", "a"},
      {"{{range .count}}{{.}}{{end}}", "012"},
      {"{{range .numbers}}{{range $.none}}{{else}}{{continue}}{{end}}{{.}}{{end}}", ""},
  }));
  CAPTURE(text);
  CHECK(printed(text) == expected);
}

TEST_CASE("KC-4: functions of Go templates") {
  const auto [text, expected] = GENERATE(table<String, String>({
      {"{{eq .count 3}}{{eq .name \"a\" \"web\"}}{{ne .count 3}}", "truetruefalse"},
      {"{{lt 1 2}}{{le 2 2}}{{gt .count 3}}{{ge .count 3}}", "truetruefalsetrue"},
      {"{{and .yes .name}} {{or .empty .name}} {{not .yes}}", "web web false"},
      {"{{and .no (index .numbers 9)}}", "false"},
      {"{{len .name}}{{len .items}}", "33"},
      {"{{index .labels \"app\"}}{{index .items 2 \"name\"}}{{index .labels \"x\"}}",
       "webc<no value>"},
      {"{{slice .name 1}}{{slice .numbers 1 2}}", "eb[2]"},
      {"{{print 1 2 \"a\" \"b\" 3}}", "1 2ab3"},
      {"{{println .name .count}}", "web 3\n"},
      {"{{printf \"%s|%5d|%-5s|%05d|%v|%q|%t|%.1f|%%\" .name .count .name .count .labels .name "
       ".yes "
       ".ratio}}",
       "web|    3|web  |00003|map[app:web tier:front]|\"web\"|true|0.5|%"},
      {"{{printf \"%d\" .name}}{{printf \"%s\"}}{{printf \"a\" 1}}{{printf \"%v\" .none}}",
       "%!d(string=web)%!s(MISSING)a%!(EXTRA int=1)<nil>"},
      {"{{.name | printf \"<%s>\"}}", "<web>"},
      {"{{printf \"%s %d %x %c %e %.2s\" .labels .numbers .name 65 .ratio "
       "\"\\u00e4\\u00f6\\u00fc\"}}",
       "map[app:web tier:front] [1 2 3] 776562 A 5.000000e-01 \u00e4\u00f6"},
      {"{{html .html}}", "&lt;a href=&#39;x&#39;&gt;&amp;&#34;"},
      {"{{base64decode \"d2ViLTA=\"}}", "web-0"},
      {"{{exists . \"labels\" \"app\"}}{{exists . \"labels\" \"x\"}}", "truefalse"},
      {"{{eq .none \"x\"}}", "false"},
  }));
  CAPTURE(text);
  CHECK(printed(text) == expected);
}

TEST_CASE("KC-4: what Go says of a template that fails while it is executed") {
  const auto [text, expected] = GENERATE(table<String, String>({
      {"{{.name.x}}",
       "template: output:1:7: executing \"output\" at <.name.x>: can't evaluate field x in type "
       "interface {}"},
      {"{{index .items 3}}",
       "template: output:1:2: executing \"output\" at <index .items 3>: error calling index: "
       "reflect: "
       "slice index out of range"},
      {"{{index .labels 1}}",
       "template: output:1:2: executing \"output\" at <index .labels 1>: error calling index: "
       "value "
       "has type int; should be string"},
      {"{{and}}",
       "template: output:1:2: executing \"output\" at <and>: wrong number of args for and: want at "
       "least 1 got 0"},
      {"{{range $a, $b := .count}}{{end}}",
       "template: output:1:18: executing \"output\" at <.count>: can't use 3 to iterate over more "
       "than one variable"},
      {"{{printf \"%#v\" .name}}",
       "template: output:1:2: executing \"output\" at <printf \"%#v\" .name>: error calling "
       "printf: "
       "%# of printf is not simulated"},
      {"a\n{{index .items 7}}",
       "template: output:2:2: executing \"output\" at <index .items 7>: error calling index: index "
       "out of range: 7"},
      {"{{eq .count \"a\"}}",
       "template: output:1:2: executing \"output\" at <eq .count \"a\">: error calling eq: "
       "incompatible types for comparison"},
      {"{{range .name}}{{end}}",
       "template: output:1:8: executing \"output\" at <.name>: range can't iterate over web"},
      {"{{len}}",
       "template: output:1:2: executing \"output\" at <len>: wrong number of args for len: want 1 "
       "got 0"},
      {"{{index .metadata.labels.some \"x\"}}",
       "template: output:1:2: executing \"output\" at <index .metadata.labe...>: error calling "
       "index: index of untyped nil"},
  }));
  CAPTURE(text);
  CHECK(error(text) == expected);
  CHECK(error("{{.none}}", false) ==
        "template: output:1:2: executing \"output\" at <.none>: map has no entry for key \"none\"");
}

TEST_CASE("KC-4: what is printed up to an error stays, and kubectl adds what it had") {
  const auto out = print_go_template("a{{.kind.x}}", Json{{"kind", "Pod"}}, true);
  const String what =
      "template: output:1:8: executing \"output\" at <.kind.x>: can't evaluate field x "
      "in type interface {}";
  CHECK(out.text == "aError executing template: " + what +
                        ". Printing more information for debugging the template:\n\ttemplate "
                        "was:\n\t\ta{{.kind.x}}\n\traw data was:\n\t\t{\"kind\":\"Pod\"}\n\tobject "
                        "given to template engine was:\n\t\tmap[kind:Pod]\n\n");
  CHECK(out.error == "error executing template \"a{{.kind.x}}\": " + what);
}

TEST_CASE("KC-4: templates that are not well formed") {
  const auto [text, expected] = GENERATE(table<String, String>({
      {"{{.name", "template: output:1: unclosed action"},
      {"\n{{foo}}", "template: output:2: function \"foo\" not defined"},
      {"{{$x}}", "template: output:1: undefined variable \"$x\""},
      {"{{if .a}}", "template: output:1: unexpected EOF"},
      {"{{end}}", "template: output:1: unexpected {{end}}"},
      {"{{}}", "template: output:1: missing value for command"},
      {"{{if}}{{end}}", "template: output:1: missing value for if"},
      {"{{\"a}}", "template: output:1: unterminated quoted string"},
      {"{{(.a}}", "template: output:1: unclosed left paren"},
      {"{{break}}", "template: output:1: {{break}} outside {{range}}"},
      {"{{/* a", "template: output:1: unclosed comment"},
      {"{{1x}}", "template: output:1: bad number syntax: \"1x\""},
      {"{{if true}}{{$y := 2}}{{end}}{{$y}}", "template: output:1: undefined variable \"$y\""},
      {"{{range $i, $v := .a}}{{end}}{{$i}}", "template: output:1: undefined variable \"$i\""},
      {"{{.labels.app-x}}", "template: output:1: bad character U+002D '-'"},
      {"{{.a\u00e4}}", "template: output:1: bad character U+00E4 '\u00e4'"},
      {"{{print \"a\"\"b\"}}", "template: output:1: unexpected \"\\\"\" in operand"},
  }));
  CAPTURE(text);
  CHECK(error(text) == expected);
  CHECK(print_go_template(text, document(), true).error ==
        "error parsing template " + text + ", " + expected);
}

TEST_CASE("a template as deep as you like does not end the program") {
  String deep;
  for (int i = 0; i < 5000; ++i) {
    deep += "{{if .yes}}";
  }
  CHECK(error(deep) == "template: output:1: max expression depth exceeded");
  CHECK(error("{{" + String(5000, '(')) == "template: output:1: max expression depth exceeded");
}

TEST_CASE("loops in loops and texts that double end") {
  String loops = "x";
  for (int i = 0; i < 60; ++i) {
    loops = "{{range $.numbers}}" + loops + "{{end}}";
  }
  CHECK(print_go_template(loops, document(), true)
            .error.ends_with("the template takes more steps than are simulated"));
  String doubles = "{{$x := \"aaaaaaaa\"}}";
  for (int i = 0; i < 40; ++i) {
    doubles += "{{$x = print $x $x}}";
  }
  CHECK(print_go_template(doubles, document(), true)
            .error.ends_with("the template takes more steps than are simulated"));
}
