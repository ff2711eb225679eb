#pragma once
// Which columns `kubectl get` shows for each kind, and what their cells say of an object.
// Rules: KC-41, KC-42, PN-90 to PN-95, PV-90.

#include <stsim/api/json.hpp>
#include <stsim/api/kinds.hpp>
#include <stsim/base/time.hpp>
#include <stsim/base/version.hpp>
#include <stsim/kubectl/table.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// What the user asked `get` for, and when.
struct TableOptions {
  bool wide{};            ///< -o wide
  bool with_namespace{};  ///< -A: NAMESPACE first
  bool with_kind{};       ///< several types: names as `statefulset.apps/web` (KC-3)
  std::vector<std::string> label_columns;  ///< -L
  bool show_labels{};                      ///< --show-labels
  SimTime now{};
  Release release{};  ///< of the cluster, which makes the tables
};

/// A table of `objects`, which are all of kind `kind`, in the order given. Rule: KC-41.
[[nodiscard]] Table table_of(api::Kind kind,
                             const std::vector<const api::Json*>& objects,
                             const TableOptions& options);

/// Events as `kubectl events` sorts them: by the time when they were last seen.
[[nodiscard]] std::vector<const api::Json*> sorted_events(std::vector<const api::Json*> events);

/// The table of `kubectl events`: sorted by time, repeats as `3s (x4 over 20s)`. Of the options
/// only `with_namespace` and `now` count. Rule: KC-44.
[[nodiscard]] Table table_of_events(std::vector<const api::Json*> events,
                                    const TableOptions& options);

/// The age of an object or event: the short form of now − `timestamp`, `<unknown>` where the
/// timestamp is missing or null. Rule: KC-42.
[[nodiscard]] std::string age_of(const api::Json& timestamp, SimTime now);

/// READY, STATUS and RESTARTS of a pod. Rules: PN-90 to PN-95.
struct PodSummary {
  std::string ready;
  std::string status;
  std::string restarts;
  bool operator==(const PodSummary&) const = default;
};
/// The three cells of a pod in `get pods`. Rules: PN-90 to PN-95.
[[nodiscard]] PodSummary summarize_pod(const api::Json& pod, SimTime now, Release release);

/// `app=web,tier=db` for an object of labels, `<none>` where there are none.
[[nodiscard]] std::string labels_text(const api::Json& labels);

}  // namespace stsim::kubectl
