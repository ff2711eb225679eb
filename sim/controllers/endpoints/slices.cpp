// The EndpointSlices of a Service: one or more for each set of ports that its pods have, each of at
// most a hundred endpoints. Rules: SD-3, SD-4, SD-6, SD-7.
#include "membership.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/hash.hpp>
#include <stsim/controllers/endpoints/endpoints.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace stsim::controllers::endpoints {

using api::Endpoint;
using api::EndpointPort;
using api::Kind;
using api::Object;
using api::ObjectKey;
using api::ObjectPtr;

namespace {

using Ports = std::vector<EndpointPort>;

constexpr std::size_t kMostEndpoints = 100;

void sort_by_pod(std::vector<Endpoint>& endpoints) {
  std::ranges::sort(endpoints, [](const Endpoint& a, const Endpoint& b) {
    return api::natural_less(a.pod, b.pod);
  });
}

/// A slice as it shall be. One without `known` is new.
struct Slice {
  ObjectPtr known;
  api::EndpointSlice body;
};

/// What becomes of the slices of one Service.
class Reconciliation {
 public:
  Reconciliation(const Object& service, const store::Cache& cache)
      : service_(service), labels_(labels_of(service)) {
    labels_[api::kServiceNameLabel] = service.key.name;
    labels_["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
    for (const ObjectPtr& slice : cache.list(Kind::EndpointSlice, service.key.ns)) {
      taken_.insert(slice->key.name);
      if (std::ranges::any_of(slice->owners,
                              [&](const auto& owner) { return owner.uid == service.uid; })) {
        known_[slice->as<api::EndpointSlice>().ports].push_back(slice);
      }
    }
    for (const ObjectPtr& pod : pods_behind(service, cache)) {
      const Text& node = pod->as<api::Pod>().node_name;
      std::vector<Endpoint>& endpoints = wanted_[ports_of(spec_of(service), *pod)];
      if (cache.find({Kind::Node, "", node}) || spec_of(service).publish_not_ready) {
        endpoints.push_back(endpoint_of(service, *pod));
      }
    }
  }

  Plan plan() {
    for (auto& [ports, endpoints] : wanted_) {
      place(ports, std::move(endpoints));
    }
    for (const auto& [ports, slices] : known_) {
      if (!wanted_.contains(ports)) {
        removed_.insert(removed_.end(), slices.begin(), slices.end());
      }
    }
    if (made_.empty() && kept_.empty()) {
      made_.push_back({nullptr, {service_.key.name, {}, {}}});  // so that there always is one
    }
    while (!made_.empty() && !removed_.empty()) {
      made_.back().known = removed_.front();
      kept_.push_back(std::move(made_.back()));
      made_.pop_back();
      removed_.erase(removed_.begin());
    }
    write();
    return std::move(plan_);
  }

 private:
  /// Puts the endpoints that have the same ports into slices: where they were, then where something
  /// changes anyway, then into one that has room, then into new ones.
  void place(const Ports& ports, std::vector<Endpoint> endpoints) {
    std::vector<Slice> changed;
    std::vector<Slice> unchanged;
    for (const ObjectPtr& slice : known_[ports]) {
      const auto& before = slice->as<api::EndpointSlice>().endpoints;
      Slice next{slice, {service_.key.name, ports, take(endpoints, before)}};
      if (before.empty() || next.body.endpoints == before) {
        unchanged.push_back(std::move(next));
      } else if (next.body.endpoints.empty()) {
        removed_.push_back(slice);
      } else {
        changed.push_back(std::move(next));
      }
    }
    std::ranges::stable_sort(changed, [](const Slice& a, const Slice& b) {
      return a.body.endpoints.size() > b.body.endpoints.size();
    });
    for (Slice& slice : changed) {
      fill(slice, endpoints);
    }
    while (!endpoints.empty()) {
      if (Slice* room = with_room(unchanged, endpoints.size())) {
        fill(*room, endpoints);
      } else {
        fill(made_.emplace_back(Slice{nullptr, {service_.key.name, ports, {}}}), endpoints);
      }
    }
    std::ranges::move(changed, std::back_inserter(kept_));
    std::ranges::move(unchanged, std::back_inserter(kept_));
  }

  /// Takes those out of `endpoints` that stood in a slice before.
  static std::vector<Endpoint> take(std::vector<Endpoint>& endpoints,
                                    const std::vector<Endpoint>& before) {
    std::set<api::Uid> there;
    for (const Endpoint& endpoint : before) {
      there.insert(endpoint.pod_uid);
    }
    const auto first = std::stable_partition(
        endpoints.begin(), endpoints.end(), [&there](const Endpoint& endpoint) {
          return !there.contains(endpoint.pod_uid);
        });
    std::vector<Endpoint> out(first, endpoints.end());
    endpoints.erase(first, endpoints.end());
    return out;
  }

  static void fill(Slice& slice, std::vector<Endpoint>& endpoints) {
    const std::size_t room = kMostEndpoints - std::min(kMostEndpoints, slice.body.endpoints.size());
    const auto end =
        endpoints.begin() + static_cast<std::ptrdiff_t>(std::min(room, endpoints.size()));
    slice.body.endpoints.insert(slice.body.endpoints.end(), endpoints.begin(), end);
    endpoints.erase(endpoints.begin(), end);
    sort_by_pod(slice.body.endpoints);
  }

  /// The slice that so many more make the fullest.
  static Slice* with_room(std::vector<Slice>& slices, std::size_t more) {
    Slice* out = nullptr;
    for (Slice& slice : slices) {
      const std::size_t size = slice.body.endpoints.size();
      if (size + more <= kMostEndpoints && (out == nullptr || size > out->body.endpoints.size())) {
        out = &slice;
      }
    }
    return out;
  }

  /// New slices first, then the changed ones, then those that go.
  void write() {
    for (Slice& slice : made_) {
      Object object;
      object.key = {Kind::EndpointSlice, service_.key.ns, free_name()};
      object.seldom.edit().generate_name = service_.key.name + "-";
      object.owners.push_back({"v1", "Service", service_.key.name, service_.uid, true, true});
      add(Call::Verb::Create, std::move(object), std::move(slice.body));
    }
    for (Slice& slice : kept_) {
      if (!(slice.known->as<api::EndpointSlice>() == slice.body) ||
          slice.known->labels != labels_) {
        add(Call::Verb::Update, *slice.known, std::move(slice.body));
      }
    }
    for (const ObjectPtr& slice : removed_) {
      Call& call = plan_.groups.emplace_back().calls.emplace_back();
      call.verb = Call::Verb::Delete;
      call.target = slice->key;
      call.harmless = {"NotFound"};
      call.why = fmt::format("no pod behind {} is left in it", service_.key.text());
      call.rule = "SD-7";
    }
  }

  void add(Call::Verb verb, Object object, api::EndpointSlice body) {
    Call& call = plan_.groups.emplace_back().calls.emplace_back();
    call.verb = verb;
    call.target = object.key;
    call.why =
        fmt::format("{} pods with an address match {}", body.endpoints.size(), service_.key.text());
    call.rule = "SD-4";
    object.labels = labels_;
    object.body = std::move(body);
    call.object = std::make_shared<const Object>(std::move(object));
  }

  /// Rule: SD-7.
  std::string free_name() {
    for (std::uint64_t draw = service_.uid.low;; ++draw) {
      std::string name = service_.key.name + "-" + name_suffix(mix64(draw));
      if (taken_.insert(name).second) {
        return name;
      }
    }
  }

  const Object& service_;
  api::Labels labels_;
  std::set<std::string, std::less<>> taken_;  ///< names
  std::map<Ports, std::vector<ObjectPtr>> known_;
  std::map<Ports, std::vector<Endpoint>> wanted_;
  std::vector<Slice> made_;
  std::vector<Slice> kept_;
  std::vector<ObjectPtr> removed_;
  Plan plan_;
};

}  // namespace

Plan decide_slice(const ObjectKey& key,
                  const store::Cache& cache,
                  const Views& /*views*/,
                  SimTime /*now*/) {
  const ObjectPtr service = cache.find(key);
  if (!service || service->terminating() || !spec_of(*service).has_selector) {
    return {};
  }
  return Reconciliation(*service, cache).plan();
}

}  // namespace stsim::controllers::endpoints
