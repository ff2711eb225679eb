#include <stsim/api/labels.hpp>
#include <stsim/base/error.hpp>

#include <algorithm>

namespace stsim::api {

namespace {

/// The place of the first entry whose key is not less.
template <class Entries>
auto place_of(Entries& entries, std::string_view key) {
  return std::ranges::lower_bound(
      entries, key, {}, [](const Labels::value_type& entry) { return entry.first.view(); });
}

}  // namespace

Labels::Labels(std::initializer_list<value_type> entries) {
  for (const auto& [key, value] : entries) {
    if (!contains(key)) {
      (*this)[key] = value;
    }
  }
}

Labels::const_iterator Labels::find(std::string_view key) const {
  const auto place = place_of(entries_, key);
  return place != end() && place->first == key ? place : end();
}

const Text& Labels::at(std::string_view key) const {
  const auto found = find(key);
  STSIM_ASSERT(found != end());
  return found->second;
}

Text& Labels::operator[](std::string_view key) {
  auto& entries = entries_.edit();
  auto place = place_of(entries, key);
  if (place == entries.end() || place->first != key) {
    place = entries.insert(place, {key, {}});
  }
  return place->second;
}

bool Labels::erase(std::string_view key) {
  if (!contains(key)) {
    return false;
  }
  auto& entries = entries_.edit();
  entries.erase(place_of(entries, key));
  return true;
}

}  // namespace stsim::api
