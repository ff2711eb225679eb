#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/api/schema.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace stsim;
using namespace stsim::api;

namespace {

// What a reference file and the table are compared by: `Type.field` and its facts.
using Facts = std::map<std::string, std::string>;

// Kinds that the reference files leave out, with the types that only they use.
const std::set<std::string_view> kNotInReference{"ConfigMap",
                                                 "Secret",
                                                 "ServiceAccount",
                                                 "StorageClass",
                                                 "TopologySelectorLabelRequirement",
                                                 "TopologySelectorTerm",
                                                 "core.EndpointPort"};

Json reference(int minor) {
  std::ifstream file(test::kRoot / "tests/conformance/reference" /
                     ("schema-1." + std::to_string(minor) + ".json"));
  REQUIRE(file);
  return Json::parse(file);
}

std::string item_type(std::string type) {
  for (const std::string_view prefix : {"[]", "map[string]"}) {
    if (type.starts_with(prefix)) {
      type.erase(0, prefix.size());
    }
  }
  return type;
}

/// The types that a manifest of one of the kinds can reach.
std::set<std::string> reachable(int minor) {
  std::set<std::string> seen;
  std::vector<std::string> rest;
  for (const KindInfo& kind : kinds()) {
    rest.emplace_back(kind.name);
  }
  while (!rest.empty()) {
    const std::string name = rest.back();
    rest.pop_back();
    if (!seen.insert(name).second) {
      continue;
    }
    const Type* type = find_type(name);
    INFO(name);
    REQUIRE(type != nullptr);
    for (const Field& field : type->fields) {
      if (field.in_release(minor) && find_type(field.type_name) != nullptr) {
        rest.emplace_back(field.type_name);
      }
    }
  }
  return seen;
}

std::string facts(const std::string& type,
                  const std::string& format,
                  bool required,
                  const std::string& by_default,
                  const std::string& values,
                  const std::string& key,
                  const std::string& strategy) {
  std::ostringstream out;
  out << type << " format=" << format << " required=" << required << " default=" << by_default
      << " enum=" << values << " key=" << key << " strategy=" << strategy;
  return out.str();
}

std::string of_table(const Field& field) {
  std::string type;
  std::string strategy;
  switch (field.shape) {
    case Shape::One:
      break;
    case Shape::List:
      type = "[]";
      break;
    case Shape::Map:
      type = "map[string]";
      break;
  }
  switch (field.strategy) {
    case PatchStrategy::Replace:
      break;
    case PatchStrategy::Merge:
      strategy = "merge";
      break;
    case PatchStrategy::MergeRetainKeys:
      strategy = "merge,retainKeys";
      break;
  }
  std::string format;
  if (field.value == ValueType::Integer && field.shape == Shape::One) {
    format = field.wide ? "int64" : "int32";
  }
  return facts(type + std::string(published_name(field.type_name)),
               format,
               field.required,
               std::string(field.default_json),
               std::string(field.enum_values),
               std::string(field.merge_key),
               strategy);
}

std::string of_reference(const Json& type, const std::string& name) {
  const Json& field = type.at("fields").at(name);
  std::string values;
  for (const Json& value : member(field, "enum")) {
    values += values.empty() ? "" : " ";
    values += value == "" ? "\"\"" : value.get<std::string>();
  }
  bool required = false;
  for (const Json& known : member(type, "required")) {
    required = required || known == name;
  }
  return facts(text(field, "type"),
               text(field, "format"),
               required,
               field.contains("default") ? field.at("default").dump() : "",
               values,
               text(field, "mergeKey"),
               text(field, "patchStrategy"));
}

Facts table_facts(int minor) {
  Facts out;
  for (const std::string& name : reachable(minor)) {
    if (kNotInReference.contains(name)) {
      continue;
    }
    const Type* type = find_type(name);
    out[name] = "";
    for (const Field& field : type->fields) {
      if (field.in_release(minor)) {
        out[name + "." + std::string(field.name)] = of_table(field);
      }
    }
  }
  return out;
}

Facts reference_facts(int minor) {
  const Json all = reference(minor);
  // Types of answers and sub-resources are in the file but in no manifest of our kinds.
  std::set<std::string> seen;
  std::vector<std::string> rest;
  for (const KindInfo& kind : kinds()) {
    if (all.contains(kind.name)) {
      rest.emplace_back(kind.name);
    }
  }
  Facts out;
  while (!rest.empty()) {
    const std::string name = rest.back();
    rest.pop_back();
    if (!seen.insert(name).second) {
      continue;
    }
    out[name] = "";
    for (const auto& [field, facts] : member(all.at(name), "fields").items()) {
      out[name + "." + field] = of_reference(all.at(name), field);
      const std::string type = item_type(text(facts, "type"));
      if (all.contains(type)) {
        rest.push_back(type);
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the schema table has the published facts of 1.36 and 1.26, no more and no fewer") {
  const int minor = GENERATE(36, 26);
  CAPTURE(minor);
  const Facts table = table_facts(minor);
  const Facts published = reference_facts(minor);
  for (const auto& [name, facts] : published) {
    INFO(name);
    const auto it = table.find(name);
    REQUIRE(it != table.end());
    CHECK(it->second == facts);
  }
  for (const auto& [name, facts] : table) {
    INFO(name << " " << facts);
    CHECK(published.contains(name));
  }
  CHECK(published.size() > 900);
}

TEST_CASE("every type of the table can be reached in some release") {
  std::set<std::string> reached;
  for (int minor = 25; minor <= 36; ++minor) {
    reached.merge(reachable(minor));
  }
  for (const Type& type : types()) {
    INFO(type.name);
    CHECK(reached.contains(std::string(type.name)));
  }
}

TEST_CASE("types, fields and forms of a field stand in order, and forms do not overlap") {
  std::string_view last;
  for (const Type& type : types()) {
    INFO(type.name);
    CHECK(last < type.name);
    last = type.name;
    CHECK(find_type(type.name) == &type);
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      const Field& field = type.fields[i];
      INFO(field.name);
      CHECK(field.since <= field.until);
      if (i > 0) {
        const Field& before = type.fields[i - 1];
        CHECK((before.name < field.name ||
               (before.name == field.name && before.until < field.since)));
      }
      if (field.value == ValueType::Object) {
        CHECK(find_type(field.type_name) != nullptr);
      }
    }
  }
}

TEST_CASE("everything has a description of one or two plain sentences") {
  const auto check = [](std::string_view description) {
    CHECK(description.size() > 10);
    CHECK(description.size() < 320);
    CHECK(description.ends_with('.'));
    CHECK(description.find('\n') == std::string_view::npos);
    CHECK(description.find("  ") == std::string_view::npos);
  };
  for (const Type& type : types()) {
    INFO(type.name);
    check(type.description);
    for (const Field& field : type.fields) {
      INFO(field.name);
      check(field.description);
      // explain prints them one after the other
      const Type* below = find_type(field.type_name);
      CHECK((below == nullptr || below->description != field.description));
    }
  }
}

TEST_CASE("SS-250: a field is found as it is in a release") {
  const Type* spec = find_type("StatefulSetSpec");
  REQUIRE(spec != nullptr);
  CHECK(spec->find("ordinals", 25) == nullptr);
  CHECK(spec->find("ordinals", 26) != nullptr);
  CHECK(spec->find("serviceName", 32)->required);
  CHECK_FALSE(spec->find("serviceName", 33)->required);
  CHECK(spec->find("serviceName") == spec->find("serviceName", 36));
  CHECK(spec->find("nosuchfield") == nullptr);
  CHECK(find_type("NoSuchType") == nullptr);

  const Type* claim = find_type("PersistentVolumeClaimSpec");
  REQUIRE(claim != nullptr);
  CHECK(claim->find("resources", 28)->type_name == "ResourceRequirements");
  CHECK(claim->find("resources", 29)->type_name == "VolumeResourceRequirements");
}

TEST_CASE("SS-80a: the table says what becomes of zero values") {
  CHECK(find_type("StatefulSetSpec")->find("replicas")->zero == ZeroValue::Kept);
  CHECK(find_type("StatefulSetSpec")->find("minReadySeconds")->zero == ZeroValue::Dropped);
  CHECK(find_type("StatefulSetSpec")->find("serviceName")->zero == ZeroValue::Written);
  CHECK(find_type("Container")->find("resources")->zero == ZeroValue::Written);
  CHECK(find_type("Container")->find("securityContext")->zero == ZeroValue::Kept);
  CHECK(find_type("Container")->find("env")->zero == ZeroValue::Dropped);
  CHECK(find_type("ObjectMeta")->find("creationTimestamp", 33)->zero == ZeroValue::Written);
  CHECK(find_type("ObjectMeta")->find("creationTimestamp", 34)->zero == ZeroValue::Dropped);
}
