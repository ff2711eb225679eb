#include <fmt/format.h>
#include <stsim/experiment/sweep.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <ostream>

namespace stsim::experiment {

namespace {

constexpr std::array kMeasures{
    Measure{"took", "time to complete", true, false, [](const Phase& p) { return p.took.count(); }},
    Measure{
        "lowest", "fewest available pods", false, true, [](const Phase& p) { return p.lowest; }},
    Measure{"below",
            "time with too few available",
            true,
            false,
            [](const Phase& p) { return p.below.count(); }},
    Measure{"restarts",
            "restarts of containers",
            false,
            false,
            [](const Phase& p) { return p.restarts; }},
};

const Phase* find_phase(const SweepRun& run, std::size_t step) {
  const auto found = std::ranges::find(run.phases, step, &Phase::step);
  return found == run.phases.end() ? nullptr : &*found;
}

/// The steps that begin a phase in any run, with their prompts.
std::map<std::size_t, std::string> phases_of(std::span<const SweepRow> rows) {
  std::map<std::size_t, std::string> out;
  for (const SweepRow& row : rows) {
    for (const SweepRun& run : row.runs) {
      for (const Phase& phase : run.phases) {
        out.emplace(phase.step, phase.prompt);
      }
    }
  }
  return out;
}

bool has_phase(const SweepRow& row, std::size_t step) {
  return std::ranges::any_of(
      row.runs, [step](const SweepRun& run) { return find_phase(run, step) != nullptr; });
}

std::string shown(std::int64_t value, const Measure& measure) {
  return measure.is_time
             ? to_seconds_string(std::chrono::round<std::chrono::milliseconds>(SimDuration{value}))
             : std::to_string(value);
}

std::string shown(const Quantile& quantile, const Measure& measure) {
  const auto bound = [&measure](const std::optional<std::int64_t>& value) {
    return value ? shown(*value, measure) : "?";
  };
  return fmt::format("{} ({} to {})",
                     shown(quantile.value, measure),
                     bound(quantile.lower),
                     bound(quantile.upper));
}

/// The greatest number whose square is not greater.
std::uint64_t square_root(std::uint64_t of) {
  std::uint64_t low = 0;
  std::uint64_t high = std::uint64_t{1} << 32U;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (middle * middle <= of ? low : high) = middle;
  }
  return low;
}

/// Text as one cell of CSV, RFC 4180.
std::string cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) {
    return std::string(text);
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return out + "\"";
}

/// Seconds with six places, or the count.
std::string plain(std::int64_t value, const Measure& measure) {
  constexpr std::int64_t kMicrosecondsPerSecond = 1'000'000;
  return measure.is_time
             ? fmt::format(
                   "{}.{:06}", value / kMicrosecondsPerSecond, value % kMicrosecondsPerSecond)
             : std::to_string(value);
}

/// The value of a measure of a phase that all runs of all rows have; nothing where they differ.
std::optional<std::int64_t> constant(std::span<const SweepRow> rows,
                                     std::size_t step,
                                     const Measure& measure) {
  std::optional<std::int64_t> out;
  for (const SweepRow& row : rows) {
    for (const SweepRun& run : row.runs) {
      if (const Phase* phase = find_phase(run, step)) {
        const std::int64_t value = measure.of(*phase);
        if (value != out.value_or(value)) {
          return std::nullopt;
        }
        out = value;
      }
    }
  }
  return out;
}

/// Calls each(row, step, prompt, measure, distribution) for all that there is.
template <class Each>
void for_each_distribution(std::span<const SweepRow> rows, Each each) {
  for (const auto& [step, prompt] : phases_of(rows)) {
    for (const Measure& measure : kMeasures) {
      for (const SweepRow& row : rows) {
        if (has_phase(row, step)) {
          each(row, step, prompt, measure, distribution(row, step, measure));
        }
      }
    }
  }
}

/// One measure of one phase, a line for each row; one line in all where it never differs.
void write_table(std::ostream& out,
                 std::span<const SweepRow> rows,
                 std::size_t step,
                 const Measure& measure,
                 std::size_t width) {
  if (const auto always = constant(rows, step, measure)) {
    out << fmt::format("  {}: always {}\n", measure.text, shown(*always, measure));
    return;
  }
  out << fmt::format("  {}\n    {:<{}}  {:<10}{:<30}{:<30}{:<30}{:<10} seed\n",
                     measure.text,
                     "",
                     width,
                     "best",
                     "P50 (95% bounds)",
                     "P90",
                     "P99",
                     "worst");
  for (const SweepRow& row : rows) {
    if (has_phase(row, step)) {
      const Distribution d = distribution(row, step, measure);
      out << fmt::format(
          "    {:<{}}  {:<10}{:<30}{:<30}{:<30}{:<10} {}{}\n",
          to_string(row.choice),
          width,
          shown(d.best, measure),
          shown(d.p50, measure),
          shown(d.p90, measure),
          shown(d.p99, measure),
          shown(d.worst, measure),
          d.worst_seed,
          d.runs == row.runs.size()
              ? ""
              : fmt::format("  ({} of {} runs come that far)", d.runs, row.runs.size()));
    }
  }
}

void write_failures(std::ostream& out,
                    const SweepRow& row,
                    bool SweepRun::*what,
                    bool bad,
                    std::string_view words) {
  constexpr std::size_t kMostNamed = 10;
  std::string seeds;
  std::size_t count = 0;
  for (const SweepRun& run : row.runs) {
    if (run.*what == bad && ++count <= kMostNamed) {
      seeds += fmt::format("{}{}", seeds.empty() ? "" : ", ", run.seed);
    }
  }
  if (count > 0) {
    const std::string title = to_string(row.choice);
    out << fmt::format("{}{}{} in {} of {} runs: seeds {}{}\n",
                       title,
                       title.empty() ? "" : ": ",
                       words,
                       count,
                       row.runs.size(),
                       seeds,
                       count > kMostNamed ? ", …" : "");
  }
}

}  // namespace

std::span<const Measure> measures() {
  return kMeasures;
}

Quantile quantile(const std::vector<std::int64_t>& sorted, int percent) {
  constexpr std::uint64_t kHundred = 100;
  // 1.96 standard deviations of the binomial distribution, squared: 3.8416 n p (1 - p).
  constexpr std::uint64_t kSquare = 38'416;
  constexpr std::uint64_t kScale = 10'000;
  const std::uint64_t n = sorted.size();
  const auto p = static_cast<std::uint64_t>(percent);
  // The place of the quantile, counted from 1: as many as that do not exceed it.
  const std::uint64_t place = std::max<std::uint64_t>(1, (n * p + kHundred - 1) / kHundred);
  const std::uint64_t spread =
      square_root(kSquare * n * p * (kHundred - p) / (kScale * kHundred * kHundred)) + 1;
  Quantile out{sorted[place - 1], {}, {}};
  if (place > spread) {
    out.lower = sorted[place - spread - 1];
  }
  if (place + spread <= n) {
    out.upper = sorted[place + spread - 1];
  }
  return out;
}

Distribution distribution(const SweepRow& row, std::size_t step, const Measure& measure) {
  std::vector<std::int64_t> values;
  Distribution out;
  // Sorted from good to bad; where more is better, by the negative.
  const std::int64_t sign = measure.more_is_better ? -1 : 1;
  std::int64_t worst = 0;
  for (const SweepRun& run : row.runs) {
    const Phase* phase = find_phase(run, step);
    if (phase == nullptr) {
      continue;
    }
    const std::int64_t value = sign * measure.of(*phase);
    if (values.empty() || value > worst) {
      worst = value;
      out.worst_seed = run.seed;
    }
    values.push_back(value);
  }
  std::ranges::sort(values);
  const auto at = [&](int percent) {
    Quantile found = quantile(values, percent);
    if (sign < 0) {
      const auto negative = [](const std::optional<std::int64_t>& value) {
        return value ? std::optional(-*value) : std::nullopt;
      };
      found = {-found.value, negative(found.upper), negative(found.lower)};
    }
    return found;
  };
  constexpr int kMedian = 50;
  constexpr int kMost = 90;
  constexpr int kNearlyAll = 99;
  out.runs = values.size();
  out.best = sign * values.front();
  out.p50 = at(kMedian);
  out.p90 = at(kMost);
  out.p99 = at(kNearlyAll);
  out.worst = sign * worst;
  return out;
}

void write_tables(std::ostream& out, std::span<const SweepRow> rows, std::string_view command) {
  std::size_t width = 0;
  for (const SweepRow& row : rows) {
    width = std::max(width, to_string(row.choice).size());
  }
  for (const auto& [step, prompt] : phases_of(rows)) {
    out << fmt::format("\nstep {}: {}\n", step + 1, prompt);
    for (const Measure& measure : kMeasures) {
      write_table(out, rows, step, measure, width);
    }
  }
  out << "\n";
  for (const SweepRow& row : rows) {
    write_failures(out, row, &SweepRun::holds, false, "what is expected does not hold");
    write_failures(out, row, &SweepRun::refused, true, "a command is refused");
  }
  out << "A bound that so few runs do not have is `?`.\n";
  out << fmt::format("A run is seen again with {} --seed N", command);
  for (const auto& [name, unused] : rows.front().choice) {
    out << fmt::format(" --param {}=V", name);
  }
  out << "\n";
}

void write_csv(std::ostream& out, std::span<const SweepRow> rows) {
  for (const auto& [name, unused] : rows.front().choice) {
    out << cell(name) << ",";
  }
  out << "step,prompt,measure,unit,runs,best,p50,p50_lower,p50_upper,p90,p90_lower,p90_upper,p99,"
         "p99_lower,p99_upper,worst,worst_seed\n";
  for_each_distribution(
      rows,
      [&](const SweepRow& row,
          std::size_t step,
          const std::string& prompt,
          const Measure& measure,
          const Distribution& d) {
        for (const auto& [unused, value] : row.choice) {
          out << cell(value.is_string() ? value.get<std::string>() : value.dump()) << ",";
        }
        out << fmt::format("{},{},{},{},{},{}",
                           step + 1,
                           cell(prompt),
                           measure.name,
                           measure.is_time ? "s" : "1",
                           d.runs,
                           plain(d.best, measure));
        const auto bound = [&measure](const std::optional<std::int64_t>& value) {
          return value ? plain(*value, measure) : "";
        };
        for (const Quantile* q : {&d.p50, &d.p90, &d.p99}) {
          out << fmt::format(
              ",{},{},{}", plain(q->value, measure), bound(q->lower), bound(q->upper));
        }
        out << fmt::format(",{},{}\n", plain(d.worst, measure), d.worst_seed);
      });
}

void write_json(std::ostream& out, std::span<const SweepRow> rows) {
  using api::Json;
  Json all = Json::array();
  for_each_distribution(
      rows,
      [&](const SweepRow& row,
          std::size_t step,
          const std::string& prompt,
          const Measure& measure,
          const Distribution& d) {
        Json parameters = Json::object();
        for (const auto& [name, value] : row.choice) {
          parameters[name] = value;
        }
        const auto bound = [](const std::optional<std::int64_t>& value) {
          return value ? Json(*value) : Json();
        };
        const auto of = [&bound](const Quantile& q) {
          return Json{{"value", q.value}, {"lower", bound(q.lower)}, {"upper", bound(q.upper)}};
        };
        all.push_back({{"parameters", std::move(parameters)},
                       {"step", step + 1},
                       {"prompt", prompt},
                       {"measure", measure.name},
                       {"unit", measure.is_time ? "us" : "1"},
                       {"runs", d.runs},
                       {"best", d.best},
                       {"p50", of(d.p50)},
                       {"p90", of(d.p90)},
                       {"p99", of(d.p99)},
                       {"worst", d.worst},
                       {"worstSeed", d.worst_seed}});
      });
  Json failed = Json::array();
  for (const SweepRow& row : rows) {
    for (const SweepRun& run : row.runs) {
      if (!run.holds) {
        failed.push_back({{"choice", to_string(row.choice)}, {"seed", run.seed}});
      }
    }
  }
  constexpr int kIndent = 2;
  out << Json{{"distributions", std::move(all)}, {"failed", std::move(failed)}}.dump(
             kIndent, ' ', false, Json::error_handler_t::replace)
      << "\n";
}

}  // namespace stsim::experiment
