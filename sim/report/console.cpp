// A run as people read it.
#include <fmt/format.h>
#include <stsim/report/news.hpp>
#include <stsim/report/observers.hpp>

#include <ostream>

namespace stsim::report {

namespace {

using engine::TraceRecord;

enum class Style { Prompt, Dim, Bad };

class Console : public scenario::RunObserver {
 public:
  Console(std::ostream& out, const ConsoleOptions& options) : out_(out), options_(options) {}

  void record(const TraceRecord& record) override {
    writes_ += record.type == TraceRecord::Type::Call ? 1 : 0;
    // What happens during a step is shown below its output, which is complete only at its end.
    if (!options_.quiet && news_.tell(record)) {
      happened_.push_back(styled(record.code >= 400 ? Style::Bad : Style::Dim, line(record)));
    }
  }

  void step_begins(const scenario::Step&, const std::string&, const world::World&) override {
    flush();
  }

  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World&) override {
    if (brief()) {
      if (!result.differences.empty()) {
        tell_differences(step, result);
      }
      return;
    }
    const bool command = result.output.has_value();
    if (std::holds_alternative<scenario::ExpectStep>(step.action) && result.differences.empty()) {
      return;
    }
    if (command || !options_.quiet || !result.error.empty() || !result.differences.empty()) {
      out_ << styled(Style::Prompt, (command ? "$ " : "# ") + result.prompt) << "\n";
    }
    if (command) {
      out_ << result.output->out;
      if (!result.output->out.empty() && !result.output->out.ends_with('\n')) {
        out_ << "\n";
      }
      if (!result.output->err.empty()) {
        std::string text = result.output->err;
        if (text.ends_with('\n')) {
          text.pop_back();
        }
        out_ << styled(Style::Bad, text) << "\n";
      }
    }
    for (const std::string& note : result.notes) {
      out_ << styled(Style::Dim, "  " + note) << "\n";
    }
    if (!result.error.empty()) {
      out_ << styled(Style::Bad, result.error) << "\n";
    }
    flush();
    if (!result.differences.empty()) {
      tell_differences(step, result);
    }
    out_.flush();
  }

  void run_ends(const scenario::RunSummary& summary, const world::World&) override {
    flush();
    if (!options_.quiet) {
      out_ << "\n";
    }
    std::string text = fmt::format("{} {}, {} API writes, {} of virtual time",
                                   summary.steps,
                                   summary.steps == 1 ? "step" : "steps",
                                   writes_,
                                   to_go_string(whole(summary.virtual_time)));
    if (summary.refused > 0) {
      text += fmt::format(
          "; {} {} refused", summary.refused, summary.refused == 1 ? "command" : "commands");
    }
    if (summary.without_effect > 0) {
      text += fmt::format("; {} {} had no effect",
                          summary.without_effect,
                          summary.without_effect == 1 ? "step" : "steps");
    }
    if (summary.cut_short) {
      text += "; ended by --max-events";
    }
    if (summary.failed > 0) {
      text += fmt::format("; {} {} not hold",
                          summary.failed,
                          summary.failed == 1 ? "expectation does" : "expectations do");
    }
    if (!summary.broken.empty()) {
      text += "; a guarantee is broken";
    }
    text += broken_hopes(summary);
    const bool bad = !summary.holds();
    if (!options_.quiet) {
      tell_others(summary);
    }
    if (brief()) {
      if (!summary.broken.empty()) {
        out_ << styled(Style::Bad, summary.broken) << "\n";
      }
      text = fmt::format("{:<4}  {}: {}", bad ? "FAIL" : "ok", options_.title, text);
    }
    out_ << styled(bad ? Style::Bad : Style::Prompt, text) << "\n";
    out_.flush();
  }

 private:
  [[nodiscard]] bool brief() const { return options_.quiet && !options_.title.empty(); }

  void tell_differences(const scenario::Step& step, const scenario::StepResult& result) {
    out_ << styled(Style::Bad,
                   fmt::format(
                       "{}:{}: the expectation does not hold:", step.mark.file, step.mark.line))
         << "\n";
    for (const std::string& difference : result.differences) {
      out_ << "  " << difference << "\n";
    }
  }

  /// `; broken hopes: N2, R4`.
  [[nodiscard]] static std::string broken_hopes(const scenario::RunSummary& summary) {
    std::string out;
    for (const auto& [source, repeated] : summary.others) {
      if (repeated.first.watched->promise == check::Promise::Hope) {
        out += fmt::format("{}{}", out.empty() ? "; broken hopes: " : ", ", source);
      }
    }
    return out;
  }

  /// Hopes that were broken, and what somebody should know of: a line each, with the first case.
  void tell_others(const scenario::RunSummary& summary) {
    for (const auto& [source, repeated] : summary.others) {
      const bool hope = repeated.first.watched->promise == check::Promise::Hope;
      const std::string times =
          repeated.times == 1 ? "" : fmt::format(", and {} more", repeated.times - 1);
      out_ << styled(Style::Dim,
                     fmt::format("{} {} ({}): at {} {}{}",
                                 hope ? "hope broken:" : "note:",
                                 repeated.first.watched->text,
                                 source,
                                 at(repeated.first.time),
                                 repeated.first.text,
                                 times))
           << "\n";
    }
  }

  static SimDuration whole(SimDuration duration) {
    return std::chrono::duration_cast<std::chrono::seconds>(duration);
  }

  [[nodiscard]] std::string styled(Style style, const std::string& text) const {
    if (!options_.color) {
      return text;
    }
    const char* code = style == Style::Prompt ? "1" : style == Style::Dim ? "2" : "31";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }

  /// `+17.010s` since the beginning.
  [[nodiscard]] static std::string at(SimTime time) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(time - kStartOfTime).count();
    return fmt::format("+{}.{:03}s", since / 1000, since % 1000);
  }

  [[nodiscard]] static std::string line(const TraceRecord& record) {
    return fmt::format("  {:>10}  {:<26}{}",
                       at(record.time),
                       engine::name(record.actor),
                       engine::in_words(record));
  }

  void flush() {
    for (const std::string& text : happened_) {
      out_ << text << "\n";
    }
    happened_.clear();
  }

  std::ostream& out_;
  ConsoleOptions options_;
  std::vector<std::string> happened_;
  News news_;
  std::size_t writes_{};
};

}  // namespace

std::unique_ptr<scenario::RunObserver> console(std::ostream& out, const ConsoleOptions& options) {
  return std::make_unique<Console>(out, options);
}

}  // namespace stsim::report
