#pragma once
// `kubectl explain`: what the fields of a kind are, from the schema table. Rules: KC-60 to KC-62.

#include <stsim/base/error.hpp>
#include <stsim/base/version.hpp>

#include <string>
#include <string_view>

namespace stsim::kubectl {

/// What `kubectl explain PATH` prints: `sts`, `sts.spec.updateStrategy`, `statefulsets.apps.spec`.
/// `recursive` lists the names and types of all fields below, without descriptions. Fields are
/// those of `release`; the layout is that of kubectl 1.36. Errors: kubectl's message, with `error:
/// ` and without a newline: a type or field that does not exist, or a path that is none.
[[nodiscard]] Result<std::string, std::string> explain(std::string_view path,
                                                       Release release,
                                                       bool recursive);

}  // namespace stsim::kubectl
