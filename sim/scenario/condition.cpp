#include "condition.hpp"

#include "recorded_fields.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/dns/zone.hpp>
#include <stsim/scenario/snapshot.hpp>

#include <algorithm>

namespace stsim::scenario {

using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

/// The path of something that lies in what is there.
Path in(Path path, std::string member) {
  path.push_back(std::move(member));
  return path;
}

}  // namespace

void compare(const Path& path,
             const api::Json& wanted,
             const api::Json& found,
             std::vector<Difference>& out) {
  if (wanted.is_object() && found.is_object()) {
    for (const auto& [key, value] : wanted.items()) {
      compare(in(path, key), value, api::member(found, key), out);
    }
  } else if (wanted != found) {
    out.push_back({path, Difference::Relation::Equal, wanted, found});
  }
}

void compare_number(const Path& path,
                    const api::Json& wanted,
                    std::int64_t found,
                    std::vector<Difference>& out) {
  const std::int64_t least = api::integer(wanted, "least", found);
  const std::int64_t most = api::integer(wanted, "most", found);
  if (wanted.is_object() ? found < least || found > most : wanted != found) {
    out.push_back({path, Difference::Relation::Equal, wanted, found});
  }
}

namespace {

void compare_objects(const RecordedKind& kind,
                     const api::Json& wanted,
                     const world::World& world,
                     std::vector<Difference>& out) {
  const api::KindInfo& info = api::info(kind.kind);
  for (const auto& [name, fields] : wanted.items()) {
    const Path path{std::string(info.plural), name};
    const ObjectPtr object =
        world.store.find({kind.kind, info.namespaced ? api::kDefaultNamespace : "", name});
    if (!object || fields.is_null()) {
      if (object || !fields.is_null()) {
        out.push_back({path, Difference::Relation::Present, fields, object != nullptr});
      }
      continue;
    }
    for (const auto& [member, value] : fields.items()) {
      const auto field = std::ranges::find_if(
          kind.fields, [&member = member](const auto& row) { return row.name == member; });
      compare(in(path, member), value, field->read(*object), out);
    }
  }
}

/// What counts of the pods of a set, by themselves and not by its status.
struct Counts {
  std::int64_t total{};
  std::int64_t ready{};
  std::int64_t available{};
  std::int64_t terminating{};
  std::map<std::string, std::int64_t> images;
};

Counts count_pods(const std::string& set, const world::World& world) {
  Counts out;
  const ObjectPtr owner = world.store.find({Kind::StatefulSet, api::kDefaultNamespace, set});
  const SimDuration wait =
      owner ? seconds_of(owner->as<api::StatefulSet>().spec->min_ready_seconds) : SimDuration{};
  for (const ObjectPtr& pod : world.store.list(Kind::Pod, api::kDefaultNamespace)) {
    const auto identity = api::parent_and_ordinal(pod->key.name.view());
    if (identity.ordinal < 0 || identity.parent != set) {
      continue;
    }
    const auto& body = pod->as<api::Pod>();
    const api::PodCondition& ready = body.status.condition(api::PodConditionType::Ready);
    ++out.total;
    out.terminating += pod->terminating() ? 1 : 0;
    out.ready += ready.status ? 1 : 0;
    out.available += ready.status && world.now - ready.last_transition() >= wait ? 1 : 0;
    for (const api::ContainerSpec& container : body.spec->containers) {
      ++out.images[container.image];
    }
  }
  return out;
}

void compare_counts(const api::Json& wanted,
                    const world::World& world,
                    std::vector<Difference>& out) {
  for (const auto& [set, numbers] : wanted.items()) {
    const Counts counts = count_pods(set, world);
    const Path path{std::string(kCountsMember), set};
    for (const auto& [what, number] : numbers.items()) {
      if (what == "images") {
        for (const auto& [image, of_image] : number.items()) {
          const auto found = counts.images.find(image);
          compare_number(in(in(path, what), image),
                         of_image,
                         found == counts.images.end() ? 0 : found->second,
                         out);
        }
        continue;
      }
      const std::int64_t found = what == "total"       ? counts.total
                                 : what == "ready"     ? counts.ready
                                 : what == "available" ? counts.available
                                                       : counts.terminating;
      compare_number(in(path, what), number, found, out);
    }
  }
}

/// Names below a Service are those of namespace default.
void compare_names(const api::Json& wanted,
                   const world::World& world,
                   std::vector<Difference>& out) {
  const dns::Zone zone(world.store);
  for (const auto& [name, resolves] : wanted.items()) {
    const bool full = name.ends_with(dns::kClusterDomain);
    const dns::Reply reply = zone.query(
        full ? name
             : fmt::format("{}.{}.svc.{}", name, api::kDefaultNamespace, dns::kClusterDomain),
        dns::RecordType::A);
    compare({std::string(kResolvesMember), name}, resolves, !reply.records.empty(), out);
  }
}

}  // namespace

void unmet(const api::Json& condition, const world::World& world, std::vector<Difference>& out) {
  for (const auto& [key, wanted] : condition.items()) {
    if (key == kCountsMember) {
      compare_counts(wanted, world, out);
    } else if (key == kResolvesMember) {
      compare_names(wanted, world, out);
    } else if (key == kEndpointsMember) {
      const api::Json shown = snapshot(world);
      const api::Json& found = api::member(shown, key);
      compare({key}, wanted, found.is_null() ? api::Json::object() : found, out);
    } else {
      const auto kinds = recorded_kinds();
      const auto kind = std::ranges::find_if(kinds, [&key = key](const RecordedKind& row) {
        return api::info(row.kind).plural == key;
      });
      if (kind != kinds.end()) {
        compare_objects(*kind, wanted, world, out);
      }
    }
  }
}

std::vector<api::Kind> kinds_of(const api::Json& condition) {
  std::vector<api::Kind> out;
  for (const auto& [key, wanted] : condition.items()) {
    if (key == kCountsMember) {
      out.insert(out.end(), {Kind::Pod, Kind::StatefulSet});
    } else if (key == kResolvesMember) {
      out.insert(out.end(), {Kind::EndpointSlice, Kind::Service});
    } else if (key == kEndpointsMember) {
      out.push_back(Kind::EndpointSlice);
    } else {
      for (const RecordedKind& recorded : recorded_kinds()) {
        if (api::info(recorded.kind).plural == key) {
          out.push_back(recorded.kind);
        }
      }
    }
  }
  return out;
}

}  // namespace stsim::scenario
