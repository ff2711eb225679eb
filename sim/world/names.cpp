// How names are looked up in a running cluster: past the caches of pods and servers. Rule: SD-27.
#include "context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace stsim::world {

namespace {

std::string name_of(const World& world, int server) {
  return world.settings->dns.servers == 1 ? "the DNS server"
                                          : fmt::format("DNS server {}", server + 1);
}

/// One pod that asks. The records of the cluster are read once at most.
class Asking {
 public:
  Asking(World& world, engine::Chooser& chooser, const api::ObjectKey& pod)
      : world_(world), chooser_(chooser), pod_(pod) {}

  dns::Reply operator()(std::string_view name, dns::RecordType type) {
    const dns::Question question{dns::normal(name), type};
    const dns::Settings& settings = world_.settings->dns;
    const bool keeps = !(settings.client == dns::Limits{});
    if (keeps) {
      const dns::Cache* own = world_.names->clients.find(pod_);
      auto kept = own == nullptr ? std::nullopt : own->find(question, world_.now);
      if (kept) {
        kept->from = "the pod's own cache";
        return *std::move(kept);
      }
    }
    dns::Reply out = ask_server(pick_server(), question);
    if (keeps) {
      Names& names = world_.names.edit();
      const dns::Cache* own = names.clients.find(pod_);
      dns::Cache cache = own == nullptr ? dns::Cache{} : *own;
      cache.keep(question, out, settings.client, world_.now);
      names.clients.set(pod_, std::move(cache));
    }
    return out;
  }

 private:
  /// Each question goes to any of the servers.
  int pick_server() {
    const int servers = world_.settings->dns.servers;
    if (servers == 1) {
      return 0;
    }
    Names& names = world_.names.edit();
    const std::uint32_t* drawn = names.draws.find(pod_);
    const std::uint32_t n = drawn == nullptr ? 0 : *drawn;
    names.draws.set(pod_, n + 1);
    const std::string who = fmt::format("{}/{}", pod_.ns, pod_.name);
    return static_cast<int>(
        chooser_.pick(static_cast<std::uint64_t>(servers), {"dnsServer", who, n}));
  }

  dns::Reply ask_server(int number, const dns::Question& question) {
    const dns::Settings& settings = world_.settings->dns;
    const Names::Server* found = world_.names->servers.find(number);
    Names::Server server = found == nullptr ? Names::Server{} : *found;
    if (auto kept = server.cache.find(question, world_.now)) {
      kept->from = fmt::format("the cache of {}", name_of(world_, number));
      return *std::move(kept);
    }
    dns::Reply out;
    if (server.stale != nullptr) {
      out = server.stale->query(question.name, question.type);
      out.from = fmt::format("{}, which is out of date", name_of(world_, number));
      out.age = world_.now - server.stale_since;
    } else {
      out = records().query(question.name, question.type);
      out.from = name_of(world_, number);
    }
    // What a cache gives out lives no longer than it keeps it itself, from the first time on.
    const SimDuration kept =
        out.records.empty() ? settings.server.negative : settings.server.positive;
    out.time_to_live =
        kept == SimDuration{} ? settings.time_to_live : std::min(settings.time_to_live, kept);
    for (auto* list : {&out.records, &out.additional}) {
      for (dns::Record& record : *list) {
        record.time_to_live = out.time_to_live;
      }
    }
    if (kept > SimDuration{}) {
      server.cache.keep(question, out, settings.server, world_.now);
      world_.names.edit().servers.set(number, std::move(server));
    }
    return out;
  }

  const dns::Zone& records() {
    if (records_ == nullptr) {
      records_ = std::make_shared<const dns::Zone>(world_.store);
    }
    return *records_;
  }

  World& world_;
  engine::Chooser& chooser_;
  api::ObjectKey pod_;
  std::shared_ptr<const dns::Zone> records_;
};

}  // namespace

dns::Ask ask_names(World& world, engine::Chooser& chooser, const api::ObjectKey& pod) {
  return Asking(world, chooser, pod);
}

bool strike(Context& context, const DnsFault& fault, engine::TraceId cause) {
  World& world = context.world;
  const Names::Server* found = world.names->servers.find(fault.server);
  Names::Server server = found == nullptr ? Names::Server{} : *found;
  if ((server.stale != nullptr) == fault.stale) {
    return false;
  }
  server.stale = fault.stale ? std::make_shared<const dns::Zone>(world.store) : nullptr;
  server.stale_at = fault.stale ? world.store.position() : 0;
  server.stale_since = fault.stale ? world.now : SimTime{};
  world.names.edit().servers.set(fault.server, std::move(server));
  engine::TraceRecord told;
  told.type = engine::TraceRecord::Type::Fault;
  told.actor = engine::Actor::User;
  told.text = fmt::format("{} {}",
                          name_of(world, fault.server),
                          fault.stale ? "hears of no changes any more, and serves what it has"
                                      : "hears of changes again");
  told.rule = "SD-27";
  told.causes = engine::Causes(cause);
  record(context, told);
  return true;
}

}  // namespace stsim::world
