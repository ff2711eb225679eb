#include <fmt/compile.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/digest.hpp>
#include <stsim/store/api_events.hpp>

#include <algorithm>
#include <string>

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

Text ApiEvents::RowKey::name() const {
  return fmt::format(FMT_COMPILE("{}{:016x}"), about, number);
}

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

void ApiEvents::set(const ObjectPtr& event) {
  std::optional<RowKey> key = row_key(event->key);
  if (!key || !fits(*event, *key)) {
    if (key) {
      rows_.erase(*key);
    }
    others_.set(event->key, event);
    return;
  }
  others_.erase(event->key);
  const auto& body = event->as<api::ApiEvent>();
  Text message = body.message;
  if (const std::string_view own = key->name_of_about();
      message.view().find(own) != std::string_view::npos) {
    message = replaced(message, own, std::string_view(&kOwnName, 1));
  }
  Row row{shared({body.type, body.reason, std::move(message), body.component, body.field_path}),
          event->uid,
          body.about_uid,
          body.about_version,
          event->resource_version,
          event->created,
          body.first_seen,
          body.last_seen,
          body.count,
          body.about.kind,
          body.about.ns.empty()};
  rows_.set(*std::move(key), std::move(row));
}

void ApiEvents::erase(const ObjectKey& key) {
  if (const auto row = row_key(key); !row || !rows_.erase(*row)) {
    others_.erase(key);
  }
}

ObjectPtr ApiEvents::find(const ObjectKey& key) const {
  if (const auto at = row_key(key)) {
    if (const Row* row = rows_.find(*at)) {
      return object_of(*at, *row);
    }
  }
  const ObjectPtr* other = others_.find(key);
  return other == nullptr ? nullptr : *other;
}

ObjectPtr ApiEvents::object_of(const RowKey& key, const Row& row) {
  const Words& words = *row.words;
  Text message = words.message;
  if (message.view().find(kOwnName) != std::string_view::npos) {
    message = replaced(message, std::string_view(&kOwnName, 1), key.name_of_about());
  }
  Object out;
  out.key = {api::Kind::Event, key.ns, key.name()};
  out.uid = row.uid;
  out.resource_version = row.resource_version;
  out.created = row.created;
  out.body = api::ApiEvent{words.type,
                           words.reason,
                           std::move(message),
                           words.component,
                           {row.about_kind, row.of_cluster ? Text() : key.ns, key.name_of_about()},
                           row.about_uid,
                           row.about_version,
                           words.field_path,
                           row.first_seen,
                           row.last_seen,
                           row.count};
  return std::make_shared<const Object>(std::move(out));
}

std::vector<ObjectPtr> ApiEvents::about(const ObjectKey& object) const {
  std::vector<ObjectPtr> out;
  const RowKey first{namespace_of_events(object.ns), object.name + ".", 0};
  for (auto row = rows_.lower_bound(first);
       row != rows_.end() && row->key.ns == first.ns && row->key.about == first.about;
       ++row) {
    if (row->value.about_kind == object.kind && row->value.of_cluster == object.ns.empty()) {
      out.push_back(object_of(row->key, row->value));
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
  for (const auto& [key, row] : rows_) {
    if (row.last_seen <= time) {
      out.keys.push_back({api::Kind::Event, key.ns, key.name()});
    } else {
      out.next_seen = std::min(out.next_seen, row.last_seen);
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
  const auto same = [](const auto& a, const auto& b) {
    return a.key == b.key &&
           (a.value == b.value || api::to_json(*a.value) == api::to_json(*b.value));
  };
  return rows_ == other.rows_ && others_.size() == other.others_.size() &&
         std::equal(others_.begin(), others_.end(), other.others_.begin(), same);
}

}  // namespace stsim::store
