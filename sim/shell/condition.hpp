#pragma once
// What `until` waits for. Private to the module.

#include "shell/typed_step.hpp"

#include <stsim/api/object.hpp>
#include <stsim/base/error.hpp>
#include <stsim/world/world.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stsim::shell {

/// Something that may come to hold of an object.
struct Condition {
  api::ObjectKey of;
  std::string word;      ///< `ready`
  std::string in_words;  ///< `pod web-2 is ready`
  std::function<bool(const api::ObjectPtr& object, Release release)> holds;
};

/// The condition of the words behind `until`: `web-2 ready`, `sts web complete`. Errors: what is no
/// kind, no name or no condition of that kind.
[[nodiscard]] Result<Condition, LineError> condition_of(const std::vector<std::string>& words);

/// How an object stands, in a few words: `pod web-2 is Pending`.
[[nodiscard]] std::string standing_of(const api::ObjectKey& key, const world::World& world);

/// The words for conditions of a kind.
[[nodiscard]] std::vector<std::string> condition_words(api::Kind kind);

}  // namespace stsim::shell
