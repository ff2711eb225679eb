// Recordings, in the form in which a real cluster's are.
#include <stsim/report/observers.hpp>
#include <stsim/scenario/snapshot.hpp>

#include <ostream>

namespace stsim::report {

namespace {

using api::Json;
using engine::TraceRecord;

class Recording : public scenario::RunObserver {
 public:
  explicit Recording(std::ostream& out) : out_(out) {}

  void record(const TraceRecord& record) override {
    if (record.type == TraceRecord::Type::Call) {
      writes_.push_back({engine::name(record.actor),
                         record.verb,
                         record.resource,
                         record.object.name,
                         record.code});
    } else if (record.type == TraceRecord::Type::ApiEvent && !record.repeated) {
      events_.push_back({engine::name(record.actor),
                         record.verb,
                         record.reason,
                         record.object.text(),
                         record.text});
    }
  }

  void step_begins(const scenario::Step&, const std::string&, const world::World& world) override {
    if (before_.is_null()) {
      before_ = scenario::snapshot(world);
    }
  }

  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World& world) override {
    Json line = {
        {"step", step.source}, {"writes", std::move(writes_)}, {"events", std::move(events_)}};
    if (result.recorded_output) {
      line["output"] = {{"stdout", result.output->out},
                        {"stderr", result.output->err},
                        {"exit", result.output->exit}};
    }
    if (result.moved) {
      line["moved"] = Json::array();
      for (const auto& [pod, state] : *result.moved) {
        line["moved"].push_back({pod, state});
      }
    }
    if (!result.error.empty()) {
      line["error"] = result.error;
    }
    Json after = scenario::snapshot(world);
    line["changes"] = scenario::changes(before_, after);
    before_ = std::move(after);
    writes_ = Json::array();
    events_ = Json::array();
    out_ << line.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  }

  void run_ends(const scenario::RunSummary&, const world::World&) override { out_.flush(); }

 private:
  std::ostream& out_;
  Json before_;
  Json writes_ = Json::array();
  Json events_ = Json::array();
};

}  // namespace

std::unique_ptr<scenario::RunObserver> recording(std::ostream& out) {
  return std::make_unique<Recording>(out);
}

}  // namespace stsim::report
