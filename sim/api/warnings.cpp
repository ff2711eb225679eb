// What the server says of a write that it accepts. Rule: SS-8.

#include "api/validation_parts.hpp"

#include <fmt/format.h>

#include <set>

namespace stsim::api {

namespace {

using validation::list;
using validation::map;
using validation::Path;
using validation::quantity;
using Warnings = std::vector<std::string>;

constexpr Int128 kUnit = 1'000'000'000;

void fractional(Warnings& out, const Path& path, const Json& amounts, std::string_view name) {
  const Json& value = member(amounts, name);
  if (!value.is_null() && quantity(value).nano() % kUnit != 0) {
    out.push_back(fmt::format("{}: fractional byte value \"{}\" is invalid, must be an integer",
                              path.key(name).text(),
                              quantity(value).text()));
  }
}

void container(Warnings& out, const Path& path, const Json& c) {
  for (const std::string_view amounts : {"limits", "requests"}) {
    const Path at = path.child("resources").child(amounts);
    const Json& given = map(member(c, "resources"), amounts);
    fractional(out, at, given, "memory");
    fractional(out, at, given, "ephemeral-storage");
  }
  std::set<std::string> seen;
  const Json& variables = list(c, "env");
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const std::string name = text(variables[i], "name");
    // A variable may build on the one that it hides.
    const bool builds = text(variables[i], "value").find("$(" + name + ")") != std::string::npos;
    if (!seen.insert(name).second && !builds) {
      out.push_back(fmt::format(
          "{}: hides previous definition of \"{}\", which may be dropped when using apply",
          path.child("env").index(i).text(),
          name));
    }
  }
}

void pod_spec(Warnings& out, const Path& path, const Json& spec) {
  for (const std::string_view key : {"initContainers", "containers"}) {
    const Json& containers = list(spec, key);
    for (std::size_t i = 0; i < containers.size(); ++i) {
      container(out, path.child(key).index(i), containers[i]);
    }
  }
  if (integer(spec, "terminationGracePeriodSeconds") < 0) {
    out.push_back(path.child("terminationGracePeriodSeconds").text() +
                  ": must be >= 0; negative values are invalid and will be treated as 1");
  }
}

void claim_spec(Warnings& out, const Path& path, const Json& spec) {
  fractional(out,
             path.child("spec").child("resources").child("requests"),
             map(member(spec, "resources"), "requests"),
             "storage");
}

}  // namespace

std::vector<std::string> warnings(Kind kind, const Json& document, const Features& features) {
  Warnings out;
  const Json& spec = member(document, "spec");
  const Path path("spec");
  if (kind == Kind::StatefulSet) {
    pod_spec(out, path.child("template").child("spec"), at_path(spec, {"template", "spec"}));
    const Json& claims = list(spec, "volumeClaimTemplates");
    for (std::size_t i = 0; i < claims.size(); ++i) {
      claim_spec(out, path.child("volumeClaimTemplates").index(i), member(claims[i], "spec"));
    }
    if (features.release.at_least(33) && integer(spec, "revisionHistoryLimit") < 0) {
      out.emplace_back(
          "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value "
          ">= "
          "0 is recommended");
    }
  } else if (kind == Kind::Pod) {
    pod_spec(out, path, spec);
  } else if (kind == Kind::PersistentVolumeClaim) {
    claim_spec(out, Path(), spec);
  } else if (kind == Kind::PersistentVolume) {
    fractional(out, path.child("capacity"), map(spec, "capacity"), "storage");
  }
  return out;
}

}  // namespace stsim::api
