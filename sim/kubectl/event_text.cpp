#include "kubectl/event_text.hpp"

#include <stsim/base/characters.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;

namespace {

bool is_set(const Json& timestamp) {
  return timestamp.is_string() && timestamp != "";
}

}  // namespace

const Json& event_first_seen(const Json& event) {
  const Json& first = api::member(event, "firstTimestamp");
  return is_set(first) ? first : api::member(event, "eventTime");
}

const Json& event_last_seen(const Json& event) {
  const Json& observed = api::at_path(event, {"series", "lastObservedTime"});
  if (is_set(observed)) {
    return observed;
  }
  const Json& last = api::member(event, "lastTimestamp");
  return is_set(last) ? last : event_first_seen(event);
}

std::int64_t event_count(const Json& event) {
  const Json& series = api::member(event, "series");
  return std::max<std::int64_t>(1, api::integer(series.is_object() ? series : event, "count"));
}

std::string event_source(const Json& event) {
  const Json& source = api::member(event, "source");
  std::string component = api::text(source, "component");
  std::string instance = api::text(source, "host");
  if (component.empty()) {
    component = api::text(event, "reportingComponent");
  }
  if (instance.empty()) {
    instance = api::text(event, "reportingInstance");
  }
  return instance.empty() ? component : component + ", " + instance;
}

std::string event_interval(const Json& event, SimTime now) {
  const Json& event_time = api::member(event, "eventTime");
  const std::string first =
      age_of(is_set(event_time) ? event_time : api::member(event, "firstTimestamp"), now);
  const Json& series = api::member(event, "series");
  if (series.is_object()) {
    return age_of(api::member(series, "lastObservedTime"), now) + " (x" +
           std::to_string(api::integer(series, "count")) + " over " + first + ")";
  }
  const std::int64_t count = api::integer(event, "count");
  if (count > 1) {
    return age_of(api::member(event, "lastTimestamp"), now) + " (x" + std::to_string(count) +
           " over " + first + ")";
  }
  return first;
}

std::string trimmed(std::string_view text) {
  return std::string(stsim::trimmed(text));
}

}  // namespace stsim::kubectl
