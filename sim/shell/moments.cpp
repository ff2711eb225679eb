#include "shell/moments.hpp"

#include <fmt/format.h>
#include <stsim/api/object.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/experiment/account.hpp>
#include <stsim/report/telling.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

namespace stsim::shell {

namespace {

using api::Json;
using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;

constexpr std::size_t kMostObjects = 60;
constexpr std::size_t kMostFields = 4;

/// How the objects stand that are told of in words: by the words before the colon.
std::map<std::string, std::string> standings_of(const world::World& world) {
  std::map<std::string, std::string> out;
  for (const experiment::Standing& standing : experiment::standings(world)) {
    std::string rest = standing.line.substr(standing.object.size());
    rest.erase(0, std::min(rest.find_first_not_of(": "), rest.size()));
    out.emplace(standing.object, std::move(rest));
  }
  return out;
}

/// What of a document is no news: it changes with each write.
bool is_dull(std::string_view path) {
  constexpr std::array<std::string_view, 4> kDull{"/metadata/resourceVersion",
                                                  "/metadata/generation",
                                                  "/metadata/managedFields",
                                                  "/metadata/uid"};
  return std::ranges::any_of(kDull,
                             [path](std::string_view dull) { return path.starts_with(dull); });
}

std::string short_text(const Json& value) {
  constexpr std::size_t kMost = 70;
  std::string text = value.dump();
  if (text.size() <= kMost) {
    return text;
  }
  std::size_t end = kMost;
  // No character is cut in its middle.
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end) + "…";
}

/// The fields in which two documents differ: `spec.replicas: 3, then 5`.
std::vector<std::string> fields(const Json& a, const Json& b) {
  std::vector<std::string> out;
  for (const Json& change : Json::diff(a, b)) {
    const std::string path = change["path"].get<std::string>();
    if (is_dull(path)) {
      continue;
    }
    const std::string op = change["op"].get<std::string>();
    const Json::json_pointer place(path);
    const std::string before = op == "add" ? "nothing" : short_text(a.at(place));
    const std::string after = op == "remove" ? "nothing" : short_text(change["value"]);
    std::string name = path.substr(1);
    std::ranges::replace(name, '/', '.');
    out.push_back(fmt::format("{}: {}, then {}", name, before, after));
  }
  return out;
}

class Comparing {
 public:
  Comparing(const world::World& a, const world::World& b)
      : a_(a),
        b_(b),
        standings_a_(standings_of(a)),
        standings_b_(standings_of(b)),
        events_(!(a.store.api_events() == b.store.api_events())) {}

  void look_at(const ObjectPtr& a, const ObjectPtr& b) {
    if (a == b) {
      return;
    }
    const std::string name = object_words(a ? a->key : b->key);
    if (!a || !b) {
      const auto& standings = a ? standings_a_ : standings_b_;
      const auto found = standings.find(name);
      tell(fmt::format("{} is {}{}",
                       name,
                       a ? "gone" : "new",
                       found == standings.end() || a ? "" : ": " + found->second));
      return;
    }
    std::vector<std::string> changed =
        fields(api::to_json(*a, release(a_)), api::to_json(*b, release(b_)));
    const auto before = standings_a_.find(name);
    const auto after = standings_b_.find(name);
    const bool told = before != standings_a_.end() && after != standings_b_.end() &&
                      before->second != after->second;
    if (!(a->uid == b->uid)) {
      tell(fmt::format("{} is another one of that name", name));
      changed.clear();
    } else if (changed.empty() && !told) {
      return;
    } else {
      tell(name);
    }
    if (told) {
      add(fmt::format("  {}", before->second));
      add(fmt::format("  then {}", after->second));
      // The words say it: of the fields only what was asked for.
      std::erase_if(changed, [](const std::string& field) {
        return field.starts_with("status.") || field.starts_with("metadata.deletion");
      });
    }
    for (std::size_t i = 0; i < std::min(changed.size(), kMostFields); ++i) {
      add(fmt::format("  {}", changed[i]));
    }
    if (changed.size() > kMostFields) {
      add(fmt::format("  and {} more fields", changed.size() - kMostFields));
    }
  }

  [[nodiscard]] std::string text() const {
    std::string out = out_;
    if (objects_ > kMostObjects) {
      out += fmt::format("and {} more objects\n", objects_ - kMostObjects);
    }
    if (out.empty()) {
      out = events_ ? "no object differs but API Events\n" : "no object differs\n";
    }
    return out;
  }

 private:
  static Release release(const world::World& world) { return world.settings->features.release; }
  void tell(const std::string& line) {
    ++objects_;
    add(line);
  }
  void add(const std::string& line) {
    if (objects_ <= kMostObjects) {
      out_ += line + "\n";
    }
  }

  const world::World& a_;
  const world::World& b_;
  std::map<std::string, std::string> standings_a_;
  std::map<std::string, std::string> standings_b_;
  std::string out_;
  std::size_t objects_{};
  bool events_{};
};

}  // namespace

std::string object_words(const ObjectKey& key) {
  const std::string_view word = key.kind == Kind::PersistentVolumeClaim ? "claim"
                                : key.kind == Kind::PersistentVolume    ? "volume"
                                : key.kind == Kind::ControllerRevision
                                    ? "revision"
                                    : api::info(key.kind).singular;
  const bool usual = key.ns.empty() || key.ns == api::kDefaultNamespace;
  return usual ? fmt::format("{} {}", word, key.name.view())
               : fmt::format("{} {}/{}", word, key.ns.view(), key.name.view());
}

std::set<std::string> images_of(const world::World& world) {
  std::set<std::string> out;
  world.store.for_each(Kind::Pod, [&out](const ObjectPtr& pod) {
    for (const api::ContainerSpec& container : pod->as<api::Pod>().spec->containers) {
      out.insert(container.image);
    }
  });
  world.store.for_each(Kind::StatefulSet, [&out](const ObjectPtr& set) {
    const Json& spec = api::member(*set->as<api::StatefulSet>().spec->pod_template, "spec");
    for (const Json& container : api::member(spec, "containers")) {
      out.insert(container.value("image", ""));
    }
  });
  return out;
}

std::string rest_in_words(const world::World& world) {
  return world.queue.empty()
             ? std::string("nothing is left to happen")
             : fmt::format(
                   "nothing new is left to happen: only retries and routine looks go on, "
                   "the next at {}",
                   report::clock(world.queue.next().time));
}

std::string moments_difference(const world::World& a,
                               const std::string& name_of_a,
                               const world::World& b,
                               const std::string& name_of_b) {
  std::set<ObjectKey> keys;
  for (const world::World* world : {&a, &b}) {
    for (const api::KindInfo& kind : api::kinds()) {
      if (kind.kind != Kind::Event) {
        world->store.for_each(kind.kind,
                              [&keys](const ObjectPtr& object) { keys.insert(object->key); });
      }
    }
  }
  Comparing comparing(a, b);
  for (const ObjectKey& key : keys) {
    comparing.look_at(a.store.find(key), b.store.find(key));
  }
  return fmt::format("from {} ({}) to {} ({}):\n{}",
                     name_of_a,
                     report::clock(a.now),
                     name_of_b,
                     report::clock(b.now),
                     comparing.text());
}

}  // namespace stsim::shell
