#include "support/sync_summary.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/controllers/plan_progress.hpp>
#include <stsim/controllers/statefulset/statefulset.hpp>

namespace stsim::test {

using api::Kind;
using api::OwnerReference;

std::string owners_text(const SharedVector<OwnerReference>& owners) {
  std::string out;
  for (const OwnerReference& owner : owners) {
    out += fmt::format(
        "{}{}/{}{}", out.empty() ? "" : ",", owner.kind, owner.name, owner.controller ? "*" : "");
  }
  return out.empty() ? "none" : out;
}

std::string call_text(std::string_view verb, const api::ObjectKey& key) {
  return fmt::format("{} {} {}", verb, api::info(key.kind).plural, key.name);
}

namespace {

std::string line_of(const controllers::Call& call) {
  using Verb = controllers::Call::Verb;
  switch (call.verb) {
    case Verb::Create:
      if (call.target.kind == Kind::Pod) {
        return fmt::format("{} revision {}",
                           call_text("create", call.target),
                           call.object->label(api::kRevisionLabel));
      }
      if (call.target.kind == Kind::ControllerRevision) {
        return fmt::format("{} revision {}",
                           call_text("create", call.target),
                           call.object->as<api::ControllerRevision>().revision);
      }
      return call_text("create", call.target);
    case Verb::Update:
      if (call.target.kind == Kind::ControllerRevision) {
        return fmt::format("{} revision {}",
                           call_text("update", call.target),
                           call.object->as<api::ControllerRevision>().revision);
      }
      if (call.target.kind == Kind::PersistentVolumeClaim) {
        return fmt::format(
            "{} owners {}", call_text("update", call.target), owners_text(call.object->owners));
      }
      return call_text("update", call.target);
    case Verb::UpdateStatus:
      return call_text("update status of", call.target);
    case Verb::Patch: {
      const auto* added = std::get_if<controllers::AddOwner>(&*call.mutation);
      if (added != nullptr && call.target.kind == Kind::PersistentVolumeClaim) {
        // Of a claim made in this very sync, whose version nobody knows yet.
        return fmt::format(
            "{} owners {}", call_text("update", call.target), owners_text({added->owner}));
      }
      return call_text("patch", call.target) + (added != nullptr ? " adopt" : " release");
    }
    case Verb::Delete:
      return call_text("delete", call.target);
    case Verb::Recheck:
      return call_text("get", call.target);
    case Verb::Fail:
    case Verb::Tell:
      break;
  }
  return fmt::format("{}: {}", call_text("fail", call.target), call.error);
}

}  // namespace

SyncSummary reduce(const controllers::Plan& plan) {
  SyncSummary out;
  controllers::PlanProgress progress;
  progress.begin(plan);
  while (progress.stage != controllers::PlanProgress::Stage::Done) {
    if (const controllers::Call* call = progress.next_call(plan)) {
      out.calls.push_back(line_of(*call));
      store::WriteResult result;
      if (call->verb == controllers::Call::Verb::Fail) {
        result = tl::unexpected(api::bad_request(call->error));
      }
      progress.call_ended(plan, result);
    } else {
      if (plan.status) {
        out.status = controllers::statefulset::final_status(*plan.status, progress.succeeded);
      }
      progress.status_ended(plan, "");
    }
  }
  out.failed = !progress.failure.empty();
  if (!out.failed && !plan.again.empty()) {
    out.again = plan.again.front().after;
  }
  return out;
}

std::string to_string(const SyncSummary& sync) {
  std::string out;
  for (const std::string& call : sync.calls) {
    out += call + "\n";
  }
  if (sync.status) {
    const api::StatefulSetStatus& s = *sync.status;
    out += fmt::format(
        "status: replicas {} ready {} available {} current {} at {} updated {} at {}, generation "
        "{}, collisions {}\n",
        s.replicas,
        s.ready_replicas,
        s.available_replicas,
        s.current_replicas,
        s.current_revision,
        s.updated_replicas,
        s.update_revision,
        s.observed_generation,
        s.collision_count);
  } else {
    out += "status: as stored\n";
  }
  if (sync.again) {
    out += "looked at again after " + to_go_string(*sync.again) + "\n";
  }
  out += sync.failed ? "the sync fails\n" : "";
  return out;
}

}  // namespace stsim::test
