#include <fmt/format.h>
#include <stsim/world/difference.hpp>

namespace stsim::world {

using api::Json;

namespace {

/// A value on one line of bounded length.
std::string brief(const Json& value) {
  constexpr std::size_t kLongest = 100;
  std::string text = api::to_go_json(value);
  if (text.size() > kLongest) {
    std::size_t end = kLongest;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
      --end;  // not in the middle of a character
    }
    text.resize(end);
    text += "…";
  }
  return text;
}

/// One operation of the RFC 6902 patch that leads from `before` to the other document.
std::string line(const Json& operation, const Json& before) {
  const auto path = operation.at("path").get<std::string>();
  const auto kind = operation.at("op").get<std::string>();
  if (kind == "add") {
    return fmt::format("{}: only later: {}", path, brief(operation.at("value")));
  }
  const std::string old = brief(before.at(Json::json_pointer(path)));
  return kind == "remove" ? fmt::format("{}: only before: {}", path, old)
                          : fmt::format("{}: {}, then {}", path, old, brief(operation.at("value")));
}

}  // namespace

std::vector<std::string> difference(const World& a, const World& b, std::size_t most) {
  if (same(a, b)) {
    return {};
  }
  const Json before = to_json(a, Form::Exact);
  std::vector<std::string> lines;
  const Json operations = Json::diff(before, to_json(b, Form::Exact));
  for (const Json& operation : operations) {
    if (lines.size() == most) {
      lines.push_back(fmt::format("and {} more", operations.size() - most));
      break;
    }
    lines.push_back(line(operation, before));
  }
  if (lines.empty()) {
    lines.emplace_back("only in settings, counters or causes, which no document shows");
  }
  return lines;
}

}  // namespace stsim::world
