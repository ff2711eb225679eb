#pragma once
// What a policy is told of a set: the host's side of stsim_view.

#include "update_loop.hpp"

#include <stsim/policy/policy.h>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace stsim::controllers::statefulset {

/// Answers the questions of one decision. Keeps a reference to the input.
class PolicyView {
 public:
  using Place = std::optional<std::int64_t>;
  static constexpr std::int64_t kOrdinals = std::int64_t{1} << 31;

  explicit PolicyView(const LoopInput& input);
  PolicyView(const PolicyView&) = delete;
  PolicyView& operator=(const PolicyView&) = delete;
  ~PolicyView() = default;

  /// What is handed to the policy. Valid as long as this is.
  [[nodiscard]] const stsim_view& functions() const { return functions_; }
  /// Whether more was asked than may be. POL-2
  [[nodiscard]] bool overspent() const { return spent_ != 0; }
  [[nodiscard]] std::uint64_t budget() const { return budget_; }

  /// The pod that counts for an ordinal, as it will be; nullptr where there is none.
  [[nodiscard]] api::ObjectPtr find(std::int32_t ordinal);
  /// The key of the pod that counts for an ordinal, or would if it were there.
  [[nodiscard]] api::ObjectKey key_of(std::int32_t ordinal) const;

 private:
  stsim_set set_facts() const;
  static PolicyView& of(void* host) { return *static_cast<PolicyView*>(host); }
  /// Counts a question. Returns whether it is answered.
  bool asked();
  stsim_view view_functions();
  /// The pods of a class that is kept; nullptr for those that several are put together for.
  [[nodiscard]] const Ordinals* kept(std::uint32_t pods) const;
  /// Calls `look` with the pods of each revision but the update revision, of an outdated class.
  template <class Look>
  void each_outdated(std::uint32_t pods, Look look) const {
    if (pods != STSIM_PODS_OUTDATED && pods != STSIM_PODS_OUTDATED_TERMINATING) {
      return;
    }
    for (const auto& [revision, at] : in_.pods.revisions) {
      if (revision != in_.revisions.update->key.name) {
        look(pods == STSIM_PODS_OUTDATED ? at.live : at.terminating);
      }
    }
  }
  [[nodiscard]] Place next(std::uint32_t pods, std::int64_t from) const;
  [[nodiscard]] Place previous(std::uint32_t pods, std::int64_t from) const;
  [[nodiscard]] std::int64_t next_missing(std::uint32_t pods, std::int64_t from) const;
  [[nodiscard]] std::int64_t previous_missing(std::uint32_t pods, std::int64_t from) const;
  [[nodiscard]] std::int64_t count(std::uint32_t pods, std::int64_t first, std::int64_t last) const;
  bool tell_of(std::int32_t ordinal, stsim_pod& out);
  std::uint32_t needs(std::int32_t ordinal);
  [[nodiscard]] bool feature(std::string_view gate) const;
  stsim_text field(std::string_view pointer);

  const LoopInput& in_;
  const api::StatefulSetSpec& spec_;
  PodActions actions_;
  std::uint64_t budget_{};
  std::uint64_t asked_{};
  std::int32_t spent_{};
  api::ObjectPtr found_;  ///< that find() has found last
  std::int32_t found_ordinal_{};
  std::deque<std::string> answers_;  ///< of field(): they hold as long as the decision
  stsim_set set_;
  stsim_view functions_;
};

}  // namespace stsim::controllers::statefulset
