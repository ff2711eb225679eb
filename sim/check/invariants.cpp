#include "families.hpp"

#include <stsim/check/invariants.hpp>

#include <algorithm>
#include <array>

namespace stsim::check {

namespace {

constexpr std::array kInvariants{
    Invariant{"GC-1", "an object has one controller at most", When::Always, one_controller},
    Invariant{"PN-21",
              "what is on its way out is kept by a finalizer, or is a pod on a node",
              When::Always,
              something_keeps_what_terminates},
    Invariant{"GC-2", "who is named as an owner by what stays exists", When::AtRest, owners_exist},
    Invariant{"GC-4",
              "a deletion in the foreground waits for a dependent",
              When::AtRest,
              foreground_waits_for_somebody},
    Invariant{"SS-20",
              "a set's pods bear its name and an ordinal",
              When::Always,
              pods_are_named_after_their_set},
    Invariant{"SS-150",
              "the counts of a status are those of the pods",
              When::AtRest,
              counts_are_those_of_the_pods},
    Invariant{"SS-152", "a set's generation was observed", When::AtRest, generation_was_observed},
    Invariant{"SS-95",
              "history holds no more revisions than its limit and those in use",
              When::AtRest,
              history_has_its_limit},
    Invariant{"PV-40", "a volume is bound to one claim", When::Always, one_claim_for_a_volume},
    Invariant{"PV-46", "a volume's phase tells of its claim", When::AtRest, phases_of_volumes},
    Invariant{"PV-20",
              "no free volume suits a claim that has none",
              When::AtRest,
              nothing_suits_a_pending_claim},
    Invariant{"PV-70",
              "a claim that is kept from going is in use",
              When::AtRest,
              protected_claims_are_used},
    Invariant{"PV-71",
              "a volume that is kept from going is bound",
              When::AtRest,
              protected_volumes_are_bound},
    Invariant{"SD-3",
              "the slices of a Service hold the pods with an address that it selects",
              When::AtRest,
              slices_hold_the_pods},
};

}  // namespace

std::span<const Invariant> invariants() {
  return kInvariants;
}

bool undisturbed(const world::World& world) {
  return !world.api_faults.is_set() &&
         std::ranges::none_of(world.actors, [](const world::ActorState& actor) {
           return actor.down || !actor.watch.holds().empty();
         });
}

std::vector<Finding> findings(const world::World& world, When when) {
  std::vector<Finding> out;
  for (const Invariant& invariant : kInvariants) {
    if (invariant.when == When::AtRest && when == When::Always) {
      continue;
    }
    Found found;
    invariant.check(world, found);
    for (std::string& text : found) {
      out.push_back({&invariant, std::move(text)});
    }
  }
  return out;
}

bool may_leave_history(const engine::TraceRecord& record) {
  return record.type == engine::TraceRecord::Type::Fault &&
         record.actor == engine::Actor::StatefulSetController;
}

std::string to_string(const Finding& finding) {
  return fmt::format("{}: {}: {}", finding.invariant->rule, finding.invariant->text, finding.text);
}

}  // namespace stsim::check
