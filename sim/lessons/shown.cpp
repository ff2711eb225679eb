#include "shown.hpp"

#include <stsim/base/characters.hpp>
#include <stsim/lessons/layout.hpp>
#include <stsim/report/observers.hpp>

#include <utility>

namespace stsim::lessons {

namespace {

using engine::Actor;
using engine::TraceRecord;

bool is_settle(const scenario::Step& step) {
  return std::holds_alternative<scenario::SettleStep>(step.action);
}

/// What lessons say nothing of: status counts, which say in numbers what pods show, and endpoints.
bool is_noise(const TraceRecord& record, bool endpoints) {
  if (record.type != TraceRecord::Type::Call) {
    return false;
  }
  const bool of_endpoints =
      record.actor == Actor::EndpointsController || record.actor == Actor::EndpointSliceController;
  return record.resource == "statefulsets/status" || (of_endpoints && !endpoints);
}

/// Where the words of what somebody did begin: behind time and actor.
constexpr std::size_t kWordsBegin = 40;

/// Lines that tell what happened fit the width; what commands print stays.
std::string fit(const std::string& text, std::size_t width) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t plus = line.find('+');
    const bool tells = line.find("  ") != std::string::npos && plus != std::string::npos &&
                       plus < 16 && plus + 1 < line.size() && is_digit(line[plus + 1]);
    out += tells ? folded(line, width, kWordsBegin) : line;
    out += '\n';
  }
  return out;
}

}  // namespace

Shown::Shown(const ShownAs& as)
    : as_(as), console_(report::console(text_, {as.quiet, as.color, ""})) {}

void Shown::record(const TraceRecord& record) {
  if (!is_noise(record, as_.endpoints)) {
    console_->record(record);
  }
}

void Shown::step_begins(const scenario::Step& step,
                        const std::string& prompt,
                        const world::World& world) {
  if (held_ && is_settle(step)) {
    return;
  }
  let_go();
  console_->step_begins(step, prompt, world);
}

void Shown::step_ends(const scenario::Step& step,
                      const scenario::StepResult& result,
                      const world::World& world) {
  if (held_ && is_settle(step) && result.error.empty()) {
    return;
  }
  let_go();
  held_.emplace(Held{&step, result, &world});
}

void Shown::let_go() {
  if (held_) {
    console_->step_ends(*held_->step, held_->result, *held_->world);
    held_.reset();
  }
}

std::string Shown::take() {
  let_go();
  return fit(std::exchange(text_, std::ostringstream()).str(), as_.width);
}

}  // namespace stsim::lessons
