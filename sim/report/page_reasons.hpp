#pragma once
// What controllers waited for, from when to when. Private to the module.

#include <stsim/api/object.hpp>
#include <stsim/engine/trace.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::report {

/// Why a controller did not go on with an object.
struct PageReason {
  api::ObjectKey object;
  api::ObjectKey look;  ///< what it looked at when it found that: of a pod of a set, the set
  std::string text;
  std::string_view rule;
  SimTime begin;
  std::optional<SimTime> end;  ///< nothing: it holds to the end
};

/// Gathers them. A reason holds until the first look of the same controller at the same object that
/// does not find it any more.
class PageReasons {
 public:
  /// Pre: records come in order.
  void see(const engine::TraceRecord& record);
  /// In the order in which they begin.
  [[nodiscard]] std::vector<PageReason> finish();

 private:
  struct Open {
    std::size_t reason{};     ///< in `all_`
    engine::TraceId found{};  ///< the last look that found it
  };
  /// The looks of a controller at an object.
  struct Looks {
    engine::TraceId last{};
    SimTime time;
    std::map<std::pair<api::ObjectKey, std::string>, Open> open;
  };
  void close_old(Looks& looks);

  std::vector<PageReason> all_;
  std::map<std::pair<engine::Actor, api::ObjectKey>, Looks> looks_;
  std::map<engine::TraceId, std::pair<api::ObjectKey, Looks*>> by_record_;  ///< by Looks::last
};

}  // namespace stsim::report
