// What of a patch can stand in a document.

#include "api/patch_parts.hpp"

namespace stsim::api::patching {

namespace {

void discard_nulls(Json& value) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) {
      if (it->is_null()) {
        it = value.erase(it);
      } else {
        discard_nulls(*it);
        ++it;
      }
    }
  } else if (value.is_array()) {
    for (Json& element : value) {
      discard_nulls(element);
    }
  }
}

/// Takes out every map with a `$patch`; false where `value` itself is one. Where a patch is
/// applied, directives for what the document does not have mean nothing and go, too.
bool remove_directives(Json& value, Mode mode) {
  if (value.is_object()) {
    if (value.contains(kDirective)) {
      return false;
    }
    for (auto it = value.begin(); it != value.end();) {
      const bool marker = mode == Mode::Apply && it.key().starts_with('$');
      it = !marker && remove_directives(*it, mode) ? std::next(it) : value.erase(it);
    }
  } else if (value.is_array()) {
    for (auto it = value.begin(); it != value.end();) {
      it = remove_directives(*it, mode) ? std::next(it) : value.erase(it);
    }
  }
  return true;
}

}  // namespace

bool clean(Json& value, Mode mode) {
  if (mode == Mode::Apply) {
    discard_nulls(value);
  }
  return remove_directives(value, mode);
}

}  // namespace stsim::api::patching
