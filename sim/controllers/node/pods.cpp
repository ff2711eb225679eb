#include "pods.hpp"

namespace stsim::controllers::node {

std::vector<api::ObjectPtr> pods_on(const api::ObjectKey& node, const store::Cache& cache) {
  std::vector<api::ObjectPtr> out = cache.list(api::Kind::Pod);
  std::erase_if(out, [&node](const api::ObjectPtr& pod) {
    return pod->as<api::Pod>().node_name != node.name;
  });
  return out;
}

Group& add_status(Plan& plan, api::Object pod, std::string why, std::string_view rule) {
  Group& group = plan.groups.emplace_back();
  group.on_error = Group::OnError::GoOn;
  Call& call = group.calls.emplace_back();
  call.verb = Call::Verb::UpdateStatus;
  call.target = pod.key;
  call.object = std::make_shared<const api::Object>(std::move(pod));
  call.harmless = {"NotFound"};
  call.why = std::move(why);
  call.rule = rule;
  return group;
}

void add_deletion(Group& group,
                  const api::Object& pod,
                  std::optional<std::int64_t> grace_seconds,
                  std::string why,
                  std::string_view rule) {
  Call& call = group.calls.emplace_back();
  call.verb = Call::Verb::Delete;
  call.target = pod.key;
  call.options.uid = pod.uid;
  call.options.grace_seconds = grace_seconds;
  call.harmless = {"NotFound"};
  call.why = std::move(why);
  call.rule = rule;
}

}  // namespace stsim::controllers::node
