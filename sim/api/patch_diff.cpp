// The strategic merge patch between two documents. Rules: KC-10, KC-13.

#include "api/patch_parts.hpp"

#include <algorithm>

namespace stsim::api::patching {

namespace {

std::string key_text(const Json& item, std::string_view merge_key) {
  return go_value(member(item, merge_key));
}

/// By the text of the merge key. Equal ones change places, as in the tool that we follow: it pairs
/// elements with the same key in that order.
std::vector<Json> by_key(const Json& list, std::string_view merge_key) {
  std::vector<Json> out;
  for (const Json& item : list) {
    const std::string key = key_text(item, merge_key);
    auto at = out.end();
    while (at != out.begin() && key <= key_text(*std::prev(at), merge_key)) {
      --at;
    }
    out.insert(at, item);
  }
  return out;
}

bool has_keys(const Json& list, std::string_view merge_key) {
  return std::ranges::all_of(
      list, [merge_key](const Json& item) { return item.is_object() && item.contains(merge_key); });
}

bool is_scalar_list(const Json& list) {
  return std::ranges::all_of(list, [](const Json& item) { return item.is_primitive(); });
}

class Differ {
 public:
  explicit Differ(Scope scope) : scope_(scope) {}

  Json maps(const Json& original, const Json& modified, const Type* type, bool retain_keys) const {
    Json patch = Json::object();
    Json retained = Json::array();
    for (const auto& [key, value] : modified.items()) {
      if (!value.is_null()) {
        retained.push_back(key);
      }
      const auto before = original.find(key);
      if (before == original.end()) {
        change(patch, key, value);
      } else {
        values(patch, key, *before, value, type);
      }
    }
    bool loses_member = false;
    for (const auto& [key, value] : original.items()) {
      if (!modified.contains(key)) {
        loses_member = loses_member || !value.is_null();
        if (deletions()) {
          patch[key] = nullptr;
        }
      }
    }
    if (retain_keys && !retained.empty() && (!patch.empty() || loses_member)) {
      patch[std::string(kRetainKeys)] = std::move(retained);
    }
    return patch;
  }

 private:
  bool deletions() const { return scope_ == Scope::Deletions; }
  bool changes() const { return scope_ == Scope::AdditionsAndChanges; }

  void change(Json& patch, const std::string& key, const Json& value) const {
    if (changes()) {
      patch[key] = value;
    }
  }

  void values(Json& patch,
              const std::string& key,
              const Json& before,
              const Json& after,
              const Type* type) const {
    if (before.is_object() && after.is_object()) {
      const Member field = member_of(type, key);
      if (field.known) {
        Json inner = maps(before, after, field.type, field.retains);
        if (!inner.empty()) {
          patch[key] = std::move(inner);
        }
        return;
      }
    }
    if (before.is_array() && after.is_array()) {
      const Member field = member_of(type, key);
      if (field.merges && lists(patch, key, before, after, field)) {
        return;
      }
    }
    if (before != after) {
      change(patch, key, after);
    }
  }

  /// False where the lists cannot be merged and have to be replaced.
  bool lists(Json& patch,
             const std::string& key,
             const Json& before,
             const Json& after,
             const Member& field) const {
    if (before.empty()) {
      if (!after.empty()) {
        change(patch, key, after);
      }
      return true;
    }
    const std::string order_key = std::string(kSetElementOrder).append("/").append(key);
    if (field.merge_key.empty()) {
      if (!is_scalar_list(before) || !is_scalar_list(after)) {
        return false;
      }
      scalars(patch, key, before, after, order_key);
      return true;
    }
    if (!has_keys(before, field.merge_key) || !has_keys(after, field.merge_key)) {
      return false;
    }
    const Json items = objects(before, after, field);
    if (!items.empty()) {
      patch[key] = items;
    }
    if (!items.empty() || (changes() && !same_order(before, after, field.merge_key))) {
      Json order = Json::array();
      for (const Json& item : after) {
        order.push_back({{std::string(field.merge_key), member(item, field.merge_key)}});
      }
      if (!order.empty()) {
        patch[order_key] = std::move(order);
      }
    }
    return true;
  }

  void scalars(Json& patch,
               const std::string& key,
               const Json& before,
               const Json& after,
               const std::string& order_key) const {
    Json added = Json::array();
    Json removed = Json::array();
    for (const Json& item : after) {
      if (changes() && index_of(before, item, "") < 0) {
        added.push_back(item);
      }
    }
    for (const Json& item : before) {
      if (deletions() && index_of(after, item, "") < 0 && index_of(removed, item, "") < 0) {
        removed.push_back(item);
      }
    }
    if ((!removed.empty() || (changes() && before != after)) && !after.empty()) {
      patch[order_key] = after;
    }
    if (!added.empty()) {
      patch[key] = std::move(added);
    }
    if (!removed.empty()) {
      patch[std::string(kDeleteFromList).append("/").append(key)] = std::move(removed);
    }
  }

  static bool same_order(const Json& before, const Json& after, std::string_view merge_key) {
    return std::ranges::equal(before, after, [merge_key](const Json& a, const Json& b) {
      return member(a, merge_key) == member(b, merge_key);
    });
  }

  Json objects(const Json& before, const Json& after, const Member& field) const {
    const std::string key(field.merge_key);
    const std::vector<Json> olds = by_key(before, key);
    const std::vector<Json> news = by_key(after, key);
    Json patched = Json::array();
    Json removed = Json::array();
    std::size_t o = 0;
    std::size_t n = 0;
    while (o < olds.size() || n < news.size()) {
      const int order = o == olds.size()   ? 1
                        : n == news.size() ? -1
                                           : key_text(olds[o], key).compare(key_text(news[n], key));
      if (order == 0) {
        Json inner = maps(olds[o++], news[n], field.type, field.retains);
        if (!inner.empty()) {
          inner[key] = news[n][key];
          patched.push_back(std::move(inner));
        }
        ++n;
      } else if (order > 0) {
        if (changes()) {
          patched.push_back(news[n]);
        }
        ++n;
      } else {
        if (deletions()) {
          removed.push_back({{key, olds[o][key]}, {std::string(kDirective), "delete"}});
        }
        ++o;
      }
    }
    Json items = sorted_as(patched, after, key);
    items.insert(items.end(), removed.begin(), removed.end());
    return items;
  }

  Scope scope_;
};

}  // namespace

Json difference(const Json& original, const Json& modified, const Type* type, Scope scope) {
  return Differ(scope).maps(original, modified, type, false);
}

}  // namespace stsim::api::patching
