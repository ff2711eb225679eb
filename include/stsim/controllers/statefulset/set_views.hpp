#pragma once
// What the StatefulSet controller keeps of the pods that it has seen. A real controller looks at
// every pod of a set in each of its syncs; here each change of a pod says once what later syncs
// will ask of it, and a sync only visits the pods for which it has something to do. Nothing in it
// is new: all of it follows from the cache and the time.

#include <stsim/controllers/statefulset/identity.hpp>
#include <stsim/controllers/statefulset/ordinals.hpp>
#include <stsim/policy/policies.hpp>
#include <stsim/store/watch.hpp>

#include <compare>
#include <memory>
#include <string>
#include <vector>

namespace stsim::controllers::statefulset {

/// The pods of one set, by ordinal, as the questions of a sync sort them. Of two pods with the same
/// ordinal (`web-3` and `web-03`) the one whose name comes last counts.
struct SetPods {
  /// The pods that carry the label of a revision. Rule: SS-100.
  struct AtRevision {
    Ordinals live;         ///< those that are not terminating: they are counted and updated
    Ordinals terminating;  ///< they only keep the revision from being forgotten
    bool operator==(const AtRevision&) const = default;
  };
  /// A pod by since when it has been Ready.
  struct Age {
    SimTime since;
    std::int32_t ordinal{};
    auto operator<=>(const Age&) const = default;
  };

  api::ObjectKey owner;                              ///< the set
  std::shared_ptr<const api::StatefulSetSpec> spec;  ///< of the set, as last seen
  /// The revision_text() of its template, which a sync would else work out each time. It follows
  /// from `spec` and is not compared.
  std::shared_ptr<const std::string> revision_text;
  /// The templates of its pods at its stored revisions, by the revision's name. All pods that are
  /// made of one share what they have in common. They follow from the revisions and are not
  /// compared.
  PersistentMap<Text, std::shared_ptr<const PodTemplate>> templates;
  Ordinals present;      ///< those of its selector and name, SS-61
  Ordinals ready;        ///< Running and Ready, SS-100
  Ordinals available;    ///< of these: for long enough, SS-100
  Ordinals unavailable;  ///< what holds up an update, SS-105
  Ordinals terminating;
  Ordinals unsettled;   ///< as a replica not just passed over: SS-111, SS-116, SS-118
  Ordinals mismatched;  ///< their claims have other owners than they should, SS-120
  PersistentMap<Text, AtRevision> revisions;   ///< by the revision's name
  PersistentMap<std::int32_t, SimTime> young;  ///< Ready, but not for long enough: since when
  PersistentSet<Age> by_age;                   ///< the same, the oldest first
  PersistentMap<std::string, std::int32_t> oddly_named;  ///< `web-03`, and its ordinal
  PersistentMap<std::int32_t, std::string> odd_names;    ///< of those that count for their ordinal
  PersistentSet<std::string> strangers;  ///< point at the set but do not match it, SS-61

  bool operator==(const SetPods& other) const;

  /// How many of its pods that are not terminating are at a revision. Rule: SS-150.
  [[nodiscard]] std::int32_t live_at(std::string_view revision) const;
  /// The name of the pod that counts for an ordinal. Pre: it is present.
  [[nodiscard]] std::string name_of(const api::Object& set, std::int32_t ordinal) const;
};

/// Sorts a pod in under its ordinal, or, if it is null, nothing under that ordinal. Of time it is
/// said what holds at `now`; `rules` are SetViews::rules(). Pre: the pod matches the set.
void sort_in(SetPods& pods,
             const api::Object& set,
             const api::Object* pod,
             std::int32_t ordinal,
             const store::Cache& cache,
             Release rules,
             SimTime now);

/// What is kept of all sets. A value.
class SetViews {
 public:
  /// With the policy that decides; the built-in one of the cluster's release where none is given.
  explicit SetViews(const policy::Policy* policy = nullptr) : policy_(policy) {}

  /// The policy that decides.
  [[nodiscard]] const policy::Policy& policy() const;
  /// The release whose rules hold for what the policy does not decide itself.
  [[nodiscard]] Release rules(const store::Cache& cache) const;
  /// What the policy has kept for a set; it does not follow from the cache.
  [[nodiscard]] const Text& kept(const api::ObjectKey& set) const;
  /// Keeps that.
  void keep(const api::ObjectKey& set, Text state);
  /// All that policies have kept, by set.
  [[nodiscard]] const PersistentMap<api::ObjectKey, Text>& all_kept() const { return kept_; }

  /// Takes note of a change that the cache has just seen.
  void observe(const store::Change& change, const store::Cache& cache, SimTime now);

  /// Takes note of the time that has passed for one set: pods become available. Rule: SS-100.
  void advance(const api::ObjectKey& set, const store::Cache& cache, SimTime now);

  /// The pods of a set that is in the cache.
  [[nodiscard]] const SetPods& of(const api::Object& set) const;

  /// Pods without a controller whose name says that they belong to the set, by name. Rule: SS-61.
  [[nodiscard]] std::vector<api::ObjectPtr> orphans(const api::Object& set,
                                                    const store::Cache& cache) const;
  /// Revisions without a controller in a namespace, by name. Rule: SS-64.
  [[nodiscard]] std::vector<api::ObjectPtr> orphan_revisions(const std::string& ns,
                                                             const store::Cache& cache) const;

  bool operator==(const SetViews&) const = default;

 private:
  /// A pod without a controller.
  struct Orphan {
    std::string ns;
    std::string parent;  ///< the name of the set that it could belong to
    std::string name;
    auto operator<=>(const Orphan&) const = default;
  };
  void observe_set(const store::Change& change, const store::Cache& cache, SimTime now);
  void observe_pod(const store::Change& change, const store::Cache& cache, SimTime now);
  void observe_revision(const store::Change& change, const store::Cache& cache);
  void observe_claim(const api::ObjectKey& claim, const store::Cache& cache, SimTime now);
  void look_at(const api::ObjectKey& pod,
               const api::OwnerReference* owner,
               const store::Cache& cache,
               SimTime now);

  const policy::Policy* policy_;  ///< lives as long as the process
  PersistentMap<api::Uid, SetPods> sets_;
  PersistentMap<api::ObjectKey, Text> kept_;
  PersistentSet<Orphan> orphans_;
  PersistentSet<api::ObjectKey> orphan_revisions_;
};

}  // namespace stsim::controllers::statefulset
