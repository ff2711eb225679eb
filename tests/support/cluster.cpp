#include "support/cluster.hpp"

#include <stsim/api/well_known.hpp>
#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/revisions.hpp>

namespace stsim::test {

namespace sts = controllers::statefulset;

api::ObjectPtr Cluster::make_pod(int ordinal, const PodState& state) {
  const api::ObjectPtr set = store_.find({api::Kind::StatefulSet, "default", "web"});
  const api::Json& pod_template = *set->as<api::StatefulSet>().spec->pod_template;
  std::string revision = state.revision;
  if (revision.empty()) {
    const std::string data =
        api::to_go_json(sts::revision_data(pod_template, store_.features().release));
    revision = "web-" + sts::revision_hash(data, 0);
  }
  api::Object pod =
      sts::make_pod(*set,
                    sts::make_template(*set, revision, pod_template, store_.features()),
                    ordinal,
                    store_.features().release);
  pod.as<api::Pod>().node_name = "node1";
  if (state.without_revision) {
    pod.labels.erase(api::kRevisionLabel);
  }
  pod = *create(std::move(pod));
  auto& status = pod.as<api::Pod>().status;
  status.phase = state.phase;
  status.set_condition(api::PodConditionType::Ready, state.ready, now - state.ready_for);
  api::ObjectPtr made = *store_.update_status(std::move(pod), 0);
  if (state.terminating) {
    made = *store_.remove(made->key, {}, now, 0);
  }
  return made;
}

std::vector<std::string> calls(const controllers::Plan& plan) {
  std::vector<std::string> out;
  for (const controllers::Group& group : plan.groups) {
    for (const controllers::Call& call : group.calls) {
      if (call.verb == controllers::Call::Verb::Tell) {
        continue;
      }
      if (call.target.kind != api::Kind::Pod &&
          call.target.kind != api::Kind::PersistentVolumeClaim) {
        continue;
      }
      using Verb = controllers::Call::Verb;
      const char* verb = call.verb == Verb::Create   ? "create"
                         : call.verb == Verb::Delete ? "delete"
                         : call.verb == Verb::Fail   ? "fail"
                         : call.verb == Verb::Patch  ? "patch"
                                                     : "update";
      out.push_back(fmt::format("{} {}", verb, call.target.name));
    }
  }
  return out;
}

}  // namespace stsim::test
