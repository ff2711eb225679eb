#pragma once
// What a controller decides: a plan. A plan is data; one place (world/) carries it out against the
// store, where calls take time and can fail. Each part names the rule that asks for it.

#include <stsim/api/object.hpp>
#include <stsim/base/boxed.hpp>
#include <stsim/base/memo.hpp>
#include <stsim/base/text.hpp>
#include <stsim/base/time.hpp>
#include <stsim/engine/chooser.hpp>
#include <stsim/store/store.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stsim::controllers {

/// The words of an API Event about the object whose key is being synced, or about another one.
struct EventText {
  Text type;  ///< `Normal`, `Warning`
  Text reason;
  std::string message;                  ///< of a failure: without the error, which is put behind it
  Text field_path{};                    ///< of a part of the object: `spec.containers{web}`
  OptionalBox<api::ObjectKey> about{};  ///< not the object of the sync but this one
};

/// Changes that are applied to the object as it stands when the call takes effect, whatever its
/// resource version.
struct AddOwner {
  api::OwnerReference owner;  ///< replaces a reference to the same uid
};
/// Takes away the references to an owner.
struct RemoveOwner {
  api::Uid owner;
};
/// Puts a finalizer behind the others.
struct AddFinalizer {
  std::string name;
};
/// Takes away a finalizer.
struct RemoveFinalizer {
  std::string name;
};
/// Any of these changes.
using Mutation = std::variant<AddOwner, RemoveOwner, AddFinalizer, RemoveFinalizer>;

/// One intended API call. A plan for many pods has as many, so what few have takes little.
struct Call {
  /// What is called.
  enum class Verb : unsigned char {
    Create,
    Update,        ///< `object`, if the stored one still has its resource version
    UpdateStatus,  ///< likewise, the status only
    Patch,         ///< `mutation`
    Delete,
    Recheck,  ///< reads the object: it must be there, with the uid of `options`, and not on its way
              ///< out
    Fail,     ///< no call: `error` is already known
    Tell,     ///< no call: `success` is told, and nothing else
  };
  /// What an error does to the rest of its group.
  enum class OnError : unsigned char {
    SkipGroup,  ///< nothing more of the group is done
    Collect,    ///< the calls up to the next one that is not Collect are still made, then as
                ///< SkipGroup
    GoOn,       ///< the rest of the group is done, and an error of it takes the place of this one;
                ///< but AlreadyExists does as SkipGroup
  };
  Verb verb{};
  api::ObjectKey target;
  api::ObjectPtr object;
  OptionalBox<Mutation> mutation;
  store::DeleteOptions options;
  std::string error;
  OnError on_error{OnError::SkipGroup};
  SharedVector<Text> harmless;   ///< reasons of errors that count as success
  SharedVector<Text> tolerated;  ///< likewise, but `failure` tells of them
  bool quiet_if_exists{};        ///< AlreadyExists is an error, but no API Event tells of it
  Text error_prefix;             ///< put before the error's text
  OptionalBox<EventText> success;
  OptionalBox<EventText> failure;
  std::string why;        ///< in words, for the trace
  std::string_view rule;  ///< its id
};

/// A part of a group that only tells of something.
[[nodiscard]] Call tell(EventText event);

/// Makes a call now. Pre: it is one, not Tell. `cause` is the trace record of the write, 0 where
/// nothing is written. Errors: those of the store's writes; NotFound and BadRequest of Recheck;
/// BadRequest with Call::error of Fail.
store::WriteResult perform(const Call& call, store::Store& store, SimTime now, std::uint64_t cause);

/// Calls that belong together, such as a pod with its claims.
struct Group {
  /// What a failure of the group does to the rest of the plan.
  enum class OnError : unsigned char {
    Stop,   ///< groups of the same batch are still done, later ones are not; the sync fails
    Abort,  ///< nothing more is done, not even the status; the sync fails
    GoOn,   ///< the rest is done, the sync fails at the end
  };
  std::vector<Call> calls;
  /// 0 where groups are done one after the other. The groups of any other batch stand side by side
  /// and are done at once: the real controller leaves their order open, and that of the plan is
  /// only the usual one. Rule: SS-110.
  int batch{};
  OnError on_error{OnError::Stop};
  OptionalBox<EventText> success;
  OptionalBox<EventText> failure;
};

/// Why something is not done yet.
struct Wait {
  api::ObjectKey about;
  std::string text;
  std::string_view rule;
};

/// What the success of a group adds to the counts of a status.
struct CountChange {
  std::size_t group{};
  std::int32_t replicas{};
  std::int32_t current{};
  std::int32_t updated{};
};

/// A status that depends on what became of the groups. Rules: SS-150 to SS-160.
struct StatusPlan {
  api::ObjectPtr set;                ///< as the controller saw it
  api::StatefulSetStatus status;     ///< if every group in `changes` fails
  std::vector<CountChange> changes;  ///< SS-151, SS-250
  /// Of how many replicas all have to be updated and ready for the update revision to become the
  /// current one; -1: however many there are. Nothing: it does not. SS-153
  std::optional<std::int64_t> completes_with;
};

/// How a policy has broken its contract.
struct Misconduct {
  std::string text;
  std::string_view rule;  ///< POL-1 to POL-6
};

/// A key to look at again after a while.
struct Again {
  api::ObjectKey key;
  SimDuration after{};
  bool awaits_time{};  ///< it may find then what it did not find now, although nothing has changed
};

/// What is to be done for one key.
struct Plan {
  std::vector<Group> groups;
  std::optional<StatusPlan> status;  ///< written after the groups, also after a Stop
  std::vector<Group> afterwards;     ///< done after the status, also after a Stop
  std::vector<Wait> waits;           ///< at most one for each thing that stopped
  std::vector<Again> again;          ///< if all went well
  bool nothing_later{};  ///< the key's own look that was asked for is not wanted any more
  std::optional<std::string> error;      ///< the sync fails for this reason without any call
  std::optional<Text> kept;              ///< what the policy keeps for the set from now on
  std::optional<Misconduct> misconduct;  ///< of the policy; nothing of the plan is carried out
  Memo shape{};                          ///< of one that is carried out, for world::fingerprint
};

/// Puts the groups of each batch into an order that the chooser draws, any of them as likely.
/// `draw` names the draws; its `n` is that of the first, and moves on behind the last.
void shuffle_batches(Plan& plan, engine::Chooser& chooser, engine::ChoicePoint& draw);

}  // namespace stsim::controllers
