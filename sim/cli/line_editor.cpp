#include "cli/line_editor.hpp"

#include <histedit.h>
#include <locale.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace stsim::cli {

namespace {

constexpr int kRemembered = 2000;
constexpr std::size_t kMostShown = 200;

std::string common_beginning(const std::vector<std::string>& words) {
  std::string out = words.front();
  for (const std::string& word : words) {
    const auto [end, unused] = std::ranges::mismatch(out, word);
    out.erase(end, out.end());
  }
  return out;
}

/// The words in columns.
void show(const std::vector<std::string>& words) {
  constexpr std::size_t kWidth = 78;
  std::size_t longest = 0;
  const std::size_t count = std::min(words.size(), kMostShown);
  for (std::size_t i = 0; i < count; ++i) {
    longest = std::max(longest, words[i].size());
  }
  const std::size_t columns = std::max<std::size_t>(1, kWidth / (longest + 2));
  std::fputs("\n", stdout);
  for (std::size_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count || (i + 1) % columns == 0;
    std::fputs(words[i].c_str(), stdout);
    std::fputs(last ? "\n" : std::string(longest + 2 - words[i].size(), ' ').c_str(), stdout);
  }
  if (words.size() > count) {
    std::fprintf(stdout, "and %zu more\n", words.size() - count);
  }
  std::fflush(stdout);
}

}  // namespace

struct LineEditor::Inside {
  Complete complete;
  std::string history_file;
  std::string prompt;
  bool given_up{};
  EditLine* editor{};
  History* history{};
  HistEvent event{};
  locale_t characters{};

  static Inside& of(EditLine* editor) {
    void* data = nullptr;
    el_get(editor, EL_CLIENTDATA, &data);
    return *static_cast<Inside*>(data);
  }

  static char* show_prompt(EditLine* editor) { return of(editor).prompt.data(); }

  static unsigned char give_up(EditLine* editor, wint_t /*key*/) {
    of(editor).given_up = true;
    std::fputs("^C", stdout);
    std::fflush(stdout);
    // As if the line had been entered: who reads it knows better.
    el_push(editor, "\n");
    return CC_NORM;
  }

  static unsigned char complete_word(EditLine* editor, wint_t /*key*/) {
    const LineInfo* line = el_line(editor);
    const std::string_view text(line->buffer,
                                static_cast<std::size_t>(line->cursor - line->buffer));
    const std::vector<std::string> words = of(editor).complete(text);
    if (words.empty()) {
      return CC_ERROR;
    }
    const std::size_t begin = text.find_last_of(" \t") + 1;  // 0 where there is none
    const std::string_view typed = text.substr(begin);
    std::string more = common_beginning(words);
    more = more.starts_with(typed) ? more.substr(typed.size()) : "";
    if (words.size() == 1 && !words.front().ends_with('/') && !words.front().ends_with('=')) {
      more += ' ';
    }
    if (!more.empty()) {
      return el_insertstr(editor, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    }
    show(words);
    return CC_REDISPLAY;
  }
};

LineEditor::LineEditor(Complete complete, std::filesystem::path history)
    : inside_(std::make_unique<Inside>()) {
  Inside& in = *inside_;
  in.complete = std::move(complete);
  // Of this thread alone, and of its characters alone: nothing else is printed differently.
  in.characters = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (in.characters != nullptr) {
    uselocale(in.characters);
  }
  in.editor = el_init("stsim", stdin, stdout, stderr);
  in.history = history_init();
  el_set(in.editor, EL_CLIENTDATA, &in);
  el_set(in.editor, EL_PROMPT, Inside::show_prompt);
  el_set(in.editor, EL_EDITOR, "emacs");
  el_set(in.editor, EL_SIGNAL, 0);
  ::history(in.history, &in.event, H_SETSIZE, kRemembered);
  ::history(in.history, &in.event, H_SETUNIQUE, 1);
  el_set(in.editor, EL_HIST, ::history, in.history);
  // The wide form: the other one leaves its copies of the words behind.
  el_wset(in.editor, EL_ADDFN, L"stsim-complete", L"complete a word", Inside::complete_word);
  el_set(in.editor, EL_BIND, "^I", "stsim-complete", nullptr);
  el_set(in.editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  // At the prompt Ctrl-C is a key like others; while a line is carried out it is a signal.
  el_set(in.editor, EL_SETTY, "-d", "-isig", nullptr);
  el_wset(in.editor, EL_ADDFN, L"stsim-give-up", L"give the line up", Inside::give_up);
  el_set(in.editor, EL_BIND, "^C", "stsim-give-up", nullptr);
  if (!history.empty()) {
    std::error_code error;
    std::filesystem::create_directories(history.parent_path(), error);
    in.history_file = history.string();
    ::history(in.history, &in.event, H_LOAD, in.history_file.c_str());
  }
}

LineEditor::~LineEditor() {
  history_end(inside_->history);
  el_end(inside_->editor);
  if (inside_->characters != nullptr) {
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(inside_->characters);
  }
}

std::optional<LineEditor::Typed> LineEditor::read(const std::string& prompt) {
  Inside& in = *inside_;
  in.prompt = prompt;
  in.given_up = false;
  el_resize(in.editor);
  // Before the prompt shows: what is typed as soon as it does is read as keys already.
  el_set(in.editor, EL_PREP_TERM, 1);
  int count = 0;
  const char* line = el_gets(in.editor, &count);
  if (in.given_up) {
    return Typed{"", true};
  }
  if (line == nullptr || count <= 0) {
    return std::nullopt;
  }
  std::string text(line, static_cast<std::size_t>(count));
  while (text.ends_with('\n') || text.ends_with('\r')) {
    text.pop_back();
  }
  return Typed{std::move(text), false};
}

void LineEditor::remember(const std::string& line) {
  Inside& in = *inside_;
  if (line.find_first_not_of(" \t\n") == std::string::npos) {
    return;
  }
  ::history(in.history, &in.event, H_ENTER, line.c_str());
  if (!in.history_file.empty()) {
    ::history(in.history, &in.event, H_SAVE, in.history_file.c_str());
  }
}

std::filesystem::path state_folder() {
  const char* given = std::getenv("XDG_STATE_HOME");
  if (given != nullptr && *given == '/') {
    return std::filesystem::path(given) / "stsim";
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? std::filesystem::path(home) / ".local/state/stsim"
                                         : std::filesystem::path();
}

}  // namespace stsim::cli
