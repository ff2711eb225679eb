#include "container_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace stsim::node {

using api::Json;

const Json& container_document(const api::PodSpec& spec, std::size_t index) {
  static const Json kNull;
  const Json& containers = api::member(*spec.document, "containers");
  return containers.is_array() && index < containers.size() ? containers[index] : kNull;
}

PullPolicy pull_policy(const api::PodSpec& spec, std::size_t index) {
  const std::string policy = api::text(container_document(spec, index), "imagePullPolicy");
  if (policy == "Never") {
    return PullPolicy::Never;
  }
  return policy == "Always" ? PullPolicy::Always : PullPolicy::IfNotPresent;
}

RestartPolicy restart_policy(const api::PodSpec& spec) {
  const std::string policy = api::text(*spec.document, "restartPolicy");
  if (policy == "Never") {
    return RestartPolicy::Never;
  }
  return policy == "OnFailure" ? RestartPolicy::OnFailure : RestartPolicy::Always;
}

namespace {

const Json& probe_document(const api::PodSpec& spec, std::size_t index, bool startup) {
  return api::member(container_document(spec, index), startup ? "startupProbe" : "readinessProbe");
}

/// The number of a probe's port, which may be the name of one of the container's.
std::int64_t port_of(const Json& action, const Json& container) {
  const Json& port = api::member(action, "port");
  if (!port.is_string()) {
    return api::integer(action, "port");
  }
  for (const Json& candidate : api::member(container, "ports")) {
    if (api::text(candidate, "name") == port.get<std::string>()) {
      return api::integer(candidate, "containerPort");
    }
  }
  return 0;
}

Probe probe_of(const api::PodSpec& spec, std::size_t index, bool startup) {
  Probe out;
  out.startup = startup;
  const Json& probe = probe_document(spec, index, startup);
  if (!probe.is_object()) {
    return out;
  }
  constexpr std::int64_t kUsualPeriod = 10;
  out.present = true;
  out.initial_delay = seconds_of(api::integer(probe, "initialDelaySeconds"));
  out.period = std::chrono::seconds{
      std::max<std::int64_t>(1, api::integer(probe, "periodSeconds", kUsualPeriod))};
  const auto threshold = [&probe](std::string_view member, std::int64_t usual) {
    constexpr std::int64_t kMost = 100;
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(api::integer(probe, member, usual), 1, kMost));
  };
  out.success_threshold = threshold("successThreshold", 1);
  out.failure_threshold = threshold("failureThreshold", 3);
  return out;
}

}  // namespace

Probe first_probe(const api::PodSpec& spec, std::size_t index) {
  return probe_of(spec, index, probe_document(spec, index, true).is_object());
}

Probe readiness_probe(const api::PodSpec& spec, std::size_t index) {
  return probe_of(spec, index, false);
}

std::string probe_failure(
    const api::PodSpec& spec, std::size_t index, bool startup, std::string_view address, bool up) {
  const Json& probe = probe_document(spec, index, startup);
  const Json& container = container_document(spec, index);
  std::string output;
  if (const Json& http = api::member(probe, "httpGet"); http.is_object()) {
    const std::string host = api::text(http, "host", address);
    const std::int64_t port = port_of(http, container);
    const bool secure = api::text(http, "scheme") == "HTTPS";
    std::string path = api::text(http, "path", "/");
    if (path.empty() || path.front() != '/') {
      path.insert(path.begin(), '/');
    }
    output =
        up ? "HTTP probe failed with statuscode: 503"
           : fmt::format("Get \"{0}://{1}:{2}{3}\": dial tcp {1}:{2}: connect: connection refused",
                         secure ? "https" : "http",
                         host,
                         port,
                         path);
  } else if (const Json& tcp = api::member(probe, "tcpSocket"); tcp.is_object()) {
    output = fmt::format("dial tcp {}:{}: connect: connection refused",
                         api::text(tcp, "host", address),
                         port_of(tcp, container));
  } else if (api::member(probe, "grpc").is_object()) {
    output = "service unhealthy (responded with \"NOT_SERVING\")";
  }
  return fmt::format("{} probe failed: {}", startup ? "Startup" : "Readiness", output);
}

SimDuration pre_stop(const api::PodSpec& spec, std::size_t index) {
  const Json& hook = api::at_path(container_document(spec, index), {"lifecycle", "preStop"});
  if (const Json& sleep = api::member(hook, "sleep"); sleep.is_object()) {
    return seconds_of(std::max<std::int64_t>(0, api::integer(sleep, "seconds")));
  }
  // Every `sleep 5` or `sleep 1m` of the command, be it a shell's line; the rest takes no time.
  std::string line;
  for (const Json& word : api::at_path(hook, {"exec", "command"})) {
    line += word.is_string() ? word.get<std::string>() + " " : "";
  }
  std::ranges::replace_if(
      line, [](char c) { return c == ';' || c == '&' || c == '|' || c == '\n'; }, ' ');
  std::istringstream words(line);
  constexpr SimDuration kLongest = std::chrono::hours{24 * 365};
  SimDuration out{};
  for (std::string word; out < kLongest && words >> word;) {
    if (word == "sleep" && words >> word) {
      const bool has_unit = word.find_first_of("smh") != std::string::npos;
      out += parse_duration(has_unit ? word : word + "s").value_or(SimDuration{});
    }
  }
  return out;
}

}  // namespace stsim::node
