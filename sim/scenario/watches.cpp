#include "condition.hpp"

#include <fmt/format.h>
#include <stsim/scenario/retelling.hpp>
#include <stsim/scenario/watches.hpp>

#include <algorithm>
#include <utility>

namespace stsim::scenario {

namespace {

bool holds(const api::Json& condition, const world::World& world) {
  std::vector<Difference> differences;
  unmet(condition, world, differences);
  return differences.empty();
}

}  // namespace

void Watches::add(const TimedExpectStep& step, const std::string& name, const world::World& world) {
  Open open{step,
            name.empty() ? std::string(to_string(step.when)) : name,
            step.length ? world.now + *step.length : SimTime::max()};
  for (const api::Json& condition : step.conditions) {
    const auto kinds = kinds_of(condition);
    open.about.insert(open.about.end(), kinds.begin(), kinds.end());
  }
  if (look_at(open, world, world.last_record)) {
    open_.push_back(std::move(open));
  }
}

void Watches::see(const engine::TraceRecord& record, const world::World& world) {
  look_at_clock(record.time);
  const bool changes = record.type == engine::TraceRecord::Type::Call &&
                       record.before != record.after && record.object.kind != api::Kind::Event;
  if (changes) {
    look(record.object.kind, world, record.id);
  }
}

void Watches::look_at_clock(SimTime now) {
  std::erase_if(open_, [this, now](const Open& open) {
    const bool over = now > open.end;
    if (over && open.step.when == Timed::Eventually) {
      fail(open,
           open.end,
           fmt::format("it has not come about within {}", to_go_string(*open.step.length)),
           0);
    }
    return over;
  });
}

void Watches::look(api::Kind changed, const world::World& world, engine::TraceId because) {
  std::erase_if(open_, [&](Open& open) {
    return std::ranges::find(open.about, changed) != open.about.end() &&
           !look_at(open, world, because);
  });
}

bool Watches::look_at(Open& open, const world::World& world, engine::TraceId because) {
  const std::vector<api::Json>& conditions = open.step.conditions;
  std::vector<Difference> differences;
  switch (open.step.when) {
    case Timed::Always:
      unmet(conditions.front(), world, differences);
      if (!differences.empty()) {
        fail(open, world.now, to_text(differences.front()), because);
      }
      return differences.empty();
    case Timed::Never:
      if (holds(conditions.front(), world)) {
        fail(open, world.now, conditions.front().dump() + " holds", because);
        return false;
      }
      return true;
    case Timed::Eventually:
      return !holds(conditions.front(), world);
    case Timed::Order:
      break;
  }
  while (open.reached < conditions.size() && holds(conditions[open.reached], world)) {
    ++open.reached;
  }
  for (std::size_t i = open.reached + 1; i < conditions.size(); ++i) {
    if (holds(conditions[i], world)) {
      fail(open,
           world.now,
           fmt::format("{} comes before {}", conditions[i].dump(), conditions[open.reached].dump()),
           because);
      return false;
    }
  }
  return open.reached < conditions.size();
}

void Watches::end(const world::World& world) {
  look_at_clock(world.now);
  for (const Open& open : std::exchange(open_, {})) {
    if (open.step.when == Timed::Order) {
      fail(open,
           world.now,
           fmt::format("{} has not come", open.step.conditions[open.reached].dump()),
           0);
    } else if (open.step.when == Timed::Eventually) {
      fail(open, world.now, "it has not come about, and nothing more is going to happen", 0);
    }
  }
}

bool Watches::settled() const {
  return std::ranges::all_of(open_, [](const Open& open) {
    return open.step.when != Timed::Order && open.step.when != Timed::Eventually &&
           open.end == SimTime::max();
  });
}

std::optional<SimTime> Watches::last_end() const {
  std::optional<SimTime> out;
  for (const Open& open : open_) {
    if (open.end != SimTime::max()) {
      out = std::max(out.value_or(open.end), open.end);
    }
  }
  return out;
}

void Watches::fail(const Open& open,
                   SimTime now,
                   const std::string& what,
                   engine::TraceId because) {
  std::string text = fmt::format("{} at {}: {}", open.name, since_start(now), what);
  if (open.step.when == Timed::Eventually) {
    text += ": " + open.step.conditions.front().dump();
  }
  failures_.push_back({std::move(text), because});
}

std::vector<Failure> Watches::take_failures() {
  return std::exchange(failures_, {});
}

}  // namespace stsim::scenario
