// Containers of pods. Rules: SS-5, PN-4.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/names.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace stsim::api::validation {

namespace {

bool is_protocol(std::string_view name) {
  return name == "TCP" || name == "UDP" || name == "SCTP";
}

void container_ports(Errors& errors, const Path& path, const Json& ports) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Path at = path.index(i);
    if (const std::string name = text(ports[i], "name"); !name.empty()) {
      const auto wrong = names::port_name(name);
      errors.invalid(at.child("name"), Json(name), wrong);
      if (wrong.empty() && !seen.insert(name).second) {
        errors.duplicate(at.child("name"), Json(name));
      }
    }
    if (const std::int64_t port = integer(ports[i], "containerPort"); port == 0) {
      errors.required(at.child("containerPort"));
    } else {
      port_number(errors, at.child("containerPort"), port);
    }
    if (const std::int64_t port = integer(ports[i], "hostPort"); port != 0) {
      port_number(errors, at.child("hostPort"), port);
    }
    if (const std::string protocol = text(ports[i], "protocol"); protocol.empty()) {
      errors.required(at.child("protocol"));
    } else if (!is_protocol(protocol)) {
      errors.not_supported(at.child("protocol"), Json(protocol), {"SCTP", "TCP", "UDP"});
    }
  }
}

void host_port_conflicts(Errors& errors,
                         const Path& path,
                         const Json& container,
                         std::set<std::string>& taken) {
  const Json& ports = list(container, "ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::int64_t port = integer(ports[i], "hostPort");
    const std::string name =
        fmt::format("{}/{}/{}", text(ports[i], "protocol"), text(ports[i], "hostIP"), port);
    if (port != 0 && !taken.insert(name).second) {
      errors.duplicate(path.child("ports").index(i).child("hostPort"), Json(name));
    }
  }
}

/// A path below a directory: relative and without steps upwards.
void descending_path(Errors& errors, const Path& path, const std::string& value) {
  if (value.starts_with('/')) {
    errors.invalid(path, Json(value), "must be a relative path");
  }
  if (steps_up(value)) {
    errors.invalid(path, Json(value), "must not contain '..'");
  }
}

void mount_propagation(Errors& errors,
                       const Path& path,
                       const std::string& propagation,
                       const Json& security) {
  if (propagation != "Bidirectional" && propagation != "HostToContainer" && propagation != "None") {
    errors.not_supported(path, Json(propagation), {"Bidirectional", "HostToContainer", "None"});
  }
  if (propagation == "Bidirectional" && member(security, "privileged") != Json(true)) {
    errors.forbidden(path,
                     "Bidirectional mount propagation is available only to privileged containers");
  }
}

void mounts(Errors& errors, const Path& path, const Json& container, const Json& volumes) {
  const Json& mounts = list(container, "volumeMounts");
  const Json& devices = list(container, "volumeDevices");
  std::set<std::string> paths;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const Path at = path.index(i);
    const std::string name = text(mounts[i], "name");
    const std::string where = text(mounts[i], "mountPath");
    if (name.empty()) {
      errors.required(at.child("name"));
    }
    if (!volumes.contains(name)) {
      errors.not_found(at.child("name"), name);
    }
    if (where.empty()) {
      errors.required(at.child("mountPath"));
    }
    if (!paths.insert(where).second) {
      errors.invalid(at.child("mountPath"), Json(where), "must be unique");
    }
    for (const Json& device : devices) {
      if (text(device, "name") == name) {
        errors.invalid(at.child("name"), Json(name), "must not already exist in volumeDevices");
      }
      if (text(device, "devicePath") == where) {
        errors.invalid(at.child("mountPath"),
                       Json(where),
                       "must not already exist as a path in volumeDevices");
      }
    }
    if (const std::string below = text(mounts[i], "subPath"); !below.empty()) {
      descending_path(errors, path.child("subPath"), below);
    }
    if (const std::string below = text(mounts[i], "subPathExpr"); !below.empty()) {
      if (!text(mounts[i], "subPath").empty()) {
        errors.invalid(
            at.child("subPathExpr"), Json(below), "subPathExpr and subPath are mutually exclusive");
      }
      descending_path(errors, path.child("subPathExpr"), below);
    }
    if (has(mounts[i], "mountPropagation")) {
      mount_propagation(errors,
                        path.child("mountPropagation"),
                        text(mounts[i], "mountPropagation"),
                        member(container, "securityContext"));
    }
  }
}

void devices(Errors& errors, const Path& path, const Json& container, const Json& volumes) {
  const Json& devices = list(container, "volumeDevices");
  std::set<std::string> names;
  std::set<std::string> paths;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const Path at = path.index(i);
    const std::string name = text(devices[i], "name");
    const std::string where = text(devices[i], "devicePath");
    if (name.empty()) {
      errors.required(at.child("name"));
    } else if (!names.insert(name).second) {
      errors.invalid(at.child("name"), Json(name), "must be unique");
    }
    if (const auto volume = volumes.find(name); volume == volumes.end()) {
      errors.not_found(at.child("name"), name);
    } else if (!has(*volume, "persistentVolumeClaim") && !has(*volume, "ephemeral")) {
      errors.invalid(at.child("name"),
                     Json(name),
                     "can only use volume source type of PersistentVolumeClaim or Ephemeral for "
                     "block mode");
    }
    if (where.empty()) {
      errors.required(at.child("devicePath"));
    } else if (!paths.insert(where).second) {
      errors.invalid(at.child("devicePath"), Json(where), "must be unique");
    }
    if (steps_up(where)) {
      errors.invalid(at.child("devicePath"), Json(where), "can not contain backsteps ('..')");
    }
    for (const Json& mount : list(container, "volumeMounts")) {
      if (text(mount, "name") == name) {
        errors.invalid(at.child("name"), Json(name), "must not already exist in volumeMounts");
      }
      if (text(mount, "mountPath") == where) {
        errors.invalid(at.child("devicePath"),
                       Json(where),
                       "must not already exist as a path in volumeMounts");
      }
    }
  }
}

void security(Errors& errors, const Path& path, const Json& context) {
  for (const std::string_view key : {"runAsUser", "runAsGroup"}) {
    in_range(errors, path.child(key), integer(context, key), 0, 2147483647);
  }
  if (const std::string mount = text(context, "procMount");
      has(context, "procMount") && mount != "Default" && mount != "Unmasked") {
    errors.not_supported(path.child("procMount"), Json(mount), {"Default", "Unmasked"});
  }
  seccomp_profile(errors, path.child("seccompProfile"), member(context, "seccompProfile"));
}

void common(Errors& errors, const Path& path, const Json& c, const Json& volumes) {
  if (const std::string name = text(c, "name"); name.empty()) {
    errors.required(path.child("name"));
  } else {
    dns_label(errors, path.child("name"), name);
  }
  if (text(c, "image").empty()) {
    errors.required(path.child("image"));
  }
  if (const std::string policy = text(c, "terminationMessagePolicy");
      policy != "File" && policy != "FallbackToLogsOnError") {
    errors.not_supported(
        path.child("terminationMessagePolicy"), Json(policy), {"File", "FallbackToLogsOnError"});
  }
  container_ports(errors, path.child("ports"), list(c, "ports"));
  environment(errors, path, c);
  mounts(errors, path.child("volumeMounts"), c, volumes);
  devices(errors, path.child("volumeDevices"), c, volumes);
  if (const std::string policy = text(c, "imagePullPolicy");
      policy != "Always" && policy != "IfNotPresent" && policy != "Never") {
    errors.not_supported(
        path.child("imagePullPolicy"), Json(policy), {"Always", "IfNotPresent", "Never"});
  }
  resources(errors, path.child("resources"), member(c, "resources"));
  security(errors, path.child("securityContext"), member(c, "securityContext"));
}

void only_for_pods(Errors& errors, const Path& path, const Json& containers) {
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::string image = text(containers[i], "image");
    if (!image.empty() && (image.find_first_not_of(" \t\r\n") != 0 ||
                           image.find_last_not_of(" \t\r\n") != image.size() - 1)) {
      errors.invalid(path.index(i).child("image"),
                     Json(image),
                     "must not have leading or trailing whitespace");
    }
  }
}

void ordinary(Errors& errors, const Path& path, const Json& spec, const Json& volumes) {
  const Json& containers = list(spec, "containers");
  if (containers.empty()) {
    errors.required(path);
    return;
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Json& c = containers[i];
    const Path at = path.index(i);
    common(errors, at, c, volumes);
    if (const std::string name = text(c, "name"); !names.insert(name).second) {
      errors.duplicate(at.child("name"), Json(name));
    }
    probes(errors, at, c, member(spec, "terminationGracePeriodSeconds"));
    // Restart policies of single containers came with 1.35.
    if (has(c, "restartPolicy") && !errors.release().at_least(35)) {
      errors.forbidden(at.child("restartPolicy"), "may not be set for non-init containers");
    }
  }
  std::set<std::string> host_ports;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    host_port_conflicts(errors, path.index(i), containers[i], host_ports);
  }
}

void initial(Errors& errors, const Path& path, const Json& spec, const Json& volumes) {
  std::set<std::string> names;
  for (const Json& c : list(spec, "containers")) {
    names.insert(text(c, "name"));
  }
  const Json& containers = list(spec, "initContainers");
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Json& c = containers[i];
    const Path at = path.index(i);
    common(errors, at, c, volumes);
    const std::string policy = text(c, "restartPolicy");
    if (has(c, "restartPolicy") && policy != "Always") {
      errors.not_supported(at.child("restartPolicy"), Json(policy), {"Always"});
    }
    if (const std::string name = text(c, "name"); !name.empty() && !names.insert(name).second) {
      errors.duplicate(at.child("name"), Json(name));
    }
    std::set<std::string> host_ports;
    // The server looks at each alone, and so names the first.
    host_port_conflicts(errors, path.index(0), c, host_ports);
    if (policy == "Always") {
      probes(errors, at, c, member(spec, "terminationGracePeriodSeconds"));
      continue;
    }
    const std::string_view why =
        errors.release().at_least(28)
            ? "may not be set for init containers without restartPolicy=Always"
            : "may not be set for init containers";
    for (const std::string_view key :
         {"lifecycle", "livenessProbe", "readinessProbe", "startupProbe"}) {
      if (has(c, key)) {
        errors.forbidden(at.child(key), why);
      }
    }
  }
}

}  // namespace

void containers(
    Errors& errors, const Path& path, const Json& spec, const Json& volumes, bool is_pod) {
  ordinary(errors, path.child("containers"), spec, volumes);
  initial(errors, path.child("initContainers"), spec, volumes);
  if (is_pod) {
    only_for_pods(errors, path.child("containers"), list(spec, "containers"));
    only_for_pods(errors, path.child("initContainers"), list(spec, "initContainers"));
  }
}

void seccomp_profile(Errors& errors, const Path& path, const Json& profile) {
  if (profile.is_null()) {
    return;
  }
  const std::string type = text(profile, "type");
  const Path file_path = path.child("localhostProfile");
  if (type.empty()) {
    errors.required(path.child("type"), "type is required when seccompProfile is set");
  } else if (type != "Localhost" && type != "RuntimeDefault" && type != "Unconfined") {
    errors.not_supported(
        path.child("type"), Json(type), {"Localhost", "RuntimeDefault", "Unconfined"});
  }
  const bool has_file = has(profile, "localhostProfile");
  if (type == "Localhost" && !has_file) {
    errors.required(file_path, "must be set when seccomp type is Localhost");
  } else if (type == "Localhost") {
    descending_path(errors, file_path, text(profile, "localhostProfile"));
  } else if (has_file) {
    const std::string file = go_quote(text(profile, "localhostProfile"));
    errors.invalid(
        file_path,
        fmt::format(R"({{"Type":{},"LocalhostProfile":{}}})", go_quote(type), file),
        fmt::format("core.SeccompProfile{{Type:{}, LocalhostProfile:(*string)(0xc000000000)}}",
                    go_quote(type)),
        "can only be set when seccomp type is Localhost");
  }
}

void resources(Errors& errors, const Path& path, const Json& resources) {
  constexpr std::array<std::string_view, 3> kOfContainers{"cpu", "memory", "ephemeral-storage"};
  constexpr std::array<std::string_view, 14> kStandard{"cpu",
                                                       "memory",
                                                       "ephemeral-storage",
                                                       "storage",
                                                       "pods",
                                                       "services",
                                                       "replicationcontrollers",
                                                       "secrets",
                                                       "configmaps",
                                                       "persistentvolumeclaims",
                                                       "requests.cpu",
                                                       "requests.memory",
                                                       "limits.cpu",
                                                       "limits.memory"};
  for (const std::string_view list_name : {"limits", "requests"}) {
    const Path list_path = path.child(list_name);
    for (const auto& [name, value] : map(resources, list_name).items()) {
      const Path at = list_path.key(name);
      const bool huge = name.starts_with("hugepages-");
      errors.invalid(at, Json(name), names::label_key(name, errors.release()));
      if (name.find('/') == std::string::npos) {
        if (!huge && std::ranges::find(kStandard, name) == kStandard.end()) {
          errors.invalid(at, Json(name), "must be a standard resource type or fully qualified");
        }
        if (!huge && std::ranges::find(kOfContainers, name) == kOfContainers.end()) {
          errors.invalid(at, Json(name), "must be a standard resource for containers");
        }
      }
      const Quantity amount = quantity(value);
      if (amount.nano() < 0) {
        errors.invalid(at, Json(amount.text()), "must be greater than or equal to 0");
      }
      if (list_name == "limits") {
        continue;
      }
      const Json& limit = member(map(resources, "limits"), name);
      if (!limit.is_null() && amount > quantity(limit)) {
        errors.invalid(
            list_path,
            Json(amount.text()),
            fmt::format("must be less than or equal to {} limit{}",
                        name,
                        errors.release().at_least(28) ? " of " + quantity(limit).text() : ""));
      }
    }
  }
}

}  // namespace stsim::api::validation
