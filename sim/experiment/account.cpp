#include "experiment/step_lines.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>
#include <stsim/experiment/account.hpp>
#include <stsim/report/news.hpp>
#include <stsim/scenario/retelling.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace stsim::experiment {

namespace {

using api::Kind;
using api::Object;
using engine::TraceRecord;

/// So many pods of each set are at each revision.
using Revisions = std::map<std::pair<std::string, std::string>, std::map<std::string, int>>;

Revisions revisions_of(const world::World& world) {
  Revisions out;
  world.store.for_each(Kind::Pod, [&out](const api::ObjectPtr& pod) {
    if (const api::OwnerReference* owner = pod->controller()) {
      ++out[{std::string(pod->key.ns), std::string(owner->name)}]
           [std::string(controllers::statefulset::revision_of(*pod))];
    }
  });
  return out;
}

std::string words_of_set(const Object& set, const Revisions& revisions) {
  const auto& [spec, status] = set.as<api::StatefulSet>();
  std::string out = fmt::format("{} of {} pods ready, {} available",
                                status.ready_replicas,
                                spec->replicas,
                                status.available_replicas);
  if (status.current_revision != status.update_revision) {
    return out + fmt::format(", {} at {}, {} at {}, the update",
                             status.current_replicas,
                             status.current_revision,
                             status.updated_replicas,
                             status.update_revision);
  }
  int others = 0;
  const auto pods = revisions.find({std::string(set.key.ns), std::string(set.key.name)});
  if (pods != revisions.end()) {
    for (const auto& [revision, count] : pods->second) {
      others += revision == status.update_revision ? 0 : count;
    }
  }
  if (status.update_revision.empty()) {
    return out;
  }
  return out + (others == 0 ? fmt::format(", all at {}", status.update_revision)
                            : fmt::format(", {} not at {}", others, status.update_revision));
}

std::string words_of_pod(const Object& pod) {
  const auto& body = pod.as<api::Pod>();
  std::string out = body.node_name.empty() ? "on no node" : fmt::format("on {}", body.node_name);
  if (const std::string_view revision = controllers::statefulset::revision_of(pod);
      !revision.empty()) {
    out += fmt::format(", at {}", revision);
  }
  out += fmt::format(
      ", {}{}", api::to_string(body.status.phase), body.status.ready() ? ", ready" : "");
  int restarts = 0;
  for (const api::ContainerStatus& container : body.status.containers) {
    restarts += container.restart_count;
    if (container.state.type == api::ContainerState::Type::Waiting &&
        !container.state.why->reason.empty()) {
      out += fmt::format(", {}", container.state.why->reason);
    }
  }
  if (restarts > 0) {
    out += fmt::format(", {} restart{}", restarts, restarts == 1 ? "" : "s");
  }
  return out;
}

std::string words_of_claim(const Object& claim) {
  const auto& body = claim.as<api::Claim>();
  return body.volume_name.empty()
             ? std::string(api::to_string(body.phase))
             : fmt::format("{} to {}", api::to_string(body.phase), body.volume_name);
}

std::string words_of_volume(const Object& volume) {
  const auto& body = volume.as<api::Volume>();
  std::string out(api::to_string(body.phase));
  if (body.claim_ref) {
    out += fmt::format(", for {}/{}", body.claim_ref->ns, body.claim_ref->name);
  }
  return out;
}

std::string words_of_revision(const Object& revision) {
  return fmt::format("revision {}", revision.as<api::ControllerRevision>().revision);
}

struct Told {
  Kind kind;
  std::string_view word;
  std::string (*words)(const Object& object);
};
constexpr std::array kTold{Told{Kind::StatefulSet, "statefulset", nullptr},
                           Told{Kind::Pod, "pod", words_of_pod},
                           Told{Kind::PersistentVolumeClaim, "claim", words_of_claim},
                           Told{Kind::PersistentVolume, "volume", words_of_volume},
                           Told{Kind::ControllerRevision, "revision", words_of_revision}};

void add_lines(std::vector<std::string>& out, std::string_view text) {
  const std::vector<std::string> lines = lines_of(text);
  out.insert(out.end(), lines.begin(), lines.end());
}

/// `web-0`, outside namespace default `other/web-0`.
std::string shown_name(const api::ObjectKey& key) {
  const bool usual = key.ns.empty() || key.ns == api::kDefaultNamespace;
  return usual ? std::string(key.name) : fmt::format("{}/{}", key.ns, key.name);
}

/// What changed of how things stand.
std::vector<Standing> difference(const std::vector<Standing>& before,
                                 const std::vector<Standing>& after) {
  std::map<std::string_view, std::string_view> known;
  for (const Standing& standing : before) {
    known.emplace(standing.object, standing.line);
  }
  std::vector<Standing> out;
  for (const Standing& standing : after) {
    const auto found = known.find(standing.object);
    if (found == known.end() || found->second != standing.line) {
      out.push_back(standing);
    }
    if (found != known.end()) {
      known.erase(found);
    }
  }
  for (const Standing& standing : before) {
    if (known.contains(standing.object)) {
      out.push_back({standing.object, standing.object + ": gone"});
    }
  }
  return out;
}

/// Happening::chore. A call that is refused is none.
bool is_chore(const TraceRecord& record) {
  using engine::Actor;
  if (record.type == TraceRecord::Type::Kubelet) {
    return true;
  }
  return record.type == TraceRecord::Type::Call && record.code < 400 &&
         (record.actor == Actor::VolumeBinder || record.actor == Actor::EndpointsController ||
          record.actor == Actor::EndpointSliceController ||
          record.resource == "statefulsets/status");
}

/// Happening::act.
std::string act_of(const TraceRecord& record) {
  if (record.type != TraceRecord::Type::Call) {
    return "";
  }
  std::string out = fmt::format("{} {} {} {}",
                                engine::name(record.actor),
                                record.verb,
                                record.resource,
                                shown_name(record.object));
  if (record.code >= 400) {
    out += fmt::format(" {}", record.code);
  } else if (record.object.kind == Kind::Pod && record.before == nullptr &&
             record.after != nullptr) {
    out += fmt::format(" at {}", controllers::statefulset::revision_of(*record.after));
  }
  return out;
}

void replace_all(std::string& in, std::string_view what, std::string_view by) {
  for (std::size_t at = in.find(what); at != std::string::npos;
       at = in.find(what, at + by.size())) {
    in.replace(at, what.size(), by);
  }
}

class Accountant : public scenario::RunObserver {
 public:
  void record(const TraceRecord& record) override {
    if (record.type == TraceRecord::Type::Call && record.before == nullptr &&
        record.after != nullptr &&
        (record.object.kind == Kind::ControllerRevision ||
         record.object.kind == Kind::EndpointSlice)) {
      note_name(record.object);
    }
    meter_.record(record);
    if (!news_.tell(record)) {
      return;
    }
    happened_.push_back(
        {record.id,
         record.time,
         record.actor != engine::Actor::Kubelet && record.type != TraceRecord::Type::Fault,
         is_chore(record),
         act_of(record),
         fmt::format("{}: {}", engine::name(record.actor), engine::in_words(record))});
  }

  void run_begins(const world::World& world) override { meter_.run_begins(world); }

  /// What happened since the step before ended belongs to that one: it had set it off.
  void step_begins(const scenario::Step& step,
                   const std::string& prompt,
                   const world::World& world) override {
    meter_.step_begins(step, prompt, world);
    end_step(world);
    begun_ = world.now;
  }

  void step_ends(const scenario::Step& /*step*/,
                 const scenario::StepResult& result,
                 const world::World& world) override {
    StepAccount step;
    step.prompt = (result.output ? "$ " : "# ") + result.prompt;
    if (result.output) {
      add_lines(step.printed, result.output->out);
      add_lines(step.printed, result.output->err);
    }
    add_lines(step.printed, result.error);
    step.unexpected = result.differences;
    step.begun = begun_;
    step.ended = world.now;
    account.steps.push_back(std::move(step));
  }

  void run_ends(const scenario::RunSummary& summary, const world::World& world) override {
    end_step(world);
    meter_.run_ends(summary, world);
    account.phases = meter_.phases();
    account.summary = summary;
  }

  Account account;

 private:
  void note_name(const api::ObjectKey& key) {
    const std::string name = key.name;
    const bool slice = key.kind == Kind::EndpointSlice;
    const std::string base = name.substr(0, name.rfind('-')) + (slice ? "@slice" : "@");
    const int number = ++named_[base];
    account.made_up.emplace_back(name, base + (slice && number == 1 ? "" : std::to_string(number)));
  }

  void end_step(const world::World& world) {
    if (account.steps.empty()) {
      happened_.clear();  // the cluster was made
    } else {
      StepAccount& last = account.steps.back();
      last.happened = std::exchange(happened_, {});
      std::vector<Standing> now = standings(world);
      last.standing = difference(standing_, now);
      standing_ = std::move(now);
    }
  }

  report::News news_;
  Meter meter_;
  std::map<std::string, int> named_;
  std::vector<Happening> happened_;
  std::vector<Standing> standing_;
  SimTime begun_;
};

}  // namespace

Account without_made_up_names(Account account) {
  for (const auto& [name, by] : account.made_up) {
    for (StepAccount& step : account.steps) {
      for (std::string& line : step.printed) {
        replace_all(line, name, by);
      }
      for (Happening& happening : step.happened) {
        replace_all(happening.line, name, by);
        replace_all(happening.act, name, by);
      }
      for (Standing& standing : step.standing) {
        replace_all(standing.object, name, by);
        replace_all(standing.line, name, by);
      }
    }
  }
  return account;
}

std::vector<std::string> failures(const Account& account) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < account.steps.size(); ++i) {
    const StepAccount& step = account.steps[i];
    if (!step.unexpected.empty()) {
      std::string text =
          fmt::format("step {} {}: the expectation does not hold:", i + 1, one_line(step.prompt));
      for (const std::string& line : step.unexpected) {
        text += "\n  " + line;
      }
      out.push_back(std::move(text));
    }
  }
  if (!account.summary.broken.empty()) {
    out.push_back("a guarantee is broken: " + account.summary.broken);
  }
  if (account.summary.cut_short) {
    out.emplace_back("the run did not come to an end");
  }
  return out;
}

Account account_of(const scenario::Scenario& scenario) {
  Accountant accountant;
  scenario::run(scenario, accountant);
  return std::move(accountant.account);
}

std::string because(const scenario::Scenario& scenario, engine::TraceId record) {
  scenario::Retelling retelling(record);
  scenario::run(scenario, retelling);
  return retelling.lines();
}

std::vector<Standing> standings(const world::World& world) {
  std::vector<Standing> out;
  const Revisions revisions = revisions_of(world);
  for (const Told& told : kTold) {
    std::vector<api::ObjectPtr> objects = world.store.list(told.kind);
    std::ranges::stable_sort(objects, [](const api::ObjectPtr& a, const api::ObjectPtr& b) {
      return api::natural_less(a->key.name.view(), b->key.name.view());
    });
    for (const api::ObjectPtr& object : objects) {
      std::string name = fmt::format("{} {}", told.word, shown_name(object->key));
      const std::string words =
          told.words == nullptr ? words_of_set(*object, revisions) : told.words(*object);
      std::string line =
          fmt::format("{}: {}{}", name, words, object->terminating() ? ", on its way out" : "");
      out.push_back({std::move(name), std::move(line)});
    }
  }
  return out;
}

}  // namespace stsim::experiment
