#include "uids.hpp"

#include <fmt/compile.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/base/error.hpp>
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
  return event.generation == 0 && !event.terminating() && event.seldom->generate_name.empty() &&
         event.labels.empty() && event.annotations.empty() && event.owners.empty() &&
         event.finalizers.empty() && body.about.name == key.name_of_about() &&
         namespace_of_events(body.about.ns) == key.ns;
}

Boxed<ApiEvents::Said> ApiEvents::shared(Words words) {
  Digest digest;
  digest.add(words.reason);
  words.message.add_to(digest);
  return said_.get(
      digest.low(),
      [&words](const Said& known) { return *known.words == words; },
      [&words] {
        return Said{std::move(words), {}};
      });
}

SimTime ApiEvents::Row::named() const {
  const std::chrono::nanoseconds instant{static_cast<std::int64_t>(number)};
  return whole_seconds(SimTime{std::chrono::duration_cast<SimDuration>(instant)});
}

ApiEvents::Row ApiEvents::row_of(const Object& event, const RowKey& key) {
  const auto& body = event.as<api::ApiEvent>();
  Row out{key.number,
          event.resource_version,
          body.about_version,
          shared({body.type,
                  body.reason,
                  {body.message, key.name_of_about()},
                  body.component,
                  body.field_path,
                  body.about.kind,
                  body.about.ns.empty()})};
  const History told{event.uid, event.created, body.first_seen, body.last_seen, body.count};
  if (told != written_once(event.key, out)) {
    out.said = Said{out.said->words, told};
  }
  return out;
}

ApiEvents::History ApiEvents::written_once(const ObjectKey& key, const Row& row) const {
  const SimTime then = row.named();
  return {make_uid(seed_, key, row.resource_version.value), then, then, then, 1};
}

ApiEvents::Place ApiEvents::place_of(const RowKey& key) const {
  const Groups::Entry* group = groups_.last_up_to(key);
  if (group == nullptr || !group->key.same_about(key)) {
    return {};
  }
  const auto& rows = group->value.rows;
  STSIM_ASSERT(!rows.empty());
  const auto* row = std::ranges::lower_bound(rows, key.number, {}, &Row::number);
  return {group,
          static_cast<std::size_t>(row - rows.begin()),
          row != rows.end() && row->number == key.number};
}

void ApiEvents::put(const RowKey& key, const api::Uid& about_uid, Row row) {
  erase_row(key);
  ++row_count_;
  if (const Place place = place_of(key); place.group != nullptr) {
    const RowKey first = place.group->key;
    const Group& group = place.group->value;
    if (group.about_uid == about_uid && group.rows.size() < kMostRows) {
      groups_.edit(first)->rows.insert(place.at, std::move(row));
      return;
    }
    if (place.at < group.rows.size()) {
      split(first, key.number);
    }
  }
  groups_.set(key, {about_uid, {std::move(row)}});
}

/// Lets the rows from a number on go on as a group of their own. Pre: there are some.
void ApiEvents::split(const RowKey& group, std::uint64_t number) {
  Group behind = *groups_.find(group);
  behind.rows.erase_if([number](const Row& row) { return row.number < number; });
  if (behind.rows.size() == groups_.find(group)->rows.size()) {
    groups_.erase(group);
  } else {
    groups_.edit(group)->rows.erase_if([number](const Row& row) { return row.number >= number; });
  }
  const RowKey first{group.ns, group.about, behind.rows.front().number};
  groups_.set(first, std::move(behind));
}

bool ApiEvents::erase_row(const RowKey& key) {
  const Place place = place_of(key);
  if (!place.there) {
    return false;
  }
  --row_count_;
  const RowKey first = place.group->key;
  if (place.group->value.rows.size() == 1) {
    groups_.erase(first);
  } else {
    groups_.edit(first)->rows.erase(place.at);
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
  const Words& words = *row.said->words;
  const std::string_view own = group.key.name_of_about();
  Object out;
  out.key = key_of(group, row);
  out.resource_version = row.resource_version;
  const History history = row.said->history ? *row.said->history : written_once(out.key, row);
  out.uid = history.uid;
  out.created = history.created;
  out.body = api::ApiEvent{words.type,
                           words.reason,
                           words.message.of(own),
                           words.component,
                           {words.about_kind, words.of_cluster ? Text() : group.key.ns, own},
                           group.value.about_uid,
                           row.about_version,
                           words.field_path,
                           history.first_seen,
                           history.last_seen,
                           history.count};
  return std::make_shared<const Object>(std::move(out));
}

std::vector<ObjectPtr> ApiEvents::about(const ObjectKey& object) const {
  std::vector<ObjectPtr> out;
  const RowKey first{namespace_of_events(object.ns), object.name + ".", 0};
  for (auto group = groups_.lower_bound(first);
       group != groups_.end() && group->key.same_about(first);
       ++group) {
    for (const Row& row : group->value.rows) {
      const Words& words = *row.said->words;
      if (words.about_kind == object.kind && words.of_cluster == object.ns.empty()) {
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
      if (const SimTime last_seen = row.last_seen(); last_seen <= time) {
        out.keys.push_back(key_of(group, row));
      } else {
        out.next_seen = std::min(out.next_seen, last_seen);
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
  if (seed_ != other.seed_ || row_count_ != other.row_count_ ||
      others_.size() != other.others_.size()) {
    return false;
  }
  // Groups may be split otherwise, as their rows came in another order.
  using Whole = std::tuple<const RowKey&, const api::Uid&, const Row&>;
  const auto all_rows = [](const Groups& groups) {
    std::vector<Whole> out;
    for (const auto& [key, group] : groups) {
      for (const Row& row : group.rows) {
        out.emplace_back(key, group.about_uid, row);
      }
    }
    return out;
  };
  const auto same_row = [](const Whole& a, const Whole& b) {
    return std::get<0>(a).same_about(std::get<0>(b)) && std::get<1>(a) == std::get<1>(b) &&
           std::get<2>(a) == std::get<2>(b);
  };
  const auto same = [](const auto& a, const auto& b) {
    return a.key == b.key &&
           (a.value == b.value || api::to_json(*a.value) == api::to_json(*b.value));
  };
  return (groups_.same_as(other.groups_) ||
          std::ranges::equal(all_rows(groups_), all_rows(other.groups_), same_row)) &&
         std::equal(others_.begin(), others_.end(), other.others_.begin(), same);
}

}  // namespace stsim::store
