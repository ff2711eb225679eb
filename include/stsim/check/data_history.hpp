#pragma once
// Who has used which volume, and when, as the trace tells it: from the first start of a pod's
// containers to its end, and what commands in it have written meanwhile. Rules: PV-80, PV-84.

#include <stsim/engine/trace.hpp>
#include <stsim/world/world.hpp>

#include <map>
#include <string>
#include <vector>

namespace stsim::check {

/// One use of a volume by a pod.
struct VolumeUse {
  api::ObjectKey pod;
  api::Uid uid;
  Text node;
  SimTime from;
  SimTime to{SimTime::max()};          ///< the end of time while it lasts
  std::vector<std::string> written{};  ///< `+12.000s index.html`
};

/// What is wrong with data.
struct DataFinding {
  /// What it is.
  enum class What : unsigned char {
    Elsewhere,   ///< a pod comes back to another volume than its data is on
    LeftBehind,  ///< a volume was released with data on it, and keeps it
  };
  What what{};
  std::string text;
};

/// The histories of all volumes of a run.
class DataHistory {
 public:
  /// Takes a record. Returns what was found because of it. Pre: as of Watchdog::see().
  std::vector<DataFinding> see(const engine::TraceRecord& record, const world::World& world);

  /// The places that a pod uses now.
  [[nodiscard]] std::vector<std::string> places_of(const api::Uid& pod) const;
  /// The uses of the place of a volume's files, node::file_place(), the oldest first.
  [[nodiscard]] const std::vector<VolumeUse>& of(const std::string& place) const;

 private:
  void begin(const api::Object& pod, const world::World& world, std::vector<DataFinding>& found);
  void empty(const std::string& place);
  void give_up(const api::Object& claim, const world::World& world);
  void end(const api::Uid& pod, SimTime now);
  void end_orphans(const world::World& world);

  std::map<std::string, std::vector<VolumeUse>> uses_;   ///< by place
  std::map<std::string, std::size_t> emptied_;           ///< by place, behind how many uses
  std::map<api::Uid, std::vector<std::string>> places_;  ///< by pod that still uses them
  std::map<std::pair<api::ObjectKey, std::string>, std::string> last_;  ///< by pod and its volume
  /// Gone for the API, and running all the same; whether the world knows of it already.
  std::map<api::Uid, bool> orphans_;
};

}  // namespace stsim::check
