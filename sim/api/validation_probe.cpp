// Probes and hooks of containers. Rule: PN-4.

#include "api/validation_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/names.hpp>

namespace stsim::api::validation {

namespace {

void http_get(Errors& errors, const Path& path, const Json& action) {
  if (text(action, "path").empty()) {
    errors.required(path.child("path"));
  }
  port_number_or_name(errors, path.child("port"), member(action, "port"));
  if (const std::string scheme = text(action, "scheme"); scheme != "HTTP" && scheme != "HTTPS") {
    errors.not_supported(path.child("scheme"), Json(scheme), {"HTTP", "HTTPS"});
  }
  for (const Json& header : list(action, "httpHeaders")) {
    const std::string name = text(header, "name");
    errors.invalid(path.child("httpHeaders"), Json(name), names::http_header(name));
  }
}

void sleep(Errors& errors, const Path& path, const Json& action, const Json& grace_period) {
  if (!grace_period.is_number_integer()) {
    return;
  }
  const auto most = grace_period.get<std::int64_t>();
  const std::int64_t seconds = integer(action, "seconds");
  const bool zero_allowed = errors.release().at_least(33);
  if (seconds > most || seconds < (zero_allowed ? 0 : 1)) {
    errors.invalid(
        path,
        Json(seconds),
        zero_allowed
            ? fmt::format("must be non-negative and less than terminationGracePeriodSeconds ({})",
                          most)
            : fmt::format("must be greater than 0 and less than terminationGracePeriodSeconds ({})",
                          most));
  }
}

/// One action, exactly.
void handler(Errors& errors, const Path& path, const Json& owner, const Json& grace_period) {
  bool found = false;
  for (const std::string_view key : {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}) {
    const Json& action = member(owner, key);
    if (action.is_null()) {
      continue;
    }
    const Path at = path.child(key);
    if (found) {
      errors.forbidden(at, "may not specify more than 1 handler type");
    } else if (key == "exec") {
      if (list(action, "command").empty()) {
        errors.required(at.child("command"));
      }
    } else if (key == "httpGet") {
      http_get(errors, at, action);
    } else if (key == "sleep") {
      sleep(errors, at, action, grace_period);
    } else {
      port_number_or_name(errors, at.child("port"), member(action, "port"));
    }
    found = true;
  }
  if (!found) {
    errors.required(path, "must specify a handler type");
  }
}

}  // namespace

void probes(Errors& errors, const Path& path, const Json& container, const Json& grace_period) {
  const Json& lifecycle = member(container, "lifecycle");
  for (const std::string_view key : {"postStart", "preStop"}) {
    if (const Json& hook = member(lifecycle, key); !hook.is_null()) {
      handler(errors, path.child("lifecycle").child(key), hook, grace_period);
    }
  }
  for (const std::string_view key : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    const Json& probe = member(container, key);
    if (probe.is_null()) {
      continue;
    }
    const Path at = path.child(key);
    handler(errors, at, probe, grace_period);
    for (const std::string_view number : {"initialDelaySeconds",
                                          "timeoutSeconds",
                                          "periodSeconds",
                                          "successThreshold",
                                          "failureThreshold"}) {
      nonnegative(errors, at.child(number), integer(probe, number));
    }
    const Json& grace = member(probe, "terminationGracePeriodSeconds");
    if (grace.is_number_integer() && grace.get<std::int64_t>() <= 0) {
      errors.invalid(at.child("terminationGracePeriodSeconds"), grace, "must be greater than 0");
    }
    if (key == "readinessProbe") {
      if (!grace.is_null()) {
        errors.invalid(at.child("terminationGracePeriodSeconds"),
                       grace,
                       "must not be set for readinessProbes");
      }
    } else if (const std::int64_t threshold = integer(probe, "successThreshold"); threshold != 1) {
      errors.invalid(at.child("successThreshold"), Json(threshold), "must be 1");
    }
  }
}

}  // namespace stsim::api::validation
