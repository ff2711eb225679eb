#include <fmt/format.h>
#include <stsim/api/api_error.hpp>

#include <set>

namespace stsim::api {

std::string FieldError::text() const {
  const auto with = [this](std::string_view what) {
    return detail.empty() ? fmt::format("{}: {}", field, what)
                          : fmt::format("{}: {}: {}", field, what, detail);
  };
  switch (type) {
    case Type::NotFound:
      return with("Not found: " + value);
    case Type::Required:
      return with("Required value");
    case Type::Forbidden:
      return with("Forbidden");
    case Type::Invalid:
    case Type::TypeInvalid:
      return with("Invalid value: " + value);
    case Type::NotSupported:
      return with("Unsupported value: " + value);
    case Type::Duplicate:
      return with("Duplicate value: " + value);
    case Type::TooLong:
      return with("Too long");
    case Type::TooMany:
      return with("Too many: " + value);
  }
  return field;
}

ApiError not_found(Kind kind, std::string_view name) {
  return {
      404, "NotFound", fmt::format("{} \"{}\" not found", resource_name(kind), name), {}, "", ""};
}

ApiError already_exists(Kind kind, std::string_view name) {
  return {409,
          "AlreadyExists",
          fmt::format("{} \"{}\" already exists", resource_name(kind), name),
          {},
          "",
          ""};
}

ApiError internal_error(std::string_view why) {
  return {500, "InternalError", fmt::format("Internal error occurred: {}", why), {}, "", ""};
}

ApiError denied(std::string_view webhook, std::string_view message) {
  return {400,
          "",
          fmt::format("admission webhook \"{}\" denied the request{}{}",
                      webhook,
                      message.empty() ? " without explanation" : ": ",
                      message),
          {},
          "",
          ""};
}

ApiError timeout() {
  return {504,
          "Timeout",
          "Timeout: request did not complete within requested timeout - context deadline exceeded",
          {},
          "",
          ""};
}

ApiError unavailable() {
  return {503,
          "ServiceUnavailable",
          "the server is currently unable to handle the request",
          {},
          "",
          ""};
}

ApiError being_deleted(Kind kind, std::string_view name) {
  return {
      409,
      "AlreadyExists",
      fmt::format("object is being deleted: {} \"{}\" already exists", resource_name(kind), name),
      {},
      "",
      ""};
}

ApiError conflict(Kind kind, std::string_view name) {
  return {409,
          "Conflict",
          fmt::format(
              "Operation cannot be fulfilled on {} \"{}\": the object has been modified; please "
              "apply your changes to the latest version and try again",
              resource_name(kind),
              name),
          {},
          "",
          ""};
}

ApiError forbidden(Kind kind, std::string_view name, std::string_view why) {
  return {403,
          "Forbidden",
          fmt::format("{} \"{}\" is forbidden: {}", resource_name(kind), name, why),
          {},
          "",
          ""};
}

ApiError bad_request(std::string_view message) {
  return {400, "BadRequest", std::string(message), {}, "", ""};
}

ApiError invalid(Kind kind, std::string_view name, FieldErrors causes) {
  const KindInfo& k = info(kind);
  const std::string qualified =
      k.group.empty() ? std::string(k.name) : fmt::format("{}.{}", k.name, k.group);
  // Checks that are made twice are told once.
  std::set<std::string> told;
  std::erase_if(causes,
                [&told](const FieldError& cause) { return !told.insert(cause.text()).second; });
  std::string list;
  for (const FieldError& cause : causes) {
    list += (list.empty() ? "" : ", ") + cause.text();
  }
  if (causes.size() > 1) {
    list = "[" + list + "]";
  }
  return {422,
          "Invalid",
          fmt::format("{} \"{}\" is invalid: {}", qualified, name, list),
          std::move(causes),
          std::string(k.name),
          std::string(name)};
}

}  // namespace stsim::api
