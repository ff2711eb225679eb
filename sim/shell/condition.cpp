#include "shell/condition.hpp"

#include "shell/moments.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/experiment/account.hpp>
#include <stsim/kubectl/rollout.hpp>

#include <algorithm>
#include <array>

namespace stsim::shell {

namespace {

using api::Kind;
using api::Object;
using api::ObjectPtr;

struct ConditionRow {
  std::optional<Kind> kind;  ///< nothing: of every kind
  std::string_view word;
  bool (*holds)(const Object& object, Release release);
};

/// Whether an object that is not on its way out is in a phase.
bool in_phase(const Object& object, std::string_view phase) {
  if (object.terminating()) {
    return false;
  }
  if (object.key.kind == Kind::Pod) {
    return api::to_string(object.as<api::Pod>().status.phase) == phase;
  }
  if (object.key.kind == Kind::PersistentVolumeClaim) {
    return api::to_string(object.as<api::Claim>().phase) == phase;
  }
  return api::to_string(object.as<api::Volume>().phase) == phase;
}

bool is_complete(const Object& set, Release release) {
  const auto status = kubectl::rollout_status(api::to_json(set, release));
  return status && status->done &&
         set.as<api::StatefulSet>().status.ready_replicas ==
             set.as<api::StatefulSet>().spec->replicas;
}

constexpr std::array kConditions{
    ConditionRow{std::nullopt, "created", [](const Object&, Release) { return true; }},
    ConditionRow{std::nullopt, "gone", nullptr},
    ConditionRow{
        std::nullopt, "terminating", [](const Object& o, Release) { return o.terminating(); }},
    ConditionRow{
        Kind::Pod, "pending", [](const Object& o, Release) { return in_phase(o, "Pending"); }},
    ConditionRow{
        Kind::Pod, "running", [](const Object& o, Release) { return in_phase(o, "Running"); }},
    ConditionRow{
        Kind::Pod, "succeeded", [](const Object& o, Release) { return in_phase(o, "Succeeded"); }},
    ConditionRow{
        Kind::Pod, "failed", [](const Object& o, Release) { return in_phase(o, "Failed"); }},
    ConditionRow{Kind::Pod,
                 "scheduled",
                 [](const Object& o, Release) { return !o.as<api::Pod>().node_name.empty(); }},
    ConditionRow{Kind::Pod,
                 "ready",
                 [](const Object& o, Release) {
                   return !o.terminating() && o.as<api::Pod>().status.ready();
                 }},
    ConditionRow{Kind::Pod,
                 "unready",
                 [](const Object& o, Release) { return !o.as<api::Pod>().status.ready(); }},
    ConditionRow{Kind::StatefulSet, "complete", is_complete},
    ConditionRow{Kind::PersistentVolumeClaim,
                 "pending",
                 [](const Object& o, Release) { return in_phase(o, "Pending"); }},
    ConditionRow{Kind::PersistentVolumeClaim,
                 "bound",
                 [](const Object& o, Release) { return in_phase(o, "Bound"); }},
    ConditionRow{Kind::PersistentVolumeClaim,
                 "lost",
                 [](const Object& o, Release) { return in_phase(o, "Lost"); }},
    ConditionRow{Kind::PersistentVolume,
                 "available",
                 [](const Object& o, Release) { return in_phase(o, "Available"); }},
    ConditionRow{Kind::PersistentVolume,
                 "bound",
                 [](const Object& o, Release) { return in_phase(o, "Bound"); }},
    ConditionRow{Kind::PersistentVolume,
                 "released",
                 [](const Object& o, Release) { return in_phase(o, "Released"); }},
    ConditionRow{Kind::PersistentVolume,
                 "failed",
                 [](const Object& o, Release) { return in_phase(o, "Failed"); }},
};

}  // namespace

std::vector<std::string> condition_words(Kind kind) {
  std::vector<std::string> out;
  for (const ConditionRow& row : kConditions) {
    if (!row.kind || *row.kind == kind) {
      out.emplace_back(row.word);
    }
  }
  std::ranges::sort(out);
  return out;
}

Result<Condition, LineError> condition_of(const std::vector<std::string>& words) {
  const LineError usage{"until needs an object and what it shall be, or a time",
                        "until web-2 ready, until sts web complete, until 1m30s"};
  std::vector<std::string> rest = words;
  std::erase_if(rest, [](const std::string& word) { return word == "is"; });
  if (rest.size() == 2 && rest.front().find('/') != std::string::npos) {
    const std::size_t slash = rest.front().find('/');
    rest.insert(rest.begin() + 1, rest.front().substr(slash + 1));
    rest.front().resize(slash);
  } else if (rest.size() == 2) {
    rest.insert(rest.begin(), "pod");
  }
  if (rest.size() != 3) {
    return tl::unexpected(usage);
  }
  const auto kind = api::find_kind(rest[0]);
  if (!kind) {
    std::vector<std::string_view> singulars;
    for (const api::KindInfo& info : api::kinds()) {
      singulars.push_back(info.singular);
    }
    return tl::unexpected(LineError{fmt::format("there is no kind \"{}\"", shown(rest[0])),
                                    suggestion(rest[0], singulars)});
  }
  const std::string word = to_lower(rest[2]);
  const auto* const row = std::ranges::find_if(kConditions, [&](const ConditionRow& candidate) {
    return candidate.word == word && (!candidate.kind || *candidate.kind == *kind);
  });
  if (row == kConditions.end()) {
    const std::vector<std::string> known = condition_words(*kind);
    const std::vector<std::string_view> views(known.begin(), known.end());
    return tl::unexpected(LineError{
        fmt::format(
            "a {} cannot be waited for to be \"{}\"", api::info(*kind).singular, shown(rest[2])),
        suggestion(word, views)});
  }
  const std::string ns = api::info(*kind).namespaced ? std::string(api::kDefaultNamespace) : "";
  Condition out{{*kind, ns, rest[1]}, word, "", {}};
  out.in_words = fmt::format("{} is {}", object_words(out.of), word);
  out.holds = [holds = row->holds](const ObjectPtr& object, Release release) {
    return holds == nullptr ? !object : object && holds(*object, release);
  };
  return out;
}

std::string standing_of(const api::ObjectKey& key, const world::World& world) {
  const std::string name = object_words(key);
  if (!world.store.find(key)) {
    return fmt::format("there is no {}", name);
  }
  const auto standings = experiment::standings(world);
  const auto found = std::ranges::find(standings, name, &experiment::Standing::object);
  return found == standings.end() ? fmt::format("{} is there", name) : found->line;
}

}  // namespace stsim::shell
