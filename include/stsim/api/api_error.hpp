#pragma once
// What the API server answers when it refuses. These are ordinary values of the story: they stand
// in the trace, and kubectl prints them. Messages are Kubernetes' own.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// A field that validation refuses. Rule: KC-32.
struct FieldError {
  /// What is wrong: it decides how the message begins.
  enum class Type {
    NotFound,
    Required,
    Invalid,
    NotSupported,
    Forbidden,
    Duplicate,
    TooLong,
    TooMany,
    TypeInvalid
  };
  Type type{Type::Invalid};
  std::string field;   ///< `spec.replicas`, `spec.template.spec.containers[0].image`
  std::string value;   ///< the bad value as Go prints it (strings quoted); unused by some types
  std::string detail;  ///< `must be greater than or equal to 0`; may be empty

  /// `spec.replicas: Invalid value: -1: must be greater than or equal to 0`.
  [[nodiscard]] std::string text() const;
  bool operator==(const FieldError&) const = default;
};

/// All fields that are refused, in the order of the server's checks.
using FieldErrors = std::vector<FieldError>;

/// A refusal: an HTTP code, Kubernetes' reason and the message.
struct ApiError {
  int code{};
  std::string
      reason;  ///< `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `BadRequest`, `Forbidden`
  std::string message;      ///< `statefulsets.apps "web" not found`
  FieldErrors causes;       ///< of an Invalid: the fields
  std::string kind_name;    ///< of an Invalid: `StatefulSet`
  std::string object_name;  ///< of an Invalid: `web`
  bool operator==(const ApiError&) const = default;
};

/// Rule of all of these: KC-30 to KC-33.
[[nodiscard]] ApiError not_found(Kind kind, std::string_view name);
[[nodiscard]] ApiError already_exists(Kind kind, std::string_view name);
/// As already_exists, when the existing object is on its way out. Rules: KC-11, GC-14.
[[nodiscard]] ApiError being_deleted(Kind kind, std::string_view name);
[[nodiscard]] ApiError conflict(Kind kind, std::string_view name);
[[nodiscard]] ApiError forbidden(Kind kind, std::string_view name, std::string_view why);
[[nodiscard]] ApiError bad_request(std::string_view message);
/// An admission webhook says no. Source: ToStatusErr of the API server's admission
/// (plugin/webhook/errors/statuserror.go).
[[nodiscard]] ApiError denied(std::string_view webhook, std::string_view message);
/// The server gives up before it knows what has become of the request.
[[nodiscard]] ApiError timeout();
/// The server is overloaded, and has done nothing.
[[nodiscard]] ApiError unavailable();
/// Something went wrong in the server: `Internal error occurred: <why>`.
[[nodiscard]] ApiError internal_error(std::string_view why);
/// The message is `StatefulSet.apps "web" is invalid: <cause>`, several causes as `[a, b]`.
[[nodiscard]] ApiError invalid(Kind kind, std::string_view name, FieldErrors causes);

}  // namespace stsim::api
