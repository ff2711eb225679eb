// Merging a strategic merge patch into a document, or into another patch. Rule: KC-13.

#include "api/go_types.hpp"
#include "api/patch_parts.hpp"

#include <fmt/format.h>

namespace stsim::api::patching {

namespace {

constexpr std::string_view kBadOrder = "invalid patch format of setElementOrder list";
constexpr std::string_view kBadRetainKeys = "invalid patch format of retainKeys";
constexpr std::string_view kBadList = "invalid patch format of primitive list";

using Problem = std::optional<tl::unexpected<ApiError>>;

tl::unexpected<ApiError> bad_argument(std::string_view expected, const Json& actual) {
  return failure(fmt::format("expected a {}, but received a {}", expected, go_names(actual).type));
}

tl::unexpected<ApiError> no_merge_key(const Json& item, std::string_view key) {
  return failure(
      fmt::format("map: {} does not contain declared merge key: {}", go_value(item), key));
}

bool is_directive(std::string_view key, std::string_view prefix) {
  return key.starts_with(prefix);
}

/// The member that a directive `prefix/member` is about; empty where it is none.
std::string_view subject(std::string_view key, std::string_view prefix) {
  const bool whole = key.size() > prefix.size() + 1 && key[prefix.size()] == '/';
  return whole ? key.substr(prefix.size() + 1) : std::string_view();
}

/// Sets a member that the document does not have, or has with another type.
void put(Json& original, const std::string& key, Json value, Mode mode) {
  if (clean(value, mode)) {
    original[key] = std::move(value);
  } else {
    original.erase(key);
  }
}

bool same_type(const Json& a, const Json& b) {
  return go_names(a).type == go_names(b).type;
}

/// `all` divided into what stands in `listed` and what does not.
std::pair<Json, Json> divided(const Json& all, const Json& listed, std::string_view merge_key) {
  std::pair<Json, Json> parts{Json::array(), Json::array()};
  for (const Json& item : all) {
    (index_of(listed, item, merge_key) >= 0 ? parts.first : parts.second).push_back(item);
  }
  return parts;
}

Json without_repetitions(const Json& list) {
  Json out = Json::array();
  for (const Json& item : list) {
    if (index_of(out, item, "") < 0) {
      out.push_back(item);
    }
  }
  return out;
}

/// One object merged into another, level by level.
class Merger {
 public:
  explicit Merger(Mode mode) : mode_(mode) {}

  Result<Json, ApiError> map(Json original, Json patch, const Type* type) const {
    if (const auto directive = patch.find(kDirective); directive != patch.end()) {
      if (*directive == "replace") {
        patch.erase(directive);
        return patch;
      }
      if (*directive == "delete") {
        return Json::object();
      }
      return failure(
          fmt::format("unknown patch type: {} in map: {}", go_value(*directive), go_value(patch)));
    }
    if (Problem problem = retain_keys(original, patch)) {
      return *problem;
    }
    if (Problem problem = ordered_lists(original, patch, type)) {
      return *problem;
    }
    for (auto& [key, value] : patch.items()) {
      if (Problem problem = patch_member(original, key, value, type)) {
        return *problem;
      }
    }
    return original;
  }

 private:
  /// `$retainKeys`: the members that are not named go away.
  Problem retain_keys(Json& original, Json& patch) const {
    const auto at = patch.find(kRetainKeys);
    if (at == patch.end()) {
      return std::nullopt;
    }
    const Json kept = *at;
    patch.erase(at);
    if (mode_ == Mode::Combine) {
      original[std::string(kRetainKeys)] = kept;
      return std::nullopt;
    }
    if (!kept.is_array()) {
      return bad_format(kBadRetainKeys);
    }
    for (const auto& [key, value] : patch.items()) {
      const bool marker = is_directive(key, kDeleteFromList) || is_directive(key, kSetElementOrder);
      if (!value.is_null() && !marker && index_of(kept, key, "") < 0) {
        return bad_format(kBadRetainKeys);
      }
    }
    for (auto it = original.begin(); it != original.end();) {
      it = index_of(kept, it.key(), "") < 0 ? original.erase(it) : std::next(it);
    }
    return std::nullopt;
  }

  /// Merges the lists that have a `$setElementOrder`, and takes them out of the patch.
  Problem ordered_lists(Json& original, Json& patch, const Type* type) const {
    std::vector<std::string> keys;
    for (const auto& [key, value] : patch.items()) {
      if (is_directive(key, kSetElementOrder)) {
        keys.push_back(key);
      }
    }
    for (const std::string& key : keys) {
      const Json order = patch[key];
      patch.erase(key);
      if (mode_ == Mode::Combine) {
        original[key] = order;
      }
      if (!order.is_array()) {
        return bad_argument("[]interface {}", order);
      }
      const std::string list(subject(key, kSetElementOrder));
      if (list.empty()) {
        return bad_format(kBadOrder);
      }
      if (Problem problem = ordered_list(original, patch, list, order, type)) {
        return problem;
      }
    }
    return std::nullopt;
  }

  Problem ordered_list(Json& original,
                       Json& patch,
                       const std::string& key,
                       const Json& order,
                       const Type* type) const {
    const bool in_original = original.contains(key);
    const bool in_patch = patch.contains(key);
    for (const Json* document : {&original, &patch}) {
      if (document->contains(key) && !(*document)[key].is_array()) {
        return bad_argument("[]interface {}", (*document)[key]);
      }
    }
    const Member field = member_of(type, key);
    if (!field.known) {
      return unknown(type, key);
    }
    if (in_patch) {
      if (Problem problem = follows_order(patch[key], order, field.merge_key)) {
        return problem;
      }
    }
    if (!in_original && !in_patch) {
      return std::nullopt;
    }
    const Json server_order = in_original ? original[key] : Json::array();
    Json merged;
    if (!in_patch) {
      merged = server_order;
    } else if (!in_original) {
      merged = patch[key];
      if (!clean(merged, mode_)) {
        return std::nullopt;
      }
    } else {
      auto result = list(server_order, patch[key], field, false);
      if (!result) {
        return tl::unexpected(result.error());
      }
      merged = *std::move(result);
    }
    const auto [mine, theirs] = divided(merged, order, field.merge_key);
    original[key] = in_order(mine, theirs, order, server_order, field.merge_key);
    patch.erase(key);
    return std::nullopt;
  }

  static Problem follows_order(const Json& items, const Json& order, std::string_view merge_key) {
    if (items.empty() || order.empty()) {
      return std::nullopt;
    }
    std::size_t at = 0;
    for (const Json& item : items) {
      if (item.is_object() && item.contains(kDirective)) {
        continue;
      }
      if (!merge_key.empty() && !member(item, merge_key).is_primitive()) {
        return no_merge_key(item, merge_key);
      }
      if (!merge_key.empty() && member(item, merge_key).is_null()) {
        return no_merge_key(item, merge_key);
      }
      while (at < order.size() && index_of(Json::array({order[at]}), item, merge_key) < 0) {
        ++at;
      }
      if (at == order.size()) {
        return failure(fmt::format("The order in patch list:\n{}\n doesn't match {} list:\n{}\n",
                                   go_value(items),
                                   kSetElementOrder,
                                   go_value(order)));
      }
      ++at;
    }
    return std::nullopt;
  }

  Problem patch_member(Json& original,
                       const std::string& patch_key,
                       const Json& value,
                       const Type* type) const {
    const bool deletes = is_directive(patch_key, kDeleteFromList);
    if (deletes && mode_ == Mode::Combine) {
      original[patch_key] = value;
      return std::nullopt;
    }
    const std::string key = deletes ? std::string(subject(patch_key, kDeleteFromList)) : patch_key;
    if (key.empty()) {
      return bad_format(kBadList);
    }
    if (value.is_null()) {
      original.erase(key);
      if (mode_ == Mode::Apply) {
        return std::nullopt;
      }
    }
    const auto at = original.find(key);
    if (at == original.end() || !same_type(*at, value)) {
      if (!deletes) {
        put(original, key, value, mode_);
      }
      return std::nullopt;
    }
    if (!value.is_structured()) {
      *at = value;
      return std::nullopt;
    }
    const Member field = member_of(type, key);
    if (!field.known) {
      return unknown(type, key);
    }
    Result<Json, ApiError> merged = value;
    if (value.is_object()) {
      merged = map(std::move(*at), value, field.type);
    } else if (field.merges || deletes) {
      merged = list(*at, value, field, deletes);
    }
    if (!merged) {
      return tl::unexpected(merged.error());
    }
    *at = *std::move(merged);
    return std::nullopt;
  }

  Result<Json, ApiError> list(const Json& original,
                              const Json& patch,
                              const Member& field,
                              bool deletes) const {
    if (original.empty() && patch.empty()) {
      return original;
    }
    const Json& first = original.empty() ? patch.front() : original.front();
    for (const Json* part : {&original, &patch}) {
      for (const Json& item : *part) {
        if (item.is_array()) {
          // The server answers this one without its reason.
          return tl::unexpected(
              ApiError{422,
                       "Invalid",
                       "the server rejected our request due to an error in our request",
                       {},
                       "",
                       ""});
        }
        if (!same_type(item, first)) {
          return failure(fmt::format("list element types are not identical: [{} {}]",
                                     go_value(original),
                                     go_value(patch)));
        }
      }
    }
    if (!first.is_object()) {
      return scalars(original, patch, deletes);
    }
    if (field.merge_key.empty()) {
      return failure(fmt::format("cannot merge lists without merge key for {}",
                                 field.type == nullptr ? "" : field.type->name));
    }
    return objects(original, patch, field);
  }

  static Json scalars(const Json& original, const Json& patch, bool deletes) {
    if (deletes) {
      return divided(original, patch, "").second;
    }
    Json both = original;
    both.insert(both.end(), patch.begin(), patch.end());
    const auto [mine, theirs] = divided(without_repetitions(both), patch, "");
    return in_order(mine, theirs, patch, original, "");
  }

  Result<Json, ApiError> objects(const Json& original,
                                 const Json& patch,
                                 const Member& field) const {
    const std::string_view key = field.merge_key;
    Json kept = original;
    Json changes = Json::array();
    bool replace = false;
    for (const Json& item : patch) {
      const auto directive = item.find(kDirective);
      if (directive == item.end()) {
        changes.push_back(item);
      } else if (*directive == "delete") {
        if (!item.contains(key)) {
          return no_merge_key(item, key);
        }
        for (auto it = kept.begin(); it != kept.end();) {
          it = member(*it, key) == member(item, key) ? kept.erase(it) : std::next(it);
        }
      } else if (*directive == "replace") {
        replace = true;
      } else if (*directive == "merge") {
        return failure("merging lists cannot yet be specified in the patch");
      } else {
        return failure(
            fmt::format("unknown patch type: {} in map: {}", go_value(*directive), go_value(item)));
      }
    }
    if (replace) {
      return changes;
    }
    Json merged = kept;
    for (const Json& item : changes) {
      if (!item.contains(key)) {
        return no_merge_key(item, key);
      }
      const std::ptrdiff_t at = index_of(merged, item, key);
      if (at < 0) {
        if (Json added = item; clean(added, mode_)) {
          merged.push_back(std::move(added));
        }
        continue;
      }
      Json& target = merged[static_cast<std::size_t>(at)];
      auto result = map(std::move(target), item, field.type);
      if (!result) {
        return result;
      }
      target = *std::move(result);
    }
    const auto [mine, theirs] = divided(merged, changes, key);
    return in_order(mine, theirs, changes, kept, key);
  }

  static tl::unexpected<ApiError> unknown(const Type* type, std::string_view key) {
    return failure(fmt::format(
        "unable to find api field in struct {} for the json field \"{}\"", type->name, key));
  }

  Mode mode_;
};

}  // namespace

Result<Json, ApiError> merge(Json original, Json patch, const Type* type, Mode mode) {
  return Merger(mode).map(std::move(original), std::move(patch), type);
}

}  // namespace stsim::api::patching
