// Web servers in pods, and the way to them.
#include "pod_process.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::Object;
using api::ObjectPtr;

namespace {

constexpr int kHttp = 80;

/// A container that serves, and where.
struct Server {
  ObjectPtr pod;
  std::size_t container{};
};

bool runs(const Object& pod, std::size_t container) {
  const auto& statuses = pod.as<api::Pod>().status.containers;
  return container < statuses.size() &&
         statuses[container].state.type == api::ContainerState::Type::Running;
}

std::string pages_of(const api::ContainerSpec& container) {
  const std::string_view name = image_name(container.image);
  return name == "httpd" ? "/usr/local/apache2/htdocs" : std::string(kPages);
}

bool listens(const Object& pod, std::size_t index, int port) {
  const auto& spec = *pod.as<api::Pod>().spec;
  const Json& document = api::member(*spec.document, "containers").at(index);
  for (const Json& declared : api::member(document, "ports")) {
    if (api::integer(declared, "containerPort") == port &&
        api::text(declared, "protocol", "TCP") == "TCP") {
      return true;
    }
  }
  if (port != kHttp) {
    return false;
  }
  const std::string_view name = image_name(spec.containers[index].image);
  if (name == "myapp" || name == "httpd" || name.find("nginx") != std::string_view::npos) {
    return true;
  }
  const std::string pages = pages_of(spec.containers[index]);
  return std::ranges::any_of(api::member(document, "volumeMounts"), [&pages](const Json& mount) {
    return absolute_path("/", api::text(mount, "mountPath")) == pages;
  });
}

Page serve(PodProcess& process, const Server& server, const std::string& path) {
  const api::ContainerSpec& spec = server.pod->as<api::Pod>().spec->containers[server.container];
  const PodFiles files(process.view, *server.pod, server.container, process.overlay);
  const std::string pages = pages_of(spec);
  const std::string_view image = image_name(spec.image);
  std::string file = absolute_path(pages, "." + path.substr(0, path.find('?')));
  if (image == "myapp" && path == "/hostname.html") {
    file = "/etc/hostname";  // its server answers this path from there, whatever is mounted
  }
  const bool folder = files.is_folder(file);
  if (folder) {
    file += "/index.html";
  }
  if (auto text = files.read(file)) {
    return {Page::Status::Ok, "", std::move(*text)};
  }
  const bool known_image = image == "myapp" || image.find("nginx") != std::string_view::npos;
  if (!known_image && !files.mounted(pages) && path == "/") {
    // What an unknown image would show is unknown; this tells who has answered.
    return {Page::Status::Ok, "", fmt::format("{} on {}\n", spec.image, server.pod->key.name)};
  }
  return {folder ? Page::Status::Forbidden : Page::Status::NotFound, "", ""};
}

/// The endpoint behind a Service's address, or what is wrong. `port` becomes the pod's.
const api::Endpoint* behind(const store::Store& store, const Object& service, int& port) {
  const api::ServiceSpec& spec = *service.as<api::Service>().spec;
  const auto wanted = std::ranges::find(spec.ports, port, &api::ServicePort::port);
  if (wanted == spec.ports.end()) {
    return nullptr;
  }
  for (const ObjectPtr& slice : store.list(Kind::EndpointSlice, service.key.ns)) {
    const auto& body = slice->as<api::EndpointSlice>();
    const auto target = std::ranges::find(body.ports, wanted->name, &api::EndpointPort::name);
    if (body.service != service.key.name || target == body.ports.end()) {
      continue;
    }
    const auto endpoint = std::ranges::find(body.endpoints, true, &api::Endpoint::ready);
    if (endpoint != body.endpoints.end()) {
      port = target->port;
      return &*endpoint;
    }
  }
  return nullptr;
}

ObjectPtr pod_at(const store::Store& store, const std::string& address) {
  for (const ObjectPtr& pod : store.list(Kind::Pod)) {
    const api::PodStatus& status = pod->as<api::Pod>().status;
    if (status.pod_ip == address && status.phase == api::PodPhase::Running) {
      return pod;
    }
  }
  return nullptr;
}

}  // namespace

Page fetch(PodProcess& process, const std::string& host, int port, const std::string& path) {
  const store::Store& store = process.view.store;
  const dns::Answer answer = dns::resolve(process.client(), host, dns::RecordType::A, process.ask);
  if (!answer.found()) {
    return {Page::Status::BadAddress, "", ""};
  }
  const std::string shown = answer.records.front().data;
  std::string address = shown;
  if (address.starts_with("127.")) {
    address = process.view.pod.as<api::Pod>().status.pod_ip;
  }
  for (const ObjectPtr& service : store.list(Kind::Service)) {
    if (service->as<api::Service>().spec->cluster_ip != address) {
      continue;
    }
    const api::Endpoint* endpoint = behind(store, *service, port);
    if (endpoint == nullptr) {
      return {Page::Status::Refused, shown, ""};
    }
    address = endpoint->address;
    break;
  }
  const ObjectPtr pod = pod_at(store, address);
  if (!pod) {
    return {Page::Status::NoRoute, shown, ""};
  }
  for (std::size_t i = 0; i < pod->as<api::Pod>().spec->containers.size(); ++i) {
    if (runs(*pod, i) && listens(*pod, i, port)) {
      Page page = serve(process, {pod, i}, path);
      page.address = shown;
      return page;
    }
  }
  return {Page::Status::Refused, shown, ""};
}

}  // namespace stsim::kubectl
