#include <stsim/report/observers.hpp>

namespace stsim::report {

namespace {

class AllOf : public scenario::RunObserver {
 public:
  explicit AllOf(std::vector<std::unique_ptr<scenario::RunObserver>> observers)
      : observers_(std::move(observers)) {}

  void record(const engine::TraceRecord& record) override {
    for (const auto& observer : observers_) {
      observer->record(record);
    }
  }
  void run_begins(const world::World& world) override {
    for (const auto& observer : observers_) {
      observer->run_begins(world);
    }
  }
  void step_begins(const scenario::Step& step,
                   const std::string& prompt,
                   const world::World& world) override {
    for (const auto& observer : observers_) {
      observer->step_begins(step, prompt, world);
    }
  }
  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World& world) override {
    for (const auto& observer : observers_) {
      observer->step_ends(step, result, world);
    }
  }
  void run_ends(const scenario::RunSummary& summary, const world::World& world) override {
    for (const auto& observer : observers_) {
      observer->run_ends(summary, world);
    }
  }

 private:
  std::vector<std::unique_ptr<scenario::RunObserver>> observers_;
};

}  // namespace

std::unique_ptr<scenario::RunObserver> all_of(
    std::vector<std::unique_ptr<scenario::RunObserver>> observers) {
  return std::make_unique<AllOf>(std::move(observers));
}

}  // namespace stsim::report
