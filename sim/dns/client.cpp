// The files of a pod that say how it looks names up.
#include <fmt/format.h>
#include <stsim/dns/resolver.hpp>

#include <algorithm>

namespace stsim::dns {

using api::Json;
using api::Object;

namespace {

void add_texts(const Json& list, std::vector<std::string>& to) {
  for (const Json& item : list) {
    if (item.is_string() && std::ranges::find(to, item.get<std::string>()) == to.end()) {
      to.push_back(item.get<std::string>());
    }
  }
}

void add_config(const Json& config, Client& client) {
  add_texts(api::member(config, "nameservers"), client.servers);
  add_texts(api::member(config, "searches"), client.search);
  for (const Json& option : api::member(config, "options")) {
    if (api::text(option, "name") == "ndots") {
      const std::string value = api::text(option, "value");
      if (!value.empty() && value.size() < 3 &&
          value.find_first_not_of("0123456789") == std::string::npos) {
        client.ndots = std::stoi(value);
      }
    }
  }
}

}  // namespace

Client client_of(const Object& pod) {
  constexpr int kNdots = 5;
  const auto& body = pod.as<api::Pod>();
  const Json& spec = *body.spec->document;
  Client out;
  out.hosts.push_back({"127.0.0.1", {"localhost"}});
  const std::string_view host = api::host_name(pod);
  if (!body.status.pod_ip.empty()) {
    HostsLine& own = out.hosts.emplace_back();
    own.address = body.status.pod_ip;
    if (!body.spec->subdomain.empty()) {
      own.names.push_back(
          fmt::format("{}.{}.{}.svc.{}", host, body.spec->subdomain, pod.key.ns, kClusterDomain));
    }
    own.names.emplace_back(host);
  }
  for (const Json& alias : api::member(spec, "hostAliases")) {
    HostsLine line;
    line.address = api::text(alias, "ip");
    add_texts(api::member(alias, "hostnames"), line.names);
    out.hosts.push_back(std::move(line));
  }
  const std::string policy = api::text(spec, "dnsPolicy", "ClusterFirst");
  if (policy == "ClusterFirst" || policy == "ClusterFirstWithHostNet") {
    out.servers.emplace_back(kServerAddress);
    out.search = {fmt::format("{}.svc.{}", pod.key.ns, kClusterDomain),
                  fmt::format("svc.{}", kClusterDomain),
                  std::string(kClusterDomain)};
    out.ndots = kNdots;
  }
  add_config(api::member(spec, "dnsConfig"), out);
  return out;
}

std::string resolv_conf(const Client& client) {
  std::string out;
  if (!client.search.empty()) {
    out += fmt::format("search {}\n", fmt::join(client.search, " "));
  }
  for (const std::string& server : client.servers) {
    out += fmt::format("nameserver {}\n", server);
  }
  if (client.ndots != 1) {
    out += fmt::format("options ndots:{}\n", client.ndots);
  }
  return out;
}

std::string hosts_file(const Client& client) {
  // What kubelets write for every pod; then the pod's own lines.
  std::string out =
      "# Kubernetes-managed hosts file.\n"
      "127.0.0.1\tlocalhost\n"
      "::1\tlocalhost ip6-localhost ip6-loopback\n"
      "fe00::0\tip6-localnet\n"
      "fe00::0\tip6-mcastprefix\n"
      "fe00::1\tip6-allnodes\n"
      "fe00::2\tip6-allrouters\n";
  for (std::size_t i = 1; i < client.hosts.size(); ++i) {
    out += fmt::format("{}\t{}\n", client.hosts[i].address, fmt::join(client.hosts[i].names, "\t"));
  }
  return out;
}

}  // namespace stsim::dns
