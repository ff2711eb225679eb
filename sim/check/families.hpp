#pragma once
// The invariants by family, for the table in invariants.cpp.

#include <fmt/format.h>
#include <stsim/world/world.hpp>

#include <string>
#include <vector>

namespace stsim::check {

using Found = std::vector<std::string>;

/// `default/web-0: `, or `pv001: ` for what has no namespace, and what is wrong with it.
template <class... Args>
void add(Found& found,
         const api::Object& object,
         fmt::format_string<Args...> text,
         Args&&... args) {
  const Text& ns = object.key.ns;
  found.push_back(fmt::format("{}{}{}: {}",
                              ns,
                              ns.empty() ? "" : "/",
                              object.key.name,
                              fmt::format(text, std::forward<Args>(args)...)));
}

/// Whether a container of a pod runs, as its status says.
[[nodiscard]] bool runs(const api::Object& pod);

void one_controller(const world::World& world, Found& found);
void something_keeps_what_terminates(const world::World& world, Found& found);
void owners_exist(const world::World& world, Found& found);
void foreground_waits_for_somebody(const world::World& world, Found& found);

void pods_are_named_after_their_set(const world::World& world, Found& found);
void counts_are_those_of_the_pods(const world::World& world, Found& found);
void generation_was_observed(const world::World& world, Found& found);
void history_has_its_limit(const world::World& world, Found& found);

void one_claim_for_a_volume(const world::World& world, Found& found);
void phases_of_volumes(const world::World& world, Found& found);
void nothing_suits_a_pending_claim(const world::World& world, Found& found);
void protected_claims_are_used(const world::World& world, Found& found);
void protected_volumes_are_bound(const world::World& world, Found& found);

void slices_hold_the_pods(const world::World& world, Found& found);

}  // namespace stsim::check
