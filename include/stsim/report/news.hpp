#pragma once
// What of a trace is worth telling people.

#include <stsim/engine/trace.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace stsim::report {

/// Picks the records that say something new. What the user does is left out, as prompts show it; so
/// are looks of controllers, whose calls say the same, and API Events but for warnings. A reason is
/// told again only if a look at the object did not find it in between.
class News {
 public:
  /// Whether a record is worth telling. Pre: all records come here, in order.
  [[nodiscard]] bool tell(const engine::TraceRecord& record);

 private:
  /// The reasons of the last two looks of a controller at an object.
  struct Told {
    std::set<std::pair<api::ObjectKey, std::string>> before;
    std::set<std::pair<api::ObjectKey, std::string>> now;
    engine::TraceId look{};  ///< the record of the last one
  };
  std::map<std::pair<engine::Actor, api::ObjectKey>, Told> told_;
  std::map<engine::TraceId, Told*> looks_;  ///< by Told::look
};

}  // namespace stsim::report
