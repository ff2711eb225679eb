#pragma once
// Expectations that hold over time: each is looked at whenever something has changed.

#include <stsim/engine/trace.hpp>
#include <stsim/scenario/scenario.hpp>
#include <stsim/world/world.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stsim::scenario {

/// An expectation that has failed.
struct Failure {
  std::string text;           ///< when, and what
  engine::TraceId because{};  ///< the record that brought it about; 0 where time did
};

/// Keeps the expectations that have begun.
class Watches {
 public:
  /// An expectation begins: it is looked at for the first time.
  void add(const TimedExpectStep& step, const std::string& name, const world::World& world);

  /// Something was told, and the world is as it is now.
  void see(const engine::TraceRecord& record, const world::World& world);

  /// Time has passed: deadlines may be over.
  void look_at_clock(SimTime now);

  /// Nothing more will happen: what was to come and has not is a failure.
  void end(const world::World& world);

  /// Whether nothing counts any more that may still fail or come about by itself.
  [[nodiscard]] bool settled() const;
  /// When the last of what counts for a time only does not count any more; nothing if there is
  /// none.
  [[nodiscard]] std::optional<SimTime> last_end() const;

  /// What has failed since the last call.
  [[nodiscard]] std::vector<Failure> take_failures();

 private:
  /// An expectation that still counts.
  struct Open {
    TimedExpectStep step;
    std::string name;
    SimTime end;  ///< its deadline, or until when it holds; the end of time if there is none
    std::vector<api::Kind> about{};  ///< what it may depend on
    std::size_t reached{};           ///< of an order: how many have come
  };
  void look(api::Kind changed, const world::World& world, engine::TraceId because);
  /// Whether it still counts afterwards.
  bool look_at(Open& open, const world::World& world, engine::TraceId because);
  void fail(const Open& open, SimTime now, const std::string& what, engine::TraceId because);

  std::vector<Open> open_;
  std::vector<Failure> failures_;
};

}  // namespace stsim::scenario
