// Lessons that are wrong: the whole of what their author is told.
#include "lessons/support.hpp"

using namespace stsim::lessons;
using stsim::lessons::test::errors_of;

namespace {

constexpr const char* kHead = "lesson: small\ntitle: {en: Small, zh: 小}\n";

std::string part_errors(const std::string& part) {
  return errors_of(kHead + ("parts:\n- " + part + "\n"));
}

}  // namespace

TEST_CASE("a lesson has the number and the name of its file") {
  const std::string text = std::string(kHead) + "parts: [{text: {en: Hello., zh: 你好。}}]\n";
  const auto loaded = load_lesson_text(text, "folder/07-small.yaml");
  REQUIRE(loaded);
  CHECK(loaded->number == 7);
  CHECK(loaded->name == "small");
  CHECK(loaded->title == Words{"Small", "小"});
  CHECK(errors_of(text, "7-other.yaml") ==
        "7-other.yaml:1:9: error: the file of the lesson small is called 7-other.yaml\n"
        "  lesson: small\n"
        "          ^\n"
        "  call it NN-small.yaml, with the number of the lesson\n");
  CHECK(errors_of(text, "small.yaml").find("call it NN-small.yaml") != std::string::npos);
}

TEST_CASE("a text in one language only is an error at its place") {
  CHECK(part_errors("text: {en: Hello.}") ==
        "1-small.yaml:4:9: error: a text lacks a language: zh\n"
        "  - text: {en: Hello.}\n"
        "          ^\n");
  CHECK(part_errors("text: Hello.") ==
        "1-small.yaml:4:9: error: a text is said in every language\n"
        "  - text: Hello.\n"
        "          ^\n"
        "  {en: TEXT, zh: TEXT}\n");
  CHECK(part_errors("text: {en: Hello., zh: \"\"}") ==
        "1-small.yaml:4:26: error: a text in zh must not be empty\n"
        "  - text: {en: Hello., zh: \"\"}\n"
        "                           ^\n");
  CHECK(
      part_errors("predict: {question: {zh: 谁}, steps: [settle: {}], answer: {holds: {exit: 0}}}")
          .find("a question lacks a language: en") != std::string::npos);
  CHECK(part_errors("goal: {task: {en: Do., zh: 做。}, expect: {exit: 0}, hints: [{en: So.}], "
                    "solution: [get pods], wrong: [get sts]}")
            .find("a hint lacks a language: zh") != std::string::npos);
}

TEST_CASE("a cluster that is no mapping is an error at its place, as a scenario's would be") {
  for (const char* cluster : {"[a]", "x", "7"}) {
    const std::string errors = errors_of(std::string(kHead) + "cluster: " + cluster +
                                         "\nparts: [{text: {en: A, zh: B}}]\n");
    CHECK(errors.starts_with("1-small.yaml:3:"));
  }
}

TEST_CASE("words that nearly are those of lessons are suggested") {
  CHECK(errors_of("leson: small\n") ==
        "1-small.yaml:1:1: error: unknown key of a lesson \"leson\"\n"
        "  leson: small\n"
        "  ^\n"
        "  did you mean \"lesson\"?\n");
  CHECK(part_errors("predikt: {}").find("did you mean \"predict\"?") != std::string::npos);
  CHECK(
      part_errors("predict: {question: {en: Who, zh: 谁}, steps: [settle: {}], answer: {firs: {}}}")
          .find("did you mean \"first\"?") != std::string::npos);
  CHECK(part_errors("predict: {question: {en: Who, zh: 谁}, steps: [settle: {}], answer: {first: "
                    "{verb: delete, resource: pod}}}")
            .find("did you mean \"pods\"?") != std::string::npos);
}

TEST_CASE("clusters, steps and expectations are those of scenarios, with their errors") {
  CHECK(errors_of(std::string(kHead) +
                  "cluster: {kubernets: \"1.30\"}\nparts: [{text: {en: A, zh: 甲}}]\n") ==
        "1-small.yaml:3:11: error: unknown key of a cluster \"kubernets\"\n"
        "  cluster: {kubernets: \"1.30\"}\n"
        "            ^\n"
        "  did you mean \"kubernetes\"?\n");
  CHECK(part_errors("run: [{kubctl: get pods}]").find("did you mean \"kubectl\"?") !=
        std::string::npos);
  CHECK(part_errors("predict: {question: {en: Who, zh: 谁}, steps: [settle: {}], answer: {holds: "
                    "{podz: {}}}}")
            .find("did you mean \"pods\"?") != std::string::npos);
}

TEST_CASE("the steps of a lesson do not stand in its cluster") {
  CHECK(errors_of(std::string(kHead) + "cluster: {steps: []}\nparts: [{text: {en: A, zh: 甲}}]\n")
            .find("unknown key of a cluster \"steps\"") != std::string::npos);
}

TEST_CASE("a question has either an answer or choices, and more than one of these") {
  const std::string asked = "predict: {question: {en: Who, zh: 谁}, steps: [settle: {}]";
  CHECK(part_errors(asked + "}").find("either an answer or choices") != std::string::npos);
  CHECK(part_errors(asked + ", choices: [{en: a, zh: 甲, when: {exit: 0}}]}")
            .find("nothing to choose") != std::string::npos);
  CHECK(part_errors(asked + ", answer: {value: pods.web-0}}")
            .find("names a kind, an object and a member") != std::string::npos);
}

TEST_CASE("what a lesson lacks is said, all in one go") {
  CHECK(errors_of("lesson: small\n") ==
        "1-small.yaml:1:1: error: a lesson needs the key title\n"
        "  lesson: small\n"
        "  ^\n"
        "1-small.yaml:1:1: error: a lesson needs the key parts\n"
        "  lesson: small\n"
        "  ^\n");
  CHECK(
      part_errors("goal: {task: {en: Do., zh: 做。}, hints: []}").find("needs the key solution") !=
      std::string::npos);
  CHECK(errors_of("") ==
        "1-small.yaml: error: the file is empty\n  a lesson has a name and parts\n");
}

TEST_CASE("a folder without lessons is an error, and so is one that is not there") {
  CHECK_FALSE(load_lessons("/nowhere/at/all"));
}
