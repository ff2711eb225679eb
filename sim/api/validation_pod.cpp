// Pods and the specs of pod templates. Rules: SS-5, PN-20.

#include "api/internal_form.hpp"
#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/api/names.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace stsim::api::validation {

namespace {

constexpr std::int64_t kMostInt32 = std::numeric_limits<std::int32_t>::max();

void one_of(Errors& errors,
            const Path& path,
            const Json& owner,
            std::string_view key,
            std::initializer_list<std::string_view> supported) {
  const std::string value = text(owner, key);
  if (value.empty()) {
    errors.required(path.child(key));
  } else if (std::ranges::find(supported, value) == supported.end()) {
    errors.not_supported(path.child(key), Json(value), supported);
  }
}

void user_and_groups(Errors& errors, const Path& path, const Json& context) {
  for (const std::string_view key : {"fsGroup", "runAsUser", "runAsGroup"}) {
    in_range(errors, path.child(key), integer(context, key), 0, kMostInt32);
  }
  const Json& groups = list(context, "supplementalGroups");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].is_number_integer()) {
      in_range(errors,
               path.child("supplementalGroups").index(i),
               groups[i].get<std::int64_t>(),
               0,
               kMostInt32);
    }
  }
}

void pod_security(Errors& errors, const Path& path, const Json& context) {
  if (const std::string policy = text(context, "fsGroupChangePolicy");
      has(context, "fsGroupChangePolicy") && policy != "Always" && policy != "OnRootMismatch") {
    errors.not_supported(
        path.child("fsGroupChangePolicy"), Json(policy), {"Always", "OnRootMismatch"});
  }
  seccomp_profile(errors, path.child("seccompProfile"), member(context, "seccompProfile"));
}

void host_aliases(Errors& errors, const Path& path, const Json& aliases) {
  for (std::size_t i = 0; i < aliases.size(); ++i) {
    const Path at = path.index(i);
    ip_address(errors, at.child("ip"), text(aliases[i], "ip"));
    const Json& names = list(aliases[i], "hostnames");
    for (std::size_t n = 0; n < names.size(); ++n) {
      dns_subdomain(errors,
                    at.child("hostnames").index(n),
                    names[n].is_string() ? names[n].get<std::string>() : "");
    }
  }
}

void host_network_ports(Errors& errors, const Path& path, const Json& spec, bool is_pod) {
  if (member(spec, "hostNetwork") != Json(true)) {
    return;
  }
  const Json& containers = list(spec, "containers");
  for (std::size_t c = 0; c < containers.size(); ++c) {
    const Json& ports = list(containers[c], "ports");
    for (std::size_t p = 0; p < ports.size(); ++p) {
      const std::int64_t host = integer(ports[p], "hostPort");
      if ((is_pod || host != 0) && host != integer(ports[p], "containerPort")) {
        errors.invalid(path.child("containers").index(c).child("ports").index(p).child("hostPort"),
                       Json(host),
                       "must match `containerPort` when `hostNetwork` is true");
      }
    }
  }
}

void dns_config(Errors& errors, const Path& path, const Json& spec) {
  const Json& config = member(spec, "dnsConfig");
  const Json& servers = list(config, "nameservers");
  if (text(spec, "dnsPolicy") == "None") {
    if (config.is_null()) {
      errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
      return;
    }
    if (servers.empty()) {
      errors.required(path.child("nameservers"),
                      "must provide at least one DNS nameserver when `dnsPolicy` is None");
      return;
    }
  }
  if (servers.size() > 3) {
    errors.invalid(path.child("nameservers"), servers, "must not have more than 3 nameservers");
  }
  for (std::size_t i = 0; i < servers.size(); ++i) {
    ip_address(errors,
               path.child("nameservers").index(i),
               servers[i].is_string() ? servers[i].get<std::string>() : "");
  }
}

/// The volumes of claim templates first; a template's own volume of the same name gives way.
Json with_claims(const Json& own, const std::vector<std::string>& claims) {
  Json all = Json::array();
  for (const std::string& name : claims) {
    all.push_back({{"name", name}, {"persistentVolumeClaim", {{"claimName", name}}}});
  }
  for (const Json& volume : own) {
    if (std::ranges::find(claims, text(volume, "name")) == claims.end()) {
      all.push_back(volume);
    }
  }
  return all;
}

void added_tolerations(Errors& errors, const Json& now, const Json& before) {
  const Path path = Path("spec").child("tolerations");
  const auto without_seconds = [](Json toleration) {
    if (toleration.is_object()) {
      toleration.erase("tolerationSeconds");
    }
    return toleration;
  };
  for (const Json& old : before) {
    const bool kept = std::ranges::any_of(now, [&](const Json& toleration) {
      return without_seconds(toleration) == without_seconds(old);
    });
    if (!kept) {
      errors.forbidden(path,
                       "existing toleration can not be modified except its tolerationSeconds");
      return;
    }
  }
  tolerations(errors, path, now);
}

/// False where the containers were added to or removed from, which ends all checks.
bool same_containers(Errors& errors, const Json& now, const Json& before, std::string_view key) {
  const Path path = Path("spec").child(key);
  const Json& containers = list(now, key);
  if (containers.size() != list(before, key).size()) {
    errors.forbidden(path, "pod updates may not add or remove containers");
    return false;
  }
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (text(containers[i], "image").empty()) {
      errors.required(path.index(i).child("image"));
    }
  }
  return true;
}

/// False where the deadline is wrong in a way that ends all checks.
bool deadline_update(Errors& errors, const Json& now, const Json& before) {
  const Path path = Path("spec").child("activeDeadlineSeconds");
  const Json& value = member(now, "activeDeadlineSeconds");
  const Json& old = member(before, "activeDeadlineSeconds");
  if (value.is_null()) {
    if (!old.is_null()) {
      errors.invalid(path, value, "must not update from a positive integer to nil value");
    }
    return true;
  }
  const std::int64_t seconds = integer(now, "activeDeadlineSeconds");
  const std::size_t count = errors.size();
  in_range(errors, path, seconds, 0, kMostInt32);
  if (errors.size() == count && !old.is_null() &&
      integer(before, "activeDeadlineSeconds") < seconds) {
    errors.invalid(path, value, "must be less than or equal to previous value");
  }
  return errors.size() == count;
}

/// `now` with everything that an update may change as it was.
Json without_allowed_changes(Json now, const Json& before) {
  for (const std::string_view key : {"containers", "initContainers"}) {
    if (const auto at = now.find(key); at != now.end() && at->is_array()) {
      for (std::size_t i = 0; i < at->size(); ++i) {
        (*at)[i]["image"] = member(list(before, key)[i], "image");
      }
    }
  }
  for (const std::string_view key : {"activeDeadlineSeconds", "tolerations", "schedulingGates"}) {
    now.erase(std::string(key));
    if (has(before, key)) {
      now[std::string(key)] = member(before, key);
    }
  }
  if (integer(before, "terminationGracePeriodSeconds") < 0 &&
      integer(now, "terminationGracePeriodSeconds") == 1) {
    now["terminationGracePeriodSeconds"] = member(before, "terminationGracePeriodSeconds");
  }
  return now;
}

}  // namespace

void pod_spec(Errors& errors,
              const Path& path,
              const Json& spec,
              bool is_pod,
              const std::vector<std::string>& claims) {
  const Json volume_list = with_claims(list(spec, "volumes"), claims);
  const Json mountable = volumes(errors, path.child("volumes"), volume_list);
  containers(errors, path, spec, mountable, is_pod);
  host_network_ports(errors, path, spec, is_pod);
  one_of(errors, path, spec, "restartPolicy", {"Always", "OnFailure", "Never"});
  one_of(errors,
         path,
         spec,
         "dnsPolicy",
         {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"});
  labels(errors, path.child("nodeSelector"), map(spec, "nodeSelector"));
  user_and_groups(errors, path.child("securityContext"), member(spec, "securityContext"));
  pod_security(errors, path.child("securityContext"), member(spec, "securityContext"));
  affinity(errors, path.child("affinity"), member(spec, "affinity"));
  dns_config(errors, path.child("dnsConfig"), spec);
  const Json& gates = list(spec, "readinessGates");
  for (std::size_t i = 0; i < gates.size(); ++i) {
    const std::string type = text(gates[i], "conditionType");
    errors.invalid(path.child("readinessGates").index(i).child("conditionType"),
                   Json(type),
                   names::label_key(type, errors.release()));
  }
  topology_spread(
      errors, path.child("topologySpreadConstraints"), list(spec, "topologySpreadConstraints"));
  for (const std::string_view key : {"serviceAccountName", "nodeName"}) {
    if (const std::string name = text(spec, key); !name.empty()) {
      dns_subdomain(errors, path.child(key), name);
    }
  }
  if (has(spec, "activeDeadlineSeconds")) {
    in_range(errors,
             path.child("activeDeadlineSeconds"),
             integer(spec, "activeDeadlineSeconds"),
             1,
             kMostInt32);
  }
  // A set overwrites both in its pods, whatever its template says.
  if (is_pod) {
    for (const std::string_view key : {"hostname", "subdomain"}) {
      if (const std::string name = text(spec, key); !name.empty()) {
        dns_label(errors, path.child(key), name);
      }
    }
  }
  tolerations(errors, path.child("tolerations"), list(spec, "tolerations"));
  host_aliases(errors, path.child("hostAliases"), list(spec, "hostAliases"));
  for (const std::string_view key : {"priorityClassName", "runtimeClassName"}) {
    if (const std::string name = text(spec, key); !name.empty()) {
      dns_subdomain(errors, path.child(key), name);
    }
  }
}

void pod(Errors& errors, const Json& document) {
  metadata(errors, document, NameForm::Subdomain);
  pod_spec(errors, Path("spec"), member(document, "spec"), true, {});
}

void pod_update(Errors& errors, const Json& document, const Json& old) {
  metadata_update(errors, document, old);
  const Json& now = member(document, "spec");
  const Json& before = member(old, "spec");
  pod_spec(errors, Path("spec"), now, true, {});
  if (!same_containers(errors, now, before, "containers") ||
      !same_containers(errors, now, before, "initContainers") ||
      !deadline_update(errors, now, before)) {
    return;
  }
  added_tolerations(errors, list(now, "tolerations"), list(before, "tolerations"));
  if (const Json changed = without_allowed_changes(now, before); changed != before) {
    errors.forbidden(
        Path("spec"),
        "pod updates may not change fields other than "
        "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        "`spec.tolerations` (only additions to existing tolerations),"
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously "
        "negative)\n" +
            difference(internal_form(before, "PodSpec", errors.release()),
                       internal_form(changed, "PodSpec", errors.release())));
  }
}

}  // namespace stsim::api::validation
