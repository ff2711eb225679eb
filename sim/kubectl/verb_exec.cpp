// exec. Rule: KC-23.
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/pod_shell.hpp>

#include <algorithm>
#include <tuple>

namespace stsim::kubectl {

using api::Kind;
using api::ObjectPtr;

namespace {

/// The pod that serves best of those an object owns: one that runs and is ready, if there is one.
/// Errors: recorded.
ObjectPtr best_pod_of(Command& command, const api::ObjectKey& key) {
  const store::Store& store = command.client().store();
  const ObjectPtr owner = store.find(key);
  if (!owner) {
    command.fail(api::not_found(key.kind, key.name));
    return nullptr;
  }
  const auto rank = [](const ObjectPtr& pod) {
    const auto& body = pod->as<api::Pod>();
    return std::tuple(body.node_name.empty(),
                      body.status.phase != api::PodPhase::Running,
                      !body.status.ready(),
                      body.status.condition(api::PodConditionType::Ready).last_transition());
  };
  const std::vector<ObjectPtr> pods = store.owned_by(owner->uid);
  ObjectPtr best;
  for (const ObjectPtr& pod : pods) {
    if (pod->key.kind == Kind::Pod && (!best || rank(pod) < rank(best))) {
      best = pod;
    }
  }
  if (!best) {
    command.fail("timed out waiting for the condition");
  }
  return best;
}

/// The pod that the first word names. Errors: recorded.
ObjectPtr pod_of(Command& command) {
  if (command.arguments.words.empty()) {
    command.fail("pod, type/name or --filename must be specified");
    return nullptr;
  }
  std::string word = command.arguments.words.front();
  if (const std::size_t slash = word.find('/'); slash != std::string::npos) {
    const auto kind = api::find_kind(word.substr(0, slash));
    if (!kind) {
      command.fail(
          fmt::format("the server doesn't have a resource type \"{}\"", word.substr(0, slash)));
      return nullptr;
    }
    word = word.substr(slash + 1);
    if (*kind != Kind::Pod) {
      return best_pod_of(command, {*kind, command.ns(), word});
    }
  }
  ObjectPtr pod = command.client().store().find({Kind::Pod, command.ns(), word});
  if (!pod) {
    command.fail(api::not_found(Kind::Pod, word));
  }
  return pod;
}

/// The place of the container that is meant, if it can be reached. Errors: recorded.
std::optional<std::size_t> container_of(Command& command, const api::Object& pod) {
  const auto& body = pod.as<api::Pod>();
  const auto& containers = body.spec->containers;
  std::size_t place = 0;
  if (command.arguments.has("container")) {
    const std::string wanted = command.arguments.value("container");
    const auto found = std::ranges::find(containers, wanted, &api::ContainerSpec::name);
    if (found == containers.end()) {
      command.fail(api::bad_request(
          fmt::format("container {} is not valid for pod {}", wanted, pod.key.name)));
      return std::nullopt;
    }
    place = static_cast<std::size_t>(found - containers.begin());
  } else if (containers.size() > 1 && !command.arguments.on("quiet")) {
    std::string names;
    for (const api::ContainerSpec& container : containers) {
      names += (names.empty() ? "" : ", ") + container.name;
    }
    command.output.err +=
        fmt::format("Defaulted container \"{}\" out of: {}\n", containers.front().name, names);
  }
  if (body.status.ended()) {
    command.fail(fmt::format("cannot exec into a container in a completed pod; current phase is {}",
                             api::to_string(body.status.phase)));
    return std::nullopt;
  }
  if (body.node_name.empty()) {
    command.fail(
        api::bad_request(fmt::format("pod {} does not have a host assigned", pod.key.name)));
    return std::nullopt;
  }
  const auto& statuses = body.status.containers;
  if (place >= statuses.size() ||
      statuses[place].state.type != api::ContainerState::Type::Running) {
    command.fail(fmt::format("unable to upgrade connection: container not found (\"{}\")",
                             place < containers.size() ? containers[place].name : ""));
    return std::nullopt;
  }
  return place;
}

}  // namespace

void run_exec(Command& command) {
  const std::vector<std::string>& line = command.arguments.after_dash;
  if (command.arguments.words.size() > 1) {
    command.fail(
        "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\n"
        "See 'kubectl exec -h' for help and examples");
    return;
  }
  const ObjectPtr pod = pod_of(command);
  if (!pod) {
    return;
  }
  if (line.empty()) {
    command.fail("you must specify at least one command for the container");
    return;
  }
  const auto container = container_of(command, *pod);
  if (!container) {
    return;
  }
  world::World& world = command.client().mutable_world();
  const dns::Ask ask = dns::noting(command.client().ask_names(pod->key),
                                   {dns::RecordType::A, dns::RecordType::SRV},
                                   command.output.notes);
  const ExecResult result =
      run_in_pod({*pod, *container, world.store, world.nodes, world.now, ask}, line);
  for (const FileWrite& write : result.writes) {
    if (world.nodes.server_of(write.key.place) == node::ServerState::Down) {
      continue;  // that is where it hangs
    }
    if (write.text) {
      world.nodes.files.set(write.key, *write.text);
    } else {
      world.nodes.files.erase(write.key);
    }
    command.client().note_write(pod->key, write.key);
  }
  if (!result.hangs.empty()) {
    command.fail(
        fmt::format("the command hangs: the NFS server of {} does not answer", result.hangs));
    return;
  }
  command.output.out += result.out;
  command.output.err += result.err;
  if (result.exit != 0) {
    command.output.err += fmt::format("command terminated with exit code {}\n", result.exit);
    command.output.exit = result.exit;
  }
}

}  // namespace stsim::kubectl
