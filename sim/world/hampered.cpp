// What keeps pods from their work, or lets them work on, beyond what they do themselves: NFS
// servers that do not answer, other pods that are not there, and pods that nobody knows any more.
#include "context.hpp"

#include <fmt/format.h>
#include <stsim/dns/zone.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace stsim::world {

using api::Kind;
using api::ObjectKey;
using api::ObjectPtr;
using engine::Actor;
using engine::TraceRecord;

namespace {

engine::TraceId tell(Context& context,
                     TraceRecord::Type type,
                     const ObjectKey& about,
                     std::string text,
                     std::string_view rule,
                     const engine::Causes& causes) {
  TraceRecord told;
  told.type = type;
  told.actor = Actor::Kubelet;
  told.object = about;
  told.text = std::move(text);
  told.rule = rule;
  told.causes = causes;
  return record(context, told);
}

/// The volumes that a pod's claims are bound to.
std::vector<ObjectPtr> volumes_of(const World& world, const api::Object& pod) {
  std::vector<ObjectPtr> out;
  for (const api::ClaimVolume& volume : api::claims(pod)) {
    const ObjectPtr claim =
        world.store.find({Kind::PersistentVolumeClaim, pod.key.ns, volume.claim});
    const ObjectPtr found =
        claim ? world.store.find({Kind::PersistentVolume, "", claim->as<api::Claim>().volume_name})
              : nullptr;
    if (found) {
      out.push_back(found);
    }
  }
  return out;
}

/// Whether containers of a pod have their volumes mounted.
bool has_started(const api::Object& pod) {
  const api::Pod& body = pod.as<api::Pod>();
  return !body.node_name.empty() && !body.status.pod_ip.empty() && !body.status.ended();
}

bool runs(const api::Object& pod) {
  const api::PodStatus& status = pod.as<api::Pod>().status;
  return std::ranges::any_of(status.containers, [](const api::ContainerStatus& container) {
    return container.state.type == api::ContainerState::Type::Running;
  });
}

/// Looks at the pods of a cluster as those do who look for them.
class Peers {
 public:
  explicit Peers(const World& world) : world_(world), zone_(world.store) {}

  /// Whether a pod lacks what it needs.
  [[nodiscard]] bool lonely(const api::Object& pod, const node::Needs& needs) const {
    const std::uint32_t* past = world_.nodes.past_pods.find(api::short_digest(pod.key));
    if (needs.first_alone && past == nullptr) {
      return false;
    }
    return (needs.members > 0 && members(pod, needs.members) < needs.members) ||
           (needs.predecessor && !has_predecessor(pod));
  }

 private:
  /// Whether others find it by its name. Rule: SD-21.
  [[nodiscard]] bool found(const api::Object& pod) const {
    const auto& body = pod.as<api::Pod>();
    const std::string name = fmt::format("{}.{}.{}.svc.{}",
                                         api::host_name(pod),
                                         body.spec->subdomain,
                                         pod.key.ns,
                                         dns::kClusterDomain);
    return !body.status.pod_ip.empty() &&
           std::ranges::any_of(
               zone_.query(name, dns::RecordType::A).records,
               [&body](const dns::Record& record) { return record.data == body.status.pod_ip; });
  }

  /// How many run and are found, itself among them; at least `enough` if there are as many.
  [[nodiscard]] std::int32_t members(const api::Object& pod, std::int32_t enough) const {
    const api::OwnerReference* owner = pod.controller();
    if (owner == nullptr) {
      return 1;
    }
    const auto [known, fresh] = members_.try_emplace({owner->uid, enough});
    std::set<api::Uid>& those = known->second;
    for (const ObjectPtr& other :
         fresh ? world_.store.owned_by(owner->uid, Kind::Pod) : std::vector<ObjectPtr>{}) {
      if (those.size() < static_cast<std::size_t>(enough) && runs(*other) && found(*other)) {
        those.insert(other->uid);
      }
    }
    return static_cast<std::int32_t>(those.size()) + (those.contains(pod.uid) ? 0 : 1);
  }

  [[nodiscard]] bool has_predecessor(const api::Object& pod) const {
    const auto [parent, ordinal] = api::parent_and_ordinal(pod.key.name.view());
    const api::OwnerReference* owner = pod.controller();
    const ObjectPtr set = owner == nullptr
                              ? nullptr
                              : world_.store.find({Kind::StatefulSet, pod.key.ns, owner->name});
    const std::int32_t first = set ? set->as<api::StatefulSet>().spec->start_ordinal : 0;
    if (ordinal <= first) {
      return true;
    }
    const ObjectPtr before =
        world_.store.find({Kind::Pod, pod.key.ns, fmt::format("{}-{}", parent, ordinal - 1)});
    return before && !before->terminating() && before->as<api::Pod>().status.ready() &&
           found(*before);
  }

  const World& world_;
  dns::Zone zone_;
  /// By set and how many are enough, once it was asked for: those that run and are found.
  mutable std::map<std::pair<api::Uid, std::int32_t>, std::set<api::Uid>> members_;
};

void become(Context& context,
            const api::Object& pod,
            bool node::Hampered::*what,
            bool now,
            const std::string& text,
            const engine::Causes& causes) {
  World& world = context.world;
  node::Hampered hampered = world.nodes.hampered_of(pod.key);
  if (hampered.*what == now) {
    return;
  }
  hampered.*what = now;
  ++hampered.changes;
  world.nodes.hampered.set(pod.key, hampered);
  const engine::TraceId id = tell(context, TraceRecord::Type::Kubelet, pod.key, text, "", causes);
  behave_now(context, pod, false, engine::Causes(id));
}

/// Whether the containers of a pod wait for a server: of those whose volumes are mounted.
void look_at_stall(Context& context, const api::Object& pod, const engine::Causes& causes) {
  const bool stalled = has_started(pod) && !unmountable(context.world, pod).empty();
  become(context,
         pod,
         &node::Hampered::stalled,
         stalled,
         stalled ? "its containers wait for their NFS server"
                 : "its containers do not wait for an NFS server any more",
         causes);
}

}  // namespace

void wake(Context& context, const api::Object& pod, const engine::Causes& causes) {
  become(context,
         pod,
         &node::Hampered::stalled,
         false,
         "nothing runs in it that could wait for an NFS server",
         causes);
}

bool strike(Context& context,
            const std::string& server,
            node::ServerState becomes,
            engine::TraceId cause) {
  World& world = context.world;
  const node::ServerState before = world.nodes.server_of(server);
  if (before == becomes) {
    return false;
  }
  if (becomes == node::ServerState::Up) {
    world.nodes.servers.erase(server);
  } else {
    world.nodes.servers.set(server, becomes);
  }
  const engine::Causes causes(
      tell(context,
           TraceRecord::Type::Fault,
           {},
           fmt::format("NFS server {}: {}",
                       server,
                       becomes == node::ServerState::Up     ? "it is well again"
                       : becomes == node::ServerState::Down ? "it does not answer any more"
                                                            : "there is no space left on it"),
           "PV-5",
           engine::Causes(cause)));
  ++world.changes;  // what was in vain before may not be so now
  for (const ObjectPtr& pod : world.store.list(Kind::Pod)) {
    look_at_stall(context, *pod, causes);
  }
  return true;
}

void look_at_needs(Context& context, const engine::Causes& causes) {
  World& world = context.world;
  if (!world.settings->timing.any_needs()) {
    return;
  }
  const Peers peers(world);
  for (const ObjectPtr& pod : world.store.list(Kind::Pod)) {
    if (pod->terminating() || pod->as<api::Pod>().status.ended()) {
      continue;
    }
    if (const node::Needs* needs = node::needs_of(*pod, world.settings->timing, world.nodes)) {
      const bool lonely = peers.lonely(*pod, *needs);
      become(context,
             *pod,
             &node::Hampered::lonely,
             lonely,
             lonely ? "it does not find the pods that it needs" : "it finds the pods that it needs",
             causes);
    }
  }
}

std::string unmountable(const World& world, const api::Object& pod) {
  if (world.nodes.servers.empty()) {
    return "";
  }
  for (const ObjectPtr& volume : volumes_of(world, pod)) {
    const auto& body = volume->as<api::Volume>();
    const Text& server = body.spec->nfs_server;
    if (world.nodes.server_of(server) == node::ServerState::Down) {
      return fmt::format(
          "MountVolume.SetUp failed for volume \"{0}\" : mount failed: exit status 32\n"
          "Mounting command: mount\n"
          "Mounting arguments: -t nfs {1}:{2} "
          "/var/lib/kubelet/pods/{3}/volumes/kubernetes.io~nfs/{0}\n"
          "Output: mount.nfs: Connection timed out\n",
          volume->key.name,
          server,
          body.nfs_path,
          pod.uid.text());
    }
  }
  return "";
}

void abandon(Context& context, const api::Object& pod, const engine::Causes& causes) {
  World& world = context.world;
  const node::NodeState state = world.nodes.state_of(pod.as<api::Pod>().node_name);
  if (!world.settings->auto_kubelet || state.kubelet || !state.machine || !runs(pod)) {
    return;
  }
  world.nodes.orphans.set(pod.uid, {std::make_shared<const api::Object>(pod)});
  tell(context,
       TraceRecord::Type::Kubelet,
       pod.key,
       fmt::format("{} does not hear that it is gone: its containers run on",
                   pod.as<api::Pod>().node_name),
       "PN-62",
       causes);
}

void end_orphans(Context& context,
                 std::string_view node,
                 std::string_view why,
                 const engine::Causes& causes) {
  World& world = context.world;
  std::vector<ObjectPtr> ended;
  for (const auto& [uid, orphan] : world.nodes.orphans) {
    if (orphan.pod->as<api::Pod>().node_name == node) {
      ended.push_back(orphan.pod);
    }
  }
  for (const ObjectPtr& pod : ended) {
    world.nodes.orphans.erase(pod->uid);
    tell(context,
         TraceRecord::Type::Kubelet,
         pod->key,
         fmt::format("containers of a pod that is gone have run on {} until now: {}", node, why),
         "PN-62",
         causes);
  }
}

}  // namespace stsim::world
