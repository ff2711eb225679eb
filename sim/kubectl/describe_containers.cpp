// Containers in descriptions of pods and templates. Rules: KC-50, KC-52.

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"
#include "kubectl/go_sort.hpp"
#include "kubectl/go_text.hpp"

#include <fmt/format.h>
#include <stsim/api/quantity.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/base/int128.hpp>

#include <algorithm>

namespace stsim::kubectl {

namespace {

using api::Json;

std::string ports_text(const Json& container, std::string_view key) {
  std::vector<std::string> parts;
  for (const Json& port : elements(api::member(container, "ports"))) {
    std::string part = std::to_string(api::integer(port, key)) + "/" + api::text(port, "protocol");
    if (const std::string name = api::text(port, "name"); !name.empty()) {
      part += " (" + name + ")";
    }
    parts.push_back(std::move(part));
  }
  return join(parts, ", ");
}

void write_ports(DescribeWriter& writer, std::string_view label, const std::string& ports) {
  const bool several = ports.find(',') != std::string::npos;
  writer.field(2, std::string(label) + (several ? "s" : ""), or_none(ports));
}

void write_words(DescribeWriter& writer, std::string_view label, const Json& words) {
  if (elements(words).empty()) {
    return;
  }
  writer.write(2, std::string(label) + ":\n");
  for (const std::string& word : texts_of(words)) {
    for (std::size_t start = 0; start <= word.size();) {
      const std::size_t end = std::min(word.find('\n', start), word.size());
      writer.write(3, word.substr(start, end - start) + "\n");
      start = end + 1;
    }
  }
}

void write_state(DescribeWriter& writer, std::string_view label, const Json& state) {
  const Json& running = api::member(state, "running");
  const Json& waiting = api::member(state, "waiting");
  const Json& terminated = api::member(state, "terminated");
  if (running.is_object()) {
    writer.field(2, label, "Running");
    writer.field(3, "Started", date_text(api::member(running, "startedAt")));
  } else if (terminated.is_object() && !waiting.is_object()) {
    writer.field(2, label, "Terminated");
    for (const auto& [name, key] :
         {std::pair("Reason", "reason"), std::pair("Message", "message")}) {
      if (const std::string text = api::text(terminated, key); !text.empty()) {
        writer.field(3, name, text);
      }
    }
    writer.field(3, "Exit Code", std::to_string(api::integer(terminated, "exitCode")));
    if (const std::int64_t signal = api::integer(terminated, "signal"); signal > 0) {
      writer.field(3, "Signal", std::to_string(signal));
    }
    writer.field(3, "Started", date_text(api::member(terminated, "startedAt")));
    writer.field(3, "Finished", date_text(api::member(terminated, "finishedAt")));
  } else {
    writer.field(2, label, "Waiting");
    if (const std::string reason = api::text(waiting, "reason"); !reason.empty()) {
      writer.field(3, "Reason", reason);
    }
  }
}

void write_status(DescribeWriter& writer, const Json& status) {
  write_state(writer, "State", api::member(status, "state"));
  const Json& last = api::member(status, "lastState");
  if (api::member(last, "terminated").is_object()) {
    write_state(writer, "Last State", last);
  }
  writer.field(2, "Ready", api::member(status, "ready") == true ? "True" : "False");
  writer.field(2, "Restart Count", std::to_string(api::integer(status, "restartCount")));
}

void write_resources(DescribeWriter& writer, const Json& resources) {
  for (const auto& [label, key] :
       {std::pair("Limits:\n", "limits"), std::pair("Requests:\n", "requests")}) {
    const Json& quantities = api::member(resources, key);
    if (!quantities.is_object() || quantities.empty()) {
      continue;
    }
    writer.write(2, label);
    for (const auto& [name, quantity] : quantities.items()) {
      writer.field(3, name, scalar_text(quantity));
    }
  }
}

// A path as it stands in a URL.
std::string escape_path(const std::string& path) {
  constexpr std::string_view kKept = "-_.~$&+,/:;=@";
  std::string result;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    result += is_alphanumeric(c) || kKept.find(c) != std::string_view::npos
                  ? std::string(1, c)
                  : fmt::format("%{:02X}", byte);
  }
  return result;
}

std::string url_of(const Json& http_get) {
  const std::string host = api::text(http_get, "host");
  const std::string port = value_or(http_get, "port");
  std::string path = escape_path(api::text(http_get, "path"));
  if (!path.empty() && !path.starts_with('/')) {
    path.insert(0, "/");
  }
  return to_lower(api::text(http_get, "scheme")) + "://" +
         (port.empty() ? host : host_and_port(host, port)) + path;
}

std::string probe_text(const Json& probe) {
  const std::string numbers =
      fmt::format("delay={}s timeout={}s period={}s #success={} #failure={}",
                  api::integer(probe, "initialDelaySeconds"),
                  api::integer(probe, "timeoutSeconds"),
                  api::integer(probe, "periodSeconds"),
                  api::integer(probe, "successThreshold"),
                  api::integer(probe, "failureThreshold"));
  if (const Json& exec = api::member(probe, "exec"); exec.is_object()) {
    return "exec " + list_text(api::member(exec, "command")) + " " + numbers;
  }
  if (const Json& http_get = api::member(probe, "httpGet"); http_get.is_object()) {
    return "http-get " + url_of(http_get) + " " + numbers;
  }
  if (const Json& socket = api::member(probe, "tcpSocket"); socket.is_object()) {
    return "tcp-socket " + api::text(socket, "host") + ":" + value_or(socket, "port") + " " +
           numbers;
  }
  if (const Json& grpc = api::member(probe, "grpc"); grpc.is_object()) {
    return "grpc <pod>:" + value_or(grpc, "port", "0") + " " + api::text(grpc, "service") + " " +
           numbers;
  }
  return "unknown " + numbers;
}

void write_probes(DescribeWriter& writer, const Json& container) {
  for (const auto& [label, key] : {std::pair("Liveness", "livenessProbe"),
                                   std::pair("Readiness", "readinessProbe"),
                                   std::pair("Startup", "startupProbe")}) {
    const Json& probe = api::member(container, key);
    if (probe.is_object()) {
      writer.field(2, label, probe_text(probe));
    }
  }
}

std::string map_text(const Json& map) {
  std::string text;
  if (map.is_object()) {
    for (const auto& [key, value] : map.items()) {
      text += (text.empty() ? "" : "\n") + key + "=" + go_quote(scalar_text(value));
    }
  }
  return text;
}

// What a field of the pod itself is; only metadata is known before the pod runs.
std::string pod_field(const Json& pod, std::string path) {
  const Json& metadata = api::member(pod, "metadata");
  if (path.ends_with("']")) {
    const std::size_t bracket = path.find("['");
    const std::string key = path.substr(bracket + 2, path.size() - bracket - 4);
    const std::string map = path.substr(0, bracket);
    if (map == "metadata.labels" || map == "metadata.annotations") {
      return api::text(api::member(metadata, map.substr(map.find('.') + 1)), key);
    }
    return {};
  }
  if (path == "metadata.labels" || path == "metadata.annotations") {
    return map_text(api::member(metadata, path.substr(path.find('.') + 1)));
  }
  if (path == "metadata.name" || path == "metadata.namespace" || path == "metadata.uid") {
    return api::text(metadata, path.substr(path.find('.') + 1));
  }
  return {};
}

// A resource of the container in units of the divisor, rounded up; empty for unknown resources.
std::string resource_field(const Json& container, const Json& reference) {
  const std::string resource = api::text(reference, "resource");
  const std::size_t dot = resource.find('.');
  if (dot == std::string::npos) {
    return {};
  }
  const Json& quantities = api::at_path(container, {"resources", resource.substr(0, dot)});
  const auto quantity = api::Quantity::parse(value_or(quantities, resource.substr(dot + 1), "0"));
  auto divisor = api::Quantity::parse(value_or(reference, "divisor", "1"));
  if (!quantity || !divisor) {
    return {};
  }
  if (divisor->nano() == 0) {
    divisor = api::Quantity::parse("1");
  }
  const Int128 value = quantity->nano();
  const Int128 unit = divisor->nano();
  const std::string text = std::to_string(static_cast<std::int64_t>((value + unit - 1) / unit));
  const bool whole_node = text == "0" && (resource == "limits.cpu" || resource == "limits.memory");
  return whole_node ? "node allocatable" : text;
}

std::string optional_text(const Json& reference) {
  return std::string("Optional: ") +
         (api::member(reference, "optional") == true ? "true" : "false");
}

// A value that the environment takes from elsewhere, as cells.
std::string value_from_text(const Json& from, const Json& container, const Json& pod) {
  if (const Json& field = api::member(from, "fieldRef"); field.is_object()) {
    const std::string path = api::text(field, "fieldPath");
    return pod_field(pod, path) + " (" + api::text(field, "apiVersion") + ":" + path + ")";
  }
  if (const Json& resource = api::member(from, "resourceFieldRef"); resource.is_object()) {
    return resource_field(container, resource) + " (" + api::text(resource, "resource") + ")";
  }
  if (const Json& secret = api::member(from, "secretKeyRef"); secret.is_object()) {
    return fmt::format("<set to the key '{}' in secret '{}'>\t{}",
                       api::text(secret, "key"),
                       api::text(secret, "name"),
                       optional_text(secret));
  }
  const Json& map = api::member(from, "configMapKeyRef");
  return fmt::format("<set to the key '{}' of config map '{}'>\t{}",
                     api::text(map, "key"),
                     api::text(map, "name"),
                     optional_text(map));
}

void write_environment_sources(DescribeWriter& writer, const Json& sources) {
  if (elements(sources).empty()) {
    return;
  }
  writer.write(2, "Environment Variables from:\n");
  for (const Json& source : sources) {
    const Json& map = api::member(source, "configMapRef");
    const Json& reference = map.is_object() ? map : api::member(source, "secretRef");
    const std::string prefix = api::text(source, "prefix");
    writer.write(3,
                 fmt::format("{}\t{}{}\t{}\n",
                             api::text(reference, "name"),
                             map.is_object() ? "ConfigMap" : "Secret",
                             prefix.empty() ? "" : " with prefix '" + prefix + "'",
                             optional_text(reference)));
  }
}

void write_environment(DescribeWriter& writer, const Json& container, const Json& pod) {
  const Json& variables = elements(api::member(container, "env"));
  writer.write(2, variables.empty() ? "Environment:\t<none>\n" : "Environment:\n");
  for (const Json& variable : variables) {
    const std::string name = api::text(variable, "name");
    const Json& from = api::member(variable, "valueFrom");
    if (from.is_object()) {
      writer.field(3, name, value_from_text(from, container, pod));
      continue;
    }
    const std::string value = api::text(variable, "value");
    for (std::size_t start = 0; start <= value.size();) {
      const std::size_t end = std::min(value.find('\n', start), value.size());
      const std::string line = value.substr(start, end - start);
      writer.write(3, (start == 0 ? name + ":" : "") + "\t" + line + "\n");
      start = end + 1;
    }
  }
}

std::vector<const Json*> sorted_by(const Json& list, std::string_view key) {
  std::vector<const Json*> sorted;
  for (const Json& element : elements(list)) {
    sorted.push_back(&element);
  }
  go_sort(sorted,
          [&](const Json* a, const Json* b) { return api::text(*a, key) < api::text(*b, key); });
  return sorted;
}

void write_mounts(DescribeWriter& writer, const Json& container) {
  const std::vector<const Json*> mounts =
      sorted_by(api::member(container, "volumeMounts"), "mountPath");
  const std::string none = mounts.empty() ? "\t<none>" : "";
  writer.write(2, "Mounts:" + none + "\n");
  for (const Json* mount : mounts) {
    std::string flags = api::member(*mount, "readOnly") == true ? "ro" : "rw";
    if (const std::string path = api::text(*mount, "subPath"); !path.empty()) {
      flags += ",path=" + go_quote(path);
    }
    writer.write(3,
                 api::text(*mount, "mountPath") + " from " + api::text(*mount, "name") + " (" +
                     flags + ")\n");
  }
  const std::vector<const Json*> devices =
      sorted_by(api::member(container, "volumeDevices"), "devicePath");
  if (devices.empty()) {
    return;
  }
  writer.write(2, "Devices:" + none + "\n");
  for (const Json* device : devices) {
    writer.write(3,
                 api::text(*device, "devicePath") + " from " + api::text(*device, "name") + "\n");
  }
}

void write_seccomp(DescribeWriter& writer, const Json& container) {
  const Json& profile = api::at_path(container, {"securityContext", "seccompProfile"});
  if (!profile.is_object()) {
    return;
  }
  const std::string type = api::text(profile, "type");
  writer.field(2, "SeccompProfile", type);
  if (type == "Localhost") {
    writer.field(3, "LocalhostProfile", api::text(profile, "localhostProfile"));
  }
}

const Json& status_of(const Json& statuses, const std::string& name) {
  static const Json kNone;
  const Json* result = &kNone;
  for (const Json& status : elements(statuses)) {
    if (api::text(status, "name") == name) {
      result = &status;
    }
  }
  return *result;
}

}  // namespace

void write_containers(DescribeWriter& writer,
                      std::string_view label,
                      const Json& containers,
                      const Json& statuses,
                      const Json& pod,
                      std::string_view indent) {
  const Json& list = elements(containers);
  writer.write(0, fmt::format("{}{}:{}\n", indent, label, list.empty() ? " <none>" : ""));
  for (const Json& container : list) {
    const std::string name = api::text(container, "name");
    const Json& status = status_of(statuses, name);
    const bool known = status.is_object();
    writer.write(1, (indent.empty() ? "" : " ") + name + ":\n");
    if (known) {
      writer.field(2, "Container ID", api::text(status, "containerID"));
    }
    writer.field(2, "Image", api::text(container, "image"));
    if (known) {
      writer.field(2, "Image ID", api::text(status, "imageID"));
    }
    write_ports(writer, "Port", ports_text(container, "containerPort"));
    write_ports(writer, "Host Port", ports_text(container, "hostPort"));
    write_seccomp(writer, container);
    write_words(writer, "Command", api::member(container, "command"));
    write_words(writer, "Args", api::member(container, "args"));
    if (known) {
      write_status(writer, status);
    }
    write_resources(writer, api::member(container, "resources"));
    write_probes(writer, container);
    write_environment_sources(writer, api::member(container, "envFrom"));
    write_environment(writer, container, pod);
    write_mounts(writer, container);
  }
}

}  // namespace stsim::kubectl
