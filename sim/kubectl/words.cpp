#include <stsim/kubectl/words.hpp>

#include <optional>
#include <utility>

namespace stsim::kubectl {

namespace {

/// Takes one word after the other off a line.
class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  Result<std::vector<std::string>, std::string> split() {
    while (at_ < line_.size()) {
      const char c = line_[at_];
      if (is_blank(c)) {
        finish_word();
        ++at_;
      } else if (c == '#' && !word_) {
        at_ = line_.find('\n', at_);
        at_ = at_ == std::string_view::npos ? line_.size() : at_;
      } else if (!take(c)) {
        return tl::unexpected(std::move(error_));
      }
    }
    finish_word();
    return std::move(words_);
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string& word() {
    if (!word_) {
      word_.emplace();
    }
    return *word_;
  }

  void finish_word() {
    if (word_) {
      words_.push_back(std::move(*word_));
      word_.reset();
    }
  }

  bool fail(std::string_view what, std::size_t at) {
    error_ = std::string(what) + " at character " + std::to_string(at + 1);
    return false;
  }

  bool take(char c) {
    switch (c) {
      case '\'':
        return single_quoted();
      case '"':
        return double_quoted();
      case '\\':
        return escaped();
      default:
        word() += c;
        ++at_;
        return true;
    }
  }

  bool single_quoted() {
    const std::size_t end = line_.find('\'', at_ + 1);
    if (end == std::string_view::npos) {
      return fail("unclosed ' quote", at_);
    }
    word() += line_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }

  bool double_quoted() {
    const std::size_t begin = at_++;
    word();
    while (at_ < line_.size() && line_[at_] != '"') {
      if (line_[at_] == '\\' && at_ + 1 < line_.size()) {
        constexpr std::string_view kEscapable = "\"\\$`\n";
        const char next = line_[at_ + 1];
        if (kEscapable.find(next) == std::string_view::npos) {
          word() += '\\';
        }
        if (next != '\n') {
          word() += next;
        }
        at_ += 2;
      } else {
        word() += line_[at_++];
      }
    }
    if (at_ >= line_.size()) {
      return fail("unclosed \" quote", begin);
    }
    ++at_;
    return true;
  }

  bool escaped() {
    if (at_ + 1 >= line_.size()) {
      return fail("nothing behind the backslash", at_);
    }
    if (line_[at_ + 1] != '\n') {  // a line that goes on in the next one
      word() += line_[at_ + 1];
    }
    at_ += 2;
    return true;
  }

  std::string_view line_;
  std::size_t at_{};
  std::optional<std::string> word_;  ///< begun, possibly still empty
  std::vector<std::string> words_;
  std::string error_;
};

}  // namespace

Result<std::vector<std::string>, std::string> split_words(std::string_view line) {
  return Splitter(line).split();
}

std::string quoted(std::string_view word) {
  const bool plain =
      !word.empty() && word.find_first_of(" \t\n'\"\\$`{}[]*?!|&;<>()#~") == std::string_view::npos;
  if (plain) {
    return std::string(word);
  }
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

}  // namespace stsim::kubectl
