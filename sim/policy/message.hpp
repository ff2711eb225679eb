#pragma once
// Messages between this process and one that a policy decides in: numbers and texts over a socket,
// both ends being the same program on the same machine. Private to the module.

#include <stsim/policy/policy.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stsim::policy {

/// What a message is about: a question of stsim_view, an act of stsim_plan, or what frames them.
enum class Topic : std::int64_t {
  About,   ///< the library, in the child's first message
  Failed,  ///< likewise: why it cannot be opened
  Decide,
  Done,
  Answer,
  Next,
  Previous,
  NextMissing,
  PreviousMissing,
  Count,
  Pod,
  Needs,
  Feature,
  Annotation,
  Label,
  Field,
  CanChangeInPlace,
  State,

  Batch,
  Create,
  Remove,
  Recreate,
  ChangeInPlace,
  CompleteClaims,

  Repair,
  GiveOwners,
  Wait,
  Again,
  CountNow,
  CompletesWith,
  Keep,
  Fail,
};

/// A message that is written or read part after part, in the same order.
class Message {
 public:
  Message() = default;
  explicit Message(std::string bytes) : bytes_(std::move(bytes)) {}
  explicit Message(Topic topic) { put(static_cast<std::int64_t>(topic)); }

  Message& put(std::int64_t number);
  Message& put(stsim_text text);
  Message& put(std::string_view text) { return put(stsim_text{text.data(), text.size()}); }
  Message& put(stsim_counts counts);

  /// The next number; 0 behind the end.
  std::int64_t number();
  std::int32_t number32() { return static_cast<std::int32_t>(number()); }
  std::uint32_t unsigned32() { return static_cast<std::uint32_t>(number()); }
  /// The next text, whose data is null if it was. Valid as long as the message.
  stsim_text text();
  stsim_counts counts();
  Topic topic() { return static_cast<Topic>(number()); }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
  std::size_t at_{};
};

/// Sends a message. Returns whether it could be.
[[nodiscard]] bool send(int descriptor, const Message& message);

/// Waits for a message, no longer than a limit where there is one. Nothing: the other end is
/// closed, or the time is over; `late` tells which.
[[nodiscard]] std::optional<Message> receive(int descriptor,
                                             std::optional<std::chrono::milliseconds> limit,
                                             bool& late);

}  // namespace stsim::policy
