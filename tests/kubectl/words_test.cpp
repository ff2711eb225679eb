#include "support/catch.hpp"

#include <stsim/kubectl/words.hpp>

#include <string>
#include <vector>

using stsim::kubectl::split_words;
using Words = std::vector<std::string>;

TEST_CASE("KC-1: a command line is split into words as a shell does it") {
  const auto [line, expected] = GENERATE(table<std::string, Words>({
      {"", {}},
      {"  \t ", {}},
      {"get pods", {"get", "pods"}},
      {"  get   pods  -o\twide ", {"get", "pods", "-o", "wide"}},
      {R"(patch sts web -p '{"spec":{"replicas":2}}')",
       {"patch", "sts", "web", "-p", R"({"spec":{"replicas":2}})"}},
      {R"(set image sts/web '*=both:v3')", {"set", "image", "sts/web", "*=both:v3"}},
      {R"(-p "{\"spec\": \"a b\"}")", {"-p", R"({"spec": "a b"})"}},
      {R"("a\b\\c\$d\`e")", {R"(a\b\c$d`e)"}},
      {R"(a\ b c\'d)", {"a b", "c'd"}},
      {R"(--for=jsonpath='{.status.readyReplicas}'=2)",
       {"--for=jsonpath={.status.readyReplicas}=2"}},
      {R"('' "" x)", {"", "", "x"}},
      {"'a b''c d'", {"a bc d"}},
      {"get pods # all of them", {"get", "pods"}},
      {"get pods#all", {"get", "pods#all"}},
      {"get \\\n pods", {"get", "pods"}},
      {"\"a\\\nb\"", {"ab"}},
      {"echo $HOME *.yaml a|b >c", {"echo", "$HOME", "*.yaml", "a|b", ">c"}},
  }));
  CAPTURE(line);
  const auto words = split_words(line);
  REQUIRE(words.has_value());
  CHECK(*words == expected);
}

TEST_CASE("KC-1: quotes that do not close are refused with their place") {
  CHECK(split_words("patch -p '{\"a\":1}").error() == "unclosed ' quote at character 10");
  CHECK(split_words("get \"pods").error() == "unclosed \" quote at character 5");
  CHECK(split_words("get \"pods\\\"").error() == "unclosed \" quote at character 5");
  CHECK(split_words("get pods\\").error() == "nothing behind the backslash at character 9");
}

TEST_CASE("a word is quoted so that splitting gives it again, and only where it has to be") {
  for (const std::string word :
       {"", "a b", "it's", "--replicas=3", "$x", "a\\b", "\"", "é", "#1"}) {
    const auto again = stsim::kubectl::split_words(stsim::kubectl::quoted(word));
    REQUIRE(again);
    CHECK(*again == std::vector<std::string>{word});
  }
  CHECK(stsim::kubectl::quoted("--replicas=3") == "--replicas=3");
  CHECK(stsim::kubectl::quoted("it's") == "'it'\\''s'");
}
