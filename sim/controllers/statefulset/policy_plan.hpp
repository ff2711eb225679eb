#pragma once
// What a policy asks for: the host's side of stsim_plan.

#include "policy_view.hpp"

#include <stsim/base/digest.hpp>

#include <map>
#include <string>
#include <string_view>

namespace stsim::controllers::statefulset {

/// Turns what one decision asks for into groups of a plan. Keeps references to all that it is
/// given.
class PolicyPlan {
 public:
  PolicyPlan(const LoopInput& input, PolicyView& view, Plan& plan);
  PolicyPlan(const PolicyPlan&) = delete;
  PolicyPlan& operator=(const PolicyPlan&) = delete;
  ~PolicyPlan() = default;

  /// What is handed to the policy. Valid as long as this is.
  [[nodiscard]] const stsim_plan& functions() const { return functions_; }
  /// What is left to be done when the policy has decided.
  void finish();
  /// Stands for all that was asked for, of a policy that is not built in.
  [[nodiscard]] const Digest& log() const { return log_; }

 private:
  static PolicyPlan& of(void* host) { return *static_cast<PolicyPlan*>(host); }
  stsim_plan plan_functions();
  /// Adds to the log of a policy that is not built in.
  void note(std::string_view what,
            std::int64_t a = 0,
            std::int64_t b = 0,
            std::string_view c = {},
            std::string_view d = {});
  void misbehave(std::string_view rule, std::string text);
  /// Whether reasons can be told. POL-6
  bool are_words(std::string_view why, std::string_view rule);
  static bool is_utf8(std::string_view text);
  /// The pod that an act is about, or nullptr where there is none. POL-5
  api::ObjectPtr named(std::string_view act, std::int32_t ordinal);
  /// Whether a revision and an ordinal are such. POL-5
  bool can_be_made(std::int32_t ordinal, std::uint32_t revision);
  const PodTemplate& template_at(const api::Object& revision);
  /// SS-103.
  api::ObjectPtr placeholder(std::int32_t ordinal, std::uint32_t revision);
  /// Appends a group to the batch, if there is anything to do, and what its success counts for.
  void add(Group group, stsim_counts counts = {});
  void create(std::int32_t ordinal,
              std::uint32_t revision,
              stsim_counts counts,
              std::string_view why,
              std::string_view rule);
  void remove(std::int32_t ordinal,
              bool gone_is_fine,
              stsim_counts counts,
              std::string_view why,
              std::string_view rule);
  void change_in_place(std::int32_t ordinal,
                       stsim_counts counts,
                       std::string_view why,
                       std::string_view rule);
  void recreate(std::int32_t ordinal,
                std::uint32_t revision,
                bool create,
                stsim_counts counts,
                std::string_view why,
                std::string_view rule);
  /// Something about a pod for which the host has words and rules of its own.
  template <class Act>
  void act(std::string_view name, std::int32_t ordinal, Act act) {
    note(name, ordinal);
    if (const api::ObjectPtr pod = named(name, ordinal)) {
      add(act(*pod));
    }
  }
  void wait(std::int64_t ordinal, std::string_view why, std::string_view rule);
  /// SS-150, SS-152.
  void count();

  const LoopInput& in_;
  PolicyView& view_;
  Plan& plan_;
  PodActions actions_;
  int batch_{0};
  bool counted_{};
  std::map<std::int32_t, api::ObjectPtr> made_;      ///< by ordinal: created in this plan
  std::map<std::int32_t, api::ObjectPtr> replaced_;  ///< by ordinal: ended, and recreated
  std::map<Text, PodTemplate> templates_;            ///< by the revision's name
  bool logs_;
  std::uint64_t asked_for_{};
  Digest log_;
  stsim_plan functions_;
};

}  // namespace stsim::controllers::statefulset
