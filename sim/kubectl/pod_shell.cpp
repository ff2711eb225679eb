#include "pod_process.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>

namespace stsim::kubectl {

using api::Json;

namespace {

/// The value that `valueFrom.fieldRef` names.
std::string field_value(const api::Object& pod, const std::string& path) {
  const auto& body = pod.as<api::Pod>();
  const auto keyed = [&path](std::string_view prefix) -> std::optional<std::string> {
    const std::string open = std::string(prefix) + "['";
    return path.starts_with(open) && path.ends_with("']")
               ? std::optional(path.substr(open.size(), path.size() - open.size() - 2))
               : std::nullopt;
  };
  if (const auto key = keyed("metadata.labels")) {
    return std::string(pod.label(*key));
  }
  if (const auto key = keyed("metadata.annotations")) {
    const Text* annotation = pod.annotations.find(*key);
    return std::string(annotation == nullptr ? "" : annotation->view());
  }
  if (path == "metadata.name") {
    return pod.key.name;
  }
  if (path == "metadata.namespace") {
    return pod.key.ns;
  }
  if (path == "metadata.uid") {
    return pod.uid.text();
  }
  if (path == "spec.nodeName") {
    return body.node_name;
  }
  if (path == "status.podIP" || path == "status.podIPs") {
    return body.status.pod_ip;
  }
  return path == "status.hostIP" ? body.status.host_ip : "";
}

/// Puts in what `$(NAME)` stands for, where such a variable was set before.
std::string with_references(const PodProcess& process, const std::string& text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = text.find(')', at);
    if (text.compare(at, 2, "$(") == 0 && end != std::string::npos) {
      const auto it = process.variables.find(text.substr(at + 2, end - at - 2));
      if (it != process.variables.end()) {
        out += it->second;
        at = end + 1;
        continue;
      }
    }
    out += text[at++];
  }
  return out;
}

void set_environment(PodProcess& process) {
  const auto set = [&process](const std::string& name, const std::string& value) {
    if (process.variables.insert_or_assign(name, value).second) {
      process.exported.push_back(name);
    }
  };
  const api::Object& pod = process.view.pod;
  const auto& spec = *pod.as<api::Pod>().spec;
  set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  set("HOSTNAME", std::string(api::host_name(pod)));
  const Json& container = api::member(*spec.document, "containers").at(process.view.container);
  const api::ObjectPtr server =
      process.view.store.find({api::Kind::Service, api::kDefaultNamespace, "kubernetes"});
  const auto set_server = [&] {
    if (server) {
      const std::string& ip = server->as<api::Service>().spec->cluster_ip;
      set("KUBERNETES_SERVICE_HOST", ip);
      set("KUBERNETES_SERVICE_PORT", "443");
      set("KUBERNETES_SERVICE_PORT_HTTPS", "443");
      set("KUBERNETES_PORT", fmt::format("tcp://{}:443", ip));
      set("KUBERNETES_PORT_443_TCP", fmt::format("tcp://{}:443", ip));
      set("KUBERNETES_PORT_443_TCP_PROTO", "tcp");
      set("KUBERNETES_PORT_443_TCP_PORT", "443");
      set("KUBERNETES_PORT_443_TCP_ADDR", ip);
    }
  };
  for (const Json& variable : api::member(container, "env")) {
    const std::string field =
        api::text(api::at_path(variable, {"valueFrom", "fieldRef"}), "fieldPath");
    set(api::text(variable, "name"),
        field.empty() ? with_references(process, api::text(variable, "value"))
                      : field_value(pod, field));
  }
  set_server();
  set("HOME", "/root");
}

}  // namespace

PodProcess::PodProcess(const ExecView& with)
    : view(with), ask(with.ask), files(with, with.pod, with.container, overlay) {
  if (!ask) {
    ask = [zone = dns::Zone(with.store)](std::string_view name, dns::RecordType type) {
      return zone.query(name, type);
    };
  }
  set_environment(*this);
}

std::string PodProcess::image() const {
  return view.pod.as<api::Pod>().spec->containers[view.container].image;
}

ExecResult run_in_pod(const ExecView& view, const std::vector<std::string>& argv) {
  ExecResult out;
  PodProcess process(view);
  const Program program = argv.empty() ? nullptr : find_program(process, argv.front());
  if (program == nullptr) {
    // Container runtimes word this differently from each other; ours is what a shell would say.
    constexpr int kNotFound = 127;
    out.err = fmt::format("sh: {}: not found\n", argv.empty() ? "" : argv.front());
    out.exit = kNotFound;
    return out;
  }
  Outcome outcome = program(process, Words(argv).subspan(1), "");
  out.hangs = process.files.hangs();
  out.out = std::move(outcome.out);
  out.err = std::move(outcome.err);
  out.exit = outcome.exit;
  for (auto& [key, text] : process.overlay) {
    out.writes.push_back({key, std::move(text)});
  }
  return out;
}

}  // namespace stsim::kubectl
