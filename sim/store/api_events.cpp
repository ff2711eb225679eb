#include "uids.hpp"

#include <fmt/compile.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/store/api_events.hpp>

#include <algorithm>
#include <string>
#include <tuple>

namespace stsim::store {

using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

constexpr int kBitsOfDigit = 4;
/// Of the time in nanoseconds, which recorders put behind a name, from 2006 to 2554.
constexpr std::size_t kDigits = 16;

/// The namespace of the events about what is in a namespace, or in none.
Text namespace_of_events(const Text& ns) {
  return ns.empty() ? Text(api::kDefaultNamespace) : ns;
}

/// `text` with `to` in the place of each `from`, which is not empty.
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find(from, at), text.size());
    out.append(text.substr(at, next - at));
    if (next < text.size()) {
      out.append(to);
    }
    at = next + from.size();
  }
  return out;
}

}  // namespace

std::optional<ApiEvents::RowKey> ApiEvents::row_key(const ObjectKey& key) {
  const std::string_view name = key.name;
  if (name.size() <= kDigits) {
    return std::nullopt;
  }
  const std::string_view about = name.substr(0, name.size() - kDigits);
  if (about == "." || about.find('.') != about.size() - 1) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  for (const char c : name.substr(about.size())) {
    const bool is_letter = c >= 'a' && c <= 'f';
    if (!is_letter && (c < '0' || c > '9')) {
      return std::nullopt;
    }
    number =
        number << kBitsOfDigit | static_cast<std::uint64_t>(is_letter ? c - 'a' + 10 : c - '0');
  }
  return RowKey{key.ns, about, number};
}

bool ApiEvents::fits(const Object& event, const RowKey& key) {
  const auto& body = event.as<api::ApiEvent>();
  return event.generation == 0 && !event.terminating() && event.generate_name.empty() &&
         event.labels.empty() && event.annotations.empty() && event.owners.empty() &&
         event.finalizers.empty() && body.about.name == key.name_of_about() &&
         namespace_of_events(body.about.ns) == key.ns &&
         body.message.view().find(kOwnName) == std::string_view::npos;
}

Boxed<ApiEvents::Words> ApiEvents::shared(Words words) {
  Digest digest;
  digest.add(words.reason);
  digest.add(words.message);
  const std::size_t at = digest.low() % kRemembered;
  for (const std::size_t place : {at, at ^ 1U}) {
    if (const Boxed<Words>& known = (*said_)[place]; known.is_set() && *known == words) {
      return known;
    }
  }
  auto& said = said_.edit();
  said[at ^ 1U] = std::move(said[at]);
  return said[at] = Boxed<Words>(std::move(words));
}

ApiEvents::Row ApiEvents::row_of(const Object& event, const RowKey& key) {
  const auto& body = event.as<api::ApiEvent>();
  Text message = body.message;
  if (const std::string_view own = key.name_of_about();
      message.view().find(own) != std::string_view::npos) {
    message = replaced(message, own, std::string_view(&kOwnName, 1));
  }
  Row out{key.number,
          event.created,
          event.resource_version,
          body.about_version,
          shared({body.type,
                  body.reason,
                  std::move(message),
                  body.component,
                  body.field_path,
                  body.about.kind,
                  body.about.ns.empty()}),
          {}};
  if (body.count != 1 || body.first_seen != event.created || body.last_seen != event.created ||
      event.uid != make_uid(seed_, event.key, event.resource_version.value)) {
    out.later = Later{event.uid, body.first_seen, body.last_seen, body.count};
  }
  return out;
}

ApiEvents::Place ApiEvents::place_of(const RowKey& key) const {
  const Groups::Entry* group = groups_.last_up_to(key);
  if (group == nullptr || !group->key.same_about(key)) {
    return {};
  }
  const auto& rows = group->value.rows;
  const auto* row = std::ranges::lower_bound(rows, key.number, {}, &Row::number);
  return {group,
          static_cast<std::size_t>(row - rows.begin()),
          row != rows.end() && row->number == key.number};
}

void ApiEvents::put(const RowKey& key, const api::Uid& about_uid, Row row) {
  if (const Place place = place_of(key); place.there) {
    if (place.group->value.about_uid == about_uid) {
      groups_.edit(place.group->key)->rows.edit()[place.at] = std::move(row);
      return;
    }
    erase_row(key);
  }
  ++rows_;
  if (const Place place = place_of(key); place.group != nullptr) {
    const RowKey first = place.group->key;
    Group& group = *groups_.edit(first);
    if (group.about_uid == about_uid && group.rows.size() < kMostRows) {
      group.rows.insert(place.at, std::move(row));
      return;
    }
    // The rows behind go on as a group of their own.
    const std::vector<Row> behind(group.rows.begin() + place.at, group.rows.end());
    if (!behind.empty()) {
      const api::Uid uid_behind = group.about_uid;
      group.rows.erase_if([&key](const Row& one) { return one.number > key.number; });
      if (group.rows.empty()) {
        groups_.erase(first);
      }
      groups_.set({key.ns, key.about, behind.front().number}, {uid_behind, behind});
    }
  }
  groups_.set(key, {about_uid, {std::move(row)}});
}

bool ApiEvents::erase_row(const RowKey& key) {
  const Place place = place_of(key);
  if (!place.there) {
    return false;
  }
  --rows_;
  if (place.group->value.rows.size() == 1) {
    groups_.erase(place.group->key);
  } else {
    groups_.edit(place.group->key)->rows.erase(place.at);
  }
  return true;
}

void ApiEvents::set(const ObjectPtr& event) {
  const std::optional<RowKey> key = row_key(event->key);
  if (key && fits(*event, *key)) {
    others_.erase(event->key);
    put(*key, event->as<api::ApiEvent>().about_uid, row_of(*event, *key));
    return;
  }
  if (key) {
    erase_row(*key);
  }
  others_.set(event->key, event);
}

void ApiEvents::erase(const ObjectKey& key) {
  if (const auto row = row_key(key); !row || !erase_row(*row)) {
    others_.erase(key);
  }
}

ObjectPtr ApiEvents::find(const ObjectKey& key) const {
  if (const auto row = row_key(key)) {
    if (const Place place = place_of(*row); place.there) {
      return object_of(*place.group, place.group->value.rows[place.at]);
    }
  }
  const ObjectPtr* other = others_.find(key);
  return other == nullptr ? nullptr : *other;
}

ObjectKey ApiEvents::key_of(const Groups::Entry& group, const Row& row) {
  return {api::Kind::Event,
          group.key.ns,
          fmt::format(FMT_COMPILE("{}{:016x}"), group.key.about, row.number)};
}

ObjectPtr ApiEvents::object_of(const Groups::Entry& group, const Row& row) const {
  const Words& words = *row.words;
  const std::string_view own = group.key.name_of_about();
  Text message = words.message;
  if (message.view().find(kOwnName) != std::string_view::npos) {
    message = replaced(message, std::string_view(&kOwnName, 1), own);
  }
  Object out;
  out.key = key_of(group, row);
  out.resource_version = row.resource_version;
  out.created = row.created;
  const Later later =
      row.later
          ? *row.later
          : Later{
                make_uid(seed_, out.key, row.resource_version.value), row.created, row.created, 1};
  out.uid = later.uid;
  out.body = api::ApiEvent{words.type,
                           words.reason,
                           std::move(message),
                           words.component,
                           {words.about_kind, words.of_cluster ? Text() : group.key.ns, own},
                           group.value.about_uid,
                           row.about_version,
                           words.field_path,
                           later.first_seen,
                           later.last_seen,
                           later.count};
  return std::make_shared<const Object>(std::move(out));
}

std::vector<ObjectPtr> ApiEvents::about(const ObjectKey& object) const {
  std::vector<ObjectPtr> out;
  const RowKey first{namespace_of_events(object.ns), object.name + ".", 0};
  for (auto group = groups_.lower_bound(first);
       group != groups_.end() && group->key.same_about(first);
       ++group) {
    for (const Row& row : group->value.rows) {
      if (row.words->about_kind == object.kind && row.words->of_cluster == object.ns.empty()) {
        out.push_back(object_of(*group, row));
      }
    }
  }
  for (const auto& [key, event] : others_) {
    if (event->as<api::ApiEvent>().about == object) {
      out.push_back(event);
    }
  }
  std::ranges::sort(out, {}, [](const ObjectPtr& event) -> const ObjectKey& { return event->key; });
  return out;
}

ApiEvents::Old ApiEvents::last_seen_until(SimTime time) const {
  Old out;
  for (const auto& group : groups_) {
    for (const Row& row : group.value.rows) {
      if (row.last_seen() <= time) {
        out.keys.push_back(key_of(group, row));
      } else {
        out.next_seen = std::min(out.next_seen, row.last_seen());
      }
    }
  }
  for (const auto& [key, event] : others_) {
    const SimTime last_seen = event->as<api::ApiEvent>().last_seen;
    if (last_seen <= time) {
      out.keys.push_back(key);
    } else {
      out.next_seen = std::min(out.next_seen, last_seen);
    }
  }
  std::ranges::sort(out.keys);
  return out;
}

bool ApiEvents::operator==(const ApiEvents& other) const {
  if (seed_ != other.seed_ || rows_ != other.rows_ || others_.size() != other.others_.size()) {
    return false;
  }
  // Groups may be split otherwise, as their rows came in another order.
  using Said = std::tuple<const RowKey&, const api::Uid&, const Row&>;
  const auto rows = [](const Groups& groups) {
    std::vector<Said> out;
    for (const auto& [key, group] : groups) {
      for (const Row& row : group.rows) {
        out.emplace_back(key, group.about_uid, row);
      }
    }
    return out;
  };
  const auto same_row = [](const Said& a, const Said& b) {
    return std::get<0>(a).same_about(std::get<0>(b)) && std::get<1>(a) == std::get<1>(b) &&
           std::get<2>(a) == std::get<2>(b);
  };
  const auto same = [](const auto& a, const auto& b) {
    return a.key == b.key &&
           (a.value == b.value || api::to_json(*a.value) == api::to_json(*b.value));
  };
  return (groups_.same_as(other.groups_) ||
          std::ranges::equal(rows(groups_), rows(other.groups_), same_row)) &&
         std::equal(others_.begin(), others_.end(), other.others_.begin(), same);
}

}  // namespace stsim::store
