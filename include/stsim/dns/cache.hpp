#pragma once
// Answers of DNS that somebody keeps for a while: the cluster's servers, and pods that have a cache
// of their own. Rule: SD-27.

#include <stsim/base/persistent_map.hpp>
#include <stsim/dns/zone.hpp>

#include <compare>
#include <optional>
#include <string>

namespace stsim::dns {

/// What is asked.
struct Question {
  std::string name;  ///< in full, as normal() has it
  RecordType type{};
  auto operator<=>(const Question&) const = default;
};

/// How long a cache keeps answers at most, however long they may be kept; zero: not at all.
struct Limits {
  SimDuration positive{};
  SimDuration negative{};  ///< those without records
  bool operator==(const Limits&) const = default;
};

/// The caches and servers of a cluster; as the add-on is installed with up to 1.31. Rule: SD-27.
struct Settings {
  int servers{1};                           ///< how many share the server's address
  SimDuration time_to_live{kTimeToLive};    ///< of all records, and of denials
  Limits server{kTimeToLive, kTimeToLive};  ///< of each server's cache
  Limits client{};                          ///< of each pod's own cache
  bool operator==(const Settings&) const = default;
};

/// A cache. A value.
class Cache {
 public:
  /// An answer that was kept.
  struct Kept {
    Reply reply;
    SimTime since;  ///< when it was right, as far as is known
    SimTime until;  ///< when it counts no more
    bool operator==(const Kept&) const = default;
  };

  /// The answer that is kept, with its age and what is left of its times to live, if there is one
  /// that counts still.
  [[nodiscard]] std::optional<Reply> find(const Question& question, SimTime now) const;
  /// Keeps an answer.
  void keep(const Question& question, const Reply& reply, const Limits& limits, SimTime now);

  /// All that is kept, also what counts no more.
  [[nodiscard]] const PersistentMap<Question, Kept>& all() const { return kept_; }

  bool operator==(const Cache&) const = default;

 private:
  PersistentMap<Question, Kept> kept_;
};

}  // namespace stsim::dns
