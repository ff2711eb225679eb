#pragma once
// The objects of a run as its trace tells of them. Private to the module.

#include <stsim/report/graph.hpp>
#include <stsim/report/pod_spans.hpp>

#include <map>
#include <span>

namespace stsim::report {

using Objects = std::map<api::ObjectKey, api::ObjectPtr>;

/// Whether a record is of an API call that changed its object.
[[nodiscard]] inline bool is_change(const engine::TraceRecord& record) {
  return record.type == engine::TraceRecord::Type::Call && record.before != record.after;
}

/// The records up to an instant, that instant included.
[[nodiscard]] std::span<const engine::TraceRecord> records_until(const scenario::RunLog& log,
                                                                 Instant at);

/// The objects that are there at an instant, API Events apart.
[[nodiscard]] Objects objects_at(const scenario::RunLog& log, Instant at);

/// A pod's state, and where it stands out its detail: `pulling`, `failing: CrashLoopBackOff`.
struct PodLook {
  std::string words;
  Tone tone{};
};

/// How it is to be looked at that a pod is in a state.
[[nodiscard]] Tone tone_of(PodState state);

/// How each pod that is there at an instant looks, by its key.
[[nodiscard]] std::map<api::ObjectKey, PodLook> pod_looks(const scenario::RunLog& log, Instant at);

/// `Pod/web-0`, `Pod/web-0 in other` outside namespace default.
[[nodiscard]] std::string told_name(const api::ObjectKey& key);

/// Numbers count by value, web-2 before web-10; names that are equal so far by their characters.
struct InNaturalOrder {
  bool operator()(const std::string& a, const std::string& b) const {
    return api::natural_less(a, b) || (!api::natural_less(b, a) && a < b);
  }
};

/// `text` in lines of at most so many characters, broken at blanks; a longer word stands alone.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace stsim::report
