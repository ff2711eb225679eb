#pragma once
// The trace: one stream of records of what happened and why. Tables, explanations, recordings and
// reports only read it. It lies outside the world; the world carries only the ids of records, so
// that each names what caused it.

#include <stsim/api/object.hpp>
#include <stsim/base/boxed.hpp>
#include <stsim/base/time.hpp>
#include <stsim/engine/actor.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::engine {

/// Counts the records of a run from 1; 0 is none.
using TraceId = std::uint64_t;

/// The records that caused something, the last enabler first. Of many the newest are kept.
class Causes {
 public:
  Causes() = default;
  /// One cause, or none.
  explicit Causes(TraceId id) { add(id); }
  /// Puts an enabler in front, unless it is there already or is none.
  void add(TraceId id);
  void add(const Causes& others);
  /// Valid until the causes are changed.
  [[nodiscard]] std::span<const TraceId> ids() const {
    return several_->empty() ? std::span(&only_, only_ == 0 ? 0 : 1) : std::span(*several_);
  }
  bool operator==(const Causes&) const = default;

 private:
  static constexpr std::size_t kMost = 4;
  TraceId only_{};                       ///< where there is one, as of nearly everything
  Boxed<std::vector<TraceId>> several_;  ///< where there are more: all of them
};

/// One record.
struct TraceRecord {
  /// What a record tells of.
  enum class Type : unsigned char {
    Start,     ///< the run begins; the only record without causes
    Step,      ///< a step of the scenario is taken: `text`
    Sync,      ///< a controller looks at `object` and decides
    Call,      ///< an API call took effect or was refused: `verb`, `resource`, `code`
    Wait,      ///< what a controller would do next but does not yet, and why: `text`
    ApiEvent,  ///< an API Event about `object` was recorded: `verb` is its type, `text` its words
    Kubelet,   ///< something happened on a node that the API has not been told: `text`
    Fault,     ///< something goes wrong, or is right again: `text`
  };
  TraceId id{};
  SimTime time;
  Type type{};
  Actor actor{};
  std::string_view verb;  ///< `create`, `update`, `patch`, `delete`; of API Events the type
  std::string resource;   ///< `pods`, `pods/status`
  api::ObjectKey object;
  int code{};             ///< HTTP status of a call
  std::string reason;     ///< of an API Event: its own; of a refused call: the server's
  std::string text;       ///< why, or what happened, in words
  std::string_view rule;  ///< the rule that asks for it; empty where the user does
  Causes causes;
  bool repeated{};        ///< of an API Event: only the count of an existing one went up
  api::ObjectPtr before;  ///< of a call: the object as it was; null if it was not there
  api::ObjectPtr after;   ///< and as it is now; `before` itself where nothing has changed
};

/// Whoever reads the trace as it is written.
class TraceSink {
 public:
  virtual ~TraceSink() = default;
  /// Takes a record. Records come in the order of their ids.
  virtual void record(const TraceRecord& record) = 0;
};

/// `step`, `sync`, `call`, `wait`, `event`, `kubelet`, `fault`, `start`.
[[nodiscard]] std::string_view to_string(TraceRecord::Type type);

/// A record in words, with its rule: `create pods web-0: web-0 is missing  [SS-115]`.
[[nodiscard]] std::string in_words(const TraceRecord& record);

}  // namespace stsim::engine
