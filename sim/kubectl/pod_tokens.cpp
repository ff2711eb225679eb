#include "pod_tokens.hpp"

#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>

namespace stsim::kubectl {

namespace {

constexpr std::array<std::string_view, 13> kOperators{
    "2>&1", "1>&2", ">&2", "2>>", "&&", "||", ">>", "2>", ">", "<", ";", "|", "&"};

}  // namespace

bool is_name(char c) {
  return is_alphanumeric(c) || c == '_';
}

std::size_t end_of_group(std::string_view text, std::size_t at, int level) {
  constexpr int kDeepest = 50;
  if (level > kDeepest) {
    return std::string_view::npos;
  }
  if (text[at] == '\'' || text[at] == '`') {
    const std::size_t end = text.find(text[at], at + 1);
    return end == std::string_view::npos ? end : end + 1;
  }
  const bool quotes = text[at] == '"';
  for (std::size_t i = at + (quotes ? 1 : 2); i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == (quotes ? '"' : ')')) {
      return i + 1;
    } else if ((!quotes && (text[i] == '\'' || text[i] == '"')) || text[i] == '`' ||
               text.substr(i).starts_with("$(")) {
      const std::size_t end = end_of_group(text, i, level + 1);
      if (end == std::string_view::npos) {
        return end;
      }
      i = end - 1;
    }
  }
  return std::string_view::npos;
}

bool tokenize(std::string_view script, std::vector<Token>& out) {
  std::size_t at = 0;
  std::string word;
  bool has_word = false;
  const auto finish = [&] {
    if (has_word) {
      out.push_back({false, word});
    }
    word.clear();
    has_word = false;
  };
  while (at < script.size()) {
    const std::string_view rest = script.substr(at);
    const auto op = std::ranges::find_if(kOperators, [&](std::string_view candidate) {
      // `2>` is an operator only where a word could begin.
      return rest.starts_with(candidate) && (candidate[0] != '2' || !has_word) &&
             (candidate[0] != '1' || !has_word);
    });
    if (is_space(script[at])) {
      finish();
      ++at;
    } else if (script[at] == '\n') {
      finish();
      out.push_back({true, ";"});
      ++at;
    } else if (script[at] == '#' && !has_word) {
      at = std::min(script.find('\n', at), script.size());
    } else if (op != kOperators.end()) {
      finish();
      out.push_back({true, std::string(*op)});
      at += op->size();
    } else {
      std::size_t end = at + 1;
      if (script[at] == '\\') {
        end = std::min(at + 2, script.size());
      } else if (script[at] == '\'' || script[at] == '"' || script[at] == '`' ||
                 rest.starts_with("$(")) {
        end = end_of_group(script, at);
        if (end == std::string_view::npos) {
          return false;
        }
      }
      word += script.substr(at, end - at);
      has_word = true;
      at = end;
    }
  }
  finish();
  return true;
}

}  // namespace stsim::kubectl
