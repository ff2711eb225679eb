// `stsim learn`.
#include "cli/commands.hpp"
#include "cli/line_editor.hpp"
#include "cli/loading.hpp"

#include <fmt/format.h>
#include <stsim/lessons/check.hpp>
#include <stsim/lessons/load.hpp>
#include <stsim/lessons/player.hpp>
#include <stsim/lessons/progress.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <system_error>

#ifndef STSIM_LESSONS_FROM_PROGRAM
#error "the build gives the folder of the installed lessons, seen from that of the program"
#endif

namespace stsim::cli {

namespace {

namespace fs = std::filesystem;
using lessons::Language;
using lessons::Lesson;
using lessons::Progress;

constexpr std::string_view kFolderVariable = "STSIM_LESSONS";

/// A variable of the environment, "" where it is not set.
std::string environment(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? "" : value;
}

/// A text in the language of the lessons.
std::string_view pick(Language language, std::string_view english, std::string_view chinese) {
  return language == Language::Chinese ? chinese : english;
}

class LearnParser {
 public:
  LearnParser()
      : arguments_("stsim learn",
                   "Teaches StatefulSets: each lesson tells, shows, asks what will happen next and "
                   "sets a task for a shell. Without a lesson it lists them, and how far you are.",
                   "a lesson") {
    arguments_.positionals(
        "LESSON", lesson_, "A lesson's name or number, or next: the first one not done", false);
    arguments_.text("--lang", language_, "en|zh", "The language; usually that of the locale");
    arguments_.flag("--restart", restart, "Begin the lesson, or without one all, from the start");
    arguments_.flag("--check",
                    check,
                    "Play the lesson, or all, with right and wrong answers, and say "
                    "what does not hold");
    arguments_.flag("--no-color", no_color, "Print without colours");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }

  /// The language that is asked for, or that of the locale.
  Result<Language, UserError> language() const {
    if (!arguments_.given("--lang")) {
      return lessons::language_of_locale(
          environment("LC_ALL"), environment("LC_MESSAGES"), environment("LANG"));
    }
    if (const auto found = lessons::parse_language(language_)) {
      return *found;
    }
    return tl::unexpected(wrong(fmt::format("--lang cannot be \"{}\"", language_), "en or zh"));
  }
  /// How lessons are begun in the same language.
  std::string command() const {
    return arguments_.given("--lang") ? "stsim learn --lang " + language_ : "stsim learn";
  }
  /// The lesson that is asked for; "" for none.
  Result<std::string, UserError> lesson() const {
    if (lesson_.size() > 1) {
      return tl::unexpected(wrong("stsim learn takes one lesson at a time"));
    }
    return lesson_.empty() ? "" : lesson_.front();
  }

  bool restart{};
  bool check{};
  bool no_color{};

 private:
  std::vector<std::string> lesson_;
  std::string language_;
  Arguments arguments_;
};

/// Where lessons may be, in the order in which they are looked for.
std::vector<fs::path> places() {
  std::vector<fs::path> out;
  if (const std::string named = environment(kFolderVariable); !named.empty()) {
    out.emplace_back(named);
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (error) {
    return out;
  }
  // A build tree lies in the sources, or at the side of them.
  constexpr int kUp = 3;
  fs::path at = program;
  for (int i = 0; i < kUp && at.has_relative_path(); ++i) {
    out.push_back(at / "scenarios/lessons");
    at = at.parent_path();
  }
  out.push_back((program / STSIM_LESSONS_FROM_PROGRAM).lexically_normal());
  return out;
}

Result<std::vector<Lesson>> find_lessons() {
  const std::vector<fs::path> folders = places();
  for (const fs::path& folder : folders) {
    std::error_code error;
    if (fs::is_directory(folder, error)) {
      return lessons::load_lessons(folder);
    }
  }
  std::string looked;
  for (const fs::path& folder : folders) {
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  return tl::unexpected(UserErrors{wrong("there are no lessons; looked for in " + looked,
                                         fmt::format("set {} to their folder", kFolderVariable))});
}

/// What comes from a pipe.
class Piped : public lessons::Learner {
 public:
  std::optional<std::string> line(const std::string& /*prompt*/,
                                  const lessons::Complete& /*complete*/) override {
    std::string text;
    return std::getline(std::cin, text) ? std::optional(std::move(text)) : std::nullopt;
  }
};

/// What is typed at a terminal.
class Typed : public lessons::Learner {
 public:
  explicit Typed(std::ostream& out)
      : out_(out),
        editor_(
            [this](std::string_view text) {
              return complete_ ? complete_(text) : std::vector<std::string>();
            },
            "") {}

  std::optional<std::string> line(const std::string& prompt,
                                  const lessons::Complete& complete) override {
    out_ << std::flush;
    complete_ = complete;
    auto typed = editor_.read(prompt);
    if (!typed) {
      out_ << "\n";
      return std::nullopt;
    }
    if (complete) {
      editor_.remember(typed->line);
    }
    return typed->given_up ? "" : typed->line;
  }

 private:
  std::ostream& out_;
  lessons::Complete complete_;
  LineEditor editor_;
};

lessons::Looks looks_of(Language language, bool color) {
  lessons::Looks out;
  out.language = language;
  out.color = color;
  out.terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  constexpr std::size_t kWidest = 100;
  out.width = std::min(terminal_width().value_or(out.width), kWidest);
  return out;
}

/// The first lesson that is not done, or null.
const Lesson* next_lesson(const std::vector<Lesson>& all, const Progress& progress) {
  const auto found = std::ranges::find_if(all, [&progress](const Lesson& lesson) {
    const auto of = progress.lessons.find(lesson.name);
    return of == progress.lessons.end() || !of->second.done;
  });
  return found == all.end() ? nullptr : &*found;
}

Result<const Lesson*, UserError> chosen(const std::vector<Lesson>& all,
                                        const Progress& progress,
                                        const std::string& word) {
  if (word == "next") {
    const Lesson* next = next_lesson(all, progress);
    return next == nullptr ? &all.front() : next;
  }
  std::vector<std::string_view> names{"next"};
  for (const Lesson& lesson : all) {
    if (lesson.name == word || std::to_string(lesson.number) == word) {
      return &lesson;
    }
    names.push_back(lesson.name);
  }
  return tl::unexpected(
      wrong(fmt::format("there is no lesson \"{}\"", word), suggestion(word, names)));
}

/// A line a lesson: number, name, title and how far it is.
void list(const std::vector<Lesson>& all,
          const Progress& progress,
          Language language,
          const std::string& command,
          std::ostream& out) {
  std::size_t longest = 0;
  for (const Lesson& lesson : all) {
    longest = std::max(longest, lesson.name.size());
  }
  const Lesson* next = next_lesson(all, progress);
  out << pick(language, "Lessons on StatefulSets:\n", "StatefulSet 课程：\n");
  for (const Lesson& lesson : all) {
    const auto of = progress.lessons.find(lesson.name);
    std::string far;
    if (of != progress.lessons.end()) {
      far =
          of->second.done
              ? std::string(pick(language, "  (done)", "  （已完成）"))
              : fmt::format(fmt::runtime(pick(
                                language, "  (at part {} of {})", "  （第 {} 部分，共 {} 部分）")),
                            of->second.part + 1,
                            lesson.parts.size());
    }
    out << fmt::format("{} {:>2}  {:<{}}  {}{}\n",
                       &lesson == next ? ">" : " ",
                       lesson.number,
                       lesson.name,
                       longest,
                       lesson.title.in(language),
                       far);
  }
  out << (next == nullptr ? std::string(pick(language,
                                             "All of them are done. A name plays one again.\n",
                                             "全部完成了。写上名字可以重新学一课。\n"))
                          : fmt::format(fmt::runtime(pick(language,
                                                          "Next: {0} {1} (or {0} next)\n",
                                                          "下一课：{0} {1}（或 {0} next）\n")),
                                        command,
                                        next->name));
}

int check(std::span<const Lesson> all, const Streams& streams) {
  std::size_t wrong = 0;
  for (const Lesson& lesson : all) {
    const std::vector<std::string> found = lessons::check(lesson);
    streams.out << fmt::format(
        "{:<4}  {} {}\n", found.empty() ? "ok" : "FAIL", lesson.number, lesson.name);
    for (const std::string& line : found) {
      streams.out << "      " << line << "\n";
    }
    wrong += found.empty() ? 0U : 1U;
  }
  streams.out << fmt::format("{} of {} lessons hold\n", all.size() - wrong, all.size());
  return wrong == 0 && streams.out ? kExitOk : kExitFailed;
}

/// Plays lessons, and keeps how far they went.
class Classroom {
 public:
  /// `command`: how a lesson is begun, up to its name.
  Classroom(const Streams& streams,
            const std::vector<Lesson>& all,
            const lessons::Looks& looks,
            std::string command)
      : streams_(streams),
        all_(all),
        looks_(looks),
        command_(std::move(command)),
        file_(state_folder().empty() ? fs::path() : state_folder() / "lessons"),
        progress_(lessons::read_progress(file_)) {}

  [[nodiscard]] const Progress& progress() const { return progress_; }

  void forget_all() {
    progress_ = {};
    keep();
  }

  int play(const Lesson& lesson, bool restart) {
    const Progress::Of was = progress_.lessons[lesson.name];
    const bool goes_on = !restart && !was.done && was.part < lesson.parts.size();
    std::size_t part = goes_on ? was.part : 0;
    say_title(lesson, part);
    std::unique_ptr<lessons::Learner> learner;
    if (looks_.terminal) {
      learner = std::make_unique<Typed>(streams_.out);
    } else {
      learner = std::make_unique<Piped>();
    }
    const lessons::Ending ending =
        lessons::play(lesson, part, looks_, *learner, streams_.out, [&](std::size_t reached) {
          part = reached;
          keep(lesson, {false, reached});
        });
    switch (ending) {
      case lessons::Ending::Done:
        keep(lesson, {true, 0});
        say_next(lesson);
        return streams_.out ? kExitOk : kExitFailed;
      case lessons::Ending::Left:
        if (!was.done) {
          streams_.out
              << pick(looks_.language, "You can go on here another time: ", "下次可以从这里继续：")
              << command_ << " " << lesson.name << "\n";
        }
        return kExitOk;
      case lessons::Ending::Broken:
        streams_.err << to_string(UserError{lesson.parts[part].mark,
                                            "the lesson does not hold here",
                                            "stsim learn --check says what is wrong with it",
                                            ""});
        return kExitFailed;
    }
    return kExitFailed;
  }

 private:
  void say_title(const Lesson& lesson, std::size_t part) {
    std::string title = fmt::format("{}. {}", lesson.number, lesson.title.in(looks_.language));
    if (part > 0) {
      title += fmt::format(
          fmt::runtime(pick(
              looks_.language, " (going on at part {} of {})", "（从第 {} 部分继续，共 {} 部分）")),
          part + 1,
          lesson.parts.size());
    }
    streams_.out << (looks_.color ? fmt::format("\x1b[1m{}\x1b[0m", title) : title) << "\n";
  }

  /// The next one that is not done, of those behind this one if there are any.
  void say_next(const Lesson& lesson) {
    const auto behind = std::ranges::find_if(all_, [&](const Lesson& other) {
      const auto of = progress_.lessons.find(other.name);
      const bool done = of != progress_.lessons.end() && of->second.done;
      return other.number > lesson.number && !done;
    });
    const Lesson* next = behind == all_.end() ? next_lesson(all_, progress_) : &*behind;
    streams_.out
        << "\n"
        << fmt::format(
               fmt::runtime(pick(looks_.language, "That was lesson {}. ", "第 {} 课完成。")),
               lesson.number)
        << (next == nullptr
                ? std::string(pick(looks_.language, "All lessons are done.", "所有课程都已完成。"))
                : fmt::format(
                      fmt::runtime(pick(looks_.language, "The next one: {} {}", "下一课：{} {}")),
                      command_,
                      next->name))
        << "\n";
  }

  void keep(const Lesson& lesson, const Progress::Of& of) {
    // What was done once stays done, however far it is played again.
    Progress::Of& kept = progress_.lessons[lesson.name];
    if (!kept.done || of.done) {
      kept = of;
      keep();
    }
  }
  void keep() {
    const bool kept = !file_.empty() && lessons::write_progress(file_, progress_);
    if (!kept && !told_) {
      told_ = true;
      streams_.err << to_string(UserError{
          {file_.string(), 0, 0}, "how far you are cannot be kept", "set XDG_STATE_HOME", ""});
    }
  }

  const Streams& streams_;
  const std::vector<Lesson>& all_;
  lessons::Looks looks_;
  std::string command_;
  fs::path file_;
  Progress progress_;
  bool told_{};
};

int carry_out(const LearnParser& parser, const Streams& streams) {
  const auto language = parser.language();
  const auto word = parser.lesson();
  if (!language || !word) {
    return refuse(streams, language ? word.error() : language.error());
  }
  const auto all = find_lessons();
  if (!all) {
    return refuse(streams, all.error());
  }
  if (parser.check && word->empty()) {
    return check(*all, streams);
  }
  const std::string command = parser.command();
  Classroom room(streams, *all, looks_of(*language, wants_color(!parser.no_color)), command);
  if (word->empty()) {
    if (parser.restart) {
      room.forget_all();
    }
    list(*all, room.progress(), *language, command, streams.out);
    return streams.out ? kExitOk : kExitFailed;
  }
  const auto lesson = chosen(*all, room.progress(), *word);
  if (!lesson) {
    return refuse(streams, lesson.error());
  }
  if (parser.check) {
    return check({*lesson, 1}, streams);
  }
  return room.play(**lesson, parser.restart);
}

}  // namespace

int learn_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(LearnParser(), arguments, streams, [&streams](const LearnParser& parser) {
    return carry_out(parser, streams);
  });
}

std::string learn_help() {
  return LearnParser().help();
}

}  // namespace stsim::cli
