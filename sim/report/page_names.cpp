#include "report/page_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::report {

namespace {

using api::Kind;
using api::Object;
using api::ObjectKey;

std::vector<api::ObjectPtr> values(const std::map<ObjectKey, api::ObjectPtr>& objects) {
  std::vector<api::ObjectPtr> out;
  for (const auto& [key, object] : objects) {
    out.push_back(object);
  }
  return out;
}

std::string full_name(const ObjectKey& service) {
  return fmt::format("{}.{}.svc.{}", service.name, service.ns, dns::kClusterDomain);
}

/// `10.244.0.4, 10.244.1.3, … (5)`.
std::string answer_words(const dns::Reply& reply) {
  constexpr std::size_t kMost = 3;
  if (reply.code == dns::Code::NxDomain) {
    return "NXDOMAIN";
  }
  if (reply.records.empty()) {
    return "no address";
  }
  std::string out;
  for (std::size_t i = 0; i < std::min(kMost, reply.records.size()); ++i) {
    out += (i == 0 ? "" : ", ") + reply.records[i].data;
  }
  return reply.records.size() > kMost ? fmt::format("{}, … ({} in all)", out, reply.records.size())
                                      : out;
}

/// The endpoint of a host, or nullptr.
const api::Endpoint* find(const Object* slice, const Text& hostname, std::size_t near) {
  if (slice == nullptr) {
    return nullptr;
  }
  const auto& all = slice->as<api::EndpointSlice>().endpoints;
  // Slices differ by one endpoint or none, so that it stands where it stood, or beside.
  for (std::size_t i = near == 0 ? 0 : near - 1; i < std::min(near + 2, all.size()); ++i) {
    if (all[i].hostname == hostname) {
      return &all[i];
    }
  }
  const auto found = std::ranges::find(all, hostname, &api::Endpoint::hostname);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

PageNames::PageNames(PageStrings& strings) : strings_(strings) {
  table_.add_column("ADDRESSES");
}

PageNames::Objects* PageNames::of(Kind kind) {
  switch (kind) {
    case Kind::Namespace:
      return &namespaces_;
    case Kind::Service:
      return &services_;
    case Kind::EndpointSlice:
      return &slices_;
    default:
      return nullptr;
  }
}

void PageNames::put(const ObjectKey& key, const api::ObjectPtr& object) {
  if (object) {
    (*of(key.kind))[key] = object;
  } else {
    of(key.kind)->erase(key);
  }
}

void PageNames::there(const api::ObjectPtr& object) {
  if (of(object->key.kind) != nullptr) {
    put(object->key, object);
  }
  if (object->key.kind == Kind::Service) {
    look_service(object->key, kStartOfTime);
  } else if (object->key.kind == Kind::EndpointSlice) {
    look_endpoints(nullptr, object.get(), kStartOfTime);
  }
}

void PageNames::see(const engine::TraceRecord& record) {
  if (record.type != engine::TraceRecord::Type::Call || record.before == record.after) {
    return;
  }
  if (record.object.kind == Kind::Pod && !record.before) {
    look_pod(*record.after, record.time);
  }
  if (of(record.object.kind) == nullptr) {
    return;
  }
  put(record.object, record.after);
  if (record.object.kind == Kind::Service) {
    look_service(record.object, record.time);
  } else if (record.object.kind == Kind::EndpointSlice) {
    look_endpoints(record.before.get(), record.after.get(), record.time);
  }
}

/// Who asks for a pod too early is told that there is no such name: it is shown from then on.
void PageNames::look_pod(const Object& pod, SimTime now) {
  const std::string_view hostname = api::hostname(pod);
  const std::string& subdomain = pod.as<api::Pod>().spec->subdomain;
  if (hostname.empty() || subdomain.empty()) {
    return;
  }
  const ObjectKey service{Kind::Service, pod.key.ns, subdomain};
  const std::string name = fmt::format("{}.{}", hostname, full_name(service));
  if (keep(service, name)) {
    answer(service, name, now);
  }
}

bool PageNames::keep(const ObjectKey& service, const std::string& name) {
  std::vector<std::string>& known = pods_[service];
  const auto place = std::ranges::lower_bound(known, name);
  if (place != known.end() && *place == name) {
    return false;
  }
  known.insert(place, name);
  return true;
}

void PageNames::look_service(const ObjectKey& service, SimTime now) {
  answer(service, full_name(service), now);
  for (const std::string& name : pods_[service]) {
    answer(service, name, now);
  }
}

void PageNames::look_endpoints(const Object* before, const Object* after, SimTime now) {
  const Object& slice = after != nullptr ? *after : *before;
  const ObjectKey service{Kind::Service, slice.key.ns, slice.as<api::EndpointSlice>().service};
  std::vector<std::string> changed;
  const auto compare = [&](const Object* one, const Object* other) {
    if (one == nullptr) {
      return;
    }
    std::size_t i = 0;
    for (const api::Endpoint& endpoint : one->as<api::EndpointSlice>().endpoints) {
      const api::Endpoint* const known = find(other, endpoint.hostname, i++);
      if (!endpoint.hostname.empty() && (known == nullptr || known->ready != endpoint.ready ||
                                         known->address != endpoint.address)) {
        changed.push_back(fmt::format("{}.{}", endpoint.hostname, full_name(service)));
      }
    }
  };
  compare(after, before);
  compare(before, after);
  std::ranges::sort(changed);
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  if (changed.empty() && before != nullptr && after != nullptr) {
    return;
  }
  answer(service, full_name(service), now);
  for (const std::string& name : changed) {
    keep(service, name);
    answer(service, name, now);
  }
}

void PageNames::answer(const ObjectKey& service, const std::string& name, SimTime now) {
  const dns::Zone zone(values(namespaces_), values(services_), values(slices_));
  const ObjectKey row{Kind::Service, service.ns, name};
  table_.begin(row, now);
  table_.set(row, 0, strings_.number(answer_words(zone.query(name, dns::RecordType::A))), now);
}

}  // namespace stsim::report
