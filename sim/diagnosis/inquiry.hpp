#pragma once
// How a chain is found: each kind of object knows what the next reason is. Private to the module.

#include <stsim/controllers/plan.hpp>
#include <stsim/diagnosis/chain.hpp>

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::diagnosis {

/// The StatefulSet that a pod of that name belongs to or would belong to, or null.
[[nodiscard]] api::ObjectPtr set_of(const world::World& world, const api::ObjectKey& pod);

/// The pod of a set, the first by ordinal, that is not as it should be, outdated ones apart; null
/// where all are.
[[nodiscard]] api::ObjectPtr first_trouble(const world::World& world, const api::Object& set);

/// Whether a set wants a pod of that name. Of policies with an order of their own, which may leave
/// out ordinals: whether it is there, or one is missing. Rule: SS-30.
[[nodiscard]] bool wants(const world::World& world,
                         const api::Object& set,
                         const api::ObjectKey& pod);

/// Whether a set's update strategy leaves the update of a pod to somebody else. Rules: SS-127,
/// SS-230.
[[nodiscard]] bool held_back(const api::Object& set, const api::ObjectKey& pod);

/// Whether a Ready pod has been so for its set's minReadySeconds.
[[nodiscard]] bool is_available(const api::Object& set, const api::Object& pod, SimTime now);

/// Whether an object has owners, of which none is there any more. Rule: GC-3.
[[nodiscard]] bool is_garbage(const world::World& world, const api::Object& object);

/// ` -n other` for what is not in namespace default.
[[nodiscard]] std::string in_namespace(const api::ObjectKey& key);

/// Words without the option that names a namespace.
struct NamedIn {
  std::optional<std::string> ns;
  std::vector<std::string> words;
};
[[nodiscard]] NamedIn take_namespace(std::span<const std::string> words);

/// One question. Holds a reference: for the length of an answer.
class Inquiry {
 public:
  explicit Inquiry(const world::World& world) : world_(world) {}

  /// Adds the reasons why a wish has not come true.
  void ask(const Wish& wish);

  /// What was found out.
  Chain take();

 private:
  // --- chain.cpp
  void explain(const Wish& wish);
  void set(const api::ObjectPtr& set);
  /// What the StatefulSet controller would do about a set, and why it does nothing about a pod.
  void controller(const api::ObjectPtr& set, const api::ObjectKey& about);
  /// The faults that keep an actor from seeing or doing things. Returns whether there are some.
  bool out_of_order(engine::Actor actor, const api::ObjectKey& about);
  void wait(const controllers::Wait& wait, const api::ObjectPtr& set);
  /// Nobody is left that owns it.
  void garbage(const api::Object& object);
  /// The claims of an earlier pod that are in the way of a new one. Rule: SS-177.
  void old_claims(const api::Object& set, const api::ObjectKey& pod);

  // --- chain_pods.cpp
  void pod(const api::ObjectKey& key, State state);
  void missing(const api::ObjectKey& key);
  void going(const api::Object& pod);
  void unplaced(const api::Object& pod);
  void unready(const api::Object& pod);
  /// One that only steps move.
  void unmoved(const api::Object& pod);
  void outdated(const api::Object& pod, const api::ObjectPtr& set);
  /// What would hold an ordered update of a pod, if nothing else did: another pod that is not
  /// ready.
  void waits_for_others(const api::Object& pod, const api::Object& set);
  void container(const api::Object& pod,
                 const api::ContainerSpec& spec,
                 const api::ContainerStatus& status);
  /// Where what is wrong with a pod's containers comes from: the template that it was made from.
  void its_template(const api::Object& pod, const api::ContainerSpec& container);
  void lonely(const api::Object& pod);
  /// Deleting a pod, and all of its set that are in the same trouble.
  void delete_alike(const api::Object& pod, const api::ObjectPtr& set);
  /// What is wrong with containers: with the pod itself, or with its image and who names that.
  void trouble(const api::Object& pod, const api::ContainerSpec& container);

  // --- chain_storage.cpp
  void claim(const api::ObjectKey& key, State state);
  void unbound(const api::Object& claim);
  void offer_volumes(const std::vector<api::Json>& volumes);
  void volume(const api::ObjectKey& key);
  /// The NFS server of a pod's volumes that is not up. Returns whether there is one.
  bool server(const api::Object& pod);

  // --- chain_nodes.cpp
  void node(const api::ObjectKey& key);
  void nodes_closed();
  /// The faults of those that would take a pod off a node that is not well.
  void nobody_takes_away(const api::Object& pod);

  void link(const api::ObjectKey& about, std::string text, std::string_view rule);
  void help(Act act);
  void kubectl(std::string words, std::string caution = "");
  void step(std::string line, api::Json step, std::string caution = "");

  [[nodiscard]] api::ObjectPtr find(const api::ObjectKey& key) const {
    return world_.store.find(key);
  }

  const world::World& world_;
  Chain chain_;
  std::vector<Wish> path_;  ///< the wishes that are being explained
  bool circle_{};           ///< a reason leads back to one that others lie between
  std::set<std::pair<api::ObjectKey, State>> asked_;
};

}  // namespace stsim::diagnosis
