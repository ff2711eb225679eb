#include "experiment/line_difference.hpp"

#include <dtl/dtl.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace stsim::experiment {

std::vector<DifferenceLine> line_difference(const std::vector<std::string>& first,
                                            const std::vector<std::string>& second) {
  dtl::Diff<std::string, std::vector<std::string>> difference(first, second);
  difference.compose();
  std::vector<DifferenceLine> out;
  for (const auto& [line, edit] : difference.getSes().getSequence()) {
    switch (edit.type) {
      case dtl::SES_DELETE:
        out.push_back({'-', &first[static_cast<std::size_t>(edit.beforeIdx) - 1]});
        break;
      case dtl::SES_ADD:
        out.push_back({'+', &second[static_cast<std::size_t>(edit.afterIdx) - 1]});
        break;
      default:
        out.push_back({' ', &second[static_cast<std::size_t>(edit.afterIdx) - 1]});
    }
  }
  return out;
}

std::string in_context(const std::vector<DifferenceLine>& lines, std::size_t context) {
  std::string out;
  std::size_t shown = 0;  // all before this one are shown or left out
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].side == ' ') {
      continue;
    }
    const std::size_t begin = std::max(shown, i - std::min(i, context));
    if (begin > shown) {
      out += "  …\n";
    }
    // Up to the last unchanged line behind it, or the next change.
    std::size_t end = i + 1;
    while (end < lines.size() && end <= i + context && lines[end].side == ' ') {
      ++end;
    }
    for (std::size_t at = begin; at < end; ++at) {
      out += fmt::format("{} {}\n", lines[at].side, *lines[at].line);
    }
    shown = end;
  }
  if (shown < lines.size()) {
    out += "  …\n";
  }
  return out;
}

}  // namespace stsim::experiment
