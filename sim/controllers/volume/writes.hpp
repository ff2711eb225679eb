#pragma once
// The writes that the volume binder's plans are made of.

#include <stsim/controllers/plan.hpp>
#include <stsim/store/watch.hpp>

#include <string>
#include <string_view>

namespace stsim::controllers::volume {

/// The binding of a claim was completed once.
inline constexpr const char* kBindCompleted = "pv.kubernetes.io/bind-completed";
/// The binding was made by the binder, not by a user. On claims and volumes. Rule: PV-40.
inline constexpr const char* kBoundByController = "pv.kubernetes.io/bound-by-controller";
/// Who has provisioned a volume.
inline constexpr const char* kProvisionedBy = "pv.kubernetes.io/provisioned-by";

/// What prefixes the names of the plug-ins that come with Kubernetes.
inline constexpr std::string_view kInTree = "kubernetes.io/";

api::ObjectPtr share(api::Object object);

/// One call more, in the plan's last group; a failure fails the sync.
Call& add_call(
    Plan& plan, Call::Verb verb, api::ObjectPtr object, std::string why, std::string_view rule);

/// An API Event about the object of the sync, or about another one.
void add_event(Plan& plan,
               std::string type,
               const char* reason,
               std::string message,
               OptionalBox<api::ObjectKey> about = {});

/// Writes a volume's phase, unless it has it already; null where nothing is written.
Call* set_volume_phase(Plan& plan,
                       const api::Object& volume,
                       api::VolumePhase phase,
                       SimTime now,
                       std::string why,
                       std::string_view rule,
                       const std::string& message = "");

/// Writes a claim's phase; a claim without a volume shows neither modes nor capacity. Null where
/// nothing is written.
Call* set_claim_phase(Plan& plan,
                      const api::Object& claim,
                      api::ClaimPhase phase,
                      std::string why,
                      std::string_view rule);

/// Whether both are bound to each other, with nothing left to be written. Rule: PV-40.
bool all_is_bound(const api::Object& claim, const api::Object& volume);

/// The four writes of a binding, those that are still to be done. Rule: PV-40.
void bind(Plan& plan, const api::Object& claim, const api::Object& volume, SimTime now);

/// Takes a volume away from its claim: one that a user has reserved stays reserved for the claim's
/// name. Rules: PV-46, PV-60.
void unbind(Plan& plan, const api::Object& volume, SimTime now, const std::string& why);

/// What becomes of a volume whose claim is gone. Rule: PV-60.
void reclaim(Plan& plan, const api::Object& volume, const store::Cache& cache, SimTime now);

/// Whether a pod has ended, or goes without ever having run. Rules: PV-20, PV-60.
bool is_done_with_claims(const api::Object& pod);

/// Whether a volume is there for a claim, by its name and, if it says one, its uid.
bool reserved_for(const api::Object& volume, const api::Object& claim);

/// Whether a volume is large enough for a claim, of its kind, and there to stay. Rule: PV-31.1-5.
bool could_hold(const api::Object& volume, const api::Object& claim);

/// Whether an unreserved volume is what a claim asks for. Rule: PV-31.8-10.
bool is_wanted(const api::Object& volume, const api::Object& claim);

}  // namespace stsim::controllers::volume
