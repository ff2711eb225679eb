// The grammar of `-l`: requirements separated by commas, each `key`, `!key`, `key=value`,
// `key==value`, `key!=value`, `key in (a,b)` or `key notin (a,b)`.

#include "api/selector_check.hpp"

#include <fmt/format.h>
#include <stsim/api/selector.hpp>

#include <algorithm>
#include <set>

namespace stsim::api {

namespace {

enum class Token : unsigned char {
  End,
  Identifier,
  Comma,
  Open,
  Close,
  Not,
  In,
  NotIn,
  Equal,
  NotEqual,
  Order,
  Error
};

struct Item {
  Token token;
  std::string text;
};

constexpr std::string_view kSpecial = "=!(),><";
constexpr std::string_view kSpace = " \t\r\n";

Token special_token(std::string_view text) {
  if (text == ",") {
    return Token::Comma;
  }
  if (text == "(") {
    return Token::Open;
  }
  if (text == ")") {
    return Token::Close;
  }
  if (text == "!") {
    return Token::Not;
  }
  if (text == "=" || text == "==") {
    return Token::Equal;
  }
  if (text == "!=") {
    return Token::NotEqual;
  }
  if (text == ">" || text == "<") {
    return Token::Order;
  }
  return Token::Error;
}

std::vector<Item> tokens_of(std::string_view text) {
  std::vector<Item> items;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
    if (text.empty()) {
      items.push_back({Token::End, ""});
      return items;
    }
    if (kSpecial.find(text.front()) != std::string_view::npos) {
      const bool pair = text.size() > 1 && special_token(text.substr(0, 2)) != Token::Error;
      const std::string_view word = text.substr(0, pair ? 2 : 1);
      items.push_back({special_token(word), std::string(word)});
      text.remove_prefix(word.size());
    } else {
      const std::size_t end = std::min(text.find_first_of("=!(),>< \t\r\n"), text.size());
      const std::string_view word = text.substr(0, end);
      const Token token = word == "in"      ? Token::In
                          : word == "notin" ? Token::NotIn
                                            : Token::Identifier;
      items.push_back({token, std::string(word)});
      text.remove_prefix(end);
    }
  }
}

using Problem = tl::unexpected<std::string>;

Problem found(const std::string& what, std::string_view expected) {
  return Problem(fmt::format("found '{}', expected: {}", what, expected));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : items_(tokens_of(text)) {}

  Result<Selector, std::string> parse() {
    Selector selector;
    while (peek() != Token::End) {
      if (peek() != Token::Identifier && peek() != Token::Not) {
        return found(item().text, "!, identifier, or 'end of string'");
      }
      auto r = requirement();
      if (!r) {
        return Problem("unable to parse requirement: " + r.error());
      }
      selector.requirements.push_back(*std::move(r));
      if (peek() == Token::End) {
        break;
      }
      const Item separator = take();
      if (separator.token != Token::Comma) {
        return found(separator.text, "',' or 'end of string'");
      }
      if (peek() != Token::Identifier && peek() != Token::Not) {
        return found(item().text, "identifier after ','");
      }
    }
    std::ranges::stable_sort(selector.requirements, {}, &Requirement::key);
    return selector;
  }

 private:
  const Item& item() const { return items_[at_]; }

  /// The next token, where `in` and `notin` are ordinary words.
  Token peek() const {
    const Token token = item().token;
    return token == Token::In || token == Token::NotIn ? Token::Identifier : token;
  }

  Item take() {
    Item taken = item();
    if (at_ + 1 < items_.size()) {
      ++at_;
    }
    return taken;
  }

  Result<Requirement, std::string> requirement() {
    Requirement r;
    const bool negated = peek() == Token::Not;
    if (negated) {
      take();
    }
    if (peek() != Token::Identifier) {
      return found(item().text, "identifier");
    }
    r.key = take().text;
    if (std::string problem = label_key_problem("<nil>", r.key); !problem.empty()) {
      return Problem(std::move(problem));
    }
    if (negated || peek() == Token::End || peek() == Token::Comma) {
      r.op = negated ? Requirement::Operator::DoesNotExist : Requirement::Operator::Exists;
      return checked(std::move(r));
    }
    const Item op = take();
    switch (op.token) {
      case Token::In:
      case Token::NotIn: {
        r.op = op.token == Token::In ? Requirement::Operator::In : Requirement::Operator::NotIn;
        auto values = value_list();
        if (!values) {
          return Problem(values.error());
        }
        r.values.assign(values->begin(), values->end());
        return checked(std::move(r));
      }
      case Token::Equal:
      case Token::NotEqual:
        r.op = op.token == Token::Equal ? Requirement::Operator::In : Requirement::Operator::NotIn;
        if (peek() == Token::End || peek() == Token::Comma) {
          r.values.emplace_back();
        } else if (const Item value = take(); value.token == Token::Identifier ||
                                              value.token == Token::In ||
                                              value.token == Token::NotIn) {
          r.values.push_back(value.text);
        } else {
          return found(value.text, "identifier");
        }
        return checked(std::move(r));
      case Token::End:
      case Token::Identifier:
      case Token::Comma:
      case Token::Open:
      case Token::Close:
      case Token::Not:
      case Token::Order:
      case Token::Error:
        break;
    }
    return found(op.text, "in, notin, =, ==, !=, gt, lt");
  }

  /// `(a,b)`; a missing word is an empty value.
  Result<std::set<std::string>, std::string> value_list() {
    std::set<std::string> values;
    if (const Item open = take(); open.token != Token::Open) {
      return Problem(fmt::format("found '{}' expected: '('", open.text));
    }
    if (peek() == Token::Close) {
      take();
      values.emplace();
      return values;
    }
    if (peek() != Token::Identifier && peek() != Token::Comma) {
      return found(item().text, "',', ')' or identifier");
    }
    while (true) {
      if (peek() == Token::Identifier) {
        values.insert(take().text);
        if (peek() == Token::Close) {
          break;
        }
        if (peek() != Token::Comma) {
          return found(item().text, "',' or ')'");
        }
      } else if (peek() == Token::Comma) {
        take();
        if (values.empty() || peek() == Token::Close || peek() == Token::Comma) {
          values.emplace();
        }
        if (peek() == Token::Close) {
          break;
        }
      } else {
        return found(item().text, "',', or identifier");
      }
    }
    take();
    return values;
  }

  static Result<Requirement, std::string> checked(Requirement r) {
    if (std::string problem = requirement_problem(r); !problem.empty()) {
      return Problem(std::move(problem));
    }
    return r;
  }

  std::vector<Item> items_;
  std::size_t at_{};
};

}  // namespace

Result<Selector, std::string> parse_selector(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace stsim::api
