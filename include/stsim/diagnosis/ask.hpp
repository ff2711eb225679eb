#pragma once
// Questions as they are typed, on command lines and in the shell.

#include <stsim/base/error.hpp>
#include <stsim/diagnosis/why.hpp>
#include <stsim/scenario/session.hpp>

#include <span>
#include <string>

namespace stsim::diagnosis {

/// Answers `web-3` (why it is not as it should be), `not web-3 ready` (why it is not in a state),
/// and `so long` or `so long sts/web` (what a change was spent on). `-n NAMESPACE` may stand
/// anywhere. Errors: what cannot be asked, with what can.
[[nodiscard]] Result<Answer, UserError> ask(const scenario::Session& session,
                                            std::span<const std::string> words);

}  // namespace stsim::diagnosis
