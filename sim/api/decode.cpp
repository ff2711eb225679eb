// Decoding as the API server's strict JSON decoder does it, on documents: the order in which it
// visits them (keys are sorted by then), which complaint wins, and Go's words. Rule: KC-33.

#include "api/go_errors.hpp"
#include "api/go_types.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/decode.hpp>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/api/names.hpp>
#include <stsim/api/schema.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

namespace {

constexpr std::size_t kMostUnknown = 100;
constexpr std::string_view kBytes = "[]uint8";

/// The digits of a number. A client writes 3.0 as 3, so that it counts as a whole one.
std::string number_text(const Json& value) {
  std::string text = value.dump();
  if (text.ends_with(".0")) {
    text.resize(text.size() - 2);
  }
  return text;
}

std::optional<std::int64_t> whole_number(const Json& value) {
  const std::string text = number_text(value);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

class Decoder {
 public:
  explicit Decoder(Release release) : minor_(release.minor) {}

  Json object(const Type& type, const Json& in) {
    if (!in.is_object()) {
      mismatch(json_kind(in), fmt::format("v1.{}", published_name(type.name)));
      return Json::object();
    }
    Json out = Json::object();
    const std::string_view outer = struct_;
    for (const auto& [key, value] : in.items()) {
      if (stopped_) {
        break;
      }
      const Field* field = type.find(key, minor_);
      const std::size_t length = path_.size();
      path_ += path_.empty() ? key : "." + key;
      if (field == nullptr) {
        add_unknown();
      } else if (!value.is_null()) {
        struct_ = published_name(type.name);
        fields_.push_back(field->name);
        out[key] = shaped(*field, value);
        if (stopped_) {
          break;  // the place of the error stays for its message
        }
        fields_.pop_back();
        struct_ = outer;
      }
      path_.resize(length);
    }
    return out;
  }

  /// The error to report, empty where there is none. What stops the decoder at once wins over a
  /// wrong type before it.
  [[nodiscard]] const std::string& error() const { return stopped_ ? stop_ : wrong_type_; }

  [[nodiscard]] std::vector<std::string>&& unknown() { return std::move(unknown_); }

 private:
  Json shaped(const Field& field, const Json& in) {
    switch (field.shape) {
      case Shape::One:
        break;
      case Shape::List:
        return list(field, in);
      case Shape::Map:
        return map(field, in);
    }
    return one(field, in, go_type_of(field));
  }

  Json list(const Field& field, const Json& in) {
    Json out = Json::array();
    if (!in.is_array()) {
      mismatch(json_kind(in), go_type_of(field));
      return out;
    }
    const std::string go_type = go_type_of_item(field);
    const std::size_t length = path_.size();
    for (std::size_t i = 0; i < in.size() && !stopped_; ++i) {
      path_ += fmt::format("[{}]", i);
      out.push_back(item(field, in[i], go_type));
      path_.resize(length);
    }
    return out;
  }

  Json map(const Field& field, const Json& in) {
    Json out = Json::object();
    if (!in.is_object()) {
      mismatch(json_kind(in), go_type_of(field));
      return out;
    }
    const std::string go_type = go_type_of_item(field);
    const std::size_t length = path_.size();
    for (const auto& [key, value] : in.items()) {
      if (stopped_) {
        break;
      }
      path_ += "." + key;
      out[key] = item(field, value, go_type);
      path_.resize(length);
    }
    return out;
  }

  /// In a list or map null is no absence but the zero of its type.
  Json item(const Field& field, const Json& in, const std::string& go_type) {
    if (!in.is_null()) {
      return one(field, in, go_type);
    }
    switch (field.value) {
      case ValueType::String:
        return "";
      case ValueType::Integer:
      case ValueType::Number:
      case ValueType::IntOrString:
        return 0;
      case ValueType::Boolean:
        return false;
      case ValueType::Object:
        return Json::object();
      case ValueType::Quantity:
        return "0";
      case ValueType::Time:
      case ValueType::MicroTime:
      case ValueType::Raw:
        break;
    }
    return nullptr;
  }

  Json one(const Field& field, const Json& in, const std::string& go_type) {
    switch (field.value) {
      case ValueType::String:
        return string(in, go_type);
      case ValueType::Integer:
        return integer_of(in, go_type, field.wide, false);
      case ValueType::Boolean:
        return checked(in.is_boolean(), in, go_type);
      case ValueType::Number:
        return checked(in.is_number(), in, go_type);
      case ValueType::Object:
        return nested(field, in, go_type);
      case ValueType::Quantity:
        return quantity(in);
      case ValueType::IntOrString:
        return in.is_string() ? in : integer_of(in, "int32", false, true);
      case ValueType::Time:
        return time(in, false);
      case ValueType::MicroTime:
        return time(in, true);
      case ValueType::Raw:
        break;
    }
    return in;
  }

  Json nested(const Field& field, const Json& in, const std::string& go_type) {
    const Type* type = find_type(field.type_name);
    if (!in.is_object() || type == nullptr) {
      mismatch(json_kind(in), go_type);
      return Json::object();
    }
    return object(*type, in);
  }

  Json checked(bool fits, const Json& in, const std::string& go_type) {
    if (!fits) {
      mismatch(json_kind(in), go_type);
    }
    return in;
  }

  Json string(const Json& in, const std::string& go_type) {
    if (in.is_string() && go_type == kBytes) {
      if (std::string error = base64_error(in.get_ref<const std::string&>()); !error.empty()) {
        note(std::move(error));
      }
      std::string text = in.get<std::string>();
      std::erase_if(text, [](char c) { return c == '\n' || c == '\r'; });
      return text;
    }
    return checked(in.is_string(), in, go_type);
  }

  /// `stops`: whether a wrong type ends the decoding, as it does where the type reads itself.
  Json integer_of(const Json& in, std::string_view go_type, bool wide, bool stops) {
    std::string kind{json_kind(in)};
    if (in.is_number()) {
      const std::optional<std::int64_t> whole = whole_number(in);
      if (whole && (wide || (*whole >= std::numeric_limits<std::int32_t>::min() &&
                             *whole <= std::numeric_limits<std::int32_t>::max()))) {
        return *whole;
      }
      kind = "number " + number_text(in);
    }
    if (stops) {
      stop(mismatch_text(kind, go_type));
    } else {
      mismatch(kind, go_type);
    }
    return 0;
  }

  Json quantity(const Json& in) {
    std::string text;
    if (in.is_string()) {
      text = in.get<std::string>();
      constexpr std::string_view kSpace = " \t\n\r\v\f";
      text.erase(0, std::min(text.find_first_not_of(kSpace), text.size()));
      text.erase(text.find_last_not_of(kSpace) + 1);
    } else {
      text = in.is_number() ? number_text(in) : in.dump();
    }
    if (std::string error = quantity_error(text); !error.empty()) {
      stop(std::move(error));
    }
    return text;
  }

  Json time(const Json& in, bool micro) {
    if (!in.is_string()) {
      stop(mismatch_text(json_kind(in), "string"));
    } else if (std::string error = time_error(in.get_ref<const std::string&>(), micro);
               !error.empty()) {
      stop(std::move(error));
    }
    return in;
  }

  void add_unknown() {
    std::string error = "unknown field " + go_quote(path_);
    if (unknown_.size() < kMostUnknown && std::ranges::find(unknown_, error) == unknown_.end()) {
      unknown_.push_back(std::move(error));
    }
  }

  [[nodiscard]] std::string mismatch_text(std::string_view kind, std::string_view go_type) const {
    if (fields_.empty()) {
      return fmt::format("json: cannot unmarshal {} into Go value of type {}", kind, go_type);
    }
    return fmt::format("json: cannot unmarshal {} into Go struct field {}.{} of type {}",
                       kind,
                       struct_,
                       fmt::join(fields_, "."),
                       go_type);
  }

  void mismatch(std::string_view kind, std::string_view go_type) {
    note(mismatch_text(kind, go_type));
  }

  void note(std::string error) {
    if (wrong_type_.empty()) {
      wrong_type_ = std::move(error);
    }
  }

  void stop(std::string error) {
    if (!stopped_) {
      stopped_ = true;
      stop_ = std::move(error);
    }
  }

  int minor_;
  std::string path_;                      // `spec.template.spec.containers[0]`
  std::vector<std::string_view> fields_;  // the same without indexes and keys of maps
  std::string_view struct_;               // the innermost type that has a field of fields_
  std::vector<std::string> unknown_;
  std::string wrong_type_;
  std::string stop_;
  bool stopped_{};
};

ApiError refused(Kind kind, std::string_view why) {
  const KindInfo& known = info(kind);
  return bad_request(fmt::format("{} in version \"{}\" cannot be handled as a {}: {}",
                                 known.name,
                                 known.version,
                                 known.name,
                                 why));
}

}  // namespace

Result<Decoded, ApiError> decode_lenient(Kind kind, const Json& document, Release release) {
  const Type* type = find_type(info(kind).name);
  STSIM_ASSERT(type != nullptr);
  Decoder decoder(release);
  Json out = decoder.object(*type, document);
  if (!decoder.error().empty()) {
    return tl::unexpected(refused(kind, decoder.error()));
  }
  return Decoded{std::move(out), decoder.unknown()};
}

Result<Json, ApiError> decode(Kind kind, const Json& document, Release release) {
  Result<Decoded, ApiError> decoded = decode_lenient(kind, document, release);
  if (!decoded) {
    return tl::unexpected(std::move(decoded.error()));
  }
  if (!decoded->unknown.empty()) {
    return tl::unexpected(
        refused(kind, fmt::format("strict decoding error: {}", fmt::join(decoded->unknown, ", "))));
  }
  return std::move(decoded->document);
}

}  // namespace stsim::api
