#include "chinese_why.hpp"

#include <fmt/format.h>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace stsim::lessons {

namespace {

using diagnosis::Finding;
using diagnosis::State;
using diagnosis::subject;
using diagnosis::Trial;
using report::clock;
using scenario::in_seconds;

/// What an object is, once it is as it should be, and before.
struct StateWords {
  State state;
  std::string_view is;
  std::string_view is_not;
};
constexpr std::array kStateWords{StateWords{State::Created, "被创建", "还没有被创建"},
                                 StateWords{State::Ready, "就绪", "没有就绪"},
                                 StateWords{State::Available, "可用", "还不可用"},
                                 StateWords{State::Updated, "更新", "没有更新"},
                                 StateWords{State::Bound, "绑定", "没有绑定"},
                                 StateWords{State::Free, "空闲", "不空闲"},
                                 StateWords{State::Complete, "完成", "没有完成"},
                                 StateWords{State::Gone, "消失", "还在"}};

const StateWords& words_of(State state) {
  return *std::ranges::find(kStateWords, state, &StateWords::state);
}

std::string in_words(const Trial& trial, const Finding& finding) {
  const bool several = trial.acts.size() > 1;
  std::string out = several ? "  依次一起做：\n" : "";
  for (const diagnosis::Act& act : trial.acts) {
    out += fmt::format("{}{}\n", several ? "    " : "  ", act.line);
  }
  out += fmt::format("    {} 之后 {} {}\n",
                     in_seconds(*trial.comes - finding.found),
                     subject(finding.wish.object),
                     words_of(finding.wish.state).is);
  for (const diagnosis::Act& act : trial.acts) {
    if (!act.caution.empty()) {
      out += fmt::format("    但要注意：{}\n", act.caution);
    }
  }
  return out;
}

std::string in_words(const diagnosis::Trials& trials, const Finding& finding) {
  if (trials.nothing.comes) {
    return fmt::format("不需要做什么：{} 时 {} 就会{}，还要 {}。\n",
                       clock(*trials.nothing.comes),
                       subject(finding.wish.object),
                       words_of(finding.wish.state).is,
                       in_seconds(*trials.nothing.comes - finding.found));
  }
  std::string out = "这种状态不会自己改变。";
  out += trials.help.empty() ? "\n" : "下面的做法有用（都在集群的副本上试过）：\n";
  for (const Trial& trial : trials.help) {
    out += in_words(trial, finding);
  }
  if (!finding.chain.advice.empty()) {
    out += finding.chain.advice + "。\n";
  }
  if (!trials.in_vain.empty()) {
    out += trials.help.empty() ? "在集群的副本上试过，没有用的：\n" : "单靠它们还不够的：\n";
    for (const Trial& trial : trials.in_vain) {
      out += fmt::format("  {}\n", trial.acts.front().line);
    }
  }
  if (trials.untried > 0) {
    out += fmt::format("还有 {} 个办法没有试。\n", trials.untried);
  }
  return out;
}

}  // namespace

std::string chinese_why(const diagnosis::Answer& answer) {
  if (!answer.finding) {
    return answer.text;
  }
  const Finding& finding = *answer.finding;
  std::string out = fmt::format("{} {}（{}）\n",
                                subject(finding.wish.object),
                                words_of(finding.wish.state).is_not,
                                clock(finding.asked));
  if (finding.found != finding.asked) {
    out += fmt::format("到 {}，不再有事情发生时，情况会是：\n", clock(finding.found));
  }
  for (const diagnosis::Link& link : finding.chain.links) {
    out += fmt::format(
        "  因为 {}{}\n", link.text, link.rule.empty() ? "" : fmt::format("  [{}]", link.rule));
  }
  return out + (finding.ended ? "这次运行已经结束，什么都不能再试。\n"
                              : in_words(finding.trials, finding));
}

}  // namespace stsim::lessons
