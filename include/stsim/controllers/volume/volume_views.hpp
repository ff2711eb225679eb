#pragma once
// What the volume binder keeps of the volumes and claims that it has seen, so that neither the
// choice of a volume nor its look at everything has to go through all of them. All of it follows
// from the cache.

#include <stsim/store/watch.hpp>

#include <compare>
#include <string>

namespace stsim::controllers::volume {

/// A value.
class VolumeViews {
 public:
  /// Takes note of a change that the cache has just seen.
  void observe(const store::Change& change, const store::Cache& cache);

  /// The volume for a claim that names none, or null. Of several equally good ones the one with the
  /// smallest name. A class that delays binding leaves only those reserved for the claim.
  /// O(log n) and the volumes that the claim's selector leaves out. Rules: PV-30 to PV-33.
  [[nodiscard]] api::ObjectPtr find_volume(const api::Object& claim,
                                           const store::Cache& cache,
                                           bool delay_binding) const;

  /// Claims that are not bound as they should be, in order of key. Rule: PV-11.
  [[nodiscard]] const PersistentSet<api::ObjectKey>& unsettled_claims() const {
    return unsettled_claims_;
  }
  /// Volumes that failed, or that were released and do not just stay, in order of key. Rule: PV-11.
  [[nodiscard]] const PersistentSet<api::ObjectKey>& unsettled_volumes() const {
    return unsettled_volumes_;
  }

  bool operator==(const VolumeViews&) const = default;

 private:
  /// A volume that nobody has, ordered so that the first that is large enough is the one to take.
  struct Free {
    api::AccessModes modes;
    Text storage_class;
    Text volume_mode;
    Text attributes_class;
    api::Quantity capacity;
    Text name;
    auto operator<=>(const Free&) const = default;
  };
  /// A volume that is reserved for a claim.
  struct Reserved {
    Text ns;
    Text claim;
    Text name;
    auto operator<=>(const Reserved&) const = default;
  };
  static Free free(const api::Object& volume);
  void file(const api::Object& volume, bool is_there);
  void look_at_claim(const api::ObjectKey& claim, const store::Cache& cache);
  /// A claim has gone before it knew of the volume that was given to it: only the next look at
  /// everything finds that. Rules: PV-11, PV-46.
  void lose_claim(const api::Object& claim, const store::Cache& cache);
  void look_at_claim_of(const api::ObjectPtr& volume, const store::Cache& cache);

  PersistentSet<Free> free_;
  PersistentSet<Reserved> reserved_;
  PersistentSet<api::ObjectKey> unsettled_claims_;
  PersistentSet<api::ObjectKey> unsettled_volumes_;
};

}  // namespace stsim::controllers::volume
