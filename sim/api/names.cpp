
#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <initializer_list>

namespace stsim::api {

namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_lower_alnum(char c) {
  return is_lower(c) || is_digit(c);
}

/// Whether `text` is one or more of `inner`, beginning and ending with `outer`.
template <class Outer, class Inner>
bool enclosed(std::string_view text, Outer outer, Inner inner) {
  return !text.empty() && outer(text.front()) && outer(text.back()) &&
         std::ranges::all_of(text, inner);
}

bool is_label(std::string_view text) {
  return enclosed(text, is_lower_alnum, [](char c) { return is_lower_alnum(c) || c == '-'; });
}

bool is_subdomain(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(dot + 1);
  }
}

bool is_label_name(std::string_view text) {
  return enclosed(text, is_alphanumeric, [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  });
}

constexpr std::string_view kLabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view kKeyPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

std::string with_pattern(std::string_view message,
                         std::string_view pattern,
                         std::initializer_list<std::string_view> examples) {
  std::string list;
  for (const std::string_view example : examples) {
    // Two spaces before each `or`: so Go's helper writes it.
    list += fmt::format("{}'{}', ", list.empty() ? "e.g. " : " or ", example);
  }
  return fmt::format("{} ({}regex used for validation is '{}')", message, list, pattern);
}

std::string too_long(std::size_t most) {
  return fmt::format("must be no more than {} characters", most);
}

// What label keys and values are told since 1.35.
std::string too_long(std::size_t most, Release release) {
  return release.at_least(35) ? fmt::format("must be no more than {} bytes", most) : too_long(most);
}

std::string subdomain_message() {
  return with_pattern(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
      "'.', and must start and end with an alphanumeric character",
      fmt::format("{0}(\\.{0})*", kLabelPattern),
      {"example.com"});
}

std::string key_message() {
  return with_pattern(
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
      "alphanumeric character",
      kKeyPattern,
      {"MyName", "my.name", "123-abc"});
}

void add_directory_problem(std::string_view text, names::Messages& wrong) {
  if (text == ".") {
    wrong.emplace_back("must not be '.'");
  } else if (text == "..") {
    wrong.emplace_back("must not be '..'");
  } else if (text.starts_with("..")) {
    wrong.emplace_back("must not start with '..'");
  }
}

}  // namespace

std::string go_quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\a':
        out += "\\a";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\v':
        out += "\\v";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
          out += c;
        }
    }
  }
  return out + '"';
}

namespace names {

Messages dns1123_label(std::string_view text, Release release) {
  Messages wrong;
  if (text.size() > 63) {
    wrong.push_back(too_long(63));
  }
  if (!is_label(text)) {
    if (release.at_least(27) && is_subdomain(text)) {
      wrong.emplace_back("must not contain dots");
    } else {
      wrong.push_back(
          with_pattern("a lowercase RFC 1123 label must consist of lower case alphanumeric "
                       "characters or '-', and "
                       "must start and end with an alphanumeric character",
                       kLabelPattern,
                       {"my-name", "123-abc"}));
    }
  }
  return wrong;
}

Messages dns1123_subdomain(std::string_view text) {
  Messages wrong;
  if (text.size() > 253) {
    wrong.push_back(too_long(253));
  }
  if (!is_subdomain(text)) {
    wrong.push_back(subdomain_message());
  }
  return wrong;
}

Messages dns1035_label(std::string_view text) {
  Messages wrong;
  if (text.size() > 63) {
    wrong.push_back(too_long(63));
  }
  if (!is_label(text) || !is_lower(text.front())) {
    wrong.push_back(with_pattern(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
        "alphabetic character, and end with an alphanumeric character",
        "[a-z]([-a-z0-9]*[a-z0-9])?",
        {"my-name", "abc-123"}));
  }
  return wrong;
}

Messages label_key(std::string_view text, Release release) {
  Messages wrong;
  std::string_view name = text;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const std::string_view prefix = text.substr(0, slash);
    name = text.substr(slash + 1);
    if (name.find('/') != std::string_view::npos) {
      return {fmt::format(
          "a {} {} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
          release.at_least(35) ? "valid label key" : "qualified name",
          key_message())};
    }
    if (prefix.empty()) {
      wrong.emplace_back("prefix part must be non-empty");
    } else {
      if (prefix.size() > 253) {
        wrong.push_back("prefix part " + too_long(253, release));
      }
      if (!is_subdomain(prefix)) {
        wrong.push_back("prefix part " + subdomain_message());
      }
    }
  }
  if (name.empty()) {
    wrong.emplace_back("name part must be non-empty");
  } else if (name.size() > 63) {
    wrong.push_back("name part " + too_long(63, release));
  }
  if (!is_label_name(name)) {
    wrong.push_back("name part " + key_message());
  }
  return wrong;
}

Messages label_value(std::string_view text, Release release) {
  Messages wrong;
  if (text.size() > 63) {
    wrong.push_back(too_long(63, release));
  }
  if (!text.empty() && !is_label_name(text)) {
    wrong.push_back(with_pattern(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
        "'.', and must start and end with an alphanumeric character",
        fmt::format("({})?", kKeyPattern),
        {"MyValue", "my_value", "12345"}));
  }
  return wrong;
}

Messages port_name(std::string_view text) {
  Messages wrong;
  if (text.size() > 15) {
    wrong.push_back(too_long(15));
  }
  if (text.empty() ||
      !std::ranges::all_of(text, [](char c) { return is_lower_alnum(c) || c == '-'; })) {
    wrong.emplace_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (std::ranges::none_of(text, is_lower)) {
    wrong.emplace_back("must contain at least one letter (a-z)");
  }
  if (text.find("--") != std::string_view::npos) {
    wrong.emplace_back("must not contain consecutive hyphens");
  }
  if (!text.empty() && (text.front() == '-' || text.back() == '-')) {
    wrong.emplace_back("must not begin or end with a hyphen");
  }
  return wrong;
}

Messages config_map_key(std::string_view text) {
  Messages wrong;
  if (text.size() > 253) {
    wrong.push_back(too_long(253));
  }
  if (text.empty() || !std::ranges::all_of(text, [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
      })) {
    wrong.push_back(
        with_pattern("a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                     "[-._a-zA-Z0-9]+",
                     {"key.name", "KEY_NAME", "key-name"}));
  }
  add_directory_problem(text, wrong);
  return wrong;
}

Messages environment_variable(std::string_view text, bool relaxed) {
  Messages wrong;
  if (relaxed) {
    if (text.empty()) {
      wrong.emplace_back("environment variable name must be non-empty");
    }
    if (!std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f && c != '='; })) {
      wrong.emplace_back(
          "a valid environment variable name must consist only of printable ASCII characters other "
          "than '='");
    }
    return wrong;
  }
  const auto inner = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  if (text.empty() || is_digit(text.front()) || !std::ranges::all_of(text, inner)) {
    wrong.push_back(
        with_pattern("a valid environment variable name must consist of alphabetic characters, "
                     "digits, '_', '-', "
                     "or '.', and must not start with a digit",
                     "[-._a-zA-Z][-._a-zA-Z0-9]*",
                     {"my.env-name", "MY_ENV.NAME", "MyEnvName1"}));
  }
  add_directory_problem(text, wrong);
  return wrong;
}

Messages percent(std::string_view text) {
  const bool fits = text.size() > 1 && text.back() == '%' &&
                    std::ranges::all_of(text.substr(0, text.size() - 1), is_digit);
  return fits ? Messages{}
              : Messages{
                    with_pattern("a valid percent string must be a numeric string followed by an "
                                 "ending '%'",
                                 "[0-9]+%",
                                 {"1%", "93%"})};
}

Messages http_header(std::string_view text) {
  const bool fits = !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || c == '-';
  });
  return fits ? Messages{}
              : Messages{with_pattern(
                    "a valid HTTP header must consist of alphanumeric characters or '-'",
                    "[-A-Za-z0-9]+",
                    {"X-Header-Name"})};
}

}  // namespace names

}  // namespace stsim::api
