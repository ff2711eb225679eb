#include <fmt/format.h>
#include <stsim/report/observers.hpp>

#include <ostream>
#include <utility>

namespace stsim::report {

namespace {

using engine::TraceRecord;

class Progress : public scenario::RunObserver {
 public:
  Progress(std::ostream& out, Elapsed elapsed) : out_(out), elapsed_(std::move(elapsed)) {}

  void record(const TraceRecord& record) override {
    if (record.type == TraceRecord::Type::Call && record.object.kind == api::Kind::Pod) {
      count(record.before.get(), -1);
      count(record.after.get(), 1);
    }
    // The clock is asked seldom: records come by the hundred thousand a second.
    constexpr std::uint64_t kBetweenLooks = 1024;
    if (++records_ % kBetweenLooks == 0 && elapsed_() >= next_) {
      show(record.time);
    }
  }
  void step_begins(const scenario::Step& /*step*/,
                   const std::string& /*prompt*/,
                   const world::World& world) override {
    world_ = &world;
    clear();
  }
  void step_ends(const scenario::Step& /*step*/,
                 const scenario::StepResult& /*result*/,
                 const world::World& /*world*/) override {
    clear();
  }
  void run_ends(const scenario::RunSummary& /*summary*/, const world::World& /*world*/) override {
    clear();
    world_ = nullptr;
  }

 private:
  void count(const api::Object* pod, std::int64_t by) {
    if (pod != nullptr) {
      pods_ += by;
      ready_ += pod->as<api::Pod>().status.ready() ? by : 0;
    }
  }

  void show(SimTime now) {
    constexpr std::chrono::milliseconds kBetweenLines{200};
    next_ = elapsed_() + kBetweenLines;
    const auto virtual_seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now - kStartOfTime).count();
    out_ << fmt::format("\r\x1B[K+{}s of virtual time, {} events, {} of {} pods ready",
                        virtual_seconds,
                        world_ == nullptr ? 0 : world_->events,
                        ready_,
                        pods_)
         << std::flush;
    shown_ = true;
  }

  void clear() {
    if (std::exchange(shown_, false)) {
      out_ << "\r\x1B[K" << std::flush;
    }
  }

  std::ostream& out_;
  Elapsed elapsed_;
  std::chrono::milliseconds next_{1000};  // what is over within a second shows nothing
  const world::World* world_{};           // of the run under way
  std::uint64_t records_{};
  std::int64_t pods_{};
  std::int64_t ready_{};
  bool shown_{};
};

}  // namespace

std::unique_ptr<scenario::RunObserver> progress(std::ostream& out, Elapsed elapsed) {
  return std::make_unique<Progress>(out, std::move(elapsed));
}

}  // namespace stsim::report
