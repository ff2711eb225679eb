#include <fmt/format.h>
#include <stsim/dns/zone.hpp>

#include <algorithm>
#include <charconv>

namespace stsim::dns {

using api::Kind;
using api::Object;
using api::ObjectPtr;

std::string normal(std::string_view name) {
  if (!name.empty() && name.back() == '.') {
    name.remove_suffix(1);
  }
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

namespace {

std::vector<std::string_view> split(std::string_view name) {
  std::vector<std::string_view> out;
  while (!name.empty()) {
    const std::size_t dot = name.find('.');
    out.push_back(name.substr(0, dot));
    name = dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1);
  }
  return out;
}

std::string replaced(std::string_view text, char from, char to) {
  std::string out(text);
  std::ranges::replace(out, from, to);
  return out;
}

const api::ServiceSpec& spec_of(const Object& service) {
  return *service.as<api::Service>().spec;
}

/// The label under which an endpoint stands below its Service. Rule: SD-21.
std::string label_of(const api::Endpoint& endpoint) {
  return endpoint.hostname.empty() ? replaced(endpoint.address, '.', '-')
                                   : std::string(endpoint.hostname);
}

std::string name_of_service(const Object& service) {
  return fmt::format("{}.{}.svc.{}", service.key.name, service.key.ns, kClusterDomain);
}

Reply exists() {
  Reply out;
  out.code = Code::NoError;
  return out;
}

bool has_cluster_ip(const api::ServiceSpec& spec) {
  return !spec.headless() && !spec.cluster_ip.empty();
}

}  // namespace

/// A question, its name normalised.
struct Zone::Question {
  std::string name;
  RecordType type{};

  void address(Reply& reply, std::string_view data) const {
    if (type == RecordType::A) {
      Record& record = reply.records.emplace_back();
      record.name = name;
      record.data = data;
    }
  }
};

Zone::Zone(const store::Store& store)
    : namespaces_(store.list(Kind::Namespace)),
      services_(store.list(Kind::Service)),
      slices_(store.list(Kind::EndpointSlice)) {}

bool Zone::has_namespace(std::string_view name) const {
  return std::ranges::any_of(namespaces_,
                             [name](const ObjectPtr& ns) { return ns->key.name == name; });
}

const Object* Zone::service(std::string_view ns, std::string_view name) const {
  const auto it = std::ranges::find_if(services_, [&](const ObjectPtr& candidate) {
    return candidate->key.ns == ns && candidate->key.name == name;
  });
  return it == services_.end() ? nullptr : it->get();
}

std::vector<Zone::Ready> Zone::ready(const Object& service) const {
  std::vector<Ready> out;
  for (const ObjectPtr& slice : slices_) {
    const auto& body = slice->as<api::EndpointSlice>();
    if (slice->key.ns != service.key.ns || body.service != service.key.name) {
      continue;
    }
    for (const api::Endpoint& endpoint : body.endpoints) {
      if (endpoint.ready && !endpoint.address.empty()) {
        out.push_back({&body, &endpoint});
      }
    }
  }
  return out;
}

Reply Zone::of_ports(const Question& question,
                     const Object& service,
                     std::string_view port,
                     std::string_view protocol) const {
  const std::string below = name_of_service(service);
  const auto wanted = [&](std::string_view name, std::string_view of_protocol) {
    return port.empty() || (name == port && normal(of_protocol) == protocol);
  };
  Reply out = exists();
  const auto add = [&](const std::string& target, std::string_view address, std::int32_t number) {
    Record& record = out.records.emplace_back();
    record.name = question.name;
    record.type = RecordType::SRV;
    record.data = target;
    record.port = static_cast<std::uint16_t>(number);
    Record hint;
    hint.name = target;
    hint.data = address;
    if (std::ranges::find(out.additional, hint) == out.additional.end()) {
      out.additional.push_back(std::move(hint));
    }
  };
  if (has_cluster_ip(spec_of(service))) {
    for (const api::ServicePort& candidate : spec_of(service).ports) {
      if (wanted(candidate.name, candidate.protocol)) {
        add(below, spec_of(service).cluster_ip, candidate.port);
      }
    }
  } else {
    for (const Ready& one : ready(service)) {
      for (const api::EndpointPort& candidate : one.slice->ports) {
        if (wanted(candidate.name, candidate.protocol)) {
          add(label_of(*one.endpoint) + "." + below, one.endpoint->address, candidate.port);
        }
      }
    }
  }
  if (out.records.empty() && !port.empty()) {
    return {};
  }
  for (Record& record : out.records) {
    record.weight =
        static_cast<std::uint16_t>(std::max<std::size_t>(1, 100 / out.records.size()));  // SD-22
  }
  if (question.type != RecordType::SRV) {
    return exists();
  }
  return out;
}

Reply Zone::of_service(const Question& question, const Object& service) const {
  if (question.type == RecordType::SRV) {
    return of_ports(question, service, "", "");
  }
  Reply out = exists();
  if (has_cluster_ip(spec_of(service))) {
    question.address(out, spec_of(service).cluster_ip);
    return out;
  }
  for (const Ready& one : ready(service)) {
    question.address(out, one.endpoint->address);
  }
  return out;
}

/// `… svc.cluster.local`: [[[port, protocol] | host], service], namespace.
Reply Zone::below_svc(const Question& question, std::vector<std::string_view> labels) const {
  if (labels.empty()) {
    return exists();
  }
  const std::string_view ns = labels.back();
  labels.pop_back();
  if (labels.empty()) {
    return has_namespace(ns) ? exists() : Reply{};
  }
  const Object* found = service(ns, labels.back());
  if (found == nullptr) {
    return {};
  }
  labels.pop_back();
  if (labels.empty()) {
    return of_service(question, *found);
  }
  if (labels.size() == 2 && labels[0].starts_with('_') && labels[1].starts_with('_')) {
    return of_ports(question, *found, labels[0].substr(1), labels[1].substr(1));
  }
  if (labels.size() != 1 || !spec_of(*found).headless()) {
    return {};  // SD-24
  }
  Reply out;
  for (const Ready& one : ready(*found)) {
    if (normal(label_of(*one.endpoint)) == labels[0]) {
      out.code = Code::NoError;
      question.address(out, one.endpoint->address);
    }
  }
  return out;
}

/// `… pod.cluster.local`: [address with dashes], namespace. Rule: SD-25.
Reply Zone::below_pod(const Question& question, const std::vector<std::string_view>& labels) const {
  if (labels.empty()) {
    return exists();
  }
  if (labels.size() > 2 || !has_namespace(labels.back())) {
    return {};
  }
  if (labels.size() == 1) {
    return exists();
  }
  const std::string address = replaced(labels.front(), '-', '.');
  if (!is_address(address)) {
    return {};
  }
  Reply out = exists();
  question.address(out, address);
  return out;
}

Reply Zone::of_address(const Question& question, const std::string& address) const {
  Reply out;
  const auto add = [&](std::string target) {
    out.code = Code::NoError;
    if (question.type == RecordType::PTR) {
      Record& record = out.records.emplace_back();
      record.name = question.name;
      record.type = RecordType::PTR;
      record.data = std::move(target);
    }
  };
  for (const ObjectPtr& candidate : services_) {
    if (has_cluster_ip(spec_of(*candidate))) {
      if (spec_of(*candidate).cluster_ip == address) {
        add(name_of_service(*candidate));
      }
      continue;
    }
    for (const Ready& one : ready(*candidate)) {
      if (one.endpoint->address == address) {
        add(label_of(*one.endpoint) + "." + name_of_service(*candidate));
      }
    }
  }
  if (out.code == Code::NxDomain && address == kServerAddress) {
    add(std::string(kServerName));
  }
  return out;
}

Reply Zone::query(std::string_view asked, RecordType type) const {
  const Question question{normal(asked), type};
  std::vector<std::string_view> labels = split(question.name);
  const auto ends_with = [&labels](std::string_view first, std::string_view second) {
    return labels.size() >= 2 && labels[labels.size() - 2] == first && labels.back() == second;
  };
  const auto drop = [&labels](std::size_t count) { labels.resize(labels.size() - count); };
  if (ends_with("in-addr", "arpa")) {
    constexpr std::size_t kParts = 4;
    drop(2);
    std::ranges::reverse(labels);
    const std::string address = fmt::format("{}", fmt::join(labels, "."));
    return labels.size() == kParts && is_address(address) ? of_address(question, address) : Reply{};
  }
  if (!ends_with("cluster", "local")) {
    return {};
  }
  drop(2);
  if (labels.empty()) {
    return exists();
  }
  const std::string_view branch = labels.back();
  drop(1);
  if (branch == "pod") {
    return below_pod(question, labels);
  }
  if (branch != "svc") {
    return {};
  }
  Reply out = below_svc(question, labels);
  if (out.code == Code::NxDomain && question.name == kServerName) {
    out = exists();
    question.address(out, kServerAddress);
  }
  return out;
}

std::string_view to_string(RecordType type) {
  constexpr std::array<std::string_view, 4> kNames{"A", "AAAA", "SRV", "PTR"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string_view to_string(Code code) {
  return code == Code::NoError ? "NOERROR" : "NXDOMAIN";
}

bool is_address(std::string_view text) {
  const std::vector<std::string_view> parts = split(text);
  return parts.size() == 4 && !text.ends_with('.') &&
         std::ranges::all_of(parts, [](std::string_view part) {
           int value{};
           const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
           return !part.empty() && part.size() <= 3 && part.front() != '-' &&
                  error == std::errc{} && end == part.data() + part.size() && value <= 255;
         });
}

std::string reverse_name(std::string_view address) {
  if (!is_address(address)) {
    return "";
  }
  std::vector<std::string_view> parts = split(address);
  std::ranges::reverse(parts);
  return fmt::format("{}.in-addr.arpa", fmt::join(parts, "."));
}

}  // namespace stsim::dns
