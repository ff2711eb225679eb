#include <stsim/api/labels.hpp>
#include <stsim/base/error.hpp>

#include <algorithm>

namespace stsim::api {

Labels::Labels(std::initializer_list<std::pair<Text, Text>> entries) {
  for (const auto& [key, value] : entries) {
    if (!contains(key)) {
      (*this)[key] = value;
    }
  }
}

const Text* Labels::find(std::string_view key) const {
  // There are few, and keys of unequal lengths are told apart at once.
  const auto* found = std::ranges::find(keys(), key, &Text::view);
  return found == keys().end() ? nullptr : values_.begin() + (found - keys().begin());
}

const Text& Labels::at(std::string_view key) const {
  const Text* found = find(key);
  STSIM_ASSERT(found != nullptr);
  return *found;
}

Text& Labels::operator[](std::string_view key) {
  const auto* place = std::ranges::lower_bound(keys(), key, {}, &Text::view);
  const auto index = static_cast<std::size_t>(place - keys().begin());
  if (place == keys().end() || *place != key) {
    Keys more = keys();
    more.insert(index, key);
    values_.insert(index, {});
    values_.set_header(std::move(more));
  }
  return values_.edit()[index];
}

bool Labels::erase(std::string_view key) {
  const Text* found = find(key);
  if (found == nullptr) {
    return false;
  }
  const auto index = static_cast<std::size_t>(found - values_.begin());
  Keys fewer = keys();
  fewer.erase(index);
  values_.erase(index);
  if (!values_.empty()) {
    values_.set_header(std::move(fewer));
  }
  return true;
}

}  // namespace stsim::api
