#include <stsim/report/observers.hpp>

namespace stsim::report {

namespace {

class Counting : public scenario::RunObserver {
 public:
  explicit Counting(RunCounts& counts) : counts_(counts) {}

  void record(const engine::TraceRecord& record) override {
    counts_.writes += record.type == engine::TraceRecord::Type::Call ? 1 : 0;
    counts_.syncs += record.type == engine::TraceRecord::Type::Sync ? 1 : 0;
  }
  void run_ends(const scenario::RunSummary& /*summary*/, const world::World& world) override {
    counts_.events += world.events;
  }

 private:
  RunCounts& counts_;
};

}  // namespace

std::unique_ptr<scenario::RunObserver> counting(RunCounts& counts) {
  return std::make_unique<Counting>(counts);
}

}  // namespace stsim::report
