#include <fmt/format.h>
#include <stsim/scenario/reader.hpp>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace stsim::scenario {

namespace {

/// More errors than this help nobody, and a file of nothing but errors must not cost memory.
constexpr std::size_t kErrorsMax = 50;

constexpr SimDuration kLongest = std::chrono::hours{24 * 365 * 10};

constexpr std::size_t kShownMax = 60;

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kShownMax)) {
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return text.size() > kShownMax ? out + "…" : out;
}

}  // namespace

std::string describe(const api::YamlNode& node) {
  switch (node.type()) {
    case api::YamlNode::Type::Null:
      return "nothing";
    case api::YamlNode::Type::Scalar:
      return "\"" + shown(node.text()) + "\"";
    case api::YamlNode::Type::Sequence:
      return "a list";
    case api::YamlNode::Type::Map:
      break;
  }
  return "a mapping";
}

void Reader::error(const api::YamlNode& at, std::string message, std::string hint) {
  if (errors_.size() < kErrorsMax) {
    errors_.push_back(at.error(std::move(message), std::move(hint)));
  } else if (errors_.size() == kErrorsMax) {
    UserError last;
    last.mark = {at.mark().file, std::numeric_limits<int>::max(), 0};
    last.message = "there are more errors";
    errors_.push_back(std::move(last));
  }
}

void Reader::unknown(const api::YamlNode& at,
                     std::string_view what,
                     std::string_view word,
                     std::span<const std::string_view> possible) {
  if (errors_.size() > kErrorsMax) {
    return;
  }
  error(at, fmt::format("unknown {} \"{}\"", what, shown(word)), suggestion(word, possible));
}

bool Reader::is_map(const api::YamlNode& node, std::string_view what) {
  if (!node.is_map()) {
    error(node, fmt::format("{} must be a mapping, not {}", what, describe(node)));
  }
  return node.is_map();
}

bool Reader::is_list(const api::YamlNode& node, std::string_view what) {
  if (!node.is_sequence()) {
    error(node, fmt::format("{} must be a list, not {}", what, describe(node)));
  }
  return node.is_sequence();
}

bool Reader::has_only(const api::YamlNode& node,
                      std::string_view what,
                      std::span<const std::string_view> possible) {
  if (!is_map(node, what)) {
    return false;
  }
  bool good = true;
  for (const api::YamlEntry& entry : node.entries()) {
    if (!entry.key.is_scalar()) {
      error(entry.key, fmt::format("a key of {} must be text, not {}", what, describe(entry.key)));
      good = false;
    } else if (std::ranges::find(possible, std::string_view(entry.key.text())) == possible.end()) {
      unknown(entry.key, fmt::format("key of {}", what), entry.key.text(), possible);
      good = false;
    }
  }
  return good;
}

std::optional<std::string> Reader::any_text(const api::YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) {
    error(node, fmt::format("{} must be text, not {}", what, describe(node)));
    return std::nullopt;
  }
  return node.text();
}

std::optional<std::string> Reader::text(const api::YamlNode& node, std::string_view what) {
  auto found = any_text(node, what);
  if (found && found->empty()) {
    error(node, fmt::format("{} must not be empty", what));
    return std::nullopt;
  }
  return found;
}

std::optional<bool> Reader::boolean(const api::YamlNode& node, std::string_view what) {
  const auto value = node.is_scalar() ? node.json() : Result<api::Json, std::string>();
  if (!value || !value->is_boolean()) {
    error(node, fmt::format("{} must be true or false, not {}", what, describe(node)));
    return std::nullopt;
  }
  return value->get<bool>();
}

std::optional<std::int64_t> Reader::integer(const api::YamlNode& node,
                                            std::string_view what,
                                            std::int64_t least) {
  const auto value = node.is_scalar() ? node.json() : Result<api::Json, std::string>();
  if (!value || !value->is_number_integer() || value->is_number_unsigned()) {
    error(node, fmt::format("{} must be a whole number, not {}", what, describe(node)));
    return std::nullopt;
  }
  const auto number = value->get<std::int64_t>();
  if (number < least) {
    error(node, fmt::format("{} must be at least {}", what, least));
    return std::nullopt;
  }
  return number;
}

std::optional<std::uint64_t> Reader::natural(const api::YamlNode& node, std::string_view what) {
  const auto value = node.is_scalar() ? node.json() : Result<api::Json, std::string>();
  if (!value || !value->is_number_integer() ||
      (!value->is_number_unsigned() && value->get<std::int64_t>() < 0)) {
    error(node, fmt::format("{} must be a whole number from 0 on, not {}", what, describe(node)));
    return std::nullopt;
  }
  return value->get<std::uint64_t>();
}

std::optional<SimDuration> Reader::duration(const api::YamlNode& node, std::string_view what) {
  const auto length = node.is_scalar() ? parse_duration(node.text()) : std::nullopt;
  if (!length) {
    const bool number = node.is_scalar() && !node.text().empty() &&
                        node.text().find_first_not_of("0123456789.") == std::string::npos;
    error(node,
          fmt::format("{} must be a length of time, not {}", what, describe(node)),
          number ? fmt::format("with its unit: {}s", shown(node.text()))
                 : "for instance 500ms, 3s, 1m30s or 2h");
    return std::nullopt;
  }
  if (*length < SimDuration::zero() || *length > kLongest) {
    error(node, fmt::format("{} must be between 0s and ten years", what));
    return std::nullopt;
  }
  return length;
}

std::optional<std::size_t> Reader::choice(const api::YamlNode& node,
                                          std::string_view what,
                                          std::span<const std::string_view> words) {
  const auto word = text(node, what);
  if (!word) {
    return std::nullopt;
  }
  const auto found = std::ranges::find(words, std::string_view(*word));
  if (found == words.end()) {
    error(node, fmt::format("{} cannot be \"{}\"", what, shown(*word)), suggestion(*word, words));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - words.begin());
}

std::optional<api::Json> Reader::json(const api::YamlNode& node) {
  auto value = node.json();
  if (!value) {
    std::string_view reason = value.error();
    for (const std::string_view prefix : {"yaml: ", "json: "}) {
      reason.remove_prefix(reason.starts_with(prefix) ? prefix.size() : 0);
    }
    error(node, "this has no JSON form: " + shown(reason));
    return std::nullopt;
  }
  return std::move(*value);
}

UserErrors Reader::take_errors() {
  std::ranges::stable_sort(
      errors_, {}, [](const UserError& e) { return std::tuple(e.mark.line, e.mark.column); });
  for (UserError& error : errors_) {
    if (error.mark.line == std::numeric_limits<int>::max()) {
      error.mark.line = 0;
    }
  }
  return std::exchange(errors_, {});
}

}  // namespace stsim::scenario
