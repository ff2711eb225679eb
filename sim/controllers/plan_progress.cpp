#include <fmt/format.h>
#include <stsim/controllers/plan_progress.hpp>

#include <algorithm>
#include <utility>

namespace stsim::controllers {

namespace {

bool is_among(const SharedVector<Text>& reasons, const api::ApiError& error) {
  return std::ranges::any_of(reasons,
                             [&error](const Text& reason) { return reason == error.reason; });
}

void tell(const OptionalBox<EventText>& event,
          const std::string& error,
          std::vector<EventText>& events) {
  if (event) {
    events.push_back(*event);
    events.back().message += error;
  }
}

std::string joined(const std::vector<std::string>& errors) {
  return errors.size() == 1 ? errors.front() : fmt::format("[{}]", fmt::join(errors, ", "));
}

/// Null where no call is next.
const std::vector<Group>* groups_of(const Plan& plan, PlanProgress::Stage stage) {
  if (stage == PlanProgress::Stage::Groups) {
    return &plan.groups;
  }
  return stage == PlanProgress::Stage::Afterwards ? &plan.afterwards : nullptr;
}

}  // namespace

std::vector<EventText> PlanProgress::begin(const Plan& plan) {
  failure = plan.error.value_or("");
  return go_on(plan, {});
}

const Call* PlanProgress::next_call(const Plan& plan) const {
  const std::vector<Group>* groups = groups_of(plan, stage);
  return groups != nullptr ? &(*groups)[group].calls[call] : nullptr;
}

std::vector<EventText> PlanProgress::call_ended(const Plan& plan,
                                                const store::WriteResult& result) {
  std::vector<EventText> events;
  const Call& made = *next_call(plan);
  if (result || is_among(made.harmless, result.error())) {
    tell(made.success, "", events);  // SS-193: of what is harmless, too
  } else {
    call_failed(made, result.error(), events);
  }
  ++call;
  return go_on(plan, std::move(events));
}

std::vector<EventText> PlanProgress::calls_changed(const Plan& changed) {
  call = 0;
  return go_on(changed, {});
}

std::vector<EventText> PlanProgress::status_ended(const Plan& plan, const std::string& error) {
  if (failure.empty()) {
    failure = error;
  }
  enter(Stage::Afterwards);
  return go_on(plan, {});
}

void PlanProgress::call_failed(const Call& made,
                               const api::ApiError& error,
                               std::vector<EventText>& events) {
  const std::string text = made.error_prefix + error.message;
  if (is_among(made.tolerated, error)) {
    tell(made.failure, text, events);
    return;
  }
  const bool collected = made.on_error == Call::OnError::Collect;
  const bool exists = made.quiet_if_exists && error.reason == "AlreadyExists";
  if (!exists) {
    tell(made.failure, collected ? error.message : text, events);
  }
  if (goes_on) {
    errors.clear();
  }
  goes_on = made.on_error == Call::OnError::GoOn && !exists;
  quiet = quiet || (!collected && (exists || made.failure));
  errors.push_back(text);
}

/// Ends the groups that have no call left to be made, up to one that has.
std::vector<EventText> PlanProgress::go_on(const Plan& plan, std::vector<EventText> events) {
  while (const std::vector<Group>* groups = groups_of(plan, stage)) {
    if (group == groups->size() || (last_batch >= 0 && (*groups)[group].batch != last_batch)) {
      succeeded.resize(plan.groups.size(), false);
      enter(stage == Stage::Groups ? Stage::Status : Stage::Done);
      break;
    }
    const Group& current = (*groups)[group];
    if (call == current.calls.size() ||
        (!errors.empty() && !goes_on && current.calls[call].on_error != Call::OnError::Collect)) {
      end_group(current, events);
    } else if (current.calls[call].verb == Call::Verb::Tell) {
      tell(current.calls[call].success, "", events);
      ++call;
    } else {
      break;
    }
  }
  return events;
}

void PlanProgress::end_group(const Group& ended, std::vector<EventText>& events) {
  const bool good = errors.empty();
  if (stage == Stage::Groups) {
    succeeded.push_back(good);
  }
  ++group;
  call = 0;
  if (good) {
    tell(ended.success, "", events);
  } else {
    group_failed(ended, events);
  }
  errors.clear();
  goes_on = false;
  quiet = false;
  repair_attempts = 0;
}

void PlanProgress::group_failed(const Group& ended, std::vector<EventText>& events) {
  const std::string text = joined(errors);
  if (!quiet) {
    tell(ended.failure, text, events);
  }
  if (failure.empty()) {
    failure = text;
  }
  if (ended.on_error == Group::OnError::Abort) {
    enter(Stage::Done);
  } else if (ended.on_error == Group::OnError::Stop) {
    last_batch = ended.batch;
  }
}

void PlanProgress::enter(Stage next) {
  stage = next;
  group = 0;
  call = 0;
  last_batch = -1;
}

}  // namespace stsim::controllers
