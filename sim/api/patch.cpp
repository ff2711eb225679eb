#include "api/go_types.hpp"
#include "api/patch_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/decode_lenient.hpp>
#include <stsim/api/names.hpp>
#include <stsim/api/patch.hpp>

#include <algorithm>
#include <optional>

namespace stsim::api {

namespace {

ApiError unprocessable() {
  // The server says no more about it, whatever the reason was.
  return {
      422, "Invalid", "the server rejected our request due to an error in our request", {}, "", ""};
}

ApiError too_large(std::string message) {
  ApiError out;
  out.code = 413;
  out.reason = "RequestEntityTooLarge";
  out.message = std::move(message);
  return out;
}

ApiError invalid_patch(const Json& patch, std::string why) {
  FieldError cause{
      FieldError::Type::Invalid, "patch", go_quote(patching::go_value(patch)), std::move(why)};
  std::string message = fmt::format(" \"\" is invalid: {}", cause.text());
  return {422, "Invalid", std::move(message), {std::move(cause)}, "", ""};
}

const Json& object_or_empty(const Json& value) {
  static const Json kEmpty = Json::object();
  return value.is_object() ? value : kEmpty;
}

}  // namespace

Result<Json, ApiError> strategic_merge(std::string_view type_name,
                                       const Json& original,
                                       const Json& patch) {
  if (!patch.is_object()) {
    return tl::unexpected(bad_request(
        fmt::format("json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                    json_kind(patch))));
  }
  const Type* type = find_type(type_name);
  auto merged = patching::merge(object_or_empty(original), patch, type, patching::Mode::Apply);
  if (!merged || type == nullptr) {
    return merged;
  }
  if (const std::string wrong = patching::misfit(*merged, *type); !wrong.empty()) {
    return tl::unexpected(invalid_patch(patch, wrong));
  }
  return merged;
}

Json merge_patch(Json original, const Json& patch) {
  original.merge_patch(patch);
  return original;
}

namespace {

/// Operation by operation, because copies may double a document each time; nothing where they add
/// more than the server allows. Errors: an exception of the library's.
std::optional<Json> patched(Json document, const Json& patch) {
  constexpr std::size_t kMostCopied = 3U << 20U;
  std::size_t copied = 0;
  for (const Json& operation : patch) {
    if (text(operation, "op") == "copy") {
      copied += document.at(Json::json_pointer(text(operation, "from"))).dump().size();
      if (copied > kMostCopied) {
        return std::nullopt;
      }
    }
    document.patch_inplace(Json::array({operation}));
  }
  return document;
}

}  // namespace

Result<Json, ApiError> json_patch(const Json& original, const Json& patch) {
  if (!patch.is_array()) {
    return tl::unexpected(bad_request(fmt::format(
        "json: cannot unmarshal {} into Go value of type jsonpatch.Patch", json_kind(patch))));
  }
  for (const Json& operation : patch) {
    if (!operation.is_object()) {
      return tl::unexpected(bad_request(
          fmt::format("json: cannot unmarshal {} into Go value of type jsonpatch.Operation",
                      json_kind(operation))));
    }
  }
  constexpr std::size_t kMostOperations = 10'000;
  if (patch.size() > kMostOperations) {
    return tl::unexpected(
        too_large(fmt::format("The allowed maximum operations in a JSON patch is {}, got {}",
                              kMostOperations,
                              patch.size())));
  }
  try {
    if (std::optional<Json> out = patched(original, patch)) {
      return *std::move(out);
    }
    return tl::unexpected(unprocessable());
  } catch (const Json::exception&) {
    return tl::unexpected(unprocessable());
  }
}

Json three_way_patch(std::string_view type_name,
                     const Json& last_applied,
                     const Json& modified,
                     const Json& current) {
  const Type* type = find_type(type_name);
  const Json& wanted = object_or_empty(modified);
  const Json changes = patching::difference(
      object_or_empty(current), wanted, type, patching::Scope::AdditionsAndChanges);
  const Json deletions =
      patching::difference(object_or_empty(last_applied), wanted, type, patching::Scope::Deletions);
  // Both are patches of the same lists in the same order, which can always be combined.
  return patching::merge(deletions, changes, type, patching::Mode::Combine).value_or(changes);
}

std::vector<std::string> unknown_fields(Kind kind, const Json& document, Release release) {
  Result<Decoded, ApiError> decoded = decode_lenient(kind, document, release);
  if (!decoded) {
    return {};
  }
  std::ranges::sort(decoded->unknown);
  return std::move(decoded->unknown);
}

ApiError unknown_fields_refused(const Json& patch, const std::vector<std::string>& unknown) {
  return invalid_patch(patch, fmt::format("strict decoding error: {}", fmt::join(unknown, ", ")));
}

}  // namespace stsim::api
