// Which characters a YAML text may consist of. They are looked at before yaml-cpp sees them, which
// would let broken UTF-8 pass.
#include "api/yaml_data.hpp"

#include <cstdint>

namespace stsim::api {

namespace {

/// A prefix of tags is repeated in every tag that uses it, so it must not be long.
constexpr std::size_t kDirectiveMax = 256;

/// Length of a well-formed UTF-8 sequence at `i`, 0 where there is none; the character in `code`.
std::size_t sequence_at(std::string_view text, std::size_t i, std::uint32_t& code) {
  const auto byte = [text](std::size_t at) {
    return at < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])) : 0U;
  };
  const std::uint32_t lead = byte(i);
  std::size_t length = 1;
  if (lead < 0x80U) {
    code = lead;
    return 1;
  }
  if (lead >= 0xC2U && lead <= 0xDFU) {
    length = 2;
    code = lead & 0x1FU;
  } else if (lead >= 0xE0U && lead <= 0xEFU) {
    length = 3;
    code = lead & 0x0FU;
  } else if (lead >= 0xF0U && lead <= 0xF4U) {
    length = 4;
    code = lead & 0x07U;
  } else {
    return 0;
  }
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(i + k) & 0xC0U) != 0x80U) {
      return 0;
    }
    code = (code << 6U) | (byte(i + k) & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800U) || (length == 4 && code < 0x10000U);
  const bool surrogate = code >= 0xD800U && code <= 0xDFFFU;
  return overlong || surrogate || code > 0x10FFFFU ? 0 : length;
}

bool allowed(std::uint32_t code) {
  if (code < 0x20U) {
    return code == '\t' || code == '\n' || code == '\r';
  }
  return (code <= 0x7EU) || code == 0x85U || (code >= 0xA0U && code != 0xFFFEU && code != 0xFFFFU);
}

}  // namespace

Result<void, YamlFailure> check_characters(const YamlSource& source) {
  const std::string_view text = source.text();
  int line = 1;
  std::size_t line_begin = 0;
  const auto refuse = [&](std::size_t at, std::string_view message, std::string_view go_words) {
    YamlFailure failure;
    failure.line = line;
    failure.byte_column = static_cast<int>(at - line_begin) + 1;
    failure.message = message;
    failure.go_message = go_words;
    return tl::unexpected(std::move(failure));
  };
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t code = 0;
    const std::size_t length = sequence_at(text, i, code);
    if (length == 0) {
      return refuse(i, "this is not UTF-8", "invalid leading UTF-8 octet");
    }
    if (!allowed(code)) {
      return refuse(i, "a control character", "control characters are not allowed");
    }
    if (i == line_begin && code == '%' && source.line(line).size() > kDirectiveMax) {
      return refuse(i, "a directive that is too long", "did not find expected whitespace");
    }
    i += length;
    if (code == '\n') {
      ++line;
      line_begin = i;
    }
  }
  return {};
}

}  // namespace stsim::api
