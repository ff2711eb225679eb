#include "inquiry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/well_known.hpp>
#include <stsim/diagnosis/wish.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace stsim::diagnosis {

namespace {

using api::Kind;
using api::ObjectKey;

ObjectKey key_of(Kind kind, std::string_view ns, std::string_view name) {
  return {kind, api::info(kind).namespaced ? ns : "", name};
}

/// What there is to ask about: sets and pods come first.
std::string there_is(const world::World& world) {
  std::vector<std::string> names;
  constexpr std::size_t kMost = 12;
  for (const Kind kind : {Kind::StatefulSet, Kind::Pod, Kind::PersistentVolumeClaim}) {
    for (const api::ObjectPtr& object : world.store.list(kind)) {
      if (names.size() < kMost) {
        names.push_back(fmt::format(
            "{}/{}{}", api::info(kind).singular, object->key.name, in_namespace(object->key)));
      }
    }
  }
  return names.empty() ? "there is nothing to ask about yet"
                       : fmt::format("there is {}", fmt::join(names, ", "));
}

/// Namespaces in which something is, `default` first; what was recorded of things that are gone
/// does not count.
std::vector<std::string> namespaces_of(const world::World& world) {
  std::set<std::string> others;
  world.store.for_each_but_rows(
      [&others](const api::ObjectPtr& object) { others.emplace(object->key.ns.view()); });
  others.erase("");
  others.erase(api::kDefaultNamespace);
  std::vector<std::string> out{api::kDefaultNamespace};
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

/// Looks for an object of one of some kinds.
class Search {
 public:
  Search(const world::World& world, std::string name, std::optional<std::string> ns)
      : world_(world), name_(std::move(name)), ns_(std::move(ns)) {}

  /// Those that are there, in namespace default before others; where there are none, pods that sets
  /// could have.
  [[nodiscard]] std::vector<ObjectKey> all(std::span<const Kind> kinds) const {
    const std::vector<std::string> namespaces = ns_ ? std::vector{*ns_} : namespaces_of(world_);
    std::vector<ObjectKey> out;
    for (const std::string& ns : namespaces) {
      const auto there = std::ranges::find_if(
          kinds, [&](Kind kind) { return world_.store.find(key_of(kind, ns, name_)) != nullptr; });
      if (there != kinds.end()) {
        add(out, key_of(*there, ns, name_));
      }
    }
    const bool pods = std::ranges::find(kinds, Kind::Pod) != kinds.end();
    for (const std::string& ns : namespaces) {
      ObjectKey pod = key_of(Kind::Pod, ns, name_);
      if (pods && out.empty() && set_of(world_, pod)) {
        add(out, std::move(pod));
      }
    }
    return out;
  }

 private:
  /// What lies in no namespace is found in each.
  static void add(std::vector<ObjectKey>& out, ObjectKey key) {
    if (std::ranges::find(out, key) == out.end()) {
      out.push_back(std::move(key));
    }
  }

  const world::World& world_;
  std::string name_;
  std::optional<std::string> ns_;
};

}  // namespace

std::string in_namespace(const ObjectKey& key) {
  return key.ns.empty() || key.ns == api::kDefaultNamespace ? "" : fmt::format(" -n {}", key.ns);
}

NamedIn take_namespace(std::span<const std::string> words) {
  NamedIn out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    constexpr std::string_view kLong = "--namespace=";
    if (words[i] == "-n" || words[i] == "--namespace") {
      out.ns = i + 1 < words.size() ? words[++i] : "";
    } else if (words[i].starts_with(kLong)) {
      out.ns = words[i].substr(kLong.size());
    } else if (words[i].starts_with("-n")) {
      out.ns = words[i].substr(2);
    } else {
      out.words.push_back(words[i]);
    }
  }
  return out;
}

Result<ObjectKey, std::string> find_object(const world::World& world,
                                           std::span<const std::string> typed) {
  const auto [ns, words] = take_namespace(typed);
  if (ns && ns->empty()) {
    return tl::unexpected(std::string("-n needs the name of a namespace"));
  }
  std::string kind_word;
  std::string name;
  if (words.size() == 1) {
    const std::size_t slash = words[0].find('/');
    kind_word = slash == std::string::npos ? "" : words[0].substr(0, slash);
    name = slash == std::string::npos ? words[0] : words[0].substr(slash + 1);
  } else if (words.size() == 2) {
    kind_word = words[0];
    name = words[1];
  }
  if (name.empty()) {
    return tl::unexpected(
        fmt::format("one object is needed, such as web-3 or sts/web: {}", there_is(world)));
  }
  std::vector<Kind> kinds{Kind::Pod,
                          Kind::StatefulSet,
                          Kind::PersistentVolumeClaim,
                          Kind::PersistentVolume,
                          Kind::Node,
                          Kind::Service};
  std::string what = fmt::format("\"{}\"", name);
  if (!kind_word.empty()) {
    const auto kind = api::find_kind(kind_word);
    if (!kind) {
      return tl::unexpected(fmt::format("there is no kind \"{}\"", kind_word));
    }
    kinds = {*kind};
    what = fmt::format("{} {}", api::info(*kind).singular, name);
  }
  const std::vector<ObjectKey> found = Search(world, name, ns).all(kinds);
  if (found.empty()) {
    return tl::unexpected(fmt::format(
        "there is no {}{}: {}", what, ns ? " in namespace " + *ns : "", there_is(world)));
  }
  if (found.size() > 1 && found.front().ns != api::kDefaultNamespace) {
    return tl::unexpected(
        fmt::format("there is a {} in several namespaces, say which: -n {}, -n {}",
                    what,
                    found[0].ns,
                    found[1].ns));
  }
  return found.front();
}

}  // namespace stsim::diagnosis
