// A run as waveforms.
#include "report/told_objects.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/report/export.hpp>
#include <stsim/report/pod_spans.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace stsim::report {

namespace {

/// A name as Verilog has it: letters, digits and underscores. One that is taken gets a number.
class Identifiers {
 public:
  std::string of(std::string_view name) {
    std::string out;
    for (const char c : name) {
      out += is_alphanumeric(c) ? c : '_';
    }
    if (out.empty() || is_digit(out.front())) {
      out.insert(0, "_");
    }
    const std::string plain = out;
    for (int n = 2; !taken_.insert(out).second; ++n) {
      out = fmt::format("{}_{}", plain, n);
    }
    return out;
  }

 private:
  std::set<std::string> taken_;
};

/// The short name of the n-th variable, in printable characters.
std::string code(std::size_t n) {
  constexpr std::size_t kCharacters = 94;
  std::string out;
  do {
    out += static_cast<char>('!' + n % kCharacters);
    n /= kCharacters;
  } while (n > 0);
  return out;
}

std::string bits(std::size_t value) {
  std::string out;
  do {
    out.insert(out.begin(), (value & 1U) != 0 ? '1' : '0');
    value >>= 1U;
  } while (value > 0);
  return out;
}

/// The variables of one ordinal.
struct Lane {
  std::string pod;
  std::string ready;
  std::string state;
  std::string revision;
};

class Vcd {
 public:
  explicit Vcd(const scenario::RunLog& log) : log_(log), spans_(pod_spans(log)) {
    for (const PodSpan& span : spans_) {
      lanes_[{span.pod.ns, span.set}].try_emplace(span.pod.name, Lane{});
      if (!span.revision.empty() && !revisions_.contains(span.revision)) {
        const std::size_t number = revisions_.size() + 1;
        revisions_.emplace(span.revision, number);
        in_order_.push_back(span.revision);
      }
    }
  }

  std::string text() {
    head();
    changes();
    return std::move(out_);
  }

 private:
  using Lanes = std::map<std::string, Lane, InNaturalOrder>;

  void comment(const std::string& text) { out_ += fmt::format("$comment {} $end\n", text); }

  void head() {
    out_ += fmt::format("$date {} $end\n", to_rfc3339(kStartOfTime));
    out_ += "$version stsim $end\n";
    comment("ready: a pod of that ordinal is Ready");
    comment("state: 0 is no pod");
    for (std::size_t i = 0; i < kPodStates; ++i) {
      comment(fmt::format("state {} is {}", i + 1, to_string(static_cast<PodState>(i))));
    }
    comment("revision: 0 is none");
    for (std::size_t i = 0; i < in_order_.size(); ++i) {
      comment(fmt::format("revision {} is {}", i + 1, in_order_[i]));
    }
    out_ += "$timescale 1 us $end\n";
    std::size_t next = 0;
    Identifiers modules;
    for (auto& [set, lanes] : lanes_) {
      const std::string name = set.second.empty() ? "pods" : set.second;
      out_ += fmt::format("$scope module {} $end\n",
                          modules.of(set.first == "default" ? name : set.first + "_" + name));
      Identifiers pods;
      for (auto& [pod, lane] : lanes) {
        lane = {pod, code(next), code(next + 1), code(next + 2)};
        next += 3;
        out_ += fmt::format("$scope module {} $end\n", pods.of(pod));
        out_ += fmt::format("$var wire 1 {} ready $end\n", lane.ready);
        out_ += fmt::format("$var integer 32 {} state $end\n", lane.state);
        out_ += fmt::format("$var integer 32 {} revision $end\n", lane.revision);
        out_ += "$upscope $end\n";
      }
      out_ += "$upscope $end\n";
    }
    out_ += "$enddefinitions $end\n";
  }

  void changes() {
    // What each variable becomes, by time; of several things at once the last one.
    std::map<SimTime, std::map<std::string, std::string>> all;
    const auto set = [&](const PodSpan& span, SimTime time, bool there) {
      const Lane& lane = lanes_.at({span.pod.ns, span.set}).at(span.pod.name);
      const std::size_t state = there ? static_cast<std::size_t>(span.state) + 1 : 0;
      const std::size_t revision =
          there && !span.revision.empty() ? revisions_.at(span.revision) : 0;
      auto& at = all[time];
      at[lane.ready] = there && span.state == PodState::Ready ? "1" : "0";
      at[lane.state] = fmt::format("b{} ", bits(state));
      at[lane.revision] = fmt::format("b{} ", bits(revision));
    };
    std::map<std::string, std::string> now;
    for (const auto& [key, lanes] : lanes_) {
      for (const auto& [pod, lane] : lanes) {
        now[lane.ready] = "0";
        now[lane.state] = now[lane.revision] = "b0 ";
      }
    }
    // The end of a span comes first, and its successor, if it begins at the same time, after it.
    for (const PodSpan& span : spans_) {
      if (!span.open) {
        set(span, span.end, false);
      }
    }
    for (const PodSpan& span : spans_) {
      set(span, span.begin, true);
    }
    out_ += "#0\n$dumpvars\n";
    for (auto& [variable, value] : now) {
      if (const auto first = all.find(kStartOfTime); first != all.end()) {
        if (const auto changed = first->second.find(variable); changed != first->second.end()) {
          value = changed->second;
        }
      }
      out_ += value + variable + "\n";
    }
    out_ += "$end\n";
    SimTime last = kStartOfTime;
    for (const auto& [time, changed] : all) {
      std::string lines;
      for (const auto& [variable, value] : changed) {
        if (now.at(variable) != value) {
          now[variable] = value;
          lines += value + variable + "\n";
        }
      }
      if (!lines.empty()) {
        out_ += fmt::format("#{}\n{}", (time - kStartOfTime).count(), lines);
        last = time;
      }
    }
    if (log_.end() > last) {
      out_ += fmt::format("#{}\n", (log_.end() - kStartOfTime).count());
    }
  }

  static constexpr std::size_t kPodStates = 8;

  const scenario::RunLog& log_;
  std::vector<PodSpan> spans_;
  std::map<std::pair<std::string, std::string>, Lanes> lanes_;  // by namespace and set
  std::map<std::string, std::size_t> revisions_;
  std::vector<std::string> in_order_;
  std::string out_;
};

}  // namespace

std::string to_vcd(const scenario::RunLog& log) {
  return Vcd(log).text();
}

}  // namespace stsim::report
