#include "prompt.hpp"

#include <fmt/format.h>
#include <stsim/base/time.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/scenario/session.hpp>

namespace stsim::scenario {

namespace {

std::string command_line(const std::vector<std::string>& words) {
  std::string out = "kubectl";
  for (const std::string& word : words) {
    out += " " + kubectl::quoted(word);
  }
  return out;
}

/// What a step that is no command line shows as its prompt.
struct AsText {
  std::string operator()(const PodStep& step) const {
    return fmt::format("pod {} becomes {}", step.name, to_string(step.becomes));
  }
  std::string operator()(const ConductStep& step) const {
    return fmt::format(
        "{} {} becomes {}", step.of_image ? "image" : "pod", step.name, to_string(step.becomes));
  }
  std::string operator()(const NodeStep& step) const {
    return fmt::format("node {} becomes {}", step.name, to_string(step.becomes));
  }
  std::string operator()(const LookupStep& step) const {
    return step.type
               ? fmt::format("lookup of {} {} from {}", to_string(*step.type), step.name, step.from)
               : command_line(command_of(step));
  }
  std::string operator()(const WatchStep& step) const {
    return fmt::format(
        "watch of {}{} becomes {}{}",
        engine::name(step.fault.of),
        step.fault.kind ? fmt::format(" on {}", api::info(*step.fault.kind).plural) : "",
        to_string(step.becomes),
        step.fault.lag ? " by " + to_go_string(*step.fault.lag) : "");
  }
  std::string operator()(const ControllerStep& step) const {
    return fmt::format("{} becomes {}", engine::name(step.controller), to_string(step.becomes));
  }
  std::string operator()(const ApiStep& step) const {
    return fmt::format("api answers {}", step.fault ? to_string(step.fault->answer) : "normally");
  }
  std::string operator()(const NfsStep& step) const {
    return fmt::format("nfs {} becomes {}", step.server, to_string(step.becomes));
  }
  std::string operator()(const DnsStep& step) const {
    return fmt::format(
        "dns server {} becomes {}", step.fault.server + 1, step.fault.stale ? "stale" : "fresh");
  }
  std::string operator()(const HistoryStep& step) const { return "history of " + step.volume; }
  std::string operator()(const AdvanceStep& step) const {
    return "advance " + to_go_string(step.by);
  }
  std::string operator()(const SettleStep&) const { return "settle"; }
  std::string operator()(const ExpectStep&) const { return "expect"; }
  std::string operator()(const TimedExpectStep& step) const {
    return std::string(to_string(step.when));
  }
  std::string operator()(const KubectlStep& step) const { return command_line(step.words); }
  template <class Other>
  std::string operator()(const Other& step) const {
    return command_line(command_of(step));
  }
};

}  // namespace

std::string target_word(const Target& target) {
  return fmt::format("{}/{}", api::info(target.kind).singular, target.name);
}

std::vector<std::string> command_of(const ManifestStep& step) {
  std::vector<std::string> out{step.create ? "create" : "apply"};
  for (const std::string& path : step.paths) {
    out.insert(out.end(), {"-f", path});
  }
  if (step.paths.empty()) {
    out.insert(out.end(), {"-f", "-"});
  }
  return out;
}

std::vector<std::string> command_of(const ScaleStep& step) {
  std::vector<std::string> out{
      "scale", target_word(step.target), fmt::format("--replicas={}", step.replicas)};
  if (step.current_replicas) {
    out.push_back(fmt::format("--current-replicas={}", *step.current_replicas));
  }
  return out;
}

std::vector<std::string> command_of(const PatchStep& step) {
  std::vector<std::string> out{"patch", target_word(step.target)};
  if (step.type == PatchType::Merge) {
    out.emplace_back("--type=merge");
  } else if (step.type == PatchType::Rfc6902) {
    out.emplace_back("--type=json");
  }
  out.insert(out.end(), {"-p", step.patch.dump()});
  return out;
}

std::vector<std::string> command_of(const SetImageStep& step) {
  std::vector<std::string> out{"set", "image", target_word(step.target)};
  for (const auto& [container, image] : step.images) {
    out.push_back(fmt::format("{}={}", container, image));
  }
  return out;
}

std::vector<std::string> command_of(const DeleteStep& step) {
  std::vector<std::string> out{"delete", target_word(step.target)};
  if (step.cascade == Cascade::Foreground) {
    out.emplace_back("--cascade=foreground");
  } else if (step.cascade == Cascade::Orphan) {
    out.emplace_back("--cascade=orphan");
  }
  if (!step.wait) {
    out.emplace_back("--wait=false");
  }
  if (step.force) {
    out.emplace_back("--force");
  }
  if (step.grace_period_seconds) {
    out.push_back(fmt::format("--grace-period={}", *step.grace_period_seconds));
  }
  return out;
}

std::vector<std::string> command_of(const LookupStep& step) {
  return {"exec", step.from, "--", "nslookup", step.name};
}

bool takes_time(const Step& step) {
  return !std::holds_alternative<ExpectStep>(step.action) &&
         !std::holds_alternative<TimedExpectStep>(step.action);
}

bool passes_time(const Step& step) {
  return std::holds_alternative<AdvanceStep>(step.action) ||
         std::holds_alternative<SettleStep>(step.action);
}

std::string prompt_of(const Step& step) {
  const std::string text = std::visit(AsText{}, step.action);
  return step.name.empty() ? text : fmt::format("{} ({})", text, step.name);
}

}  // namespace stsim::scenario
