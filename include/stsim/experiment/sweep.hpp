#pragma once
// Many runs of one scenario, which differ in their seeds and in what is varied of its sets.

#include <stsim/api/json.hpp>
#include <stsim/experiment/measures.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::experiment {

/// A part of StatefulSets that is varied, with its values.
struct Parameter {
  std::string name;               ///< one of parameter_names(), or a JSON pointer: `/spec/replicas`
  std::vector<api::Json> values;  ///< at least one
};

/// `partition`, `maxUnavailable` and so on, in alphabetical order.
[[nodiscard]] std::span<const std::string_view> parameter_names();

/// One value for each parameter.
using Choice = std::vector<std::pair<std::string, api::Json>>;

/// `partition=2 maxUnavailable=25%`; "" of none.
[[nodiscard]] std::string to_string(const Choice& choice);

/// Each value of each parameter with each of the others; one without any where there is none.
[[nodiscard]] std::vector<Choice> choices(const std::vector<Parameter>& parameters);

/// The scenario with the chosen values in each StatefulSet that its `create:` and `apply:` steps
/// make; what `kubectl:` steps make stays. Errors: in words, a manifest that cannot be read, a
/// place that no manifest has, and a scenario that makes no StatefulSet.
[[nodiscard]] Result<scenario::Scenario, std::string> with_choice(scenario::Scenario scenario,
                                                                  const Choice& choice);

/// What one run gave.
struct SweepRun {
  std::uint64_t seed{};
  bool holds{};
  bool refused{};  ///< a command of the scenario was
  std::vector<Phase> phases;
};

/// The runs of one choice, by seed.
struct SweepRow {
  Choice choice;
  std::vector<SweepRun> runs;
};

/// What is measured of a phase.
struct Measure {
  std::string_view name;  ///< `took`
  std::string_view text;  ///< `time to complete`
  bool is_time{};         ///< microseconds; else a count
  bool more_is_better{};
  std::int64_t (*of)(const Phase& phase){};  ///< its value
};

/// All measures.
[[nodiscard]] std::span<const Measure> measures();

/// A value of a sorted sample, with bounds that hold with 95 percent confidence, whatever the
/// distribution: values of the same sample, by the normal approximation of the binomial one. Where
/// the sample is too small to have a bound there is none.
struct Quantile {
  std::int64_t value{};
  std::optional<std::int64_t> lower{};
  std::optional<std::int64_t> upper{};
};

/// The value that `percent` of a sample do not exceed. Pre: sorted, not empty.
[[nodiscard]] Quantile quantile(const std::vector<std::int64_t>& sorted, int percent);

/// How a measure of a phase is distributed over runs. Where more is better, the sample is sorted
/// the other way round: P90 is what nine of ten runs are no worse than.
struct Distribution {
  std::size_t runs{};
  std::int64_t best{};
  Quantile p50;
  Quantile p90;
  Quantile p99;
  std::int64_t worst{};
  std::uint64_t worst_seed{};  ///< the lowest of those with the worst value
};

/// The distribution over the runs that have the phase of that step. Pre: there is one.
[[nodiscard]] Distribution distribution(const SweepRow& row,
                                        std::size_t step,
                                        const Measure& measure);

/// The results as tables for people, as CSV, and as JSON. `command` replays the scenario:
/// `stsim run FILE`.
void write_tables(std::ostream& out, std::span<const SweepRow> rows, std::string_view command);
void write_csv(std::ostream& out, std::span<const SweepRow> rows);
void write_json(std::ostream& out, std::span<const SweepRow> rows);

}  // namespace stsim::experiment
