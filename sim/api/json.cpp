#include <stsim/api/json.hpp>

template class nlohmann::basic_json<>;

namespace stsim::api {

namespace {
const Json kNull;
}

const Json& member(const Json& object, std::string_view key) {
  if (!object.is_object()) {
    return kNull;
  }
  const auto it = object.find(key);
  return it == object.end() ? kNull : *it;
}

const Json& at_path(const Json& object, std::initializer_list<std::string_view> path) {
  const Json* at = &object;
  for (const std::string_view key : path) {
    at = &member(*at, key);
  }
  return *at;
}

std::string text(const Json& object, std::string_view key, std::string_view fallback) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get_ref<const std::string&>() : std::string(fallback);
}

std::int64_t integer(const Json& object, std::string_view key, std::int64_t fallback) {
  const Json& value = member(object, key);
  return value.is_number_integer() ? value.get<std::int64_t>() : fallback;
}

std::string to_go_json(const Json& value) {
  const std::string plain = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out;
  out.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    // These stand in strings only. U+2028 and U+2029 are e2 80 a8 and e2 80 a9 in UTF-8.
    if (c == '<' || c == '>' || c == '&') {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u00";
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else if (plain.compare(i, 3, "\xe2\x80\xa8") == 0) {
      out += "\\u2028";
      i += 2;
    } else if (plain.compare(i, 3, "\xe2\x80\xa9") == 0) {
      out += "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace stsim::api
