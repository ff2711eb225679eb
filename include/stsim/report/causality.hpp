#pragma once
// What led to what in a run: the trace as a graph. Its nodes are records, and its edges lead from
// a cause to its effect, so that time never runs backwards along them.

#include <stsim/base/time.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/scenario/log.hpp>

#include <memory>
#include <span>
#include <vector>

namespace stsim::report {

/// That one record led to another.
struct CausalEdge {
  engine::TraceId cause{};
  engine::TraceId effect{};
  SimDuration took{};   ///< from the time of the cause to that of the effect
  bool last_enabler{};  ///< of all causes of the effect this one came last
  bool operator==(const CausalEdge&) const = default;
};

/// The causes of all records of a run. Independent of the run's log once it is made; copies share
/// the graph.
class Causality {
 public:
  /// Reads the causes of all records that the log holds.
  explicit Causality(const scenario::RunLog& log);

  /// The records that a record names as its causes, the last enabler first.
  /// Pre: here and below, the records are among those of the run.
  [[nodiscard]] std::vector<CausalEdge> causes_of(engine::TraceId record) const;
  /// The records that name a record as a cause, in order.
  [[nodiscard]] std::vector<CausalEdge> effects_of(engine::TraceId record) const;

  /// All records that led to one of `records`, with these themselves, in order.
  [[nodiscard]] std::vector<engine::TraceId> led_to(std::span<const engine::TraceId> records) const;

  /// How a record came about when it did, and not earlier: the last enabler of it, the last enabler
  /// of that, and so on back to the beginning of the run. The edges stand in order of time, and
  /// each begins where the one before ends; none if the record has no cause.
  [[nodiscard]] std::vector<CausalEdge> critical_path(engine::TraceId record) const;

  /// The edges between some records as if there were no others: what is left out hands its causes
  /// on to its effects. An edge that follows from others (a cause of a cause) is left out, too, but
  /// never that from the last enabler, which is here the next one of `kept` on the critical path.
  /// In order of the effects, then of the causes. Costs: for pictures, of hundreds of records.
  /// Pre: `kept` is in order, without repetitions.
  [[nodiscard]] std::vector<CausalEdge> among(std::span<const engine::TraceId> kept) const;

 private:
  struct Graph;
  std::shared_ptr<const Graph> graph_;
};

}  // namespace stsim::report
