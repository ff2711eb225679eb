#include "inquiry.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/diagnosis/remedy.hpp>
#include <stsim/diagnosis/why.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/retelling.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>
#include <utility>

namespace stsim::diagnosis {

namespace {

using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;
using engine::TraceRecord;
using report::clock;
using scenario::in_seconds;

/// What is the matter: `web-2 is not ready`.
std::string complaint(const Wish& wish) {
  return wish.state == State::Gone
             ? fmt::format("{} is still there", subject(wish.object))
             : fmt::format("{} is not {}", subject(wish.object), to_string(wish.state));
}

std::string fulfilled(const Wish& wish) {
  return fmt::format("{} is {}", subject(wish.object), to_string(wish.state));
}

/// Finds the last record in which an object has changed.
class LastChange : public scenario::RunObserver {
 public:
  explicit LastChange(const ObjectKey& of) : of_(of) {}
  void record(const TraceRecord& record) override {
    if (record.type == TraceRecord::Type::Call && record.object == of_ &&
        record.before != record.after) {
      last = record.id;
      time = record.time;
    }
  }
  engine::TraceId last{};
  SimTime time;

 private:
  const ObjectKey& of_;
};

/// How an object came to be as it is.
std::string history(const scenario::Session& session, const ObjectKey& object) {
  LastChange change(object);
  session.tell_again(change);
  if (change.last == 0) {
    return "";
  }
  scenario::Retelling retelling(change.last);
  session.tell_again(retelling);
  return fmt::format("How it came about:{}\n", retelling.lines());
}

/// How an object that is all right stands.
std::string standing(const world::World& world, const ObjectKey& object) {
  const ObjectPtr found = world.store.find(object);
  if (!found) {
    return fmt::format("{} is not there, and nothing wants it", subject(object));
  }
  if (object.kind == Kind::Pod) {
    const auto& pod = found->as<api::Pod>();
    const std::string_view revision = controllers::statefulset::revision_of(*found);
    return fmt::format("{} is ready on {}{}{}",
                       subject(object),
                       pod.node_name,
                       revision.empty() ? "" : ", at ",
                       revision);
  }
  if (object.kind == Kind::PersistentVolumeClaim) {
    return fmt::format("{} is bound to {}", subject(object), found->as<api::Claim>().volume_name);
  }
  if (object.kind == Kind::StatefulSet) {
    const auto& set = found->as<api::StatefulSet>();
    std::size_t held = 0;
    for (const ObjectPtr& pod : world.store.owned_by(found->uid, Kind::Pod)) {
      held += controllers::statefulset::revision_of(*pod) != set.status.update_revision.view() ? 1U
                                                                                               : 0U;
    }
    return fmt::format("{} has its {} pods, ready and as its update strategy wants them{}",
                       subject(object),
                       set.spec->replicas,
                       held == 0 ? "" : fmt::format(", {} held back from the update", held));
  }
  return fmt::format("{} is as it should be", subject(object));
}

std::string in_words(const Chain& chain) {
  std::string out;
  for (const Link& link : chain.links) {
    out += fmt::format(
        "  because {}{}\n", link.text, link.rule.empty() ? "" : fmt::format("  [{}]", link.rule));
  }
  return out;
}

std::string in_words(const Trial& trial, const Wish& wish, SimTime now) {
  const bool several = trial.acts.size() > 1;
  std::string out = several ? "  these together, one after the other:\n" : "";
  for (const Act& act : trial.acts) {
    out += fmt::format("{}{}\n", several ? "    " : "  ", act.line);
  }
  out += fmt::format("    {} {} later\n", fulfilled(wish), in_seconds(*trial.comes - now));
  for (const Act& act : trial.acts) {
    if (!act.caution.empty()) {
      out += fmt::format("    but {}\n", act.caution);
    }
  }
  return out;
}

std::string in_words(const Trials& trials, const Chain& chain, const Wish& wish, SimTime now) {
  if (trials.nothing.comes) {
    return fmt::format("Nothing has to be done: {} at {}, {} from now.\n",
                       fulfilled(wish),
                       clock(*trials.nothing.comes),
                       in_seconds(*trials.nothing.comes - now));
  }
  std::string out = "Nothing changes by itself.";
  if (!trials.help.empty()) {
    out += trials.help.size() == 1 ? " What helps, tried on a copy of the cluster:\n"
                                   : " What helps, each tried on a copy of the cluster:\n";
    for (const Trial& trial : trials.help) {
      out += in_words(trial, wish, now);
    }
  } else {
    out += "\n";
  }
  if (!chain.advice.empty()) {
    out += chain.advice + ".\n";
  }
  if (!trials.in_vain.empty()) {
    out += trials.help.empty() ? "Tried on a copy of the cluster, and in vain:\n"
                               : "Not enough alone:\n";
    for (const Trial& trial : trials.in_vain) {
      out += fmt::format("  {}\n", trial.acts.front().line);
    }
  }
  if (trials.untried > 0) {
    out += fmt::format("{} more might help and were not tried.\n", trials.untried);
  }
  return out;
}

std::string in_words(const Finding& finding) {
  const auto& [wish, asked, found, ended, chain, trials] = finding;
  std::string out = fmt::format("{} (at {})\n", complaint(wish), clock(asked));
  if (found != asked) {
    out +=
        fmt::format("as things will stand at {}, when nothing is left to happen:\n", clock(found));
  }
  return out + in_words(chain) +
         (ended ? "The run has ended, and nothing can be tried.\n"
                : in_words(trials, chain, wish, found));
}

Finding finding_of(const scenario::Session& session, const Wish& wish) {
  const world::World& world = session.world();
  Finding out{wish, world.now, world.now, false, {}, {}};
  if (!session.summary().broken.empty() || session.summary().cut_short) {
    out.ended = true;
    out.chain = chain_of(world, wish);
    return out;
  }
  out.trials = remedies_of(session, wish, {});
  const bool stuck = !out.trials.nothing.comes;
  if (!stuck || world::at_rest(world)) {
    out.chain = chain_of(world, wish);
    if (stuck) {
      out.trials = remedies_of(session, wish, out.chain);
    }
    return out;
  }
  // What holds it in the end has yet to come about.
  scenario::Session later = session;
  scenario::Unobserved nobody;
  later.rest(nobody);
  out.found = later.world().now;
  out.chain = chain_of(later.world(), wish);
  out.trials = remedies_of(later, wish, out.chain);
  return out;
}

Answer answer(const scenario::Session& session, const Wish& wish) {
  Finding finding = finding_of(session, wish);
  const bool stuck = finding.ended || !finding.trials.nothing.comes;
  std::string text = in_words(finding);
  return {std::move(text), true, stuck, std::move(finding)};
}

}  // namespace

std::string subject(const ObjectKey& object) {
  if (!in_namespace(object).empty()) {
    const ObjectKey usual{object.kind, api::kDefaultNamespace, object.name.view()};
    return fmt::format("{} of namespace {}", subject(usual), object.ns);
  }
  switch (object.kind) {
    case Kind::Pod:
    case Kind::StatefulSet:
    case Kind::Node:
      return std::string(object.name);
    case Kind::PersistentVolumeClaim:
      return fmt::format("claim {}", object.name);
    case Kind::PersistentVolume:
      return fmt::format("volume {}", object.name);
    default:
      return fmt::format("{} {}", api::info(object.kind).singular, object.name);
  }
}

Answer why(const scenario::Session& session, const ObjectKey& object) {
  if (const auto open = open_wish(session.world(), object)) {
    return answer(session, *open);
  }
  return {fmt::format("{} (at {}): nothing holds it.\n{}",
                      standing(session.world(), object),
                      clock(session.world().now),
                      history(session, object)),
          false,
          false,
          std::nullopt};
}

Answer why_not(const scenario::Session& session, const ObjectKey& object, State state) {
  const Wish wish = wish_of(session.world(), object, state);
  if (!wish.holds(session.world())) {
    return answer(session, wish);
  }
  return {
      fmt::format(
          "{} (at {}).\n{}", fulfilled(wish), clock(session.world().now), history(session, object)),
      false,
      false,
      std::nullopt};
}

scenario::Session session_at(std::shared_ptr<const scenario::Scenario> scenario,
                             std::optional<SimTime> at) {
  scenario::Unobserved nobody;
  scenario::Session out(scenario, settings_of(*scenario), nobody);
  if (at) {
    out.stop_at({*at});
  }
  for (const scenario::Step& step : scenario->steps) {
    if (out.stopped() || !out.goes_on()) {
      break;
    }
    out.take({scenario, &step}, nobody);
  }
  if (at && !out.stopped() && out.goes_on()) {
    out.pass(*at, nobody);
  }
  out.stop_at({});
  return out;
}

}  // namespace stsim::diagnosis
