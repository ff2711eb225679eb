#pragma once
// Which StorageClass claims and volumes have, and what that means for them.

#include <stsim/api/object.hpp>

#include <string>
#include <vector>

namespace stsim::api {

/// The class of a claim or volume: the annotation, else the field, else "". Rule: PV-3.
[[nodiscard]] std::string storage_class(const Object& claim_or_volume);

/// Whether a claim says which class it wants, be it none. Rule: PV-2.
[[nodiscard]] bool has_storage_class(const Object& claim);

/// Gives a claim a class.
void set_storage_class(Object& claim, const std::string& name);

/// Of all StorageClasses the one for claims that name none: the newest default class, then the
/// first in order; null where there is none. Rule: PV-2.
[[nodiscard]] ObjectPtr default_class(const std::vector<ObjectPtr>& storage_classes);

/// Whether claims of a StorageClass wait for a pod that uses them. Rule: PV-51.
[[nodiscard]] bool delays_binding(const Object& storage_class);

}  // namespace stsim::api
