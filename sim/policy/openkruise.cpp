// The policy of OpenKruise's Advanced StatefulSet. Rules: OP-36, OP-40 to OP-44, OP-46, OP-48,
// OP-50 to OP-53, OP-66. What its StatefulSet has beyond that of apps/v1 stands as JSON in an
// annotation, in the form of its spec:
//
//   apps.kruise.io/spec: '{"reserveOrdinals": [1], "scaleStrategy": {"maxUnavailable": 2},
//                          "updateStrategy": {"rollingUpdate": {"paused": true}}}'
//
// An update in place needs no readiness gate here, and has no grace period. Not here: life-cycle
// hooks, specified deletes, edits of claim templates. Retention goes by the range of ordinals of
// apps/v1, without the holes.
#include "policy/built_in.hpp"
#include "policy/replicas.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <set>
#include <stdexcept>
#include <string>

namespace stsim::policy {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kAnnotation = "apps.kruise.io/spec";

/// What of the annotation matters.
struct Extras {
  std::vector<Ordinal> reserved;
  std::optional<Ordinal> scale_budget;  ///< scaleStrategy.maxUnavailable in pods
  Ordinal update_budget{1};             ///< rollingUpdate.maxUnavailable in pods
  bool paused{};
  bool in_place{};       ///< podUpdatePolicy: where it is possible
  bool in_place_only{};  ///< likewise: or not at all
  bool unordered{};
  std::vector<std::pair<Ordinal, Json>> weights;  ///< of weightPriority, with its labels
  std::vector<std::string> ordered_keys;          ///< of orderPriority
};

/// A part of a document, or null.
const Json& part(const Json& document, std::string_view name) {
  static const Json kNothing;
  const auto found = document.is_object() ? document.find(name) : document.end();
  return found == document.end() ? kNothing : *found;
}

/// A number of pods, or a percentage of them rounded down, at least 1. Rule: OP-31.
Ordinal amount(const Json& value, Ordinal of, std::string_view name) {
  if (value.is_number_integer()) {
    return std::max<Ordinal>(1, value.get<Ordinal>());
  }
  if (const std::string text = value.is_string() ? value.get<std::string>() : "";
      text.ends_with('%')) {
    Ordinal percent{};
    const char* const end = text.data() + text.size() - 1;
    if (const auto read = std::from_chars(text.data(), end, percent);
        read.ec == std::errc() && read.ptr == end) {
      return std::max<Ordinal>(1, percent * of / 100);
    }
  }
  throw std::invalid_argument(
      fmt::format("annotation {}: {} is {}, neither a number nor a percentage",
                  kAnnotation,
                  name,
                  value.dump()));
}

/// The ends of `3-5`. Rule: OP-31.
std::optional<std::pair<Ordinal, Ordinal>> range_of(const std::string& text) {
  const std::size_t dash = text.find('-');
  Ordinal first{};
  Ordinal last{};
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto reads = [](const char* from, const char* to, Ordinal& number) {
    const auto read = std::from_chars(from, to, number);
    return read.ec == std::errc() && read.ptr == to;
  };
  if (dash == std::string::npos || !reads(begin, begin + dash, first) ||
      !reads(begin + dash + 1, end, last) || first > last) {
    return std::nullopt;
  }
  return std::pair(first, last);
}

/// OP-40: a range that cannot be read makes the whole list empty.
std::vector<Ordinal> reserved_ordinals(const Json& list) {
  constexpr Ordinal kLongest = 100'000;  // of a range: more would never be reached
  std::set<Ordinal> out;
  for (const Json& entry : list.is_array() ? list : Json::array()) {
    if (entry.is_number_integer()) {
      out.insert(entry.get<Ordinal>());
      continue;
    }
    const auto range = range_of(entry.is_string() ? entry.get<std::string>() : "");
    if (!range || range->second - range->first > kLongest) {
      return {};
    }
    for (Ordinal i = range->first; i <= range->second; ++i) {
      out.insert(i);
    }
  }
  return {out.begin(), out.end()};
}

/// Refuses members that would be ignored: what is not simulated, and slips.
void has_only(const Json& document,
              std::string_view where,
              std::initializer_list<std::string_view> known) {
  if (!document.is_object()) {
    return;
  }
  for (const auto& [key, value] : document.items()) {
    if (std::ranges::find(known, std::string_view(key)) == known.end()) {
      throw std::invalid_argument(
          fmt::format("annotation {}: \"{}\" of {} is not known; possible: {}",
                      kAnnotation,
                      key,
                      where,
                      fmt::join(known, ", ")));
    }
  }
}

Extras read_extras(const View& view) {
  Extras out;
  const auto text = view.annotation(kAnnotation);
  const Json spec = Json::parse(text.value_or("{}"), nullptr, false);
  if (!spec.is_object()) {
    throw std::invalid_argument(fmt::format("annotation {} is no JSON object", kAnnotation));
  }
  const Json& strategy = part(spec, "updateStrategy");
  const Json& rolling = part(strategy, "rollingUpdate");
  const Json& unordered = part(rolling, "unorderedUpdate");
  const Json& priority = part(unordered, "priorityStrategy");
  has_only(spec, "spec", {"reserveOrdinals", "scaleStrategy", "updateStrategy"});
  has_only(part(spec, "scaleStrategy"), "scaleStrategy", {"maxUnavailable"});
  has_only(strategy, "updateStrategy", {"rollingUpdate"});
  has_only(
      rolling, "rollingUpdate", {"maxUnavailable", "paused", "podUpdatePolicy", "unorderedUpdate"});
  has_only(unordered, "unorderedUpdate", {"priorityStrategy"});
  has_only(priority, "priorityStrategy", {"weightPriority", "orderPriority"});
  const Ordinal replicas = view.set().replicas;
  out.reserved = reserved_ordinals(part(spec, "reserveOrdinals"));
  if (const Json& budget = part(part(spec, "scaleStrategy"), "maxUnavailable"); !budget.is_null()) {
    out.scale_budget = amount(budget, replicas, "scaleStrategy.maxUnavailable");
  }
  if (const Json& budget = part(rolling, "maxUnavailable"); !budget.is_null()) {
    out.update_budget = amount(budget, replicas, "updateStrategy.rollingUpdate.maxUnavailable");
  }
  out.paused = part(rolling, "paused") == true;
  const Json& policy = part(rolling, "podUpdatePolicy");
  out.in_place_only = policy == "InPlaceOnly";
  out.in_place = out.in_place_only || policy == "InPlaceIfPossible";
  if (!out.in_place && !policy.is_null() && policy != "ReCreate") {
    throw std::invalid_argument(
        fmt::format("annotation {}: podUpdatePolicy {} is none of ReCreate, InPlaceIfPossible and "
                    "InPlaceOnly",
                    kAnnotation,
                    policy.dump()));
  }
  out.unordered = unordered.is_object();
  for (const Json& term : part(priority, "weightPriority")) {
    has_only(part(term, "matchSelector"), "matchSelector", {"matchLabels"});
    out.weights.emplace_back(part(term, "weight").is_number() ? term["weight"].get<Ordinal>() : 0,
                             part(part(term, "matchSelector"), "matchLabels"));
  }
  for (const Json& term : part(priority, "orderPriority")) {
    const Json& key = part(term, "orderedKey");
    out.ordered_keys.push_back(key.is_string() ? key.get<std::string>() : "");
  }
  return out;
}

class OpenKruiseDecision {
 public:
  OpenKruiseDecision(const View& view, Plan& plan, const Extras& extras)
      : view_(view),
        plan_(plan),
        set_(view.set()),
        extras_(extras),
        ordered_(set_.parallel == 0),
        replicas_(set_.start_ordinal, set_.replicas, extras.reserved) {}

  void run() {
    if (set_.terminating != 0) {
      plan_.wait(fmt::format("{} is being deleted", view_.name()), "SS-106");
      return;
    }
    if (set_.strategy == STSIM_STRATEGY_ROLLING_UPDATE) {
      plan_.completes_with(-1);  // OP-66
    }
    if (process_replicas() && process_condemned()) {
      roll();
    }
    look_again();
  }

 private:
  using Place = std::optional<Ordinal>;

  [[nodiscard]] std::string usual_name(Ordinal ordinal) const {
    return fmt::format("{}-{}", view_.name(), ordinal);
  }
  [[nodiscard]] bool is_updated(const stsim_pod& pod) const {
    return to_view(pod.revision) == to_view(set_.update_revision);
  }
  [[nodiscard]] Ordinal partition() const {
    return set_.has_rolling_update != 0 ? set_.partition : 0;
  }

  /// OP-46.
  [[nodiscard]] Revision revision_for(Ordinal ordinal) const {
    if (set_.strategy != STSIM_STRATEGY_ROLLING_UPDATE) {
      return Revision::Update;
    }
    const bool current = extras_.unordered
                             ? view_.count(Pods::Outdated, 0, kOrdinals) +
                                       view_.count(Pods::OutdatedTerminating, 0, kOrdinals) <
                                   partition()
                             : replicas_.below(ordinal) + 1 <= partition();
    return current ? Revision::Current : Revision::Update;
  }

  /// What a visit of a replica leads to.
  enum class Then : unsigned char { Next, EndPhase, Stop };

  /// OP-44: uses up one of scaleStrategy.maxUnavailable.
  Then count(Ordinal ordinal) {
    if (scale_left_ && --*scale_left_ <= 0) {
      plan_.wait(ordinal,
                 fmt::format("{} pods are not available yet, as many as scaleStrategy allows",
                             *extras_.scale_budget),
                 "OP-44");
      return Then::EndPhase;
    }
    return Then::Next;
  }

  /// Phase A. Returns whether the others follow. Rule: OP-44.
  bool process_replicas() {
    scale_left_ = ordered_ ? std::nullopt : extras_.scale_budget;
    const auto next = [this](Ordinal from) -> Place {
      Ordinal out = view_.next_missing(Pods::Present, from);
      out = std::min(out, view_.next(Pods::Unsettled, from).value_or(out));
      if (scale_left_) {
        out = std::min(out, view_.next_missing(Pods::Available, from));
        out = std::min(out, view_.next(Pods::Terminating, from).value_or(out));
      }
      return out;
    };
    for (Place at = replicas_.next(0, next); at; at = replicas_.next(*at + 1, next)) {
      plan_.batch();
      const Then then = process_replica(*at);
      if (then != Then::Next) {
        return then == Then::EndPhase;
      }
    }
    return true;
  }

  Then process_replica(Ordinal ordinal) {
    const auto pod = view_.pod(ordinal);
    if (!pod) {
      return create(ordinal);
    }
    const std::string_view name = to_view(pod->name);
    if (pod->ended != 0) {
      if (count(ordinal) == Then::EndPhase) {
        return Then::EndPhase;
      }
      if (pod->terminating == 0) {
        plan_.remove(ordinal, fmt::format("{} has ended and is made anew", name), "OP-44");
      }
      return Then::Stop;
    }
    const std::uint32_t needs = view_.needs(ordinal);
    if ((needs & STSIM_NEEDS_CLAIMS) != 0) {
      plan_.complete_claims(ordinal);
    }
    if (pod->terminating != 0 || pod->available == 0) {
      if (!ordered_) {
        if (scale_left_) {
          return count(ordinal);
        }
      } else {
        plan_.wait(ordinal,
                   fmt::format("{} is {}, and everything after it waits",
                               name,
                               pod->terminating != 0 ? "terminating" : "not available"),
                   "OP-44");
        return Then::Stop;
      }
    }
    if ((needs & (STSIM_NEEDS_REPAIR | STSIM_NEEDS_CLAIMS)) == STSIM_NEEDS_REPAIR) {
      plan_.repair(ordinal);
    }
    return Then::Next;
  }

  Then create(Ordinal ordinal) {
    const std::string name = usual_name(ordinal);
    if ((view_.needs(ordinal) & STSIM_NEEDS_TIME) != 0) {
      plan_.wait(ordinal,
                 fmt::format("{} is not created: a claim of the earlier pod is still there", name),
                 "SS-177");
      return ordered_ ? Then::Stop : Then::Next;
    }
    const Revision revision = revision_for(ordinal);
    plan_.create(ordinal, revision, fmt::format("{} is missing", name), "OP-44");
    made_current_ += revision == Revision::Current ? 1 : 0;
    return ordered_ ? Then::Stop : count(ordinal);
  }

  /// Phases B and C. Rule: OP-48.
  bool process_condemned() {
    const auto mismatched = [this](Ordinal from) { return view_.previous(Pods::Mismatched, from); };
    for (Place at = replicas_.previous_other(kOrdinals, mismatched); at;
         at = replicas_.previous_other(*at - 1, mismatched)) {
      plan_.batch();
      plan_.give_owners(*at);
    }
    const Removal removal{ordered_,
                          [](const stsim_pod& pod) { return pod.available != 0; },
                          "available",
                          "OP-48",
                          "OP-40"};
    return remove_others(
        view_, plan_, replicas_, removal, [](const stsim_pod&) { return stsim_counts{}; });
  }

  /// OP-51: what uses up the budget of an update.
  [[nodiscard]] std::set<Ordinal> unavailable() const {
    std::set<Ordinal> out;
    const auto next = [this](Ordinal from) -> Place {
      const Ordinal missing = view_.next_missing(Pods::Available, from);
      return std::min(missing, view_.next(Pods::Unavailable, from).value_or(missing));
    };
    for (Place at = replicas_.next(0, next); at; at = replicas_.next(*at + 1, next)) {
      out.insert(*at);
    }
    return out;
  }

  /// How much a pod's labels make it worth to go early, and its place by orderedKey. OP-52
  struct Priority {
    Ordinal weight{};
    std::size_t key{};  ///< of orderPriority; 0 of pods that have none
    Ordinal number{};   ///< at the end of that label's value
  };

  [[nodiscard]] Priority priority(Ordinal ordinal) const {
    Priority out;
    for (const auto& [weight, labels] : extras_.weights) {
      const bool matches = std::ranges::all_of(labels.items(), [&](const auto& label) {
        return label.value().is_string() &&
               view_.label(ordinal, label.key()) == label.value().template get<std::string>();
      });
      out.weight += matches ? weight : 0;
    }
    for (std::size_t i = 0; i < extras_.ordered_keys.size() && out.key == 0; ++i) {
      if (const auto value = view_.label(ordinal, extras_.ordered_keys[i])) {
        out.key = i + 1;
        std::size_t digits = value->size();
        while (digits > 0 && (*value)[digits - 1] >= '0' && (*value)[digits - 1] <= '9') {
          --digits;
        }
        std::from_chars(value->data() + digits, value->data() + value->size(), out.number);
      }
    }
    return out;
  }

  /// OP-52: the pods that an update gets to, in its order.
  [[nodiscard]] std::vector<Ordinal> targets() const {
    const auto most = static_cast<std::size_t>(std::max<Ordinal>(0, set_.replicas - partition()));
    std::vector<Ordinal> out;
    const auto each = [](Ordinal from) -> Place { return from; };
    if (!extras_.unordered) {
      // Those that are up to date are passed by, so only the others are looked at.
      const auto outdated = [this](Ordinal from) { return view_.previous(Pods::Outdated, from); };
      const Ordinal lowest = replicas_.first() + partition();
      for (Place at = replicas_.previous(replicas_.end() - 1, outdated); at && *at >= lowest;
           at = replicas_.previous(*at - 1, outdated)) {
        if (static_cast<std::size_t>(replicas_.size() - replicas_.below(*at)) > most) {
          break;
        }
        out.push_back(*at);
      }
      return out;
    }
    std::vector<std::pair<Priority, Ordinal>> rest;
    for (Place at = replicas_.previous(replicas_.end() - 1, each); at;
         at = replicas_.previous(*at - 1, each)) {
      const auto pod = view_.pod(*at);
      if (!pod || pod->terminating != 0 || is_updated(*pod)) {
        out.push_back(*at);  // one that is missing is made at the update revision, if it is here
      } else {
        rest.emplace_back(priority(*at), *at);
      }
    }
    std::ranges::stable_sort(rest, [](const auto& a, const auto& b) {
      if (a.first.weight != b.first.weight) {
        return a.first.weight > b.first.weight;
      }
      return a.first.key != b.first.key ? a.first.key < b.first.key
                                        : a.first.number > b.first.number;
    });
    for (const auto& [unused, ordinal] : rest) {
      out.push_back(ordinal);
    }
    out.resize(std::min(out.size(), most));
    return out;
  }

  /// Phase D. Rules: OP-50, OP-53.
  void roll() {
    if (set_.strategy != STSIM_STRATEGY_ROLLING_UPDATE) {
      return;
    }
    if (extras_.paused) {
      if (view_.next(Pods::Outdated, 0)) {
        plan_.wait("the update is paused", "OP-50");
      }
      return;
    }
    std::set<Ordinal> down = unavailable();
    for (const Ordinal target : targets()) {
      const auto pod = view_.pod(target);
      if (!pod || is_updated(*pod)) {
        continue;
      }
      if (std::ssize(down) >= extras_.update_budget && !down.contains(target)) {
        plan_.wait(target,
                   fmt::format("{} waits: {} pods are unavailable, and maxUnavailable is {}",
                               to_view(pod->name),
                               down.size(),
                               extras_.update_budget),
                   "OP-53");
        return;
      }
      if (pod->terminating != 0) {
        continue;
      }
      if (!replace(target, *pod)) {
        return;
      }
      down.insert(target);
    }
  }

  /// OP-53.4. Returns whether the walk goes on.
  bool replace(Ordinal target, const stsim_pod& pod) {
    const std::string_view name = to_view(pod.name);
    const std::string why =
        fmt::format("{} is not at the update revision {}", name, to_view(set_.update_revision));
    const stsim_counts counts{
        0, to_view(pod.revision) == to_view(set_.current_revision) ? -1 : 0, 0};
    const bool in_place = extras_.in_place && view_.can_change_in_place(target);
    if (extras_.in_place_only && !in_place) {
      plan_.wait(
          target,
          fmt::format("find strategy is InPlaceOnly but Pod {} can not update in-place", name),
          "OP-55");
      return false;
    }
    plan_.batch();
    if (in_place) {
      plan_.change_in_place(target, why, "OP-55", counts);
    } else {
      plan_.remove_if_there(target, why, "OP-53", counts);
    }
    return true;
  }

  /// OP-36.
  void look_again() {
    constexpr std::int64_t kSecond = 1'000'000;
    if (set_.min_ready_seconds > 0 && set_.oldest_unavailable_us >= 0) {
      const std::int64_t due =
          set_.oldest_unavailable_us + set_.min_ready_seconds * kSecond - set_.now_us;
      plan_.again(due + 1, true);  // up to 1.33 a pod is available a moment after that; SS-250
    }
  }

  static constexpr Ordinal kOrdinals = Replicas::kOrdinals;

  const View& view_;
  Plan& plan_;
  const stsim_set& set_;
  const Extras& extras_;
  bool ordered_;
  Replicas replicas_;
  Ordinal made_current_{};             ///< pods that this decision creates at the current revision
  std::optional<Ordinal> scale_left_;  ///< what is left of scaleStrategy.maxUnavailable
};

}  // namespace

void decide_openkruise(const View& view, Plan& plan) {
  const Extras extras = read_extras(view);
  OpenKruiseDecision(view, plan, extras).run();
}

}  // namespace stsim::policy
