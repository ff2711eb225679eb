#include "goal_shell.hpp"
#include "help.hpp"
#include "phrases.hpp"

#include <stsim/base/characters.hpp>
#include <stsim/base/layout.hpp>
#include <stsim/lessons/player.hpp>
#include <stsim/lessons/question.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/runner.hpp>

#include <algorithm>
#include <array>
#include <ostream>

namespace stsim::lessons {

namespace {

enum class Tone { Plain, Strong, Good, Bad };

/// What a lesson itself understands, whatever the shell knows.
enum class Word { None, Quit, Skip, Hint, Solution, Again, Help };

Word word_of(std::string_view line) {
  struct Meaning {
    std::string_view english;
    std::string_view chinese;
    Word word;
  };
  constexpr std::array kMeanings{
      Meaning{"quit", "退出", Word::Quit},
      Meaning{"exit", "退出", Word::Quit},
      Meaning{"skip", "跳过", Word::Skip},
      Meaning{"hint", "提示", Word::Hint},
      Meaning{"solution", "答案", Word::Solution},
      Meaning{"again", "重来", Word::Again},
      Meaning{"help", "帮助", Word::Help},
  };
  line = trimmed(line);
  for (const Meaning& meaning : kMeanings) {
    if (line == meaning.english || line == meaning.chinese) {
      return meaning.word;
    }
  }
  return Word::None;
}

/// A line with the shell's own word where it begins with a Chinese one.
std::string in_shell_words(const std::string& line) {
  struct Meaning {
    std::string_view chinese;
    std::string_view word;
  };
  constexpr std::array kMeanings{Meaning{"撤销", "back"},
                                 Meaning{"为什么", "why"},
                                 Meaning{"状态", "show"},
                                 Meaning{"比较", "diff"}};
  for (const Meaning& meaning : kMeanings) {
    if (line.starts_with(meaning.chinese)) {
      const std::string_view rest = trimmed(std::string_view(line).substr(meaning.chinese.size()));
      return fmt::format("{}{}{}", meaning.word, rest.empty() ? "" : " ", rest);
    }
  }
  return line;
}

class Player {
 public:
  Player(const Lesson& lesson, const Looks& looks, Learner& learner, std::ostream& out)
      : lesson_(lesson), looks_(looks), learner_(learner), out_(out), session_(begin(lesson)) {}

  Ending play(std::size_t from, const Reached& reached) {
    if (!take_quietly(lesson_.setup)) {
      return Ending::Broken;
    }
    for (std::size_t i = 0; i < std::min(from, lesson_.parts.size()); ++i) {
      if (!std::visit([this](const auto& part) { return pass(part); }, lesson_.parts[i].content)) {
        return Ending::Broken;
      }
    }
    for (std::size_t i = from; i < lesson_.parts.size(); ++i) {
      reached(i);
      last_ = i + 1 == lesson_.parts.size();
      const auto ending =
          std::visit([this](const auto& part) { return go(part); }, lesson_.parts[i].content);
      out_.flush();
      if (ending) {
        return *ending;
      }
    }
    return Ending::Done;
  }

 private:
  static scenario::Session begin(const Lesson& lesson) {
    scenario::Unobserved nobody;
    return {lesson.cluster, scenario::settings_of(*lesson.cluster), nobody};
  }

  bool take_quietly(const Steps& steps) {
    scenario::Unobserved nobody;
    return take(steps, session_, nobody);
  }

  /// A part that lies before the one to go on with.
  [[nodiscard]] bool pass(const TextPart& /*part*/) { return true; }
  bool pass(const RunPart& part) { return take_quietly(part.steps); }
  bool pass(const PredictPart& part) { return take_quietly(part.steps); }
  bool pass(const GoalPart& part) {
    GoalShell shell(lesson_, part, session_, shown_as(true));
    for (const std::string& line : part.solution) {
      shell.enter(line);
    }
    session_ = shell.session();
    return shell.is_reached();
  }

  /// A part as it is played; gives how the lesson ends where it does.
  std::optional<Ending> go(const TextPart& part) {
    out_ << "\n" << wrapped(part.text.in(looks_.language), looks_.width);
    return pause();
  }

  std::optional<Ending> go(const RunPart& part) {
    return show(part.steps, part.quiet) ? pause() : std::optional(Ending::Broken);
  }

  std::optional<Ending> go(const PredictPart& part) {
    const Question question(part, session_);
    if (!question.right()) {
      return Ending::Broken;
    }
    std::optional<std::string> guess;
    ask(part, question);
    while (!guess) {
      const auto line = learner_.line(prompt("?"), {});
      if (!line) {
        return Ending::Left;
      }
      const Word word = word_of(*line);
      if (word == Word::Quit) {
        return Ending::Left;
      }
      if (word == Word::Skip || word == Word::Solution) {
        break;
      }
      guess = question.read(*line);
      if (!guess) {
        if (word == Word::Again) {
          ask(part, question);
        } else {
          out_ << wrapped(capital(question.how_to_answer(looks_.language)) +
                              say(looks_.language,
                                  ". Or: skip, quit.",
                                  "。也可以输入“跳过”（skip）或“退出”（quit）。"),
                          looks_.width);
        }
      }
    }
    if (!show(part.steps, part.quiet)) {
      return Ending::Broken;
    }
    tell(part, question, guess);
    return pause();
  }

  std::optional<Ending> go(const GoalPart& part) {
    say_task(part);
    GoalShell shell(lesson_, part, session_, shown_as(false));
    std::size_t hints = 0;
    while (true) {
      const auto line = whole_line(shell);
      if (!line) {
        return Ending::Left;
      }
      switch (word_of(*line)) {
        case Word::Quit:
          return Ending::Left;
        case Word::Skip:
          return show_solution(part);
        case Word::Hint:
          give_hint(part, hints);
          continue;
        case Word::Solution:
          say_solution(part);
          continue;
        case Word::Again:
          shell = GoalShell(lesson_, part, session_, shown_as(false));
          hints = 0;
          say_task(part);
          continue;
        case Word::Help:
          say_words();
          if (looks_.language == Language::Chinese) {
            out_ << chinese_help(looks_.width);
            continue;
          }
          break;
        case Word::None:
          break;
      }
      const GoalShell::Said said = shell.enter(in_shell_words(*line));
      out_ << said.text;
      if (said.quit) {
        return Ending::Left;
      }
      // What somebody has broken can be undone by `back` and `again`.
      if (shell.is_reached()) {
        break;
      }
      if (const std::string remark = shell.remark(looks_.language); !remark.empty()) {
        out_ << wrapped(remark, looks_.width);
      }
    }
    session_ = shell.session();
    out_ << "\n"
         << styled(Tone::Good, say(looks_.language, "Goal reached.", "目标已达成。")) << "\n";
    return pause();
  }

  /// A line for the shell, and those that belong to it: manifests, open quotations.
  std::optional<std::string> whole_line(const GoalShell& shell) {
    const Complete complete = [&shell](std::string_view text) { return shell.completions(text); };
    auto out = learner_.line(prompt("$"), complete);
    while (out && shell::Shell::wants_more(*out)) {
      const auto more = learner_.line(prompt(">"), {});
      if (!more) {
        break;
      }
      *out += "\n" + *more;
    }
    if (out && !looks_.terminal && word_of(*out) == Word::None) {
      out_ << "$ " << *out << "\n";
    }
    return out;
  }

  /// Does what somebody does not want to do; gives how the lesson ends where it does.
  std::optional<Ending> show_solution(const GoalPart& part) {
    GoalShell shell(lesson_, part, session_, shown_as(false));
    for (const std::string& line : part.solution) {
      out_ << styled(Tone::Strong, "$ " + line) << "\n" << shell.enter(line).text;
    }
    session_ = shell.session();
    return shell.is_reached() ? pause() : std::optional(Ending::Broken);
  }

  bool show(const Steps& steps, bool quiet) {
    Shown shown(shown_as(quiet));
    const bool well = take(steps, session_, shown);
    const std::string text = shown.take();
    out_ << (text.empty() ? "" : "\n") << text;
    return well;
  }

  void ask(const PredictPart& part, const Question& question) {
    out_ << "\n"
         << styled(Tone::Strong,
                   wrapped(say(looks_.language, "Question: ", "提问：") +
                               part.question.in(looks_.language),
                           looks_.width));
    if (const auto* answer = std::get_if<Choices>(&part.answer)) {
      for (std::size_t i = 0; i < answer->choices.size(); ++i) {
        out_ << wrapped(fmt::format("{}) {}", i + 1, answer->choices[i].text.in(looks_.language)),
                        looks_.width,
                        "   ");
      }
    }
    if (looks_.terminal) {
      out_ << wrapped(
          say(looks_.language, "({})", "（{}）", question.how_to_answer(looks_.language)),
          looks_.width);
    }
  }

  void tell(const PredictPart& part,
            const Question& question,
            const std::optional<std::string>& guess) {
    const Language language = looks_.language;
    out_ << "\n";
    if (!guess) {
      out_ << say(
          language, "It is: {}.\n", "答案：{}。\n", question.shown(*question.right(), language));
    } else if (guess == question.right()) {
      out_ << styled(Tone::Good,
                     say(language, "Right: {}.", "答对了：{}。", question.shown(*guess, language)))
           << "\n";
    } else {
      out_ << styled(Tone::Bad, say(language, "Not quite.", "不对。")) << "\n";
      out_ << fitted(question.explain(*guess, language));
    }
    if (part.because) {
      out_ << wrapped(part.because->in(language), looks_.width);
    }
  }

  /// Records stand indented and are folded; the rest is text.
  [[nodiscard]] std::string fitted(const std::string& text) const {
    std::string out;
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      out += line.starts_with("  ") ? report::fit(std::string(line), looks_.width)
                                    : wrapped(line, looks_.width);
    }
    return out;
  }

  void say_task(const GoalPart& part) {
    out_ << "\n"
         << styled(Tone::Strong, say(looks_.language, "Your turn.", "轮到你了。")) << "\n"
         << wrapped(part.task.in(looks_.language), looks_.width);
    if (looks_.terminal) {
      say_words();
    }
  }

  void say_words() {
    out_ << wrapped(
        say(looks_.language,
            "(Type kubectl commands; help lists what else there is. Of the lesson: "
            "hint, solution, skip, "
            "again, quit.)",
            "（请输入 kubectl 命令；“帮助”会列出其他可用的命令。本课的命令，中英文都可以：提示"
            "（hint）、答案（solution）、跳过（skip）、重来（again）、退出（quit）。）"),
        looks_.width);
  }

  void give_hint(const GoalPart& part, std::size_t& given) {
    if (given < part.hints.size()) {
      out_ << wrapped(part.hints[given++].in(looks_.language), looks_.width);
    } else {
      out_ << wrapped(say(looks_.language,
                          "There are no more hints; solution shows what to type.",
                          "没有更多提示了；输入“答案”可以看答案。"),
                      looks_.width);
    }
  }

  void say_solution(const GoalPart& part) {
    out_ << say(looks_.language, "This reaches it:\n", "这样可以达成目标：\n");
    for (const std::string& line : part.solution) {
      out_ << "  " << line << "\n";
    }
  }

  /// Gives people time to read.
  std::optional<Ending> pause() {
    if (!looks_.terminal || last_) {
      return std::nullopt;
    }
    out_.flush();
    const auto line = learner_.line(say(looks_.language, "[Enter] ", "［回车继续］"), {});
    return line && word_of(*line) != Word::Quit ? std::nullopt : std::optional(Ending::Left);
  }

  [[nodiscard]] ShownAs shown_as(bool quiet) const {
    return {quiet, looks_.color, lesson_.endpoints, looks_.width, looks_.language};
  }
  [[nodiscard]] std::string prompt(std::string_view sign) const {
    return looks_.terminal ? std::string(sign) + " " : "";
  }
  [[nodiscard]] std::string styled(Tone tone, const std::string& text) const {
    if (!looks_.color || tone == Tone::Plain) {
      return text;
    }
    const char* code = tone == Tone::Strong ? "1" : tone == Tone::Good ? "32" : "31";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }

  const Lesson& lesson_;
  Looks looks_;
  Learner& learner_;
  std::ostream& out_;
  scenario::Session session_;
  bool last_{};  ///< the part is the last one
};

}  // namespace

Ending play(const Lesson& lesson,
            std::size_t from,
            const Looks& looks,
            Learner& learner,
            std::ostream& out,
            const Reached& reached) {
  return Player(lesson, looks, learner, out).play(from, reached);
}

}  // namespace stsim::lessons
