#include "flags.hpp"

#include <fmt/format.h>
#include <stsim/base/time.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace stsim::kubectl {

namespace {

const Flag* find_long(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags) {
    if (flag.name == name) {
      return &flag;
    }
  }
  return nullptr;
}

const Flag* find_short(std::span<const Flag> flags, std::string_view letter) {
  for (const Flag& flag : flags) {
    if (!flag.short_name.empty() && flag.short_name == letter) {
      return &flag;
    }
  }
  return nullptr;
}

/// A number as Go reads it with any base: `12`, `+12`, `-0x1f`, `0b1`, `017`.
/// Errors: what Go says is wrong.
Result<std::int64_t, std::string_view> to_number(std::string_view text) {
  const tl::unexpected<std::string_view> invalid("invalid syntax");
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const char mark = text[1];
    base = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
    text.remove_prefix(base != 8 || mark == 'o' || mark == 'O' ? 2 : 1);
  }
  std::uint64_t value{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, base);
  if (error == std::errc::invalid_argument || end != last) {
    return invalid;
  }
  const std::uint64_t most = (std::uint64_t{1} << 63) - (negative ? 0 : 1);
  if (error != std::errc{} || value > most) {
    return tl::unexpected<std::string_view>("value out of range");
  }
  return static_cast<std::int64_t>(negative ? ~value + 1 : value);
}

/// What Go says of a text that is no duration.
std::string duration_error(std::string_view text) {
  constexpr std::string_view kNumber = "0123456789.";
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) {
    rest.remove_prefix(1);
  }
  while (!rest.empty() && kNumber.find(rest[0]) != std::string_view::npos) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kNumber), rest.size()));
    const std::string_view unit = rest.substr(0, rest.find_first_of(kNumber));
    if (unit.empty()) {
      return fmt::format("time: missing unit in duration \"{}\"", text);
    }
    if (!parse_duration(fmt::format("1{}", unit))) {
      return fmt::format("time: unknown unit \"{}\" in duration \"{}\"", unit, text);
    }
    rest.remove_prefix(unit.size());
  }
  return fmt::format("time: invalid duration \"{}\"", text);
}

std::string flag_text(const Flag& flag) {
  return flag.short_name.empty() ? fmt::format("--{}", flag.name)
                                 : fmt::format("-{}, --{}", flag.short_name, flag.name);
}

/// Reads a command line word by word.
class Parser {
 public:
  Parser(std::span<const std::string> words, std::span<const Flag> flags, std::string_view command)
      : words_(words), flags_(flags), command_(command) {}

  Result<Arguments, std::string> run() {
    while (at_ < words_.size() && error_.empty()) {
      const std::string& word = words_[at_++];
      if (word == "--") {
        out_.after_dash.assign(words_.begin() + static_cast<std::ptrdiff_t>(at_), words_.end());
        break;
      }
      if (word.starts_with("--")) {
        long_flag(word.substr(2));
      } else if (word.size() > 1 && word[0] == '-') {
        short_flags(word.substr(1));
      } else {
        out_.words.push_back(word);
      }
    }
    if (!error_.empty()) {
      return tl::unexpected(
          fmt::format("{}\nSee 'kubectl {} --help' for usage.", error_, command_));
    }
    return std::move(out_);
  }

 private:
  void long_flag(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    std::string normal = name;
    std::ranges::replace(normal, '_', '-');
    const Flag* flag = find_long(flags_, normal);
    if (flag == nullptr) {
      error_ = "unknown flag: --" + name;
      return;
    }
    if (equals != std::string::npos) {
      set(*flag, text.substr(equals + 1));
    } else if (flag->type == Flag::Type::Switch) {
      set(*flag, "true");
    } else if (!flag->bare.empty()) {
      set(*flag, std::string(flag->bare));
    } else if (at_ < words_.size()) {
      set(*flag, words_[at_++]);
    } else {
      error_ = "flag needs an argument: --" + name;
    }
  }

  void short_flags(const std::string& letters) {
    for (std::size_t i = 0; i < letters.size() && error_.empty(); ++i) {
      const std::string letter = letters.substr(i, 1);
      const Flag* flag = find_short(flags_, letter);
      if (flag == nullptr) {
        error_ = fmt::format("unknown shorthand flag: '{}' in -{}", letter, letters);
        return;
      }
      if (flag->type == Flag::Type::Switch) {
        if (i + 1 < letters.size() && letters[i + 1] == '=') {
          set(*flag, letters.substr(i + 2));
          return;
        }
        set(*flag, "true");
        continue;
      }
      std::string rest = letters.substr(i + 1);
      if (rest.starts_with('=')) {
        rest.erase(0, 1);
      } else if (rest.empty()) {
        if (at_ >= words_.size()) {
          error_ = fmt::format("flag needs an argument: '{}' in -{}", letter, letters);
          return;
        }
        rest = words_[at_++];
      }
      set(*flag, rest);
      return;
    }
  }

  void set(const Flag& flag, std::string value) {
    const auto wrong = [&](const std::string& why) {
      error_ =
          fmt::format("invalid argument \"{}\" for \"{}\" flag: {}", value, flag_text(flag), why);
    };
    if (flag.type == Flag::Type::Switch) {
      if (const auto truth = parse_bool(value)) {
        value = *truth ? "true" : "false";
      } else {
        wrong(fmt::format("strconv.ParseBool: parsing \"{}\": invalid syntax", value));
      }
    } else if (flag.type == Flag::Type::Number) {
      if (const auto number = to_number(value); !number) {
        wrong(fmt::format("strconv.ParseInt: parsing \"{}\": {}", value, number.error()));
      }
    } else if (flag.type == Flag::Type::Duration && !parse_duration(value)) {
      wrong(duration_error(value));
    }
    out_.in_order.emplace_back(flag.name, value);
    out_.options[std::string(flag.name)].push_back(std::move(value));
  }

  std::span<const std::string> words_;
  std::span<const Flag> flags_;
  std::string_view command_;
  std::size_t at_{0};
  Arguments out_;
  std::string error_;
};

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "true", "TRUE", "True"};
  constexpr std::array<std::string_view, 6> kFalse{"0", "f", "F", "false", "FALSE", "False"};
  if (std::ranges::find(kTrue, text) != kTrue.end()) {
    return true;
  }
  return std::ranges::find(kFalse, text) != kFalse.end() ? std::optional(false) : std::nullopt;
}

bool Arguments::on(std::string_view name) const {
  return value(name) == "true";
}

std::string Arguments::value(std::string_view name, std::string_view fallback) const {
  const auto it = options.find(name);
  return it == options.end() ? std::string(fallback) : it->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto it = options.find(name);
  return it == options.end() ? std::vector<std::string>{} : it->second;
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> out;
  const auto it = options.find(name);
  if (it == options.end()) {
    return out;
  }
  for (const std::string& text : it->second) {
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t comma = std::min(text.find(',', start), text.size());
      if (comma > start) {
        out.push_back(text.substr(start, comma - start));
      }
      start = comma + 1;
    }
  }
  return out;
}

std::optional<std::int64_t> Arguments::number(std::string_view name) const {
  if (const auto number = to_number(value(name)); has(name) && number) {
    return *number;
  }
  return std::nullopt;
}

Result<Arguments, std::string> parse_flags(std::span<const std::string> words,
                                           std::span<const Flag> flags,
                                           std::string_view command) {
  return Parser(words, flags, command).run();
}

}  // namespace stsim::kubectl
