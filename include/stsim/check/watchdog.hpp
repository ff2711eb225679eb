#pragma once
// What is watched during every run, as records come in: what the real system guarantees, what its
// users hope for although it is known to break it, and what becomes of data. It reads the trace and
// the world and changes neither; what it keeps follows from the records that it has seen.

#include <stsim/check/data_history.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/world/world.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::check {

/// Whose promise something is.
enum class Promise : unsigned char {
  Guarantee,  ///< of the real system: where it is broken, this program or a policy has a bug
  Hope,       ///< of users: the real system is known to break it
  Notice,     ///< nobody's: something that somebody should know of
};

/// Something that is watched.
struct Watched {
  Promise promise{};
  std::string_view source;  ///< of a guarantee its rule; of a hope the trouble, `R4`, or a rule
  std::string_view text;    ///< what holds, or has come about
};

/// Where it does not hold.
struct Broken {
  const Watched* watched{};  ///< one of watched()
  SimTime time;
  engine::TraceId record{};  ///< that broke it; 0 where it is how all came to rest
  std::string text;          ///< of which object, and how
};

/// A hope that was broken, or a notice.
struct Repeated {
  Broken first;
  std::size_t times{};
};

/// Everything that is watched.
[[nodiscard]] std::span<const Watched> watched();

/// Watches one run. What controllers do is held against what they have seen: where a fault keeps
/// news from them, an order that they break is a hope that is broken, S10.
class Watchdog {
 public:
  /// Takes note of what is there from the start. Pre: nothing was seen yet.
  void begin(const world::World& world);
  /// Takes a record. Pre: they come in order, and the world is as it was when it was written.
  void see(const engine::TraceRecord& record, const world::World& world);
  /// Looks at all of a world that has come to rest. Where faults of channels last nothing is
  /// expected of it. Pre: world::at_rest(world).
  void rests(const world::World& world);

  /// The first guarantee that was broken, if one was.
  [[nodiscard]] const std::optional<Broken>& broken() const { return broken_; }
  /// The hopes that were broken, and the notices, by Watched::source.
  [[nodiscard]] const std::map<std::string_view, Repeated>& others() const { return others_; }
  /// Who has used the volumes, and when.
  [[nodiscard]] const DataHistory& data() const { return data_; }

 private:
  /// What is kept of a set: by its pods, as they are stored.
  struct Pods {
    std::set<std::int32_t> unhealthy;  ///< not running and ready, or on their way out
    std::int64_t first{};              ///< the range of ordinals that the set wants
    std::int64_t end{};
    bool ordered{};
    std::int64_t unhealthy_in_range{};
    /// With minReadySeconds: the ready ones, by since when they are.
    std::set<std::pair<SimTime, std::int32_t>> ready;
    std::map<std::int32_t, SimTime> ready_since;
    std::set<std::int32_t> oddly_named;  ///< `web-01`
    std::set<std::int64_t> absent;       ///< under OrderedReady, of those below `highest`
    std::int64_t highest{-1};            ///< ordinal of the pods that are there
    /// Notes whether there is a pod of an ordinal.
    void mark(std::int32_t ordinal, bool there);
    [[nodiscard]] bool in_range(std::int64_t ordinal) const {
      return ordinal >= first && ordinal < end;
    }
  };
  /// What the controller knew when it looked at a set last.
  struct Seen {
    engine::TraceId record{};
    api::ObjectPtr set;
    bool stale{};                                  ///< it had not seen everything
    std::optional<std::int32_t> lowest_unhealthy;  ///< in the range
    std::optional<std::int64_t> lowest_absent;     ///< likewise
    std::int64_t highest{-1};                      ///< Pods::highest
    std::set<std::int32_t> oddly_named;            ///< Pods::oddly_named
  };

  void sync(const engine::TraceRecord& record, const world::World& world);
  void look_for_two(const engine::TraceRecord& record, const world::World& world);
  void call(const engine::TraceRecord& record, const world::World& world);
  void pod_created(const engine::TraceRecord& record, const world::World& world);
  void pod_deleted(const engine::TraceRecord& record, const world::World& world);
  void scaled_down(const engine::TraceRecord& record,
                   const world::World& world,
                   const Seen& seen,
                   std::int32_t ordinal);
  void updated(const engine::TraceRecord& record,
               const world::World& world,
               const Seen& seen,
               std::int32_t ordinal);
  void claim_changed(const engine::TraceRecord& record);
  void status_written(const engine::TraceRecord& record, const world::World& world);
  void keep(const engine::TraceRecord& record, const world::World& world);
  void keep_pod(const api::Object& pod, bool there, bool young);
  void keep_set(const api::Object& set);
  [[nodiscard]] const Seen* seen_of(const api::Object& dependent) const;
  void out_of_order(const Watched& what,
                    const Seen& seen,
                    const engine::TraceRecord& record,
                    std::string text);
  void broke(const Watched& what, SimTime time, engine::TraceId record, std::string text);

  std::map<api::Uid, Pods> pods_;                  ///< by set
  std::map<api::Uid, Seen> seen_;                  ///< by set
  std::map<engine::TraceId, api::Uid> sets_;       ///< by Seen::record
  std::set<std::pair<api::Uid, api::Uid>> pairs_;  ///< of pods of one name that were found running
  bool own_order_{};                               ///< the policy does not promise the usual one
  bool history_left_{};                            ///< may_leave_history()
  std::optional<Broken> broken_;
  std::map<std::string_view, Repeated> others_;
  DataHistory data_;
};

/// `SS-112: under OrderedReady pods are created in order: default/web-2: web-1 is not ready`.
[[nodiscard]] std::string to_string(const Broken& broken);

}  // namespace stsim::check
