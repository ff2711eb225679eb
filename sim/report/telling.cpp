#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/base/layout.hpp>
#include <stsim/report/telling.hpp>

#include <sstream>

namespace stsim::report {

namespace {

/// Where the words of what somebody did begin: behind time and actor.
constexpr std::size_t kWordsBegin = 40;

}  // namespace

std::string styled(Style style, std::string_view text, bool color) {
  if (!color) {
    return std::string(text);
  }
  const char* code = style == Style::Prompt ? "1" : style == Style::Dim ? "2" : "31";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string clock(SimTime time) {
  constexpr int kThousand = 1000;
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time - kStartOfTime).count();
  return fmt::format("+{}.{:03}s", since / kThousand, since % kThousand);
}

std::string telling(const engine::TraceRecord& record) {
  return fmt::format("  {:>10}  {:<26}{}",
                     clock(record.time),
                     engine::name(record.actor),
                     engine::in_words(record));
}

std::string telling(const engine::TraceRecord& record, bool color) {
  constexpr int kRefused = 400;
  return styled(record.code >= kRefused ? Style::Bad : Style::Dim, telling(record), color);
}

std::string fit(const std::string& text, std::size_t width) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t plus = line.find('+');
    const bool tells = line.find("  ") != std::string::npos && plus != std::string::npos &&
                       plus < 16 && plus + 1 < line.size() && is_digit(line[plus + 1]);
    out += tells ? folded(line, width, kWordsBegin) : line;
    out += '\n';
  }
  return out;
}

std::string telling(std::string_view source, const check::Repeated& repeated) {
  const bool hope = repeated.first.watched->promise == check::Promise::Hope;
  const std::string times =
      repeated.times == 1 ? "" : fmt::format(", and {} more", repeated.times - 1);
  return fmt::format("{} {} ({}): at {} {}{}",
                     hope ? "hope broken:" : "note:",
                     repeated.first.watched->text,
                     source,
                     clock(repeated.first.time),
                     repeated.first.text,
                     times);
}

}  // namespace stsim::report
