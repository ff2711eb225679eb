// The shell of a container, as far as `sh -c` needs one: lists, pipes, redirections, quotes,
// variables and command substitution. Loops, conditions and patterns are not known.
#include "pod_process.hpp"
#include "pod_tokens.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <utility>

namespace stsim::kubectl {

namespace {

constexpr std::array<std::string_view, 8> kReserved{
    "for", "while", "until", "if", "case", "do", "{", "then"};

/// One script at work.
class Script {
 public:
  Script(PodProcess& process, std::vector<Token> tokens)
      : process_(process), tokens_(std::move(tokens)) {}

  Outcome run(const std::string& input) {
    while (at_ < tokens_.size() && !ended_) {
      if (is(";") || is("&")) {
        ++at_;
        continue;
      }
      run_and_or(input);
    }
    total_.exit = process_.last_exit;
    return std::move(total_);
  }

 private:
  struct Redirection {
    std::string op;
    std::string target;  ///< as written, with quotes
  };
  struct Simple {
    std::vector<std::string> words;  ///< as written
    std::vector<Redirection> redirections;
  };

  [[nodiscard]] bool is(std::string_view op) const {
    return at_ < tokens_.size() && tokens_[at_].is_operator && tokens_[at_].text == op;
  }

  void run_and_or(const std::string& input) {
    bool wanted = true;
    while (at_ < tokens_.size() && !ended_) {
      const std::vector<Simple> pipeline = read_pipeline();
      if (syntax_error_) {
        ended_ = true;
        return;
      }
      if (wanted) {
        run_pipeline(pipeline, input);
      }
      if (is("&&")) {
        wanted = process_.last_exit == 0;
      } else if (is("||")) {
        wanted = process_.last_exit != 0;
      } else {
        return;
      }
      ++at_;
    }
  }

  std::vector<Simple> read_pipeline() {
    std::vector<Simple> out(1);
    for (; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (!token.is_operator) {
        if (out.back().words.empty() &&
            std::ranges::find(kReserved, token.text) != kReserved.end()) {
          complain(fmt::format("sh: syntax error: unexpected \"{}\"", token.text));
          return out;
        }
        out.back().words.push_back(token.text);
      } else if (token.text == "|") {
        out.emplace_back();
      } else if (token.text == "2>&1" || token.text == ">&2" || token.text == "1>&2") {
        out.back().redirections.push_back({token.text, ""});
      } else if (token.text.find_first_of("<>") != std::string::npos) {
        if (at_ + 1 >= tokens_.size() || tokens_[at_ + 1].is_operator) {
          complain("sh: syntax error: unexpected end of file");
          return out;
        }
        out.back().redirections.push_back({token.text, tokens_[++at_].text});
      } else {
        break;
      }
    }
    const bool empty = std::ranges::any_of(out, [](const Simple& simple) {
      return simple.words.empty() && simple.redirections.empty();
    });
    if (empty) {
      complain(fmt::format(
          "sh: syntax error: unexpected {}",
          at_ < tokens_.size() ? fmt::format("\"{}\"", tokens_[at_].text) : "end of file"));
    }
    return out;
  }

  void complain(const std::string& text) {
    constexpr int kSyntax = 2;
    total_.err += text + "\n";
    process_.last_exit = kSyntax;
    syntax_error_ = true;
  }

  Outcome out_of_memory() {
    constexpr int kFailed = 2;
    ended_ = true;
    return {"", "sh: out of memory\n", kFailed};
  }

  void run_pipeline(const std::vector<Simple>& pipeline, std::string input) {
    for (const Simple& simple : pipeline) {
      if (total_.out.size() + total_.err.size() + input.size() > kMostText) {
        input.clear();
        total_.err += out_of_memory().err;
        process_.last_exit = 2;
        break;
      }
      Outcome outcome = run_simple(simple, input);
      total_.err += outcome.err;
      process_.last_exit = outcome.exit;
      input = std::move(outcome.out);
    }
    total_.out += input;
  }

  Outcome run_simple(const Simple& simple, std::string input) {
    std::vector<std::string> words;
    substituted_ = 0;
    for (const std::string& word : simple.words) {
      expand(word, words, true);
    }
    if (substituted_ > kMostText) {
      return out_of_memory();
    }
    for (const Redirection& redirection : simple.redirections) {
      if (redirection.op == "<") {
        const std::string path = target(redirection);
        const auto text = process_.files.read(absolute_path("/", path));
        if (!text) {
          return {"", fmt::format("sh: can't open {}: no such file\n", path), 1};
        }
        input = *text;
      }
    }
    Outcome outcome = call(words, input);
    redirect(simple, outcome);
    return outcome;
  }

  std::string target(const Redirection& redirection) {
    std::vector<std::string> words;
    expand(redirection.target, words, false);
    return words.empty() ? "" : words.front();
  }

  /// In order, so that `> file 2>&1` and `2>&1 > file` differ as they should.
  void redirect(const Simple& simple, Outcome& outcome) {
    std::string to_out = "1";
    std::string to_err = "2";
    for (const Redirection& redirection : simple.redirections) {
      const std::string& op = redirection.op;
      if (op == "2>&1") {
        to_err = to_out;
      } else if (op == ">&2" || op == "1>&2") {
        to_out = to_err;
      } else if (op != "<") {
        const std::string path = target(redirection);
        const std::string file = absolute_path("/", path);
        const std::string before =
            op.ends_with(">>") ? process_.files.read(file).value_or("") : std::string();
        if (const std::string wrong = process_.files.write(file, before); !wrong.empty()) {
          outcome = {"", fmt::format("sh: can't create {}: {}\n", path, wrong), 1};
          return;
        }
        (op[0] == '2' ? to_err : to_out) = file;
      }
    }
    const Outcome raw{std::move(outcome.out), std::move(outcome.err), outcome.exit};
    outcome.out.clear();
    outcome.err.clear();
    // What a command has printed to both is not interleaved here: its errors come first.
    put(to_err, raw.err, outcome);
    put(to_out, raw.out, outcome);
  }

  void put(const std::string& where, const std::string& text, Outcome& outcome) {
    if (where == "1") {
      outcome.out += text;
    } else if (where == "2") {
      outcome.err += text;
    } else if (!text.empty()) {
      process_.files.write(where, process_.files.read(where).value_or("") + text);
    }
  }

  Outcome call(std::vector<std::string>& words, const std::string& input) {
    while (!words.empty() && assign(words.front())) {
      words.erase(words.begin());
    }
    if (words.empty()) {
      return {};
    }
    if (words[0] == "exit") {
      ended_ = true;
      int code = process_.last_exit;
      if (words.size() > 1) {
        code = std::all_of(words[1].begin(), words[1].end(), is_digit)
                   ? static_cast<int>(std::strtol(words[1].c_str(), nullptr, 10) & 0xFF)
                   : 2;
      }
      return {"", "", code};
    }
    if (words[0] == ":" || words[0] == "set" || words[0] == "cd") {
      return {};
    }
    if (words[0] == "export") {
      for (std::size_t i = 1; i < words.size(); ++i) {
        assign(words[i]);
      }
      return {};
    }
    const Program program = find_program(process_, words[0]);
    if (program == nullptr) {
      constexpr int kNotFound = 127;
      return {"", fmt::format("sh: {}: not found\n", words[0]), kNotFound};
    }
    return program(process_, Words(words).subspan(1), input);
  }

  bool assign(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || is_digit(word[0]) ||
        !std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), is_name)) {
      return false;
    }
    process_.variables[word.substr(0, equals)] = word.substr(equals + 1);
    return true;
  }

  /// Words under construction by expand().
  struct Fields {
    std::vector<std::string>& out;
    std::string now;
    bool any{};
    bool split{};

    void add(std::string_view text) {
      now += text;
      any = true;
    }
    void add_split(std::string_view text) {
      for (const char c : text) {
        if (split && (is_space(c) || c == '\n')) {
          finish();
        } else {
          now += c;
          any = true;
        }
      }
    }
    void finish() {
      if (any) {
        out.push_back(std::exchange(now, ""));
      }
      any = false;
    }
  };

  void expand(std::string_view word, std::vector<std::string>& out, bool split) {
    Fields fields{out, "", false, split};
    std::size_t at = 0;
    while (at < word.size()) {
      const char c = word[at];
      if (c == '\'') {
        const std::size_t end = end_of_group(word, at);
        fields.add(word.substr(at + 1, end - at - 2));
        at = end;
      } else if (c == '"') {
        const std::size_t end = end_of_group(word, at);
        fields.add(in_quotes(word.substr(at + 1, end - at - 2)));
        at = end;
      } else if (c == '\\' && at + 1 < word.size()) {
        fields.add(word.substr(at + 1, 1));
        at += 2;
      } else if (c == '$' || c == '`') {
        fields.add_split(substitute(word, at));
      } else {
        fields.add(word.substr(at, 1));
        ++at;
      }
    }
    fields.finish();
  }

  std::string in_quotes(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
      if (text[at] == '\\' && at + 1 < text.size() &&
          std::string_view("\\\"$`").find(text[at + 1]) != std::string_view::npos) {
        out += text[at + 1];
        at += 2;
      } else if (text[at] == '$' || text[at] == '`') {
        out += substitute(text, at);
      } else {
        out += text[at++];
      }
    }
    return out;
  }

  /// What the variable or command at `at`, which is moved behind it, stands for; nothing once that
  /// has grown too large.
  std::string substitute(std::string_view text, std::size_t& at) {
    std::string out = value(text, at);
    substituted_ += out.size();
    return substituted_ > kMostText ? "" : out;
  }

  std::string value(std::string_view text, std::size_t& at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("$(") || rest[0] == '`') {
      const std::size_t end = end_of_group(text, at);
      const std::size_t open = rest[0] == '`' ? 1 : 2;
      const std::string inner(text.substr(at + open, end - at - open - 1));
      at = end;
      Outcome outcome = run_script(process_, inner, "");
      total_.err += outcome.err;
      process_.last_exit = outcome.exit;
      while (outcome.out.ends_with('\n')) {
        outcome.out.pop_back();
      }
      return outcome.out;
    }
    const bool braces = rest.starts_with("${");
    std::size_t end = at + (braces ? 2 : 1);
    const std::size_t begin = end;
    if (end < text.size() && text[end] == '?') {
      ++end;
    } else {
      while (end < text.size() && is_name(text[end])) {
        ++end;
      }
    }
    const std::string name(text.substr(begin, end - begin));
    if (name.empty()) {
      ++at;
      return "$";
    }
    at = braces ? std::min(text.find('}', end), text.size() - 1) + 1 : end;
    if (name == "?") {
      return std::to_string(process_.last_exit);
    }
    const auto it = process_.variables.find(name);
    return it == process_.variables.end() ? "" : it->second;
  }

  PodProcess& process_;
  std::vector<Token> tokens_;
  std::size_t at_{};
  bool ended_{};
  bool syntax_error_{};
  std::size_t substituted_{};  ///< characters that variables and commands put into this command
  Outcome total_;
};

}  // namespace

Outcome run_script(PodProcess& process, const std::string& script, const std::string& input) {
  std::vector<Token> tokens;
  process.last_exit = 0;
  if (!tokenize(script, tokens)) {
    constexpr int kSyntax = 2;
    process.last_exit = kSyntax;
    return {"", "sh: syntax error: unterminated quoted string\n", kSyntax};
  }
  constexpr int kDeepest = 50;
  if (process.scripts >= kDeepest) {
    process.last_exit = 2;
    return {"", "sh: too many scripts inside each other\n", 2};
  }
  ++process.scripts;
  Outcome out = Script(process, std::move(tokens)).run(input);
  --process.scripts;
  return out;
}

}  // namespace stsim::kubectl
