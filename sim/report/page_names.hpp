#pragma once
// What the cluster's DNS records say over the length of a run. Private to the module.

#include "report/page_tables.hpp"

#include <stsim/dns/zone.hpp>

#include <map>
#include <vector>

namespace stsim::report {

/// The names of Services and of the pods behind them, with their addresses: the records themselves,
/// as a server without a cache gives them.
class PageNames {
 public:
  explicit PageNames(PageStrings& strings);

  /// An object that was there before anything happened.
  void there(const api::ObjectPtr& object);
  /// Pre: records come in order.
  void see(const engine::TraceRecord& record);

  [[nodiscard]] const PageTable& table() const { return table_; }

 private:
  using Objects = std::map<api::ObjectKey, api::ObjectPtr>;
  [[nodiscard]] Objects* of(api::Kind kind);
  void put(const api::ObjectKey& key, const api::ObjectPtr& object);
  void look_pod(const api::Object& pod, SimTime now);
  void look_service(const api::ObjectKey& service, SimTime now);
  void look_endpoints(const api::Object* before, const api::Object* after, SimTime now);
  /// Keeps a name of a pod. Returns whether it is new.
  bool keep(const api::ObjectKey& service, const std::string& name);
  void answer(const api::ObjectKey& service, const std::string& name, SimTime now);

  PageStrings& strings_;
  PageTable table_{"nslookup"};
  Objects namespaces_;
  Objects services_;
  Objects slices_;
  std::map<api::ObjectKey, std::vector<std::string>> pods_;  ///< by Service its pods' names so far
};

}  // namespace stsim::report
