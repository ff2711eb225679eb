#include "goal_shell.hpp"
#include "turn.hpp"

#include <fmt/format.h>
#include <stsim/lessons/check.hpp>
#include <stsim/lessons/question.hpp>
#include <stsim/scenario/runner.hpp>

namespace stsim::lessons {

namespace {

class Checker {
 public:
  explicit Checker(const Lesson& lesson)
      : lesson_(lesson),
        session_(lesson.cluster, scenario::settings_of(*lesson.cluster), nobody_) {}

  std::vector<std::string> check() {
    mark_ = {lesson_.file.string(), 1, 1};
    if (run(lesson_.setup)) {
      for (const Part& part : lesson_.parts) {
        mark_ = part.mark;
        if (!std::visit([this](const auto& content) { return play(content); }, part.content)) {
          break;
        }
      }
    }
    return std::move(wrong_);
  }

 private:
  void note(const std::string& what) {
    wrong_.push_back(fmt::format("{}:{}: {}", mark_.file, mark_.line, what));
  }

  /// Takes steps; notes what does not hold. Returns whether the lesson can go on.
  bool run(const Steps& steps) {
    for (const auto& step : steps) {
      const scenario::StepResult result = session_.take(at_its_turn(step, session_), nobody_);
      if (!result.error.empty()) {
        note(fmt::format("line {}: {}", step->mark.line, result.error));
      }
      for (const std::string& difference : result.differences) {
        note(fmt::format("line {}: {}", step->mark.line, difference));
      }
      if (!session_.goes_on()) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool play(const TextPart& /*part*/) { return true; }
  bool play(const RunPart& part) { return run(part.steps); }

  bool play(const PredictPart& part) {
    const Question question(part, session_);
    if (const auto& right = question.right()) {
      check(question, *right);
    } else {
      note(
          "the run does not answer the question: not exactly one choice holds, or there is no such "
          "value");
    }
    return run(part.steps);
  }

  void check(const Question& question, const std::string& right) {
    for (const Language language : {Language::English, Language::Chinese}) {
      if (question.read(question.shown(right, language)) != right) {
        note(fmt::format("the right answer {} is refused", question.shown(right, language)));
      }
    }
    const std::vector<std::string> guesses = question.wrong();
    if (guesses.empty()) {
      note("nothing else can be guessed");
    }
    for (const std::string& guess : guesses) {
      const auto read = question.read(guess);
      if (!read || read == right) {
        note(fmt::format("the wrong answer {} is {}", guess, read ? "accepted" : "not understood"));
        continue;
      }
      std::vector<std::string> texts;
      for (const Language language : {Language::English, Language::Chinese}) {
        texts.push_back(question.explain(*read, language));
        // The first line says what is right; the others have to say why.
        const std::size_t end = texts.back().find('\n');
        if (end == std::string::npos || end + 1 >= texts.back().size()) {
          note(fmt::format("the wrong answer {} is not explained", guess));
        }
      }
      if (texts.front() == texts.back()) {
        note(fmt::format("the wrong answer {} is explained in one language only", guess));
      }
    }
  }

  bool play(const GoalPart& part) {
    if (session_.unmet(part.expect).empty()) {
      note("the goal is reached before anything is done");
    }
    for (const std::string& line : part.wrong) {
      GoalShell shell(lesson_, part, session_, kSilent);
      shell.enter(line);
      if (shell.is_reached()) {
        note(fmt::format("what should be wrong reaches the goal: {}", line));
      }
    }
    GoalShell shell(lesson_, part, session_, kSilent);
    for (const api::ObjectKey& key : part.same) {
      if (!session_.world().store.find(key)) {
        note(fmt::format("samePods: {} is not there when the goal is set", key.name));
      }
    }
    for (std::size_t i = 0; i < part.solution.size(); ++i) {
      if (i > 0 && shell.is_reached()) {
        note(fmt::format("the goal is reached before the line: {}", part.solution[i]));
      }
      shell.enter(part.solution[i]);
    }
    session_ = shell.session();
    if (!shell.is_reached()) {
      note("the solution does not reach the goal");
      return false;
    }
    return true;
  }

  static constexpr ShownAs kSilent{true, false, false, 80};

  const Lesson& lesson_;
  scenario::Unobserved nobody_;
  scenario::Session session_;
  SourceMark mark_;
  std::vector<std::string> wrong_;
};

}  // namespace

std::vector<std::string> check(const Lesson& lesson) {
  return Checker(lesson).check();
}

}  // namespace stsim::lessons
