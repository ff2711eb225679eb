#pragma once
// What led to something: a run is told again from its beginning, which costs nothing as long as
// nobody has to ask.

#include <stsim/scenario/runner.hpp>

#include <string>
#include <vector>

namespace stsim::scenario {

/// Listens to a run until a record comes, and then knows what led to it.
class Retelling : public RunObserver {
 public:
  /// Listens until the record of that id.
  explicit Retelling(engine::TraceId of) : of_(of) {}

  void record(const engine::TraceRecord& record) override;

  /// The record and what caused it, the last enabler of each, a line each and indented:
  /// `    because +17.010s kubelet patch pods/status web-1: …`.
  [[nodiscard]] std::string lines() const;

 private:
  struct Told {
    SimTime time;
    std::string line;  ///< empty where the record says nothing that others do not say
    engine::TraceId cause{};
  };
  engine::TraceId of_;
  std::vector<Told> told_{1};  ///< by id
};

/// A length to the millisecond: `17.01s`.
[[nodiscard]] std::string in_seconds(SimDuration length);

/// `+17.010s` since the beginning.
[[nodiscard]] std::string since_start(SimTime time);

}  // namespace stsim::scenario
