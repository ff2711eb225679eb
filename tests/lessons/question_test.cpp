// Questions: what is right, how guesses are read, and how wrong ones are explained.
#include "lessons/support.hpp"

#include <stsim/lessons/question.hpp>
#include <stsim/scenario/runner.hpp>

using namespace stsim::lessons;
using Catch::Matchers::Contains;
using stsim::lessons::test::lesson_of;
using stsim::lessons::test::question;

namespace {

class Nobody : public stsim::scenario::RunObserver {
 public:
  void record(const stsim::engine::TraceRecord& /*record*/) override {}
};

/// The question of a small lesson whose setup was taken.
class Asked {
 public:
  Asked(const std::string& steps, const std::string& answer, const std::string& more = "")
      : lesson_(lesson_of(question(steps, answer), more)),
        session_(lesson_.cluster, stsim::scenario::settings_of(*lesson_.cluster), nobody_) {
    REQUIRE(take(lesson_.setup, session_, nobody_));
    question_.emplace(std::get<PredictPart>(lesson_.parts.front().content), session_);
  }
  const Question* operator->() const { return &*question_; }
  [[nodiscard]] const stsim::scenario::Session& session() const { return session_; }

 private:
  Nobody nobody_;
  Lesson lesson_;
  stsim::scenario::Session session_;
  std::optional<Question> question_;
};

constexpr const char* kUpdate = "{kubectl: set image sts/web web=web:v2}, {settle: {}}";

}  // namespace

TEST_CASE("the first object for which a call is made is found by running") {
  const Asked asked(kUpdate, "answer: {first: {verb: delete, resource: pods}}");
  CHECK(asked->right() == "web-2");
  CHECK(asked->read("web-2") == "web-2");
  CHECK(asked->read(" 2 ") == "web-2");
  CHECK(asked->read("pod/WEB-2") == "web-2");
  CHECK(asked->read("1") == "web-1");
  CHECK(asked->read("nobody") == "none");
  CHECK(asked->read("没有") == "none");
  CHECK_FALSE(asked->read("web-9"));
  CHECK_FALSE(asked->read(""));
}

TEST_CASE("answers are read as people type them") {
  const Asked first(kUpdate, "answer: {first: {verb: delete, resource: pods}}");
  CHECK(first->read("２") == "web-2");
  CHECK(first->read("二") == "web-2");
  const Asked order(kUpdate, "answer: {order: {verb: delete, resource: pods}}");
  CHECK(order->read("２，１、０。") == "web-2 web-1 web-0");
  const Asked count(kUpdate, "answer: {count: {verb: delete, resource: pods}}");
  for (const char* three : {"3", "３", "3 个", "三", "三个", "③", "3)", "３）"}) {
    INFO(three);
    CHECK(count->read(three) == "3");
  }
  CHECK(count->read("零个") == "0");
  const Asked value(kUpdate, "answer: {value: statefulsets.web.status.readyReplicas}");
  CHECK(value->read("３个") == value->right());
  const Asked image(kUpdate, "answer: {value: pods.web-1.images.0}");
  CHECK(image->read("WEB:v2") == image->right());
  CHECK(image->read("web:v1") == "web:v1");
  CHECK(image->read("v1") == "v1");
  for (const char* wrong : {"web:v1.2", "w2", "2.0.2"}) {
    INFO(wrong);
    CHECK(image->read(wrong) != image->right());
  }
  CHECK(order->read("二、一、零") == "web-2 web-1 web-0");
  CHECK(order->read("two one zero") == "web-2 web-1 web-0");
  CHECK(count->read("（3）") == "3");
  CHECK(count->read("three.") == "3");
  const Asked ready(kUpdate, "answer: {value: pods.web-0.ready}");
  CHECK_THAT(ready->explain("false", Language::English), Contains("Pod web-0 is Ready."));
}

TEST_CASE("the session of a question stays where it was") {
  const Asked asked(kUpdate, "answer: {first: {verb: delete, resource: pods}}");
  CHECK(asked.session().taken().size() == 2);
}

TEST_CASE("that nothing is done is an answer, too") {
  const Asked asked("{kubectl: get pods}", "answer: {first: {verb: delete, resource: pods}}");
  CHECK(asked->right() == "none");
  CHECK_THAT(asked->explain("web-0", Language::English),
             Contains("You said web-0, and it is none.") && Contains("web-0 was left alone"));
}

TEST_CASE("an order is a list of names or of their numbers, with any commas") {
  const Asked asked(kUpdate,
                    "answer: {order: {verb: delete, resource: pods, by: statefulset-controller}}");
  CHECK(asked->right() == "web-2 web-1 web-0");
  for (const char* typed : {"web-2 web-1 web-0", "2, 1, 0", "2，1，0", "2、1、0", "2>1>0"}) {
    CHECK(asked->read(typed) == asked->right());
  }
  CHECK(asked->read("0 1 2") == "web-0 web-1 web-2");
  CHECK_FALSE(asked->read("2 9"));
}

TEST_CASE("who makes a call can be said") {
  const std::string steps = "{kubectl: delete pod web-1}, {settle: {}}";
  CHECK(Asked(steps, "answer: {count: {verb: delete, resource: pods}}")->right() == "1");
  CHECK(Asked(steps, "answer: {count: {verb: delete, resource: pods, by: statefulset-controller}}")
            ->right() == "0");
}

TEST_CASE("a count is a number") {
  const Asked asked(kUpdate, "answer: {count: {verb: create, resource: pods}}");
  CHECK(asked->right() == "3");
  CHECK(asked->read("3") == "3");
  CHECK(asked->read("none") == "0");
  CHECK(asked->read("three") == "3");
  CHECK_FALSE(asked->read("many"));
  CHECK_FALSE(asked->read("-1"));
}

TEST_CASE("a value stands at a path, also of a list") {
  CHECK(Asked(kUpdate, "answer: {value: pods.web-0.images.0}")->right() == "web:v2");
  const Asked asked(kUpdate, "answer: {value: statefulsets.web.status.readyReplicas}");
  CHECK(asked->right() == "3");
  CHECK(asked->read("3") == "3");
  CHECK(asked->read("4") == "4");
}

TEST_CASE("a value that is not there leaves the question without an answer") {
  CHECK_FALSE(Asked("{settle: {}}", "answer: {value: pods.web-9.phase}")->right());
}

TEST_CASE("yes and no are read in both languages") {
  const Asked asked(kUpdate, "answer: {holds: {pods: {web-0: {images: [\"web:v2\"]}}}}");
  CHECK(asked->right() == "yes");
  for (const char* typed : {"yes", "Y", "是", "会"}) {
    CHECK(asked->read(typed) == "yes");
  }
  for (const char* typed : {"no", "N", "否", "不会"}) {
    CHECK(asked->read(typed) == "no");
  }
  CHECK_FALSE(asked->read("perhaps"));
  CHECK(asked->shown("yes", Language::Chinese) == "是");
}

TEST_CASE("a choice is taken by its number or its words") {
  const std::string choices =
      "choices: [{en: old, zh: 旧的, when: {pods: {web-0: {images: [\"web:v1\"]}}}}, "
      "{en: new, zh: 新的, when: {pods: {web-0: {images: [\"web:v2\"]}}}}]";
  const Asked asked(kUpdate, choices);
  CHECK(asked->right() == "2");
  for (const char* typed : {"2", "new", "New", "新的"}) {
    CHECK(asked->read(typed) == "2");
  }
  CHECK(asked->read("1") == "1");
  CHECK_FALSE(asked->read("3"));
  CHECK(asked->shown("2", Language::Chinese) == "新的");
}

TEST_CASE("choices of which none or several hold leave the question without an answer") {
  const std::string both =
      "choices: [{en: a, zh: 甲, when: {pods: {web-0: {ready: true}}}}, "
      "{en: b, zh: 乙, when: {pods: {web-1: {ready: true}}}}]";
  const std::string none =
      "choices: [{en: a, zh: 甲, when: {pods: {web-0: null}}}, "
      "{en: b, zh: 乙, when: {pods: {web-1: null}}}]";
  CHECK_FALSE(Asked("{settle: {}}", both)->right());
  CHECK_FALSE(Asked("{settle: {}}", none)->right());
}

TEST_CASE("a wrong guess at the first is told its own turn, and what had to happen before") {
  const Asked asked(kUpdate,
                    "answer: {first: {verb: delete, resource: pods, by: statefulset-controller}}");
  const std::string text = asked->explain("web-0", Language::English);
  CHECK_THAT(text,
             Contains("You said web-0, and it is web-2.") &&
                 Contains("delete pods web-2: web-2 is not at the update revision") &&
                 Contains("[SS-125]") && Contains("The turn of web-0 came later:") &&
                 Contains("delete pods web-0") && Contains("Before that, this had to happen:\n") &&
                 Contains("patch pods/status web-1: container web is ready") &&
                 Contains("Until then the controller waited:\n") &&
                 Contains("web-1 is not Running and Ready"));
}

TEST_CASE("a guess that is never touched is told so, with what is waited for") {
  const Asked asked("{kubectl: set image sts/web web=web:broken}, {settle: {}}",
                    "answer: {first: {verb: delete, resource: pods, by: statefulset-controller}}",
                    "cluster: {brokenImages: [\"web:broken\"]}\n");
  CHECK_THAT(asked->explain("web-1", Language::English),
             Contains("web-1 was left alone") && Contains("What a controller waits for:\n") &&
                 Contains("web-2 is not Running and Ready"));
}

TEST_CASE("a wrong order is explained at the place where it parts from the right one") {
  const Asked asked(kUpdate,
                    "answer: {order: {verb: delete, resource: pods, by: statefulset-controller}}");
  CHECK_THAT(
      asked->explain("web-2 web-0", Language::English),
      Contains("The turn of web-0 came later:") && Contains("web-1: container web is ready"));
  CHECK_THAT(
      asked->explain("web-2", Language::English),
      Contains("The turn of web-1 came with this:") && Contains("web-2: container web is ready"));
}

TEST_CASE("a wrong yes is told what speaks against it, and what was last done") {
  const Asked asked("{kubectl: set image sts/web web=web:v2}, {advance: 10ms}",
                    "answer: {holds: {pods: {web-0: {images: [\"web:v2\"]}}}}");
  CHECK_THAT(asked->explain("yes", Language::English),
             Contains("Pod web-0 runs web:v1, not web:v2.\n") &&
                 Contains("Nothing was done to web-0 meanwhile."));
}

TEST_CASE("explanations are Chinese around records as they are") {
  const Asked asked(kUpdate,
                    "answer: {first: {verb: delete, resource: pods, by: statefulset-controller}}");
  CHECK_THAT(asked->explain("web-0", Language::Chinese),
             Contains("你回答的是“web-0”，正确答案是“web-2”。") && Contains("实际发生的是：") &&
                 Contains("delete pods web-2: web-2 is not at the update revision"));
}

TEST_CASE("wrong guesses are all but the right one") {
  const Asked asked(kUpdate, "answer: {first: {verb: delete, resource: pods}}");
  CHECK(asked->wrong() == std::vector<std::string>{"web-0", "web-1", "none"});
}
