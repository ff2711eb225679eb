#include "api/patch_parts.hpp"

#include <algorithm>

namespace stsim::api::patching {

namespace {

bool is_deletion(const Json& item) {
  return text(item, kDirective) == "delete";
}

/// Stable, by the place in `order`; what has none keeps its place before the others.
void sort_as(std::vector<Json>& items, const Json& order, std::string_view merge_key) {
  std::vector<std::pair<std::ptrdiff_t, Json>> keyed;
  for (Json& item : items) {
    const std::ptrdiff_t at = index_of(order, item, merge_key);
    keyed.emplace_back(at, std::move(item));
  }
  std::ranges::stable_sort(keyed, {}, &std::pair<std::ptrdiff_t, Json>::first);
  std::ranges::transform(keyed, items.begin(), [](auto& pair) { return std::move(pair.second); });
}

}  // namespace

Member member_of(const Type* type, std::string_view key) {
  if (type == nullptr) {
    return {};
  }
  const Field* field = type->find(key);
  if (field == nullptr) {
    return {nullptr, false, false, false, false, ""};
  }
  Member member;
  if (field->value == ValueType::Object && field->shape != Shape::Map) {
    member.type = find_type(field->type_name);
  }
  const bool list = field->shape == Shape::List;
  member.retains = field->strategy == PatchStrategy::MergeRetainKeys;
  member.merges = list && field->strategy != PatchStrategy::Replace;
  member.merge_key = field->merge_key;
  return member;
}

tl::unexpected<ApiError> failure(std::string message) {
  return tl::unexpected(ApiError{500, "", std::move(message), {}, "", ""});
}

tl::unexpected<ApiError> bad_format(std::string_view message) {
  return tl::unexpected(bad_request(message));
}

std::string go_value(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "<nil>";
    case Json::value_t::string:
      return value.get<std::string>();
    case Json::value_t::object: {
      std::string out;
      for (const auto& [key, element] : value.items()) {
        out.append(out.empty() ? "" : " ").append(key).append(":").append(go_value(element));
      }
      return "map[" + out + "]";
    }
    case Json::value_t::array: {
      std::string out;
      for (const Json& element : value) {
        out.append(&element == &value.front() ? "" : " ").append(go_value(element));
      }
      return "[" + out + "]";
    }
    case Json::value_t::boolean:
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return value.dump();
}

std::ptrdiff_t index_of(const Json& list, const Json& item, std::string_view merge_key) {
  const Json& wanted = merge_key.empty() ? item : member(item, merge_key);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if ((merge_key.empty() ? list[i] : member(list[i], merge_key)) == wanted) {
      return static_cast<std::ptrdiff_t>(i);
    }
  }
  return -1;
}

Json sorted_as(const Json& items, const Json& order, std::string_view merge_key) {
  std::vector<Json> kept;
  std::vector<Json> deletions;
  for (const Json& item : items) {
    (is_deletion(item) ? deletions : kept).push_back(item);
  }
  sort_as(kept, order, merge_key);
  Json out = Json::array();
  for (std::vector<Json>* part : {&kept, &deletions}) {
    for (Json& item : *part) {
      out.push_back(std::move(item));
    }
  }
  return out;
}

Json in_order(const Json& patch_items,
              const Json& server_items,
              const Json& patch_order,
              const Json& server_order,
              std::string_view merge_key) {
  const Json left = sorted_as(server_items, server_order, merge_key);
  const Json right = sorted_as(patch_items, patch_order, merge_key);
  Json out = Json::array();
  std::size_t l = 0;
  std::size_t r = 0;
  while (l < left.size() || r < right.size()) {
    bool take_left = r == right.size();
    if (l < left.size() && r < right.size()) {
      const std::ptrdiff_t at_left = index_of(server_order, left[l], merge_key);
      const std::ptrdiff_t at_right = index_of(server_order, right[r], merge_key);
      take_left = at_left >= 0 && at_right >= 0 && at_left < at_right;
    }
    out.push_back(take_left ? left[l++] : right[r++]);
  }
  return out;
}

}  // namespace stsim::api::patching
