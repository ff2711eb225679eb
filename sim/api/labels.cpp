#include <stsim/api/labels.hpp>
#include <stsim/base/error.hpp>

#include <algorithm>

namespace stsim::api {

namespace {

/// The place of the first entry whose key is not less.
auto place_of(const SharedVector<Labels::value_type>& entries, std::string_view key) {
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
  // There are few, and keys of unequal lengths are told apart at once.
  return std::ranges::find(
      entries_, key, [](const value_type& entry) { return entry.first.view(); });
}

const Text& Labels::at(std::string_view key) const {
  const auto found = find(key);
  STSIM_ASSERT(found != end());
  return found->second;
}

Text& Labels::operator[](std::string_view key) {
  const auto place = static_cast<std::size_t>(place_of(entries_, key) - begin());
  if (place == size() || entries_[place].first != key) {
    entries_.insert(place, {key, {}});
  }
  return entries_.edit()[place].second;
}

bool Labels::erase(std::string_view key) {
  const auto found = find(key);
  if (found == end()) {
    return false;
  }
  entries_.erase(static_cast<std::size_t>(found - begin()));
  return true;
}

}  // namespace stsim::api
