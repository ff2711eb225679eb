// Descriptions of nodes with the resources that their pods ask for. Rule: KC-50 (form).

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"
#include "kubectl/go_sort.hpp"
#include "kubectl/node_text.hpp"

#include <fmt/format.h>
#include <stsim/api/quantity.hpp>
#include <stsim/base/int128.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace stsim::kubectl {

namespace {

using api::Json;

constexpr Int128 kNano = 1'000'000'000;

// An amount that can be added up; it is written in the family of its first summand.
struct Amount {
  Int128 nano{};
  bool binary{};

  void add(const Amount& other) {
    binary = nano == 0 ? other.binary : binary;
    nano += other.nano;
  }

  [[nodiscard]] std::string text() const {
    constexpr Int128 kKibi = 1024;
    const Int128 units = nano / kNano;
    if (binary && nano % kNano == 0) {
      const bool whole = units != 0 && units % kKibi == 0;
      const auto number = static_cast<std::int64_t>(whole ? units / kKibi : units);
      const std::string digits = std::to_string(number);
      return whole ? api::Quantity::parse(digits + "Ki")->text() : digits;
    }
    return api::Quantity::parse(std::to_string(static_cast<std::int64_t>(nano)) + "n")->text();
  }
};

using Amounts = std::map<std::string, Amount, std::less<>>;

Amounts amounts_of(const Json& quantities) {
  Amounts result;
  if (quantities.is_object()) {
    for (const auto& [name, value] : quantities.items()) {
      const std::string text = scalar_text(value);
      if (const auto quantity = api::Quantity::parse(text)) {
        result[name] = {quantity->nano(), text.ends_with('i')};
      }
    }
  }
  return result;
}

void add_all(Amounts& sum, const Amounts& more) {
  for (const auto& [name, amount] : more) {
    sum[name].add(amount);
  }
}

// What a pod needs at once: its containers and sidecars together, or one of its other init
// containers with the sidecars before it.
Amounts pod_amounts(const Json& pod, std::string_view list) {
  Amounts running;
  for (const Json& container : elements(api::at_path(pod, {"spec", "containers"}))) {
    add_all(running, amounts_of(api::at_path(container, {"resources", list})));
  }
  Amounts sidecars;
  Amounts peak;
  for (const Json& container : elements(api::at_path(pod, {"spec", "initContainers"}))) {
    const Amounts own = amounts_of(api::at_path(container, {"resources", list}));
    if (api::text(container, "restartPolicy") == "Always") {
      add_all(running, own);
      add_all(sidecars, own);
      continue;
    }
    Amounts needed = sidecars;
    add_all(needed, own);
    for (const auto& [name, amount] : needed) {
      if (peak[name].nano < amount.nano) {
        peak[name] = amount;
      }
    }
  }
  for (const auto& [name, amount] : peak) {
    if (running[name].nano < amount.nano) {
      running[name] = amount;
    }
  }
  return running;
}

Amount amount_of(const Amounts& amounts, std::string_view name) {
  const auto it = amounts.find(name);
  return it == amounts.end() ? Amount{} : it->second;
}

// Percent, cut to a whole number. Without a whole there is no such number, for which Go shows the
// smallest integer where it does not look before.
std::int64_t percent(const Amount& part, const Amount& whole, std::int64_t without_whole) {
  return whole.nano == 0 ? without_whole : static_cast<std::int64_t>(part.nano * 100 / whole.nano);
}

std::string with_percent(const Amount& part, const Amount& whole, std::int64_t without_whole) {
  return fmt::format("{} ({}%)", part.text(), percent(part, whole, without_whole));
}

bool runs_on(const Json& pod, const std::string& node) {
  const std::string phase = api::text(api::member(pod, "status"), "phase");
  return api::text(api::member(pod, "spec"), "nodeName") == node && phase != "Succeeded" &&
         phase != "Failed";
}

void write_pods(DescribeWriter& writer,
                const std::vector<const Json*>& pods,
                const Amounts& allocatable,
                const DescribeContext& context) {
  constexpr std::int64_t kNoNumber = std::numeric_limits<std::int64_t>::min();
  writer.field(0, "Non-terminated Pods", fmt::format("({} in total)", pods.size()));
  writer.write(
      1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n");
  writer.write(
      1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n");
  for (const Json* pod : pods) {
    const Amounts requests = pod_amounts(*pod, "requests");
    const Amounts limits = pod_amounts(*pod, "limits");
    std::string line = namespace_of(*pod) + "\t" + name_of(*pod) + "\t";
    for (const std::string_view name : {"cpu", "memory"}) {
      for (const Amounts* amounts : {&requests, &limits}) {
        line +=
            "\t" + with_percent(amount_of(*amounts, name), amount_of(allocatable, name), kNoNumber);
      }
    }
    line += "\t" + age_of(api::at_path(*pod, {"metadata", "creationTimestamp"}), context.now);
    writer.write(1, line + "\n");
  }
}

void write_allocated(DescribeWriter& writer,
                     const std::vector<const Json*>& pods,
                     const Amounts& allocatable) {
  Amounts requests;
  Amounts limits;
  for (const Json* pod : pods) {
    add_all(requests, pod_amounts(*pod, "requests"));
    add_all(limits, pod_amounts(*pod, "limits"));
  }
  writer.write(
      0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n");
  writer.write(1, "Resource\tRequests\tLimits\n");
  writer.write(1, "--------\t--------\t------\n");
  std::vector<std::string> huge_pages;
  std::vector<std::string> others;
  for (const auto& [name, amount] : allocatable) {
    const bool standard =
        name == "cpu" || name == "memory" || name == "ephemeral-storage" || name == "pods";
    if (!standard) {
      (name.starts_with("hugepages-") ? huge_pages : others).push_back(name);
    }
  }
  std::vector<std::string> names{"cpu", "memory", "ephemeral-storage"};
  names.insert(names.end(), huge_pages.begin(), huge_pages.end());
  for (const std::string& name : names) {
    const Amount whole = amount_of(allocatable, name);
    writer.write(1,
                 name + "\t" + with_percent(amount_of(requests, name), whole, 0) + "\t" +
                     with_percent(amount_of(limits, name), whole, 0) + "\n");
  }
  for (const std::string& name : others) {
    writer.write(1,
                 name + "\t" + amount_of(requests, name).text() + "\t" +
                     amount_of(limits, name).text() + "\n");
  }
}

void write_quantities(DescribeWriter& writer, std::string_view label, const Json& quantities) {
  if (!quantities.is_object() || quantities.empty()) {
    return;
  }
  writer.write(0, std::string(label) + ":\n");
  for (const auto& [name, value] : quantities.items()) {
    writer.field(1, name, scalar_text(value));
  }
}

std::string taint_text(const Json& taint) {
  const std::string key = api::text(taint, "key");
  const std::string value = api::text(taint, "value");
  const std::string effect = api::text(taint, "effect");
  if (effect.empty()) {
    return value.empty() ? key : key + "=" + value + ":";
  }
  return value.empty() ? key + ":" + effect : key + "=" + value + ":" + effect;
}

void write_taints(DescribeWriter& writer, const Json& taints) {
  std::vector<const Json*> sorted;
  for (const Json& taint : elements(taints)) {
    sorted.push_back(&taint);
  }
  go_sort(sorted, [](const Json* a, const Json* b) {
    const auto key = [](const Json* taint) {
      return api::text(*taint, "effect") + "," + api::text(*taint, "key");
    };
    return key(a) < key(b);
  });
  std::vector<std::string> lines;
  for (const Json* taint : sorted) {
    lines.push_back(taint_text(*taint));
  }
  write_lines(writer, "Taints", lines);
}

void write_system(DescribeWriter& writer, const Json& system) {
  writer.write(0, "System Info:\n");
  for (const auto& [label, key] :
       {std::pair("Machine ID", "machineID"),
        std::pair("System UUID", "systemUUID"),
        std::pair("Boot ID", "bootID"),
        std::pair("Kernel Version", "kernelVersion"),
        std::pair("OS Image", "osImage"),
        std::pair("Operating System", "operatingSystem"),
        std::pair("Architecture", "architecture"),
        std::pair("Container Runtime Version", "containerRuntimeVersion"),
        std::pair("Kubelet Version", "kubeletVersion")}) {
    writer.field(1, label, api::text(system, key));
  }
}

}  // namespace

void describe_node(DescribeWriter& writer, const Json& node, const DescribeContext& context) {
  const Json& metadata = api::member(node, "metadata");
  const Json& spec = api::member(node, "spec");
  const Json& status = api::member(node, "status");
  const std::string name = name_of(node);
  writer.field(0, "Name", name);
  writer.field(0, "Roles", or_none(join(node_roles(node), ",")));
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
  writer.field(0, "CreationTimestamp", date_text(api::member(metadata, "creationTimestamp")));
  write_taints(writer, api::member(spec, "taints"));
  writer.field(0, "Unschedulable", value_or(spec, "unschedulable", "false"));
  // Leases are not among the kinds of this cluster.
  writer.field(
      0, "Lease", "Failed to get lease: leases.coordination.k8s.io \"" + name + "\" not found");
  write_conditions(writer, node, "Heartbeat");
  writer.write(0, "Addresses:\n");
  for (const Json& address : elements(api::member(status, "addresses"))) {
    writer.field(1, api::text(address, "type"), api::text(address, "address"));
  }
  const Json& capacity = api::member(status, "capacity");
  const Json& allocatable = api::member(status, "allocatable");
  write_quantities(writer, "Capacity", capacity);
  write_quantities(writer, "Allocatable", allocatable);
  write_system(writer, api::member(status, "nodeInfo"));
  if (const std::string range = api::text(spec, "podCIDR"); !range.empty()) {
    writer.field(0, "PodCIDR", range);
  }
  if (const Json& ranges = elements(api::member(spec, "podCIDRs")); !ranges.empty()) {
    writer.field(0, "PodCIDRs", join(texts_of(ranges), ","));
  }
  if (const std::string id = api::text(spec, "providerID"); !id.empty()) {
    writer.field(0, "ProviderID", id);
  }
  std::vector<const Json*> pods;
  std::copy_if(
      context.pods.begin(), context.pods.end(), std::back_inserter(pods), [&](const Json* pod) {
        return runs_on(*pod, name);
      });
  const bool none = !allocatable.is_object() || allocatable.empty();
  const Amounts available = amounts_of(none ? capacity : allocatable);
  write_pods(writer, pods, available, context);
  write_allocated(writer, pods, available);
  write_events(writer, context);
}

}  // namespace stsim::kubectl
