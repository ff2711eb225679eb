#include "expect.hpp"
#include "node_moves.hpp"
#include "pod_moves.hpp"
#include "prompt.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/retelling.hpp>
#include <stsim/scenario/session.hpp>
#include <stsim/scenario/tally.hpp>
#include <stsim/world/client.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>
#include <atomic>

namespace stsim::scenario {

using api::Json;
using api::Kind;
using engine::Actor;

namespace {

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

// For tally(), of all threads.
std::atomic<std::uint64_t> all_events;
std::atomic<std::uint64_t> all_writes;
std::atomic<std::uint64_t> all_syncs;

}  // namespace

/// A session that goes on, with somebody who looks. All that is told goes to the observer, to the
/// expectations over time and to whoever watches what is promised.
class Session::Taking : public engine::TraceSink {
 public:
  Taking(Session& of, RunObserver& observer, bool told_again = false)
      : of_(of), observer_(observer), told_again_(told_again), events_before_(of.world_.events) {}
  Taking(const Taking&) = delete;
  Taking& operator=(const Taking&) = delete;
  ~Taking() override {
    all_events += of_.world_.events - events_before_;
    all_writes += writes_;
    all_syncs += syncs_;
  }

  void record(const engine::TraceRecord& record) override {
    writes_ += record.type == engine::TraceRecord::Type::Call ? 1 : 0;
    syncs_ += record.type == engine::TraceRecord::Type::Sync ? 1 : 0;
    observer_.record(record);
    if (of_.watching_) {
      of_.watches_.see(record, of_.world_);
    }
    if (of_.scenario_->check) {
      of_.watchdog_.see(record, of_.world_);
      of_.world_.spent = of_.world_.spent || of_.watchdog_.broken();
    }
  }

  StepResult take(std::shared_ptr<const Step> taken, bool last) {
    const Step& step = *taken;
    StepResult result;
    result.prompt = prompt_of(step);
    wait_for_turn(step);
    if (notice_stop()) {
      return result;
    }
    ++of_.summary_.steps;
    of_.taken_.push_back(std::move(taken));
    observer_.step_begins(step, result.prompt, of_.world_);
    of_.record_ = kFirstRecord;
    of_.record_ = client(Actor::User).step_begins(result.prompt);
    if (!of_.world_.spent) {
      std::visit([&](const auto& action) { perform(action, result); }, step.action);
      if (!of_.settings_->auto_kubelet) {
        come_to_rest(result);
      }
    }
    if (const auto* timed = std::get_if<TimedExpectStep>(&step.action)) {
      of_.watches_.add(*timed, step.name, of_.world_);
      of_.watching_ = true;
    }
    look_at_watches(last, result);
    look_at_rest();
    if (notice_stop()) {
      return result;
    }
    if (of_.world_.misconduct) {
      const world::Misconduct& how = *of_.world_.misconduct;
      const policy::Policy& policy = of_.world_.views.sets.policy();
      of_.summary_.broken =
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
                                 of_.summary_.broken);
    } else if (const auto& broken = of_.watchdog_.broken()) {
      of_.summary_.broken = fmt::format(
          "{} {}{}", since_start(broken->time), to_string(*broken), because(broken->record));
      result.error =
          "what is guaranteed does not hold, and the run ends here:\n  " + of_.summary_.broken;
    } else if (of_.world_.spent) {
      of_.summary_.cut_short = true;
      result.error = fmt::format(
          "the run ends here: it has taken {} events by {}, and may not take more (--max-events)",
          of_.world_.events,
          to_go_string(of_.world_.now - kStartOfTime));
    }
    if (result.output) {
      of_.summary_.refused += result.output->exit != 0 ? 1u : 0u;
      of_.last_output_ = result.output;
    }
    if (result.moved) {
      of_.last_moved_ = result.moved;
    }
    of_.summary_.failed += result.differences.empty() ? 0u : 1u;
    const bool ends = of_.summary_.cut_short || !of_.summary_.broken.empty();
    of_.summary_.without_effect += result.error.empty() || ends ? 0u : 1u;
    of_.summary_.virtual_time = of_.world_.now - kStartOfTime;
    of_.summary_.others = of_.watchdog_.others();
    of_.goes_on_ = result.differences.empty();
    observer_.step_ends(step, result, of_.world_);
    return result;
  }

  void pass(SimTime until) {
    client(Actor::User).run_until(until);
    notice_stop();
  }

  world::Rest rest() {
    const world::Rest out = client(Actor::User).run_to_rest();
    notice_stop();
    return out;
  }

  void take_event() { world::step(of_.world_, of_.chooser_, *this); }

 private:
  /// Whether time stands still because it was asked to, and for no other reason.
  bool notice_stop() {
    of_.stopped_ = of_.world_.spent && !of_.world_.misconduct && !of_.watchdog_.broken() &&
                   of_.world_.events < of_.settings_->most_events;
    return of_.stopped_;
  }

  /// What led to a record, a line each, behind a line break; "" where that is not asked for again.
  std::string because(engine::TraceId record) {
    if (told_again_ || record == 0) {
      return "";
    }
    Retelling retelling(record);
    of_.tell_again(retelling);
    return retelling.lines();
  }

  /// What has failed of the expectations over time; behind the last step, what is still to come has
  /// the time that it was given, and else until nothing is left to happen.
  void look_at_watches(bool last, StepResult& result) {
    of_.watches_.look_at_clock(of_.world_.now);
    if (last && of_.watching_ && !of_.world_.spent) {
      world::Client user = client(Actor::User);
      const auto done = [this] { return of_.watches_.settled(); };
      if (const auto end = of_.watches_.last_end()) {
        user.run_until(done, *end + SimDuration{1});
        of_.watches_.look_at_clock(of_.world_.now);
      }
      user.run_until(done, std::nullopt);
      if (!of_.world_.spent) {
        of_.watches_.end(of_.world_);
      }
    }
    for (Failure& failure : of_.watches_.take_failures()) {
      result.differences.push_back(failure.text + because(failure.because));
    }
  }

  /// What holds of a world at rest is looked at once for each.
  void look_at_rest() {
    if (of_.scenario_->check && !of_.world_.spent && of_.world_.changes != of_.looked_at_ &&
        world::at_rest(of_.world_)) {
      of_.looked_at_ = of_.world_.changes;
      of_.watchdog_.rests(of_.world_);
    }
  }

  void come_to_rest(StepResult& result) {
    const SimTime begun = of_.world_.now;
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
            to_seconds_string(of_.world_.now - begun));
    }
  }

  /// Each step is taken at its time, and a pause at least after the one before has finished; an
  /// expectation takes no time.
  void wait_for_turn(const Step& step) {
    if (!takes_time(step) && !step.at) {
      return;
    }
    SimTime turn =
        of_.world_.now + (of_.summary_.steps == 0 ? SimDuration{} : of_.scenario_->pause);
    if (step.at) {
      turn = std::max(turn, kStartOfTime + *step.at);
    }
    client(Actor::User).run_until(turn);
  }

  world::Client client(Actor actor) {
    return {of_.world_, of_.chooser_, *this, actor, of_.record_, of_.halt_};
  }

  void command(const std::vector<std::string>& words, std::vector<Json> input, StepResult& result) {
    world::Client user = client(Actor::User);
    kubectl::Session session{user,
                             [this](const std::string& path) { return read(path); },
                             [this](const std::string& path, bool recursive) {
                               return manifest_files(of_.scenario_->folder, path, recursive);
                             },
                             std::move(input)};
    result.output = kubectl::run(words, session);
  }

  Result<std::string, std::string> read(const std::string& path) const {
    auto text = read_file(of_.scenario_->folder / path);
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
    command(command_of(step), step.manifests, result);
    result.recorded_output = true;
  }
  void perform(const DeleteStep& step, StepResult& result) {
    const bool ordered = step.cascade == Cascade::Ordered && step.target.kind == Kind::StatefulSet;
    if (!ordered) {
      command(command_of(step), {}, result);
    } else if (scale_to_zero(step.target, result)) {
      const kubectl::Output scaled = *std::move(result.output);
      command(command_of(step), {}, result);
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
      const api::ObjectPtr set = of_.world_.store.find(key);
      return !set || (set->as<api::StatefulSet>().status.observed_generation >= set->generation &&
                      set->as<api::StatefulSet>().status.replicas == 0);
    };
    if (client(Actor::User).run_until(empty, std::nullopt)) {
      return true;
    }
    result.output->err += fmt::format(
        "error: {} is not deleted: it still has pods, and {}\n",
        target.name,
        of_.world_.spent ? "the run may take no more events" : "nothing more is going to happen");
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
    client(Actor::User).run_until(of_.world_.now + step.by);
  }
  void perform(const SettleStep&, StepResult& result) {
    come_to_rest(result);
    if (of_.settings_->auto_kubelet) {
      return;
    }
    result.moved.emplace();
    while (const auto move = result.error.empty() ? next_move(of_.world_) : std::nullopt) {
      world::Client kubelet = client(Actor::Kubelet);
      const auto& [pod, fate] = *move;
      const std::uint64_t before = of_.world_.changes;
      const std::string refused = move_pod(kubelet, pod, fate);
      if (of_.world_.changes == before) {
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
    for (const Difference& difference : of_.unmet(step)) {
      result.differences.push_back(to_text(difference));
    }
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
      command(command_of(step), {}, result);
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
    const api::ObjectPtr pod = of_.world_.store.find(key);
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
    if (!of_.settings_->auto_kubelet && step.becomes == node::ServerState::Down) {
      result.error = "with `kubelet: stepped` only steps move pods: nothing would come of it";
      return;
    }
    const auto volumes = of_.world_.store.list(Kind::PersistentVolume);
    if (std::ranges::none_of(volumes, [&step](const api::ObjectPtr& volume) {
          return volume->as<api::Volume>().spec->nfs_server == step.server;
        })) {
      result.error = fmt::format("no volume is on NFS server {}", step.server);
      return;
    }
    note_effect(client(Actor::User).strike(step.server, step.becomes), "it is so already", result);
  }
  void perform(const DnsStep& step, StepResult& result) {
    if (step.fault.server >= of_.settings_->dns.servers) {
      result.error = fmt::format("there is no DNS server {}: dns: {{servers: {}}}",
                                 step.fault.server + 1,
                                 of_.settings_->dns.servers);
      return;
    }
    note_effect(client(Actor::User).strike(step.fault), "it is so already", result);
  }
  void perform(const HistoryStep& step, StepResult& result) {
    const api::ObjectPtr volume = of_.world_.store.find({Kind::PersistentVolume, "", step.volume});
    if (!volume) {
      result.error = fmt::format("volume {} not found", step.volume);
    } else if (!of_.scenario_->check) {
      result.error = "nothing was noted (--no-check)";
    } else {
      result.output = kubectl::Output{history(*volume), "", 0, {}};
    }
  }

  /// Who has used a volume, a line each.
  [[nodiscard]] std::string history(const api::Object& volume) const {
    const std::string place = node::file_place(volume);
    std::string out = fmt::format("{} ({})\n", volume.key.name, place);
    const auto& uses = of_.watchdog_.data().of(place);
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
    if (!what.empty() && of_.world_.store.find(about)) {
      of_.record_ = client(Actor::User).note_accident(about, std::string(what));
    }
  }

  static void note_effect(bool had_effect, std::string_view why, StepResult& result) {
    if (!had_effect) {
      result.error = why;
    }
  }

  template <class Other>
  void perform(const Other& step, StepResult& result) {
    command(command_of(step), {}, result);
  }

  Session& of_;
  RunObserver& observer_;
  bool told_again_;  ///< only to say what led to something
  // For tally().
  std::uint64_t events_before_;
  std::uint64_t writes_{};
  std::uint64_t syncs_{};
};

Session::Session(std::shared_ptr<const Scenario> scenario,
                 std::shared_ptr<const world::Settings> settings,
                 RunObserver& observer)
    : scenario_(std::move(scenario)),
      settings_(std::move(settings)),
      chooser_(scenario_->seed),
      world_(world::make_world(settings_, observer)) {
  if (scenario_->check) {
    watchdog_.begin(world_);
  }
  observer.run_begins(world_);
}

Tally tally() {
  return {all_events, all_writes, all_syncs};
}

void Session::tell_again(RunObserver& observer) const {
  Session again(scenario_, settings_, observer);
  again.stop_at({world_.now});
  for (const auto& step : taken_) {
    if (again.stopped_) {
      break;
    }
    Taking(again, observer, true).take(step, false);
  }
  if (!again.stopped_) {
    Taking(again, observer, true).pass(world_.now);
  }
}

std::vector<Difference> Session::unmet(const ExpectStep& expectation) const {
  return differences(expectation,
                     world_,
                     {last_output_, last_moved_, scenario_->check ? &watchdog_.others() : nullptr});
}

StepResult Session::take(std::shared_ptr<const Step> step, RunObserver& observer, bool last) {
  return Taking(*this, observer).take(std::move(step), last);
}

void Session::stop_at(const world::Halt& halt) {
  halt_ = halt;
  world_.spent = world_.spent && !stopped_;
  stopped_ = false;
}

void Session::call_last(std::shared_ptr<const Step> step) {
  STSIM_ASSERT(!taken_.empty());
  taken_.back() = std::move(step);
}

void Session::pass(SimTime until, RunObserver& observer) {
  Taking(*this, observer).pass(until);
}

world::Rest Session::rest(RunObserver& observer) {
  return Taking(*this, observer).rest();
}

bool Session::take_event(RunObserver& observer) {
  if (world_.queue.empty() || world_.spent) {
    return false;
  }
  Taking(*this, observer).take_event();
  return true;
}

}  // namespace stsim::scenario
