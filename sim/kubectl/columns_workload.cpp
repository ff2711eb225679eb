// Columns of StatefulSets, ControllerRevisions and Pods. Rules: KC-41, PN-90 to PN-95.

#include "kubectl/document.hpp"
#include "kubectl/kind_columns.hpp"

#include <stsim/base/characters.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>
#include <optional>

namespace stsim::kubectl {

namespace {

using api::Json;

std::string number_of(const Json& object, std::string_view key) {
  return std::to_string(api::integer(object, key));
}

std::string each_container(const Json& pod_spec, std::string_view key) {
  std::vector<std::string> parts;
  for (const Json& container : elements(api::member(pod_spec, "containers"))) {
    parts.push_back(api::text(container, key));
  }
  return join(parts, ",");
}

Cells stateful_set_cells(const Json& set, const TableOptions& options) {
  const Json& pod_spec = api::at_path(set, {"spec", "template", "spec"});
  return {name_of(set),
          number_of(api::member(set, "status"), "readyReplicas") + "/" +
              number_of(api::member(set, "spec"), "replicas"),
          object_age(set, options),
          each_container(pod_spec, "name"),
          each_container(pod_spec, "image")};
}

Cells controller_revision_cells(const Json& revision, const TableOptions& options) {
  const Json& owner = controller_of(revision);
  std::string controller = "<none>";
  if (!owner.is_null()) {
    const std::string version = api::text(owner, "apiVersion");
    const std::size_t slash = version.find('/');
    controller = to_lower(api::text(owner, "kind"));
    if (slash != std::string::npos) {
      controller += "." + version.substr(0, slash);
    }
    controller += "/" + api::text(owner, "name");
  }
  return {name_of(revision),
          controller,
          number_of(revision, "revision"),
          object_age(revision, options)};
}

// How a container that has ended is called where nobody gave a reason. Rules: PN-91, PN-92.
std::string end_of(const Json& terminated) {
  if (const std::string reason = api::text(terminated, "reason"); !reason.empty()) {
    return reason;
  }
  if (const std::int64_t signal = api::integer(terminated, "signal"); signal != 0) {
    return "Signal:" + std::to_string(signal);
  }
  return "ExitCode:" + number_of(terminated, "exitCode");
}

bool has_condition(const Json& pod, std::string_view type) {
  const Json& conditions = elements(api::at_path(pod, {"status", "conditions"}));
  return std::any_of(conditions.begin(), conditions.end(), [&](const Json& condition) {
    return api::text(condition, "type") == type && api::text(condition, "status") == "True";
  });
}

// Works out a pod's row from its init containers to its containers. Rules: PN-90 to PN-95.
class PodReader {
 public:
  PodReader(const Json& pod, Release release)
      : pod_(pod), status_(api::member(pod, "status")), release_(release) {}

  PodSummary read(SimTime now) {
    reason_ = api::text(status_, "phase");
    if (const std::string reason = api::text(status_, "reason"); !reason.empty()) {
      reason_ = reason;
    }
    for (const Json& condition : elements(api::member(status_, "conditions"))) {
      if (api::text(condition, "type") == "PodScheduled" &&
          api::text(condition, "reason") == "SchedulingGated") {
        reason_ = "SchedulingGated";
      }
    }
    total_ = elements(api::at_path(pod_, {"spec", "containers"})).size();
    for (const Json& container : elements(api::at_path(pod_, {"spec", "initContainers"}))) {
      total_ += is_sidecar(container) ? 1U : 0U;
    }
    const bool initializing = read_init_containers();
    if (!initializing || has_condition(pod_, "Initialized")) {
      read_containers();
    }
    if (is_terminating(pod_)) {
      read_deletion();
    }
    PodSummary summary{std::to_string(ready_) + "/" + std::to_string(total_),
                       reason_,
                       std::to_string(restarts_.count)};
    if (restarts_.count != 0 && restarts_.last) {
      summary.restarts += " (" + human_duration(now - *restarts_.last) + " ago)";
    }
    return summary;
  }

 private:
  struct Restarts {
    std::int64_t count{};
    std::optional<SimTime> last;

    void add(const Json& status) {
      count += api::integer(status, "restartCount");
      const auto end =
          parse_rfc3339(api::text(api::at_path(status, {"lastState", "terminated"}), "finishedAt"));
      if (end && (!last || *last < *end)) {
        last = end;
      }
    }
  };

  static bool is_sidecar(const Json& container) {
    return api::text(container, "restartPolicy") == "Always";
  }

  bool is_sidecar_name(std::string_view name) const {
    const Json& containers = elements(api::at_path(pod_, {"spec", "initContainers"}));
    return std::any_of(containers.begin(), containers.end(), [&](const Json& container) {
      return api::text(container, "name") == name && is_sidecar(container);
    });
  }

  // Whether an init container is not done yet.
  bool read_init_containers() {
    std::size_t index = 0;
    for (const Json& status : elements(api::member(status_, "initContainerStatuses"))) {
      restarts_.add(status);
      const bool sidecar = is_sidecar_name(api::text(status, "name"));
      if (sidecar) {
        sidecar_restarts_.add(status);
      }
      const Json& terminated = api::at_path(status, {"state", "terminated"});
      const std::string waiting = api::text(api::at_path(status, {"state", "waiting"}), "reason");
      if (terminated.is_object() && api::integer(terminated, "exitCode") == 0) {
        ++index;
        continue;
      }
      if (sidecar && api::member(status, "started") == true) {
        ready_ += api::member(status, "ready") == true ? 1U : 0U;
        ++index;
        continue;
      }
      if (terminated.is_object()) {
        reason_ = "Init:" + end_of(terminated);
      } else if (!waiting.empty() && waiting != "PodInitializing") {
        reason_ = "Init:" + waiting;
      } else {
        reason_ = "Init:" + std::to_string(index) + "/" +
                  std::to_string(elements(api::at_path(pod_, {"spec", "initContainers"})).size());
      }
      return true;
    }
    return false;
  }

  void read_containers() {
    restarts_ = sidecar_restarts_;
    bool running = false;
    std::string error;
    const Json& statuses = elements(api::member(status_, "containerStatuses"));
    for (auto it = statuses.rbegin(); it != statuses.rend(); ++it) {
      restarts_.add(*it);
      const Json& state = api::member(*it, "state");
      const Json& terminated = api::member(state, "terminated");
      const std::string waiting = api::text(api::member(state, "waiting"), "reason");
      if (!waiting.empty()) {
        reason_ = waiting;
      } else if (terminated.is_object()) {
        reason_ = end_of(terminated);
        if (api::integer(terminated, "exitCode") != 0) {
          error = reason_;
        }
      } else if (api::member(*it, "ready") == true && api::member(state, "running").is_object()) {
        running = true;
        ++ready_;
      }
    }
    if (reason_ != "Completed") {
      return;
    }
    if (running && has_condition(pod_, "Ready")) {
      reason_ = "Running";
    } else if (!error.empty()) {
      reason_ = error;
    } else if (running) {
      reason_ = "NotReady";
    }
  }

  // A pod on its way out whose containers have all ended keeps its result since 1.31. Rule: PN-94.
  void read_deletion() {
    const std::string phase = api::text(status_, "phase");
    const bool ended = phase == "Succeeded" || phase == "Failed";
    if (api::text(status_, "reason") == "NodeLost") {
      reason_ = "Unknown";
    } else if (!ended || !release_.at_least(31)) {
      reason_ = "Terminating";
    }
  }

  const Json& pod_;
  const Json& status_;
  Release release_;
  std::string reason_;
  std::size_t ready_{};
  std::size_t total_{};
  Restarts restarts_;
  Restarts sidecar_restarts_;
};

std::string pod_ip(const Json& status) {
  const Json& ips = elements(api::member(status, "podIPs"));
  return ips.empty() ? api::text(status, "podIP") : api::text(ips.front(), "ip");
}

std::string readiness_gates(const Json& pod) {
  const Json& gates = elements(api::at_path(pod, {"spec", "readinessGates"}));
  if (gates.empty()) {
    return "<none>";
  }
  const auto met = std::count_if(gates.begin(), gates.end(), [&](const Json& gate) {
    return has_condition(pod, api::text(gate, "conditionType"));
  });
  return std::to_string(met) + "/" + std::to_string(gates.size());
}

Cells pod_cells(const Json& pod, const TableOptions& options) {
  const Json& status = api::member(pod, "status");
  PodSummary summary = summarize_pod(pod, options.now, options.release);
  return {name_of(pod),
          std::move(summary.ready),
          std::move(summary.status),
          std::move(summary.restarts),
          object_age(pod, options),
          or_none(pod_ip(status)),
          or_none(api::text(api::member(pod, "spec"), "nodeName")),
          or_none(api::text(status, "nominatedNodeName")),
          readiness_gates(pod)};
}

}  // namespace

PodSummary summarize_pod(const Json& pod, SimTime now, Release release) {
  return PodReader(pod, release).read(now);
}

KindColumns pod_columns() {
  return {{{"NAME", false, true},
           {"READY"},
           {"STATUS"},
           {"RESTARTS"},
           {"AGE"},
           {"IP", true},
           {"NODE", true},
           {"NOMINATED NODE", true},
           {"READINESS GATES", true}},
          pod_cells};
}

KindColumns stateful_set_columns() {
  return {{{"NAME", false, true}, {"READY"}, {"AGE"}, {"CONTAINERS", true}, {"IMAGES", true}},
          stateful_set_cells};
}

KindColumns controller_revision_columns() {
  return {{{"NAME", false, true}, {"CONTROLLER"}, {"REVISION"}, {"AGE"}},
          controller_revision_cells};
}

}  // namespace stsim::kubectl
