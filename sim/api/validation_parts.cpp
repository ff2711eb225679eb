#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <array>

namespace stsim::api::validation {

namespace {

using Type = FieldError::Type;

/// A value as Go's %#v prints it, for what stands in errors: texts, numbers, lists and maps of
/// texts.
std::string go_syntax(const Json& value) {
  if (value.is_string()) {
    return go_quote(value.get<std::string>());
  }
  if (!value.is_structured()) {
    return value.dump();
  }
  std::string out;
  for (const auto& [key, element] : value.items()) {
    const std::string text = go_syntax(element);
    out.append(out.empty() ? "" : ", ")
        .append(value.is_object() ? go_quote(key) + ":" + text : text);
  }
  return (value.is_object() ? "map[string]string{" : "[]string{") + out + "}";
}

}  // namespace

Path Path::child(std::string_view name) const {
  return Path(text_.empty() ? std::string(name) : fmt::format("{}.{}", text_, name));
}

Path Path::index(std::size_t i) const {
  return Path(fmt::format("{}[{}]", text_, i));
}

Path Path::key(std::string_view name) const {
  return Path(fmt::format("{}[{}]", text_, name));
}

std::string Errors::printed(const Json& value) const {
  if (value.is_string()) {
    return go_quote(value.get<std::string>());
  }
  return release_.at_least(34) || !value.is_structured() ? to_go_json(value) : go_syntax(value);
}

void Errors::required(const Path& path, std::string_view detail) {
  errors_.push_back({Type::Required, path.text(), "", std::string(detail)});
}

void Errors::forbidden(const Path& path, std::string_view detail) {
  errors_.push_back({Type::Forbidden, path.text(), "", std::string(detail)});
}

void Errors::invalid(const Path& path, const Json& value, std::string_view detail) {
  errors_.push_back({Type::Invalid, path.text(), printed(value), std::string(detail)});
}

void Errors::invalid(const Path& path, const Json& value, const std::vector<std::string>& details) {
  for (const std::string& detail : details) {
    invalid(path, value, std::string_view(detail));
  }
}

void Errors::invalid(const Path& path,
                     std::string_view json,
                     std::string_view go,
                     std::string_view detail) {
  errors_.push_back({Type::Invalid,
                     path.text(),
                     std::string(release_.at_least(34) ? json : go),
                     std::string(detail)});
}

void Errors::duplicate(const Path& path, const Json& value) {
  errors_.push_back({Type::Duplicate, path.text(), printed(value), ""});
}

void Errors::duplicate(const Path& path, std::string_view json, std::string_view go) {
  errors_.push_back(
      {Type::Duplicate, path.text(), std::string(release_.at_least(34) ? json : go), ""});
}

void Errors::not_found(const Path& path, std::string_view value) {
  errors_.push_back({Type::NotFound, path.text(), go_quote(value), ""});
}

void Errors::not_supported(const Path& path,
                           const Json& value,
                           std::initializer_list<std::string_view> supported) {
  not_supported(path, value, std::vector<std::string>(supported.begin(), supported.end()));
}

void Errors::not_supported(const Path& path,
                           const Json& value,
                           const std::vector<std::string>& supported) {
  std::string list;
  for (const std::string& one : supported) {
    list += (list.empty() ? "" : ", ") + go_quote(one);
  }
  errors_.push_back({Type::NotSupported, path.text(), printed(value), "supported values: " + list});
}

void Errors::too_long(const Path& path, std::size_t most) {
  errors_.push_back({Type::TooLong,
                     path.text(),
                     "",
                     release_.at_least(32) ? fmt::format("may not be more than {} bytes", most)
                                           : fmt::format("must have at most {} bytes", most)});
}

const Json& list(const Json& object, std::string_view key) {
  static const Json kNone = Json::array();
  const Json& value = member(object, key);
  return value.is_array() ? value : kNone;
}

const Json& map(const Json& object, std::string_view key) {
  static const Json kNone = Json::object();
  const Json& value = member(object, key);
  return value.is_object() ? value : kNone;
}

bool has(const Json& object, std::string_view key) {
  return !member(object, key).is_null();
}

Quantity quantity(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return Quantity::parse(text).value_or(Quantity());
}

void nonnegative(Errors& errors, const Path& path, std::int64_t value) {
  if (value < 0) {
    errors.invalid(path, Json(value), "must be greater than or equal to 0");
  }
}

void in_range(
    Errors& errors, const Path& path, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most) {
    errors.invalid(
        path, Json(value), fmt::format("must be between {} and {}, inclusive", least, most));
  }
}

void port_number(Errors& errors, const Path& path, std::int64_t value) {
  in_range(errors, path, value, 1, 65535);
}

void port_number_or_name(Errors& errors, const Path& path, const Json& value) {
  if (value.is_string()) {
    errors.invalid(path, value, names::port_name(value.get<std::string>()));
  } else {
    port_number(errors, path, value.is_number_integer() ? value.get<std::int64_t>() : 0);
  }
}

void dns_label(Errors& errors, const Path& path, std::string_view value) {
  errors.invalid(path, Json(value), names::dns1123_label(value, errors.release()));
}

void dns_subdomain(Errors& errors, const Path& path, std::string_view value) {
  errors.invalid(path, Json(value), names::dns1123_subdomain(value));
}

void ip_address(Errors& errors, const Path& path, std::string_view value) {
  // Addresses of the fourth version are checked, those of the sixth only for their alphabet.
  std::array<int, 4> parts{};
  std::size_t count = 0;
  bool fits = true;
  int digits = 0;
  for (const char c : value) {
    if (is_digit(c) && count < parts.size() && digits < 3) {
      parts[count] = parts[count] * 10 + (c - '0');
      ++digits;
      fits = fits && parts[count] <= 255;
    } else if (c == '.' && digits > 0) {
      ++count;
      digits = 0;
    } else {
      fits = false;
    }
  }
  fits = fits && count == 3 && digits > 0;
  const bool sixth = value.find(':') != std::string_view::npos &&
                     value.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
  if (!fits && !sixth) {
    errors.invalid(
        path, Json(value), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
  }
}

bool steps_up(std::string_view path) {
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t to = std::min(path.find('/', from), path.size());
    if (path.substr(from, to - from) == "..") {
      return true;
    }
    from = to + 1;
  }
  return false;
}

void file_mode(Errors& errors, const Path& path, const Json& owner, std::string_view key) {
  const std::int64_t mode = integer(owner, key);
  if (mode < 0 || mode > 0777) {
    errors.invalid(
        path.child(key), Json(mode), "must be a number between 0 and 0777 (octal), both inclusive");
  }
}

}  // namespace stsim::api::validation
