#include <stsim/base/error.hpp>
#include <stsim/scenario/log.hpp>
#include <stsim/scenario/session.hpp>

#include <algorithm>

namespace stsim::scenario {

void RunLog::record(const engine::TraceRecord& record) {
  STSIM_ASSERT(record.id == records_.size() + 1);
  if (record.type == engine::TraceRecord::Type::Step && !steps_.empty() &&
      steps_.back().record == 0) {
    steps_.back().record = record.id;
  }
  records_.push_back(record);
  end_ = std::max(end_, record.time);
}

void RunLog::run_begins(const world::World& world) {
  for (const api::KindInfo& kind : api::kinds()) {
    world.store.for_each(kind.kind,
                         [&](const api::ObjectPtr& object) { start_.push_back(object); });
  }
}

void RunLog::step_begins(const Step& step, const std::string& prompt, const world::World& world) {
  LoggedStep logged;
  logged.result.prompt = prompt;
  logged.begun = world.now;
  logged.ended = world.now;
  logged.command = takes_time(step) && !passes_time(step);
  steps_.push_back(std::move(logged));
}

void RunLog::step_ends(const Step& /*step*/, const StepResult& result, const world::World& world) {
  steps_.back().result = result;
  steps_.back().ended = world.now;
  end_ = std::max(end_, world.now);
}

void RunLog::run_ends(const RunSummary& summary, const world::World& /*world*/) {
  summary_ = summary;
}

}  // namespace stsim::scenario
