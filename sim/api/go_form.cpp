#include "api/go_form.hpp"

#include <stsim/api/quantity.hpp>

#include <algorithm>

namespace stsim::api {

namespace {

bool is_zero(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return true;
    case Json::value_t::boolean:
      return !value.get<bool>();
    case Json::value_t::string:
      return value.get_ref<const std::string&>().empty();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return value.get<std::int64_t>() == 0;
    case Json::value_t::object:
    case Json::value_t::array:
      return value.empty();
    case Json::value_t::number_float:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return false;
}

Json zero_of(ValueType type) {
  switch (type) {
    case ValueType::String:
      return "";
    case ValueType::Boolean:
      return false;
    case ValueType::Quantity:
      return "0";
    case ValueType::Integer:
    case ValueType::Number:
    case ValueType::IntOrString:
      return 0;
    case ValueType::Object:
      return Json::object();
    case ValueType::Time:
    case ValueType::MicroTime:
    case ValueType::Raw:
      break;
  }
  return nullptr;
}

/// A walk over a document along the types of the schema.
class Walk {
 public:
  explicit Walk(Release release) : release_(release) {}

  void object(Json& document, const Type& type) const {
    if (document.is_object()) {
      for (const Field& field : type.fields) {
        if (field.in_release(release_.minor)) {
          member(document, field);
        }
      }
    }
  }

 private:
  void member(Json& document, const Field& field) const {
    const auto at = document.find(field.name);
    if (at == document.end() || at->is_null()) {
      Json value = missing(field);
      if (!value.is_null() || field.zero == ZeroValue::Written) {
        nested(value, field);
        document[std::string(field.name)] = std::move(value);
      } else if (at != document.end()) {
        document.erase(at);
      }
    } else if (field.zero == ZeroValue::Dropped && is_zero(*at)) {
      document.erase(at);
    } else if (field.shape == Shape::One) {
      nested(*at, field);
    } else if (at->is_structured()) {
      for (Json& element : *at) {
        nested(element, field);
      }
    }
  }

  /// What stands for a value that is not set: null where that is nothing.
  static Json missing(const Field& field) {
    const bool written = field.zero == ZeroValue::Written;
    if (field.shape != Shape::One) {
      return nullptr;
    }
    const std::string_view text = field.default_json;
    const bool zero =
        text.empty() || text == "{}" || text == "\"\"" || text == "0" || text == "false";
    // A published default of zero says nothing unless the field is a pointer.
    if (!zero || (field.zero == ZeroValue::Kept && !text.empty() && text != "{}")) {
      return Json::parse(text);
    }
    return written ? zero_of(field.value) : Json(nullptr);
  }

  void nested(Json& value, const Field& field) const {
    if (field.value == ValueType::Quantity) {
      if (value.is_string() || value.is_number()) {
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        value = stored_quantity(text, field.shape == Shape::Map);
      }
    } else if (field.value == ValueType::Object) {
      if (const Type* type = find_type(field.type_name)) {
        object(value, *type);
      }
    }
  }

  Release release_;
};

/// Whether the server keeps the text as it was written: a decimal number without suffix of a family
/// of its own that its parser takes for canonical.
bool kept_as_written(std::string_view text) {
  if (text.find('i') != std::string_view::npos) {
    return false;
  }
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    text.remove_prefix(1);
  }
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  const std::size_t dot = text.find('.');
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  if (dot == std::string_view::npos || dot > end) {
    return false;
  }
  const std::string whole(text.substr(0, dot));
  const std::string fraction(text.substr(dot + 1, end - dot - 1));
  // Only whole steps of a thousand below a suffix are taken for canonical, and only short numbers.
  return !whole.empty() && !fraction.empty() && fraction.size() % 3 == 0 &&
         whole.size() + fraction.size() <= 18 && !fraction.ends_with("000");
}

}  // namespace

void to_go_form(Json& document, const Type& type, Release release) {
  Walk(release).object(document, type);
}

std::string stored_quantity(std::string_view text, bool in_resource_list) {
  const std::optional<Quantity> quantity = Quantity::parse(text);
  if (!quantity) {
    return std::string(text);
  }
  constexpr Int128 kStep = 1'000'000;
  const Int128 rest = quantity->nano() % kStep;
  if (in_resource_list && rest != 0) {
    // Away from zero, in thousandths; no resource is counted in smaller parts.
    const Int128 steps = quantity->nano() / kStep + (rest > 0 ? 1 : -1);
    const bool exponent = text.find_first_of("eE") < text.size() - 1;
    const std::string number = std::to_string(static_cast<std::int64_t>(steps));
    return Quantity::parse(number + (exponent ? "e-3" : "m"))->text();
  }
  return kept_as_written(text) ? std::string(text) : quantity->text();
}

}  // namespace stsim::api
