// A lesson as it is played.
#include "lessons/support.hpp"

#include <stsim/kubectl/commands.hpp>
#include <stsim/lessons/check.hpp>
#include <stsim/lessons/player.hpp>
#include <stsim/shell/shell.hpp>

#include <deque>
#include <sstream>

using namespace stsim::lessons;
using Catch::Matchers::Contains;
using stsim::lessons::test::lesson_of;
using stsim::lessons::test::question;

namespace {

/// Somebody who has made up his mind.
class Script : public Learner {
 public:
  explicit Script(std::deque<std::string> lines) : lines_(std::move(lines)) {}
  std::optional<std::string> line(const std::string& /*prompt*/,
                                  const Complete& /*complete*/) override {
    if (lines_.empty()) {
      return std::nullopt;
    }
    std::string out = std::move(lines_.front());
    lines_.pop_front();
    return out;
  }
  [[nodiscard]] std::size_t left() const { return lines_.size(); }

 private:
  std::deque<std::string> lines_;
};

struct Played {
  Ending ending;
  std::string text;
  std::vector<std::size_t> reached;
};

Played play_lines(const Lesson& lesson,
                  std::deque<std::string> lines,
                  std::size_t from = 0,
                  const Looks& looks = {Language::English, 100, false, false}) {
  Script script(std::move(lines));
  std::ostringstream out;
  Played played{};
  played.ending = play(
      lesson, from, looks, script, out, [&](std::size_t part) { played.reached.push_back(part); });
  played.text = out.str();
  CHECK(script.left() == 0);
  return played;
}

const std::string kQuestion =
    question("{kubectl: set image sts/web web=web:v2}, {settle: {}}",
             "answer: {first: {verb: delete, resource: pods, by: statefulset-controller}}\n"
             "    because: {en: From the top., zh: 从上往下。}");

constexpr const char* kGoal = R"(- goal:
    task: {en: Make four of them., zh: 要四个。}
    expect: {counts: {web: {ready: 4}}}
    hints: [{en: Scale it., zh: 扩容。}, {en: To four., zh: 到四个。}]
    solution: [kubectl scale sts web --replicas=4]
    wrong: [kubectl scale sts web --replicas=5]
)";

constexpr const char* kText = "- text: {en: Listen., zh: 听着。}\n";

}  // namespace

TEST_CASE("a right guess is praised, a wrong one explained, and both see the run and the reason") {
  const Lesson lesson = lesson_of(kQuestion);
  const Played right = play_lines(lesson, {"2"});
  CHECK(right.ending == Ending::Done);
  CHECK_THAT(right.text,
             Contains("$ kubectl set image sts/web web=web:v2\n") &&
                 Contains("delete pods web-2") && Contains("Right: web-2.\nFrom the top.\n"));
  const Played wrong = play_lines(lesson, {"web-0"});
  CHECK(wrong.ending == Ending::Done);
  CHECK_THAT(wrong.text,
             Contains("Not quite.\nYou said web-0, and it is web-2.\n") &&
                 Contains("The turn of web-0 came later:") && Contains("From the top.\n"));
  CHECK(right.text.find("Not quite") == std::string::npos);
}

TEST_CASE("what is no answer is asked for again, and told how to be given") {
  const Played played = play_lines(lesson_of(kQuestion), {"banana", "", "2"});
  CHECK_THAT(played.text, Contains("There are: web-0 web-1 web-2") && Contains("Right: web-2."));
}

TEST_CASE("a question can be skipped and left") {
  const Lesson lesson = lesson_of(kQuestion + kText);
  CHECK_THAT(play_lines(lesson, {"skip"}).text, Contains("It is: web-2.") && Contains("Listen."));
  const Played left = play_lines(lesson, {"quit"});
  CHECK(left.ending == Ending::Left);
  CHECK(left.text.find("web-2") == std::string::npos);
}

TEST_CASE("the end of input leaves a lesson where it is") {
  const Played played = play_lines(lesson_of(kText + kQuestion), {});
  CHECK(played.ending == Ending::Left);
  CHECK(played.reached == std::vector<std::size_t>{0, 1});
}

TEST_CASE("a goal ends when a line has reached it") {
  const Played played = play_lines(lesson_of(std::string(kGoal) + kText),
                                   {"kubectl get pods",
                                    "kubectl scale sts web --replicas=5",
                                    "kubectl scale sts web --replicas=4"});
  CHECK(played.ending == Ending::Done);
  CHECK_THAT(
      played.text,
      Contains("Make four of them.") && Contains("web-4") && Contains("Goal reached.\n\nListen."));
}

TEST_CASE("what a line leaves to do, and what it spoils, is said of a goal") {
  const Lesson lesson = lesson_of(R"(- goal:
    task: {en: Four at v1., zh: 要四个 v1。}
    expect: {counts: {web: {ready: 4}}, pods: {web-0: {images: ["web:v1"]}}}
    hints: []
    solution: [kubectl scale sts web --replicas=4]
    wrong: [kubectl scale sts web --replicas=5]
)");
  const Played played = play_lines(lesson,
                                   {"get pods",
                                    "scale sts web --replicas=5",
                                    "set image sts/web web=web:v2",
                                    "back",
                                    "scale sts web --replicas=4"});
  CHECK(played.ending == Ending::Done);
  CHECK_THAT(played.text, Contains("The goal is not reached yet: 5 pods of web are Ready, not 4."));
  CHECK_THAT(played.text,
             Contains("That was not so before: Pod web-0 runs web:v2, not "
                      "web:v1. (back undoes it.)"));
  CHECK(played.text.find("3 pods of web") == std::string::npos);
  const Played chinese =
      play_lines(lesson, {"scale sts web --replicas=5"}, 0, {Language::Chinese, 100, false, false});
  CHECK_THAT(chinese.text, Contains("还没有达成目标：web 有 5 个 Pod 就绪；目标是 4 个。"));
}

TEST_CASE("back undoes the last thing that was done, whatever was looked at since") {
  const Played played = play_lines(
      lesson_of(kGoal),
      {"scale sts web --replicas=5", "get pods", "hint", "back", "get sts web", "back", "quit"});
  CHECK_THAT(played.text, Contains("undone: scale sts web --replicas=5\n"));
  CHECK(played.text.find("undone: run") == std::string::npos);
  CHECK_THAT(played.text.substr(played.text.find("$ get sts web")), Contains("web    3/3"));
  // What the lesson has done is not undone.
  CHECK_THAT(played.text, Contains("this is the beginning"));
}

TEST_CASE("a goal may ask for the very pods that were there") {
  const Lesson lesson = lesson_of(R"(- goal:
    task: {en: Again., zh: 再来。}
    expect: {counts: {web: {ready: 3}}, pods: {web-0: {owners: ["StatefulSet/web*"]}}, output: {contains: pod/web-2}}
    samePods: [web-1]
    hints: []
    solution: [get pods -o name]
    wrong: [get sts]
)");
  const Played played =
      play_lines(lesson, {"delete pod web-1", "get pods -o name", "back", "get pods -o name"});
  CHECK(played.ending == Ending::Done);
  CHECK_THAT(played.text,
             Contains("web-1 is not the one any more that was there. (back undoes it.)"));
  CHECK(check(lesson).empty());
  CHECK(check(lesson_of(R"(- goal:
    task: {en: Again., zh: 再来。}
    expect: {counts: {web: {ready: 4}}}
    samePods: [web-7]
    hints: []
    solution: [scale sts web --replicas=4]
    wrong: [get sts]
)"))
            .front() == "1-small.yaml:17: samePods: web-7 is not there when the goal is set");
}

TEST_CASE("in Chinese why is told in Chinese around its reasons") {
  const Lesson lesson = lesson_of(kGoal, "cluster: {brokenImages: [\"web:broken\"]}\n");
  const auto in_chinese = [&lesson](const std::deque<std::string>& lines) {
    return play_lines(lesson, lines, 0, {Language::Chinese, 100, false, false}).text;
  };
  const std::string stuck = in_chinese({"set image sts/web web=web:broken", "why sts/web", "quit"});
  CHECK_THAT(stuck,
             Contains("web 没有完成（+") && Contains("  因为 web-2 is not Running and Ready") &&
                 Contains("这种状态不会自己改变。下面的做法有用（都在集群的副本上试过）：") &&
                 Contains("单靠它们还不够的：") && Contains("之后 web 完成"));
  CHECK(stuck.find("Nothing changes by itself") == std::string::npos);
  CHECK_THAT(in_chinese({"set image sts/web web=web:broken", "why sts/web", "quit"}),
             Contains("  依次一起做：\n"));
  CHECK_THAT(in_chinese({"set image sts/web web=web:broken", "为什么 sts/web", "撤销", "quit"}),
             Contains("  因为 web-2 is not Running") &&
                 Contains("undone: set image sts/web web=web:broken"));
  const Lesson own_time = lesson_of(std::string(kGoal) + "    settles: false\n");
  const std::string waits = play_lines(own_time,
                                       {"delete pod web-2 --wait=false", "why web-2", "quit"},
                                       0,
                                       {Language::Chinese, 100, false, false})
                                .text;
  CHECK_THAT(waits, Contains("web-2 还在（+") && Contains("不需要做什么：+"));
}

TEST_CASE("what mends something is no step away from the goal") {
  const Lesson lesson = lesson_of(R"(- goal:
    task: {en: Four., zh: 四个。}
    expect: {pods: {web-2: {ready: true, phase: Running}}, counts: {web: {total: 5}}}
    hints: []
    solution: [scale sts web --replicas=5]
    wrong: [get sts]
)",
                                  "cluster: {brokenImages: [\"web:broken\"]}\n");
  const Played played = play_lines(lesson,
                                   {"scale sts web --replicas=2",
                                    "set image sts/web web=web:broken",
                                    "scale sts web --replicas=3",
                                    "quit"});
  const std::size_t scaled = played.text.find("$ scale sts web --replicas=3");
  CHECK_THAT(played.text.substr(0, scaled),
             Contains("That was not so before: There is no pod web-2"));
  CHECK(played.text.substr(scaled).find("was not so before") == std::string::npos);
}

TEST_CASE("back undoes a line with the rest behind it, also after a new beginning") {
  const Played played =
      play_lines(lesson_of(kGoal), {"scale sts web --replicas=5", "back", "get pods", "quit"});
  CHECK(played.text.substr(played.text.find("$ get pods")).find("web-3") == std::string::npos);
  const Played anew = play_lines(lesson_of(kGoal),
                                 {"scale sts web --replicas=5",
                                  "reset",
                                  "pod web-0 becomes unready",
                                  "pod web-1 becomes unready",
                                  "back",
                                  "get pods",
                                  "quit"});
  const std::string shown = anew.text.substr(anew.text.find("$ get pods"));
  CHECK_THAT(shown, Contains("web-0   0/1") && Contains("web-1   1/1"));
}

TEST_CASE("in Chinese help names every command that the shell knows") {
  const Lesson lesson = lesson_of(kGoal);
  const Played played =
      play_lines(lesson, {"帮助", "quit"}, 0, {Language::Chinese, 100, false, false});
  CHECK(played.text.find("let so much time pass") == std::string::npos);
  const stsim::shell::Shell shell(lesson.cluster, {});
  for (const std::string& word : shell.completions("")) {
    if (!stsim::kubectl::is_command(word) && word != "quit" && word != "kubectl") {
      INFO(word);
      CHECK_THAT(played.text, Contains("\n  " + word));
    }
  }
}

TEST_CASE("hints come one at a time, and the solution is shown but not done") {
  const Played played = play_lines(lesson_of(kGoal), {"hint", "hint", "hint", "solution"});
  CHECK(played.ending == Ending::Left);
  const std::size_t first = played.text.find("Scale it.");
  const std::size_t second = played.text.find("To four.");
  CHECK(first < second);
  CHECK(second < played.text.find("There are no more hints"));
  CHECK_THAT(played.text, Contains("This reaches it:\n  kubectl scale sts web --replicas=4\n"));
}

TEST_CASE("a goal can be begun again from where it began") {
  const Played played = play_lines(
      lesson_of(kGoal), {"kubectl delete sts web", "again", "kubectl scale sts web --replicas=4"});
  CHECK(played.ending == Ending::Done);
}

TEST_CASE("the cluster comes to rest behind each line, or goes on as lines say") {
  const std::string own_time = std::string(kGoal) + "    settles: false\n";
  const Played rests = play_lines(lesson_of(kGoal), {"scale sts web --replicas=4"});
  CHECK(rests.ending == Ending::Done);
  const Played waits = play_lines(lesson_of(own_time), {"scale sts web --replicas=4"});
  CHECK(waits.ending == Ending::Left);
  const Played told =
      play_lines(lesson_of(own_time), {"scale sts web --replicas=4", "until web-3 ready"});
  CHECK(told.ending == Ending::Done);
}

TEST_CASE("the shell of a goal says why, goes back, and outlives what breaks it") {
  const Lesson lesson = lesson_of(kGoal, "cluster: {brokenImages: [\"web:broken\"]}\n");
  const Played played = play_lines(lesson,
                                   {"set image sts/web web=web:broken",
                                    "why web-2",
                                    "never: {pods: {web-0: {ready: true}}}",
                                    "back",
                                    "back",
                                    "scale sts web --replicas=4"});
  CHECK(played.ending == Ending::Done);
  const std::string answer = played.text.substr(played.text.find("$ why web-2\n"));
  CHECK_THAT(answer, Contains("web:broken"));
}

TEST_CASE("manifests may stand behind a line of a goal") {
  const Lesson lesson = lesson_of(
      "- goal:\n    task: {en: Make a Service., zh: 建一个 Service。}\n"
      "    expect: {resolves: {web-0.web: true}}\n    hints: []\n"
      "    solution: [get pods]\n    wrong: [get sts]\n");
  const Played played = play_lines(lesson,
                                   {"kubectl apply -f - <<EOF",
                                    "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: "
                                    "{clusterIP: None, selector: {app: web}}}",
                                    "EOF"});
  CHECK(played.ending == Ending::Done);
}

TEST_CASE("a goal that is skipped is done by its solution, and the lesson goes on from there") {
  const Lesson lesson = lesson_of(std::string(kGoal) + "- run: [{kubectl: get pods}]\n");
  const Played played = play_lines(lesson, {"skip"});
  CHECK(played.ending == Ending::Done);
  CHECK_THAT(played.text, Contains("$ kubectl scale sts web --replicas=4\n") && Contains("web-3"));
}

TEST_CASE("a lesson goes on at a part as if those before it had been played") {
  const Lesson lesson = lesson_of(kQuestion + kGoal +
                                  "- run:\n  - kubectl: get pods -o "
                                  "custom-columns=N:.metadata.name,I:.spec.containers[0].image\n");
  const Played whole = play_lines(lesson, {"2", "kubectl scale sts web --replicas=4"});
  const Played rest = play_lines(lesson, {}, 2);
  CHECK(rest.reached == std::vector<std::size_t>{2});
  CHECK_THAT(rest.text, Contains("web-3   web:v2"));
  CHECK(whole.text.ends_with(rest.text));
}

TEST_CASE("a lesson speaks Chinese, and takes the same answers") {
  const Played played = play_lines(lesson_of(kQuestion + kGoal),
                                   {"web-0", "提示", "kubectl scale sts web --replicas=4"},
                                   0,
                                   {Language::Chinese, 100, false, false});
  CHECK(played.ending == Ending::Done);
  CHECK_THAT(played.text,
             Contains("什么？") && Contains("不对。\n你回答的是“web-0”，正确答案是“web-2”。") &&
                 Contains("从上往下。") && Contains("扩容。") && Contains("目标已达成。"));
  CHECK(played.text.find("Question") == std::string::npos);
}

TEST_CASE("at a terminal there are prompts, ways to answer, and pauses to read") {
  Script script({"", "2", "", "quit"});
  std::ostringstream out;
  const Ending ending = play(lesson_of(kText + kQuestion + kGoal),
                             0,
                             {Language::English, 80, true, true},
                             script,
                             out,
                             [](std::size_t) {});
  CHECK(ending == Ending::Left);
  CHECK(script.left() == 0);
  CHECK_THAT(out.str(), Contains("(a name, or its number alone") && Contains("\x1b[32mRight"));
}

TEST_CASE("a lesson that is well has nothing to find fault with") {
  CHECK(check(lesson_of(kText + kQuestion + kGoal)).empty());
}

TEST_CASE("a check finds what a lesson only claims") {
  CHECK_THAT(check(lesson_of("- run: [{expect: {pods: {web-9: {ready: true}}}}]\n")).at(0),
             Contains("1-small.yaml:17: line 17: pods.web-9: expected"));
  CHECK_THAT(check(lesson_of("- run: [{pod: {name: web-9, becomes: ready}}]\n")).at(0),
             Contains("web-9"));
  CHECK_THAT(check(lesson_of(question("{settle: {}}", "answer: {value: pods.web-9.phase}"))).at(0),
             Contains("does not answer the question"));
  const auto goal = [](const char* expect, const char* solution, const char* wrong) {
    return check(
        lesson_of(fmt::format("- goal:\n    task: {{en: Do it., zh: 做吧。}}\n    expect: "
                              "{{counts: {{web: {{ready: {}}}}}}}\n"
                              "    hints: []\n    solution: [{}]\n    wrong: [{}]\n",
                              expect,
                              solution,
                              wrong)));
  };
  CHECK_THAT(goal("3", "get pods", "scale sts web --replicas=1").at(0),
             Contains("the goal is reached before anything is done"));
  CHECK_THAT(goal("4", "get pods", "get sts").at(0),
             Contains("the solution does not reach the goal"));
  CHECK_THAT(goal("4", "scale sts web --replicas=4", "kubectl scale sts web --replicas=4").at(0),
             Contains("what should be wrong reaches the goal: kubectl scale"));
}
