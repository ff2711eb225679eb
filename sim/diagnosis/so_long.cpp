#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/diagnosis/so_long.hpp>
#include <stsim/diagnosis/wish.hpp>
#include <stsim/report/causality.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace stsim::diagnosis {

namespace {

using api::Kind;
using api::ObjectKey;
using engine::Actor;
using engine::TraceRecord;
using scenario::in_seconds;

constexpr std::array<std::string_view, 12> kSpentWords{"pulling images",
                                                       "preparing pods on nodes",
                                                       "starting containers",
                                                       "becoming ready",
                                                       "stopping containers",
                                                       "minReadySeconds",
                                                       "waiting for another try",
                                                       "scheduling",
                                                       "binding claims",
                                                       "noticing what became of a node",
                                                       "controllers and API calls",
                                                       "waiting for the user"};

/// What a kubelet was at, by the rule of what it then says.
Spent spent_on_node(std::string_view rule) {
  constexpr std::array<std::pair<std::string_view, Spent>, 16> kByRule{{{"PN-10", Spent::Pulling},
                                                                        {"PN-40", Spent::Pulling},
                                                                        {"PN-12", Spent::Preparing},
                                                                        {"PN-1", Spent::Starting},
                                                                        {"PN-2", Spent::Readying},
                                                                        {"PN-4", Spent::Readying},
                                                                        {"PN-22", Spent::Stopping},
                                                                        {"PN-23", Spent::Stopping},
                                                                        {"PN-24", Spent::Stopping},
                                                                        {"PN-30", Spent::BackOff},
                                                                        {"PN-31", Spent::BackOff},
                                                                        {"PN-41", Spent::BackOff},
                                                                        {"PV-5", Spent::BackOff},
                                                                        {"PN-60", Spent::Nodes},
                                                                        {"PN-62", Spent::Nodes},
                                                                        {"PN-63", Spent::Nodes}}};
  const auto* const found =
      std::ranges::find(kByRule, rule, &std::pair<std::string_view, Spent>::first);
  return found == kByRule.end() ? Spent::Deciding : found->second;
}

/// What the time before a record was spent on. A controller that looks again by itself waits for
/// minReadySeconds, or has failed before.
Spent spent_before(const TraceRecord& effect, const TraceRecord& cause, bool min_ready) {
  if (effect.type == TraceRecord::Type::Step) {
    return Spent::User;
  }
  switch (effect.actor) {
    case Actor::Kubelet:
      // The next try of a pull, once that of a container: what counts is the wait before it.
      return cause.rule == "PN-41" ? Spent::BackOff : spent_on_node(effect.rule);
    case Actor::Placement:
      return Spent::Scheduling;
    case Actor::VolumeBinder:
    case Actor::ClaimProtection:
    case Actor::VolumeProtection:
      return Spent::Storage;
    case Actor::NodeController:
    case Actor::TaintEvictionController:
    case Actor::PodGarbageCollector:
      return Spent::Nodes;
    default:
      break;
  }
  const bool looks_again = effect.type == TraceRecord::Type::Sync && cause.actor == effect.actor &&
                           effect.time - cause.time >= std::chrono::milliseconds{5};
  return !looks_again ? Spent::Deciding : min_ready ? Spent::MinReady : Spent::BackOff;
}

/// Whether a record changes a set, its status or one of its pods.
bool concerns(const TraceRecord& record, const ObjectKey& set) {
  if (record.type != TraceRecord::Type::Call || record.before == record.after) {
    return false;
  }
  const api::ObjectPtr& object = record.after ? record.after : record.before;
  const api::OwnerReference* owner = object->controller();
  return record.object == set || (record.object.kind == Kind::Pod && record.object.ns == set.ns &&
                                  owner != nullptr && owner->name == set.name);
}

/// Whether it is a user who changes what the set wants.
bool changes_wishes(const TraceRecord& record) {
  return record.actor == Actor::User && record.type == TraceRecord::Type::Call &&
         record.object.kind == Kind::StatefulSet && record.after &&
         (!record.before || record.before->generation != record.after->generation);
}

/// The last change of what a set wants, of any set if none is named.
const TraceRecord* last_change(const scenario::RunLog& log, const ObjectKey* set) {
  const auto found =
      std::find_if(log.records().rbegin(), log.records().rend(), [set](const TraceRecord& record) {
        return changes_wishes(record) && (set == nullptr || record.object == *set);
      });
  return found == log.records().rend() ? nullptr : &*found;
}

/// What time was spent on, the most first, with the objects that it was spent on.
std::string shares_of(const std::vector<Stretch>& path,
                      const scenario::RunLog& log,
                      SimDuration total) {
  struct Share {
    SimDuration took{};
    std::vector<std::string> objects;
  };
  std::map<Spent, Share> shares;
  for (const Stretch& stretch : path) {
    Share& share = shares[stretch.on];
    share.took += stretch.took;
    const std::string name(log.of(stretch.end).object.name);
    if (stretch.took > SimDuration{} && !name.empty() &&
        std::ranges::find(share.objects, name) == share.objects.end()) {
      share.objects.push_back(name);
    }
  }
  std::vector<std::pair<Spent, Share>> ordered(shares.begin(), shares.end());
  std::ranges::stable_sort(
      ordered, [](const auto& a, const auto& b) { return a.second.took > b.second.took; });
  std::string out;
  for (const auto& [on, share] : ordered) {
    if (share.took == SimDuration{}) {
      continue;
    }
    constexpr std::size_t kMost = 6;
    const std::size_t shown = std::min(share.objects.size(), kMost);
    const std::int64_t permille = share.took.count() * 1000 / total.count();
    out += fmt::format("  {:>3}.{}%  {:>10}  {:<31} {}{}\n",
                       permille / 10,
                       permille % 10,
                       in_seconds(share.took),
                       to_string(on),
                       fmt::join(share.objects.begin(),
                                 share.objects.begin() + static_cast<std::ptrdiff_t>(shown),
                                 ", "),
                       shown < share.objects.size()
                           ? fmt::format(" and {} more", share.objects.size() - shown)
                           : "");
  }
  return out;
}

/// The path itself, but for what took no time.
std::string steps_of(const std::vector<Stretch>& path, const scenario::RunLog& log) {
  constexpr std::size_t kMost = 60;
  std::string out;
  std::size_t lines = 0;
  std::size_t left_out = 0;
  for (const Stretch& stretch : path) {
    if (stretch.took == SimDuration{}) {
      continue;
    }
    if (lines++ >= kMost) {
      ++left_out;
      continue;
    }
    const TraceRecord& record = log.of(stretch.end);
    out += fmt::format("  {:>10}  {:>9}  {} {}\n",
                       report::clock(record.time),
                       in_seconds(stretch.took),
                       engine::name(record.actor),
                       engine::in_words(record));
  }
  return left_out == 0 ? out : out + fmt::format("  … and {} more\n", left_out);
}

}  // namespace

std::string_view to_string(Spent what) {
  return kSpentWords.at(static_cast<std::size_t>(what));
}

std::vector<Stretch> critical_path(const scenario::RunLog& log, const ObjectKey& set) {
  const TraceRecord* change = last_change(log, &set);
  std::vector<Stretch> out;
  if (change == nullptr) {
    return out;
  }
  const auto end =
      std::find_if(log.records().rbegin(), log.records().rend(), [&set](const TraceRecord& record) {
        return concerns(record, set);
      });
  const bool min_ready = change->after->as<api::StatefulSet>().spec->min_ready_seconds > 0;
  for (const report::CausalEdge& edge : report::Causality(log).critical_path(end->id)) {
    const TraceRecord& effect = log.of(edge.effect);
    const TraceRecord& cause = log.of(edge.cause);
    if (effect.time <= change->time) {
      continue;
    }
    // What the user did meanwhile has no other cause than the user.
    const bool before = cause.time < change->time;
    out.push_back({before ? change->id : cause.id,
                   effect.id,
                   effect.time - (before ? change->time : cause.time),
                   spent_before(effect, cause, min_ready)});
  }
  return out;
}

Result<std::string, std::string> why_so_long(const scenario::Session& session,
                                             std::span<const std::string> words) {
  scenario::RunLog log;
  session.tell_again(log);
  ObjectKey set;
  if (words.empty()) {
    const TraceRecord* last = last_change(log, nullptr);
    if (last == nullptr) {
      return tl::unexpected(std::string("nobody has changed a StatefulSet"));
    }
    set = last->object;
  } else {
    auto found = find_object(session.world(), words);
    if (!found) {
      return tl::unexpected(std::move(found.error()));
    }
    set = *found;
    if (set.kind != Kind::StatefulSet) {
      return tl::unexpected(
          fmt::format("{} is no StatefulSet: what takes long is the change of one", set.text()));
    }
  }
  const std::vector<Stretch> path = critical_path(log, set);
  if (path.empty()) {
    return tl::unexpected(fmt::format("nothing came of the last change of {}", set.name));
  }
  const SimTime begun = log.of(path.front().begin).time;
  const SimTime ended = log.of(path.back().end).time;
  const TraceRecord& change = *last_change(log, &set);
  const TraceRecord* step = &change;
  while (step->type != TraceRecord::Type::Step && !step->causes.ids().empty()) {
    step = &log.of(step->causes.ids().front());
  }
  const auto open = open_wish(session.world(), set);
  return fmt::format(
      "{}: {} from `{}` ({}) to the last change of it and its pods ({}){}.\n"
      "What it was spent on, on the path of which each part had to wait for the one before:\n{}"
      "\nThe path, with what each part took:\n{}{}",
      set.name,
      in_seconds(ended - begun),
      step->text,
      report::clock(begun),
      report::clock(ended),
      open ? ", and it is not complete" : "",
      shares_of(path, log, ended - begun),
      steps_of(path, log),
      open ? fmt::format("\nSince then {} have passed: why sts/{} says what it waits for.\n",
                         in_seconds(session.world().now - ended),
                         set.name)
           : "");
}

}  // namespace stsim::diagnosis
