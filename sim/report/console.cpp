// A run as people read it.
#include <fmt/format.h>
#include <stsim/report/news.hpp>
#include <stsim/report/observers.hpp>
#include <stsim/report/telling.hpp>

#include <ostream>

namespace stsim::report {

namespace {

using engine::TraceRecord;

class Console : public scenario::RunObserver {
 public:
  Console(std::ostream& out, const ConsoleOptions& options) : out_(out), options_(options) {}

  void record(const TraceRecord& record) override {
    writes_ += record.type == TraceRecord::Type::Call ? 1 : 0;
    // What happens during a step is shown below its output, which is complete only at its end.
    if (!options_.quiet && news_.tell(record)) {
      happened_.push_back(telling(record, options_.color));
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
      out_ << styled(Style::Dim, telling(source, repeated)) << "\n";
    }
  }

  static SimDuration whole(SimDuration duration) {
    return std::chrono::duration_cast<std::chrono::seconds>(duration);
  }

  [[nodiscard]] std::string styled(Style style, const std::string& text) const {
    return report::styled(style, text, options_.color);
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
