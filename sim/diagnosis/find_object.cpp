#include "inquiry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/well_known.hpp>
#include <stsim/diagnosis/wish.hpp>

#include <array>
#include <string>
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
    for (const api::ObjectPtr& object : world.store.list(kind, api::kDefaultNamespace)) {
      if (names.size() < kMost) {
        names.push_back(fmt::format("{}/{}", api::info(kind).singular, object->key.name));
      }
    }
  }
  return names.empty() ? "there is nothing to ask about yet"
                       : fmt::format("there is {}", fmt::join(names, ", "));
}

}  // namespace

Result<ObjectKey, std::string> find_object(const world::World& world,
                                           std::span<const std::string> words) {
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
  if (!kind_word.empty()) {
    const auto kind = api::find_kind(kind_word);
    if (!kind) {
      return tl::unexpected(fmt::format("there is no kind \"{}\"", kind_word));
    }
    const ObjectKey key = key_of(*kind, api::kDefaultNamespace, name);
    const bool could_be = *kind == Kind::Pod && set_of(world, key);
    if (!could_be && !world.store.find(key)) {
      return tl::unexpected(
          fmt::format("there is no {} {}: {}", api::info(*kind).singular, name, there_is(world)));
    }
    return key;
  }
  constexpr std::array kInOrder{Kind::Pod,
                                Kind::StatefulSet,
                                Kind::PersistentVolumeClaim,
                                Kind::PersistentVolume,
                                Kind::Node,
                                Kind::Service};
  for (const Kind kind : kInOrder) {
    const ObjectKey key = key_of(kind, api::kDefaultNamespace, name);
    if (world.store.find(key)) {
      return key;
    }
  }
  const ObjectKey pod = key_of(Kind::Pod, api::kDefaultNamespace, name);
  if (set_of(world, pod)) {
    return pod;
  }
  return tl::unexpected(fmt::format("there is no \"{}\": {}", name, there_is(world)));
}

}  // namespace stsim::diagnosis
