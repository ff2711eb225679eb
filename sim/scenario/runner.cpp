#include "expect.hpp"
#include "node_moves.hpp"
#include "pod_moves.hpp"
#include "watches.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/retelling.hpp>
#include <stsim/scenario/runner.hpp>
#include <stsim/world/client.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>

namespace stsim::scenario {

using api::Json;
using api::Kind;
using engine::Actor;

namespace {

constexpr SimDuration kPause = std::chrono::seconds{1};

std::string command_line(const std::vector<std::string>& words) {
  std::string out = "kubectl";
  for (const std::string& word : words) {
    out += " " + kubectl::quoted(word);
  }
  return out;
}

std::string target_word(const Target& target) {
  return fmt::format("{}/{}", api::info(target.kind).singular, target.name);
}

/// The kubectl command line that a native step stands for.
struct AsWords {
  std::vector<std::string> operator()(const KubectlStep& step) const { return step.words; }
  std::vector<std::string> operator()(const ManifestStep& step) const {
    std::vector<std::string> out{step.create ? "create" : "apply"};
    for (const std::string& path : step.paths) {
      out.insert(out.end(), {"-f", path});
    }
    if (step.paths.empty()) {
      out.insert(out.end(), {"-f", "-"});
    }
    return out;
  }
  std::vector<std::string> operator()(const ScaleStep& step) const {
    std::vector<std::string> out{
        "scale", target_word(step.target), fmt::format("--replicas={}", step.replicas)};
    if (step.current_replicas) {
      out.push_back(fmt::format("--current-replicas={}", *step.current_replicas));
    }
    return out;
  }
  std::vector<std::string> operator()(const PatchStep& step) const {
    std::vector<std::string> out{"patch", target_word(step.target)};
    if (step.type == PatchType::Merge) {
      out.emplace_back("--type=merge");
    } else if (step.type == PatchType::Rfc6902) {
      out.emplace_back("--type=json");
    }
    out.insert(out.end(), {"-p", step.patch.dump()});
    return out;
  }
  std::vector<std::string> operator()(const SetImageStep& step) const {
    std::vector<std::string> out{"set", "image", target_word(step.target)};
    for (const auto& [container, image] : step.images) {
      out.push_back(fmt::format("{}={}", container, image));
    }
    return out;
  }
  std::vector<std::string> operator()(const DeleteStep& step) const {
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
  std::vector<std::string> operator()(const LookupStep& step) const {
    return {"exec", step.from, "--", "nslookup", step.name};
  }
  template <class Other>
  std::vector<std::string> operator()(const Other&) const {
    return {};
  }
};

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
               : command_line(AsWords{}(step));
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
  template <class Other>
  std::string operator()(const Other& step) const {
    return command_line(AsWords{}(step));
  }
};

/// What is an accident of what a pod or node becomes by hand, in words; "" where it is none, or the
/// world tells of it.
std::string_view accident_of(PodFate fate) {
  switch (fate) {
    case PodFate::Unready:
      return "it does not pass its probe any more";
    case PodFate::Crashed:
      return "its containers have crashed";
    case PodFate::Failed:
      return "it fails";
    case PodFate::Evicted:
      return "its node evicts it";
    case PodFate::Ready:
    case PodFate::Running:
    case PodFate::Succeeded:
    case PodFate::Gone:
      break;
  }
  return "";
}
std::string_view accident_of(NodeFate fate) {
  switch (fate) {
    case NodeFate::Drained:
      return "it is drained";
    case NodeFate::OutOfService:
      return "somebody says that it is out of service";
    case NodeFate::Gone:
      return "its object is deleted";
    case NodeFate::Cordoned:
    case NodeFate::Uncordoned:
    case NodeFate::Down:
    case NodeFate::Unreachable:
    case NodeFate::Up:
    case NodeFate::InService:
      break;
  }
  return "";
}

/// One run. All that is told goes to the observer, to the expectations over time and to whoever
/// watches what is promised.
class Run : engine::TraceSink {
 public:
  Run(const Scenario& scenario,
      RunObserver& observer,
      std::shared_ptr<const world::Settings> settings,
      bool told_again = false)
      : scenario_(scenario),
        observer_(observer),
        told_again_(told_again),
        settings_(std::move(settings)),
        chooser_(scenario.seed),
        world_(world::make_world(settings_, observer)) {
    if (scenario_.check) {
      watchdog_.begin(world_);
    }
  }

  RunSummary run() {
    for (const Step& step : scenario_.steps) {
      if (!take(step, &step == &scenario_.steps.back())) {
        break;
      }
    }
    summary_.virtual_time = world_.now - kStartOfTime;
    summary_.others = watchdog_.others();
    observer_.run_ends(summary_, world_);
    return summary_;
  }

 private:
  void record(const engine::TraceRecord& record) override {
    observer_.record(record);
    if (watching_) {
      watches_.see(record, world_);
    }
    if (scenario_.check) {
      watchdog_.see(record, world_);
      world_.spent = world_.spent || watchdog_.broken();
    }
  }

  /// What led to a record, a line each, behind a line break; "" where that is not asked for again.
  std::string because(engine::TraceId record) {
    if (told_again_ || record == 0) {
      return "";
    }
    Retelling retelling(record);
    Run(scenario_, retelling, settings_, true).run();
    return retelling.lines();
  }

  /// Returns whether the run goes on.
  bool take(const Step& step, bool last) {
    wait_for_turn(step);
    ++summary_.steps;
    const std::string prompt =
        step.name.empty() ? std::visit(AsText{}, step.action)
                          : fmt::format("{} ({})", std::visit(AsText{}, step.action), step.name);
    observer_.step_begins(step, prompt, world_);
    record_ = world::Client(world_, chooser_, *this, Actor::User, kFirstRecord).step_begins(prompt);
    StepResult result;
    result.prompt = prompt;
    if (!world_.spent) {
      std::visit([&](const auto& action) { perform(action, result); }, step.action);
      if (!settings_->auto_kubelet) {
        come_to_rest(result);
      }
    }
    if (const auto* timed = std::get_if<TimedExpectStep>(&step.action)) {
      watches_.add(*timed, step.name, world_);
    }
    look_at_watches(last, result);
    look_at_rest();
    if (world_.misconduct) {
      const world::Misconduct& how = *world_.misconduct;
      const policy::Policy& policy = world_.views.sets.policy();
      summary_.broken =
          fmt::format("{} {}, {}: the policy {} {} {}: {}{}",
                      since_start(how.time),
                      how.rule,
                      policy::contract(how.rule),
                      policy.name(),
                      policy.is_built_in() ? "cannot decide about" : "breaks its contract about",
                      how.set.name,
                      how.text,
                      because(how.record));
      result.error = fmt::format("{} ends the run:\n  {}",
                                 policy.is_built_in() ? "a policy without a decision"
                                                      : "a policy that breaks its contract",
                                 summary_.broken);
    } else if (const auto& broken = watchdog_.broken()) {
      summary_.broken = fmt::format(
          "{} {}{}", since_start(broken->time), to_string(*broken), because(broken->record));
      result.error =
          "what is guaranteed does not hold, and the run ends here:\n  " + summary_.broken;
    } else if (world_.spent) {
      summary_.cut_short = true;
      result.error = fmt::format(
          "the run ends here: it has taken {} events by {}, and may not take more (--max-events)",
          world_.events,
          to_go_string(world_.now - kStartOfTime));
    }
    if (result.output) {
      summary_.refused += result.output->exit != 0 ? 1u : 0u;
      last_output_ = result.output;
    }
    if (result.moved) {
      last_moved_ = result.moved;
    }
    summary_.failed += result.differences.empty() ? 0u : 1u;
    const bool ends = summary_.cut_short || !summary_.broken.empty();
    summary_.without_effect += result.error.empty() || ends ? 0u : 1u;
    observer_.step_ends(step, result, world_);
    return result.differences.empty() && !ends;
  }

  /// What has failed of the expectations over time; behind the last step, what is still to come has
  /// the time that it was given, and else until nothing is left to happen.
  void look_at_watches(bool last, StepResult& result) {
    watches_.look_at_clock(world_.now);
    if (last && watching_ && !world_.spent) {
      world::Client user = client(Actor::User);
      const auto done = [this] { return watches_.settled(); };
      if (const auto end = watches_.last_end()) {
        user.run_until(done, *end + SimDuration{1});
        watches_.look_at_clock(world_.now);
      }
      user.run_until(done, std::nullopt);
      if (!world_.spent) {
        watches_.end(world_);
      }
    }
    for (Failure& failure : watches_.take_failures()) {
      result.differences.push_back(failure.text + because(failure.because));
    }
  }

  /// What holds of a world at rest is looked at once for each.
  void look_at_rest() {
    if (scenario_.check && !world_.spent && world_.changes != looked_at_ &&
        world::at_rest(world_)) {
      looked_at_ = world_.changes;
      watchdog_.rests(world_);
    }
  }

  void come_to_rest(StepResult& result) {
    const SimTime begun = world_.now;
    switch (client(Actor::User).run_to_rest()) {
      case world::Rest::Reached:
      case world::Rest::Spent:  // the end of the run says so
        return;
      case world::Rest::Later:
        result.error = "the cluster has not come to rest within a day";
        return;
      case world::Rest::Circles:
        result.error = fmt::format(
            "the cluster does not come to rest: {} have passed, and its controllers go round in "
            "circles",
            to_seconds_string(world_.now - begun));
    }
  }

  /// Each step is taken at its time, and a second at least after the one before has finished; an
  /// expectation takes no time.
  void wait_for_turn(const Step& step) {
    const bool takes_time = !std::holds_alternative<ExpectStep>(step.action) &&
                            !std::holds_alternative<TimedExpectStep>(step.action);
    if (!takes_time && !step.at) {
      return;
    }
    SimTime turn = world_.now + (summary_.steps == 0 ? SimDuration{} : kPause);
    if (step.at) {
      turn = std::max(turn, kStartOfTime + *step.at);
    }
    client(Actor::User).run_until(turn);
  }

  world::Client client(Actor actor) { return {world_, chooser_, *this, actor, record_}; }

  void command(const std::vector<std::string>& words, std::vector<Json> input, StepResult& result) {
    world::Client user = client(Actor::User);
    kubectl::Session session{user,
                             [this](const std::string& path) { return read(path); },
                             [this](const std::string& path, bool recursive) {
                               return manifest_files(scenario_.folder, path, recursive);
                             },
                             std::move(input)};
    result.output = kubectl::run(words, session);
  }

  Result<std::string, std::string> read(const std::string& path) const {
    auto text = read_file(scenario_.folder / path);
    if (!text) {
      return tl::unexpected(fmt::format("the path \"{}\" does not exist", path));
    }
    return *std::move(text);
  }

  void perform(const KubectlStep& step, StepResult& result) {
    command(step.words, {}, result);
    result.recorded_output = true;
  }
  void perform(const ManifestStep& step, StepResult& result) {
    command(AsWords{}(step), step.manifests, result);
    result.recorded_output = true;
  }
  void perform(const DeleteStep& step, StepResult& result) {
    const bool ordered = step.cascade == Cascade::Ordered && step.target.kind == Kind::StatefulSet;
    if (!ordered) {
      command(AsWords{}(step), {}, result);
    } else if (scale_to_zero(step.target, result)) {
      const kubectl::Output scaled = *std::move(result.output);
      command(AsWords{}(step), {}, result);
      result.output->out.insert(0, scaled.out);
      result.output->err.insert(0, scaled.err);
    }
  }
  /// What kubectl up to 1.10 did before it deleted a set. Returns whether the set is empty.
  /// Rule: GC-11.
  bool scale_to_zero(const Target& target, StepResult& result) {
    command({"scale", target_word(target), "--replicas=0"}, {}, result);
    const api::ObjectKey key{target.kind, api::kDefaultNamespace, target.name};
    const auto empty = [this, &key] {
      const api::ObjectPtr set = world_.store.find(key);
      return !set || (set->as<api::StatefulSet>().status.observed_generation >= set->generation &&
                      set->as<api::StatefulSet>().status.replicas == 0);
    };
    if (client(Actor::User).run_until(empty, std::nullopt)) {
      return true;
    }
    result.output->err += fmt::format(
        "error: {} is not deleted: it still has pods, and {}\n",
        target.name,
        world_.spent ? "the run may take no more events" : "nothing more is going to happen");
    result.output->exit = 1;
    return false;
  }
  void perform(const PodStep& step, StepResult& result) {
    const api::ObjectKey pod{Kind::Pod, api::kDefaultNamespace, step.name};
    note_accident(pod, accident_of(step.becomes));
    world::Client kubelet = client(Actor::Kubelet);
    result.error = move_pod(kubelet, pod, step.becomes);
  }
  void perform(const AdvanceStep& step, StepResult&) {
    client(Actor::User).run_until(world_.now + step.by);
  }
  void perform(const SettleStep&, StepResult& result) {
    come_to_rest(result);
    if (settings_->auto_kubelet) {
      return;
    }
    result.moved.emplace();
    while (const auto move = result.error.empty() ? next_move(world_) : std::nullopt) {
      world::Client kubelet = client(Actor::Kubelet);
      const auto& [pod, fate] = *move;
      const std::uint64_t before = world_.changes;
      const std::string refused = move_pod(kubelet, pod, fate);
      if (world_.changes == before) {
        result.error = fmt::format("pod {} cannot become {}: {}",
                                   pod.name,
                                   to_string(fate),
                                   refused.empty() ? "a finalizer holds it" : refused);
        break;
      }
      come_to_rest(result);
      result.moved->emplace_back(pod.name, std::string(to_string(fate)));
    }
  }
  void perform(const TimedExpectStep&, StepResult&) {}  // it begins once the step is recorded
  void perform(const ExpectStep& step, StepResult& result) {
    result.differences = differences(
        step, world_, {last_output_, last_moved_, scenario_.check ? &watchdog_.others() : nullptr});
  }
  void perform(const NodeStep& step, StepResult& result) {
    note_accident({Kind::Node, "", step.name}, accident_of(step.becomes));
    world::Client user = client(Actor::User);
    result.error = move_node(user, step.name, step.becomes);
  }
  void perform(const ConductStep& step, StepResult&) {
    world::Client user = client(Actor::User);
    if (step.of_image) {
      user.image_becomes(step.name, step.behaviour);
    } else {
      user.pod_becomes(step.name, step.behaviour);
    }
  }
  void perform(const LookupStep& step, StepResult& result) {
    if (step.type) {
      look_up(step, result);
    } else {
      command(AsWords{}(step), {}, result);
    }
    if (!result.output) {
      return;
    }
    result.notes = result.output->notes;
    if (result.notes.empty() && result.output->exit == 0) {
      result.notes.emplace_back("nobody was asked: the pod's own files know the name");
    }
  }
  /// What the resolver of a pod finds, a record a line.
  void look_up(const LookupStep& step, StepResult& result) {
    const api::ObjectKey key{Kind::Pod, api::kDefaultNamespace, step.from};
    const api::ObjectPtr pod = world_.store.find(key);
    if (!pod) {
      result.error = fmt::format("pod {} not found", step.from);
      return;
    }
    kubectl::Output& output = result.output.emplace();
    const dns::Ask ask =
        dns::noting(client(Actor::User).ask_names(key), {*step.type}, output.notes);
    std::vector<dns::Record> records;
    if (*step.type == dns::RecordType::PTR) {
      records = ask(dns::reverse_name(step.name), *step.type).records;
    } else {
      records = dns::resolve(dns::client_of(*pod), step.name, *step.type, ask).records;
    }
    for (const dns::Record& record : records) {
      output.out +=
          record.type == dns::RecordType::SRV
              ? fmt::format("{} SRV {} {} {} {}\n",
                            record.name,
                            record.priority,
                            record.weight,
                            record.port,
                            record.data)
              : fmt::format("{} {} {}\n", record.name, to_string(record.type), record.data);
    }
    if (records.empty()) {
      output.err = fmt::format("no {} records of {}\n", to_string(*step.type), step.name);
      output.exit = 1;
    }
  }
  void perform(const WatchStep& step, StepResult& result) {
    note_effect(client(Actor::User).strike(step.fault), "they are so already", result);
  }
  void perform(const ControllerStep& step, StepResult& result) {
    note_effect(
        client(Actor::User).strike(step.controller, step.becomes),
        step.becomes == world::ControllerFault::Up ? "it is up already" : "it is down already",
        result);
  }
  void perform(const ApiStep& step, StepResult& result) {
    note_effect(client(Actor::User).strike(step.fault), "it does so already", result);
  }
  void perform(const NfsStep& step, StepResult& result) {
    if (!settings_->auto_kubelet && step.becomes == node::ServerState::Down) {
      result.error = "with `kubelet: stepped` only steps move pods: nothing would come of it";
      return;
    }
    const auto volumes = world_.store.list(Kind::PersistentVolume);
    if (std::ranges::none_of(volumes, [&step](const api::ObjectPtr& volume) {
          return volume->as<api::Volume>().spec->nfs_server == step.server;
        })) {
      result.error = fmt::format("no volume is on NFS server {}", step.server);
      return;
    }
    note_effect(client(Actor::User).strike(step.server, step.becomes), "it is so already", result);
  }
  void perform(const DnsStep& step, StepResult& result) {
    if (step.fault.server >= settings_->dns.servers) {
      result.error = fmt::format("there is no DNS server {}: dns: {{servers: {}}}",
                                 step.fault.server + 1,
                                 settings_->dns.servers);
      return;
    }
    note_effect(client(Actor::User).strike(step.fault), "it is so already", result);
  }
  void perform(const HistoryStep& step, StepResult& result) {
    const api::ObjectPtr volume = world_.store.find({Kind::PersistentVolume, "", step.volume});
    if (!volume) {
      result.error = fmt::format("volume {} not found", step.volume);
    } else if (!scenario_.check) {
      result.error = "nothing was noted (--no-check)";
    } else {
      result.output = kubectl::Output{history(*volume), "", 0, {}};
    }
  }

  /// Who has used a volume, a line each.
  [[nodiscard]] std::string history(const api::Object& volume) const {
    const std::string place = node::file_place(volume);
    std::string out = fmt::format("{} ({})\n", volume.key.name, place);
    const auto& uses = watchdog_.data().of(place);
    for (const check::VolumeUse& use : uses) {
      out += fmt::format("  {}  {} on {}, uid {}{}\n",
                         since_start(use.from),
                         use.pod.name,
                         use.node,
                         use.uid.text().substr(0, 8),
                         use.to == SimTime::max() ? "" : ", until " + since_start(use.to));
      for (const std::string& written : use.written) {
        out += fmt::format("    {}\n", written);
      }
    }
    return uses.empty() ? out + "  nobody has used it\n" : out;
  }

  /// What the step does from here on is caused by the accident, if it is one.
  void note_accident(const api::ObjectKey& about, std::string_view what) {
    if (!what.empty() && world_.store.find(about)) {
      record_ = client(Actor::User).note_accident(about, std::string(what));
    }
  }

  static void note_effect(bool had_effect, std::string_view why, StepResult& result) {
    if (!had_effect) {
      result.error = why;
    }
  }

  template <class Other>
  void perform(const Other& step, StepResult& result) {
    command(AsWords{}(step), {}, result);
  }

  static constexpr engine::TraceId kFirstRecord = 1;

  const Scenario& scenario_;
  RunObserver& observer_;
  bool told_again_;  ///< only to say what led to something
  std::shared_ptr<const world::Settings> settings_;
  engine::SeededChooser chooser_;
  world::World world_;
  const bool watching_{std::ranges::any_of(scenario_.steps, [](const Step& step) {
    return std::holds_alternative<TimedExpectStep>(step.action);
  })};
  Watches watches_;
  check::Watchdog watchdog_;
  std::uint64_t looked_at_{};  ///< World::changes at the last rest that was looked at
  RunSummary summary_;
  engine::TraceId record_{};
  std::optional<kubectl::Output> last_output_;
  std::optional<std::vector<std::pair<std::string, std::string>>> last_moved_;
};

}  // namespace

std::shared_ptr<const world::Settings> settings_of(const Scenario& scenario) {
  auto out = std::make_shared<world::Settings>();
  out->features = {scenario.kubernetes, scenario.feature_gates};
  out->policy = scenario.policy;
  out->seed = scenario.seed;
  out->draw_races = scenario.draw_races;
  out->auto_kubelet = scenario.kubelet == KubeletMode::Auto;
  out->nodes.clear();
  for (const Node& node : scenario.cluster.nodes) {
    out->nodes.push_back(node.name);
    api::Labels& labels = out->node_labels[node.name];
    for (const auto& [key, value] : node.labels) {
      labels[key] = value;
    }
  }
  out->objects = scenario.cluster.objects;
  // Loading has filled in every point.
  for (const TimingPoint& point : timing_points()) {
    if (point.takes) {
      out->timing.usual[*point.takes] = scenario.timing.find(point.name)->second;
    }
  }
  out->placement = scenario.timing.find("placement")->second;
  out->watch = scenario.timing.find("watch")->second;
  out->node_start = scenario.timing.find("nodeStart")->second;
  out->kubelet_start = scenario.timing.find("kubeletStart")->second;
  for (const Period& period : periods()) {
    if (const auto given = scenario.periods.find(period.name); given != scenario.periods.end()) {
      period.of(*out) = given->second;
    }
  }
  out->timing.nodes = scenario.node_timing;
  out->timing.images = scenario.images;
  out->timing.pods = scenario.pods;
  out->dns = scenario.dns.value_or(usual_dns(scenario.kubelet, scenario.kubernetes));
  return out;
}

RunSummary run(const Scenario& scenario, RunObserver& observer) {
  return run(scenario, observer, settings_of(scenario));
}

RunSummary run(const Scenario& scenario,
               RunObserver& observer,
               std::shared_ptr<const world::Settings> settings) {
  return Run(scenario, observer, std::move(settings)).run();
}

}  // namespace stsim::scenario
