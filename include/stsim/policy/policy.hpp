#pragma once
// Policies in C++: what policy.h says, with strings, exceptions and one macro. Only that header and
// the standard library are needed; nothing has to be linked.
//
//   #include <stsim/policy/policy.hpp>
//   void decide(const stsim::policy::View& view, stsim::policy::Plan& plan) { … }
//   STSIM_POLICY("mine", "what it does, in a line", nullptr, false, decide)

#include <stsim/policy/policy.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

namespace stsim::policy {

/// An ordinal, or a number beside all of them.
using Ordinal = std::int64_t;

/// An ordinal as policies hand it over; what is none becomes -1, which the host refuses.
[[nodiscard]] inline std::int32_t to_ordinal(Ordinal ordinal) {
  return ordinal < 0 || ordinal > INT32_MAX ? -1 : static_cast<std::int32_t>(ordinal);
}

/// A string as policies hand it over. Ownership: that of `text`.
[[nodiscard]] inline stsim_text to_text(std::string_view text) {
  return {text.data(), text.size()};
}
/// A string as a host hands it over. Ownership: the host's, for the length of the decision.
[[nodiscard]] inline std::string_view to_view(stsim_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

/// Thrown by View where the budget is used up; what holds then does not matter any more. POL-2
struct BudgetSpent : std::exception {
  /// In words.
  [[nodiscard]] const char* what() const noexcept override {
    return "it has asked as many questions as it may";
  }
};

/// Which pods a question is about: enum stsim_pods.
enum class Pods : std::uint32_t {
  Present = STSIM_PODS_PRESENT,
  Ready = STSIM_PODS_READY,
  Available = STSIM_PODS_AVAILABLE,
  Unavailable = STSIM_PODS_UNAVAILABLE,
  Terminating = STSIM_PODS_TERMINATING,
  Unsettled = STSIM_PODS_UNSETTLED,
  Mismatched = STSIM_PODS_MISMATCHED,
  Outdated = STSIM_PODS_OUTDATED,
  OutdatedTerminating = STSIM_PODS_OUTDATED_TERMINATING,
};

/// Of which revision a pod is to be made.
enum class Revision : std::uint32_t {
  Current = STSIM_REVISION_CURRENT,
  Update = STSIM_REVISION_UPDATE,
};

/// stsim_view. Errors: BudgetSpent, of all that ask.
class View {
 public:
  /// Keeps a reference.
  explicit View(const stsim_view& raw) : raw_(raw) {}

  /// The set.
  [[nodiscard]] const stsim_set& set() const { return *raw_.set; }
  /// `web`.
  [[nodiscard]] std::string_view name() const { return to_view(raw_.set->name); }
  /// Whether the rules are those of release 1.`minor` or of a later one.
  [[nodiscard]] bool at_least(int minor) const { return raw_.set->release_minor >= minor; }

  /// The smallest ordinal of a class from a number on.
  [[nodiscard]] std::optional<Ordinal> next(Pods pods, Ordinal from) const {
    return found(raw_.next(raw_.host, static_cast<std::uint32_t>(pods), from));
  }
  /// The largest ordinal of a class up to a number.
  [[nodiscard]] std::optional<Ordinal> previous(Pods pods, Ordinal from) const {
    return found(raw_.previous(raw_.host, static_cast<std::uint32_t>(pods), from));
  }
  /// The smallest number from `from` on that is not in a class. Pre: from >= 0.
  [[nodiscard]] Ordinal next_missing(Pods pods, Ordinal from) const {
    return checked(raw_.next_missing(raw_.host, static_cast<std::uint32_t>(pods), from));
  }
  /// The largest number up to `from` that is not in a class; -1 where all are.
  [[nodiscard]] Ordinal previous_missing(Pods pods, Ordinal from) const {
    return checked(raw_.previous_missing(raw_.host, static_cast<std::uint32_t>(pods), from));
  }
  /// How many of a class are from `first` to `last`, both included.
  [[nodiscard]] std::int64_t count(Pods pods, Ordinal first, Ordinal last) const {
    return checked(raw_.count(raw_.host, static_cast<std::uint32_t>(pods), first, last));
  }
  /// Whether there is such a pod at an ordinal.
  [[nodiscard]] bool contains(Pods pods, Ordinal ordinal) const {
    return next(pods, ordinal) == ordinal;
  }
  /// The pod of an ordinal.
  [[nodiscard]] std::optional<stsim_pod> pod(Ordinal ordinal) const {
    stsim_pod out{};
    out.struct_size = sizeof out;
    const bool there = raw_.pod(raw_.host, to_ordinal(ordinal), &out) != 0;
    return checked(there) ? std::optional(out) : std::nullopt;
  }
  /// What has to be done about a pod: enum stsim_needs.
  [[nodiscard]] std::uint32_t needs(Ordinal ordinal) const {
    return checked(raw_.needs(raw_.host, to_ordinal(ordinal)));
  }
  /// Whether a feature gate is on.
  [[nodiscard]] bool feature(std::string_view gate) const {
    return checked(raw_.feature(raw_.host, to_text(gate))) != 0;
  }
  /// An annotation of the set.
  [[nodiscard]] std::optional<std::string_view> annotation(std::string_view name) const {
    return word(raw_.annotation(raw_.host, to_text(name)));
  }
  /// A label of a pod.
  [[nodiscard]] std::optional<std::string_view> label(Ordinal ordinal,
                                                      std::string_view name) const {
    return word(raw_.label(raw_.host, to_ordinal(ordinal), to_text(name)));
  }
  /// A part of the set's spec as JSON, such as `/updateStrategy/type`.
  [[nodiscard]] std::optional<std::string_view> field(std::string_view pointer) const {
    return word(raw_.field(raw_.host, to_text(pointer)));
  }
  /// Whether a pod can be brought to the update revision without being deleted.
  [[nodiscard]] bool can_change_in_place(Ordinal ordinal) const {
    return checked(raw_.can_change_in_place(raw_.host, to_ordinal(ordinal))) != 0;
  }
  /// What the last decisions have kept.
  [[nodiscard]] std::string_view state() const { return to_view(checked(raw_.state(raw_.host))); }

 private:
  template <class T>
  [[nodiscard]] T checked(T answer) const {
    if (*raw_.spent != 0) {
      throw BudgetSpent();
    }
    return answer;
  }
  [[nodiscard]] std::optional<Ordinal> found(std::int64_t answer) const {
    return checked(answer) < 0 ? std::nullopt : std::optional(answer);
  }
  [[nodiscard]] std::optional<std::string_view> word(stsim_text answer) const {
    return checked(answer).data == nullptr ? std::nullopt : std::optional(to_view(answer));
  }

  const stsim_view& raw_;
};

/// stsim_plan.
class Plan {
 public:
  /// Keeps a reference.
  explicit Plan(const stsim_plan& raw) : raw_(raw) {}

  /// What follows is done when all before it is done.
  void batch() { raw_.batch(raw_.host); }
  /// Creates a pod. Rule: SS-115.
  void create(Ordinal ordinal,
              Revision revision,
              std::string_view why,
              std::string_view rule,
              stsim_counts counts = {}) {
    raw_.create(raw_.host,
                to_ordinal(ordinal),
                static_cast<std::uint32_t>(revision),
                counts,
                to_text(why),
                to_text(rule));
  }
  /// Deletes a pod; that it has gone meanwhile is a failure.
  void remove(Ordinal ordinal,
              std::string_view why,
              std::string_view rule,
              stsim_counts counts = {}) {
    remove(ordinal, false, why, rule, counts);
  }
  /// Deletes a pod, or finds that it has gone.
  void remove_if_there(Ordinal ordinal,
                       std::string_view why,
                       std::string_view rule,
                       stsim_counts counts = {}) {
    remove(ordinal, true, why, rule, counts);
  }
  /// Deletes a pod that has ended, and with a revision creates the next one. Rule: SS-250.
  void recreate(Ordinal ordinal,
                std::optional<Revision> next,
                std::string_view why,
                std::string_view rule,
                stsim_counts counts = {}) {
    raw_.recreate(raw_.host,
                  to_ordinal(ordinal),
                  static_cast<std::uint32_t>(next.value_or(Revision::Update)),
                  next.has_value() ? 1 : 0,
                  counts,
                  to_text(why),
                  to_text(rule));
  }
  /// Brings a pod to the update revision in its place. Rule: OP-55.
  void change_in_place(Ordinal ordinal,
                       std::string_view why,
                       std::string_view rule,
                       stsim_counts counts = {}) {
    raw_.change_in_place(raw_.host, to_ordinal(ordinal), counts, to_text(why), to_text(rule));
  }
  /// Creates the claims that a pod lacks. Rule: SS-116.
  void complete_claims(Ordinal ordinal) { raw_.complete_claims(raw_.host, to_ordinal(ordinal)); }
  /// Repairs a pod. Rule: SS-118.
  void repair(Ordinal ordinal) { raw_.repair(raw_.host, to_ordinal(ordinal)); }
  /// Gives a pod's claims their owners. Rule: SS-120.
  void give_owners(Ordinal ordinal) { raw_.give_owners(raw_.host, to_ordinal(ordinal)); }
  /// Says why something about a pod is not done yet.
  void wait(Ordinal ordinal, std::string_view why, std::string_view rule) {
    raw_.wait(raw_.host, ordinal, to_text(why), to_text(rule));
  }
  /// The same about the set.
  void wait(std::string_view why, std::string_view rule) { wait(-1, why, rule); }
  /// Asks for another look after a while.
  void again(std::int64_t after_us, bool finds_more) {
    raw_.again(raw_.host, after_us, finds_more ? 1 : 0);
  }
  /// The counts of the status are those of now.
  void count() { raw_.count(raw_.host); }
  /// When the update revision becomes the current one; -1: however many pods there are. SS-153
  void completes_with(std::int64_t wanted) { raw_.completes_with(raw_.host, wanted); }
  /// What the next decision for this set finds in View::state().
  void keep(std::string_view state) { raw_.keep(raw_.host, to_text(state)); }
  /// There is no decision.
  void fail(std::string_view why) { raw_.fail(raw_.host, to_text(why)); }

 private:
  void remove(Ordinal ordinal,
              bool gone_is_fine,
              std::string_view why,
              std::string_view rule,
              stsim_counts counts) {
    raw_.remove(
        raw_.host, to_ordinal(ordinal), gone_is_fine ? 1 : 0, counts, to_text(why), to_text(rule));
  }

  const stsim_plan& raw_;
};

/// Carries a decision out, and gives what it throws to the plan. POL-1
template <class Decide>
void decide_safely(Decide decide, const stsim_view* view, const stsim_plan* plan) noexcept {
  Plan out(*plan);
  try {
    decide(View(*view), out);
  } catch (const BudgetSpent&) {  // the host knows
  } catch (const std::exception& error) {
    out.fail(error.what());
  } catch (...) {
    out.fail("it has thrown something that is no std::exception");
  }
}

}  // namespace stsim::policy

/// Exports a policy: its name, a line that describes it, the release whose rules hold for what it
/// does not decide itself ("1.34", or nullptr for that of the cluster), whether it has an order of
/// its own (stsim_policy::own_order), and its function `void (const View&, Plan&)`. Once in a
/// library.
#define STSIM_POLICY(NAME, DESCRIPTION, RELEASE, OWN_ORDER, DECIDE)                           \
  extern "C" STSIM_POLICY_EXPORT const stsim_policy* stsim_policy_entry(uint32_t abi) {       \
    static const stsim_policy kPolicy{                                                        \
        sizeof(stsim_policy),                                                                 \
        STSIM_POLICY_ABI,                                                                     \
        NAME,                                                                                 \
        DESCRIPTION,                                                                          \
        RELEASE,                                                                              \
        (OWN_ORDER) ? 1U : 0U,                                                                \
        [](const stsim_view* view, const stsim_plan* plan) {                                  \
          ::stsim::policy::decide_safely(                                                     \
              [](const ::stsim::policy::View& v, ::stsim::policy::Plan& p) { DECIDE(v, p); }, \
              view,                                                                           \
              plan);                                                                          \
        }};                                                                                   \
    return abi == STSIM_POLICY_ABI ? &kPolicy : nullptr;                                      \
  }
