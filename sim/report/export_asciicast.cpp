// A run as a recorded terminal session.
#include <fmt/format.h>
#include <stsim/api/json.hpp>
#include <stsim/report/export.hpp>
#include <stsim/report/news.hpp>
#include <stsim/report/telling.hpp>

#include <algorithm>
#include <vector>

namespace stsim::report {

namespace {

constexpr int kColumns = 120;
constexpr int kRows = 32;
/// Everything is so much later than in the run: the first command is typed before it begins.
constexpr SimDuration kLead = std::chrono::seconds{1};
constexpr SimDuration kKey = std::chrono::milliseconds{40};
/// The longest that a command is typed for, up to when it is carried out: less than the second that
/// usually lies between two steps.
constexpr SimDuration kTyping = std::chrono::milliseconds{800};

constexpr std::string_view kDim = "\x1B[2m";
constexpr std::string_view kBold = "\x1B[1m";
constexpr std::string_view kRed = "\x1B[31m";
constexpr std::string_view kNormal = "\x1B[0m";

/// What appears on the terminal at an instant.
struct Shown {
  SimTime at;
  std::string text;
};

/// A text with the line ends of a terminal, the last one included.
std::string lines_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '\n' ? "\r\n" : std::string(1, c);
  }
  if (!out.empty() && !out.ends_with('\n')) {
    out += "\r\n";
  }
  return out;
}

std::string in_color(std::string_view color, std::string_view text) {
  return text.empty() ? "" : lines_of(fmt::format("{}{}{}", color, text, kNormal));
}

/// Where characters of UTF-8 begin, so that none is typed in parts.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

class TerminalSession {
 public:
  explicit TerminalSession(const scenario::RunLog& log) : log_(log) {}

  std::vector<Shown> read() {
    // Of what happens during a step the lines come as it happens, its output when it is complete.
    std::size_t next = 0;
    const auto& records = log_.records();
    const auto tell_until = [&](SimTime time, bool with) {
      for (; next < records.size() &&
             (records[next].time < time || (with && records[next].time == time));
           ++next) {
        tell(records[next]);
      }
    };
    for (const scenario::LoggedStep& step : log_.steps()) {
      tell_until(step.begun, false);
      type(step);
      tell_until(step.ended, true);
      print(step);
    }
    tell_until(SimTime::max(), true);
    return std::move(out_);
  }

 private:
  void show(SimTime at, std::string text) {
    if (text.empty()) {
      return;
    }
    at = std::max(at + kLead, out_.empty() ? kStartOfTime : out_.back().at);
    if (!out_.empty() && out_.back().at == at) {
      out_.back().text += text;
    } else {
      out_.push_back({at, std::move(text)});
    }
  }

  void tell(const engine::TraceRecord& record) {
    if (news_.tell(record)) {
      const std::string line = fmt::format("  {:>11}  {:<26}{}",
                                           clock(record.time),
                                           engine::name(record.actor),
                                           engine::in_words(record));
      show(record.time, in_color(record.code >= 400 ? kRed : kDim, line));
    }
  }

  /// The prompt, and the command key by key, faster if it is long.
  void type(const scenario::LoggedStep& step) {
    const std::string& prompt = step.result.prompt;
    const bool command = step.result.output.has_value();
    const auto keys = static_cast<std::int64_t>(
        std::ranges::count_if(prompt, [](char c) { return begins_character(c); }));
    const SimDuration key = std::min(kKey, kTyping / std::max<std::int64_t>(keys, 1));
    SimTime at = step.begun - key * keys;
    show(at, fmt::format("{}{}", kBold, command ? "$ " : "# "));
    for (std::size_t begin = 0; begin < prompt.size();) {
      std::size_t end = begin + 1;
      while (end < prompt.size() && !begins_character(prompt[end])) {
        ++end;
      }
      at += key;
      const std::string typed = prompt.substr(begin, end - begin);
      show(at, typed == "\n" ? "\r\n" : typed);
      begin = end;
    }
    show(step.begun, fmt::format("{}\r\n", kNormal));
  }

  void print(const scenario::LoggedStep& step) {
    const scenario::StepResult& result = step.result;
    if (result.output) {
      show(step.ended, lines_of(result.output->out));
      show(step.ended, in_color(kRed, result.output->err));
    }
    for (const std::string& note : result.notes) {
      show(step.ended, in_color(kDim, "  " + note));
    }
    show(step.ended, in_color(kRed, result.error));
    for (const std::string& difference : result.differences) {
      show(step.ended, in_color(kRed, "  " + difference));
    }
  }

  const scenario::RunLog& log_;
  News news_;
  std::vector<Shown> out_;
};

/// Seconds as a number of JSON, exact.
std::string seconds(SimTime time) {
  const auto since = (time - kStartOfTime).count();
  constexpr std::int64_t kSecond = 1'000'000;
  return fmt::format("{}.{:06}", since / kSecond, since % kSecond);
}

std::string json_text(const std::string& text) {
  return api::Json(text).dump(-1, ' ', true, api::Json::error_handler_t::replace);
}

}  // namespace

std::string to_asciicast(const scenario::RunLog& log, std::string_view name) {
  std::string out = fmt::format(
      R"({{"version": 2, "width": {}, "height": {}, "timestamp": {}, "idle_time_limit": 2, )"
      R"("title": {}, "env": {{"TERM": "xterm-256color", "SHELL": "/bin/sh"}}}})",
      kColumns,
      kRows,
      std::chrono::floor<std::chrono::seconds>(kStartOfTime.time_since_epoch()).count(),
      json_text(std::string(name)));
  out += "\n";
  for (const Shown& shown : TerminalSession(log).read()) {
    out += fmt::format("[{}, \"o\", {}]\n", seconds(shown.at), json_text(shown.text));
  }
  return out;
}

}  // namespace stsim::report
