#include "kubectl/describe_writer.hpp"

#include "kubectl/document.hpp"
#include "kubectl/event_text.hpp"
#include "kubectl/go_sort.hpp"

#include <stsim/api/well_known.hpp>
#include <stsim/kubectl/columns.hpp>

#include <algorithm>

namespace stsim::kubectl {

using api::Json;

void DescribeWriter::write(std::size_t level, std::string_view text) {
  std::string line(level * 2, ' ');
  for (const char c : text) {
    line += c == '\x1b' ? "^[" : c == '\r' ? "\\r" : std::string(1, c);
  }
  if (layout_ == Layout::Tabs) {
    out_ += line;
  } else {
    writer_.write(line);
  }
}

void DescribeWriter::field(std::size_t level, std::string_view label, std::string_view value) {
  std::string line(label);
  line += ":\t";
  line += value;
  line += '\n';
  write(level, line);
}

void DescribeWriter::flush() {
  out_ += writer_.take();
}

std::string DescribeWriter::take() {
  flush();
  return std::move(out_);
}

void write_lines(DescribeWriter& writer,
                 std::string_view title,
                 const std::vector<std::string>& lines) {
  writer.write(0, std::string(title) + ":");
  for (const std::string& line : lines) {
    writer.write(0, "\t" + line + "\n");
  }
  if (lines.empty()) {
    writer.write(0, "\t<none>\n");
  }
}

void write_labels(DescribeWriter& writer, std::string_view title, const Json& labels) {
  std::vector<std::string> lines;
  if (labels.is_object()) {
    for (const auto& [key, value] : labels.items()) {
      lines.push_back(key + "=" + scalar_text(value));
    }
  }
  write_lines(writer, title, lines);
}

namespace {

constexpr std::size_t kLongestAnnotation = 140;

std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = kLongestAnnotation - 2;
  return text.size() > kLongest ? text.substr(0, kLongest) + "..." : text;
}

// One annotation, with the tabs that keep its further lines in the second column.
std::string annotation_lines(const std::string& key, std::string value) {
  if (value.ends_with('\n')) {
    value.pop_back();
  }
  if (value.size() + key.size() + 2 <= kLongestAnnotation &&
      value.find('\n') == std::string::npos) {
    return key + ": " + value;
  }
  std::string text = key + ":";
  for (std::size_t start = 0; start <= value.size();) {
    const std::size_t end = std::min(value.find('\n', start), value.size());
    text += "\n\t  " + shortened(value.substr(start, end - start));
    start = end + 1;
  }
  return text;
}

std::string toleration_text(const Json& toleration) {
  const std::string key = api::text(toleration, "key");
  const std::string value = api::text(toleration, "value");
  const std::string effect = api::text(toleration, "effect");
  std::string text = key;
  if (!value.empty()) {
    text += "=" + value;
  }
  if (!effect.empty()) {
    text += ":" + effect;
  }
  // Without key and effect this tolerates everything.
  if (api::text(toleration, "operator") == "Exists" && value.empty()) {
    text += key.empty() && effect.empty() ? "op=Exists" : " op=Exists";
  }
  const Json& seconds = api::member(toleration, "tolerationSeconds");
  if (!seconds.is_null()) {
    text += " for " + scalar_text(seconds) + "s";
  }
  return text;
}

}  // namespace

void write_annotations(DescribeWriter& writer, std::string_view title, const Json& annotations) {
  std::vector<std::string> lines;
  if (annotations.is_object()) {
    for (const auto& [key, value] : annotations.items()) {
      if (key != api::kLastAppliedAnnotation) {
        lines.push_back(annotation_lines(key, scalar_text(value)));
      }
    }
  }
  write_lines(writer, title, lines);
}

void write_tolerations(DescribeWriter& writer, std::string_view title, const Json& tolerations) {
  const Json& list = elements(tolerations);
  std::vector<const Json*> sorted;
  for (const Json& toleration : list) {
    sorted.push_back(&toleration);
  }
  go_sort(sorted,
          [](const Json* a, const Json* b) { return api::text(*a, "key") < api::text(*b, "key"); });
  std::vector<std::string> lines;
  for (const Json* toleration : sorted) {
    lines.push_back(toleration_text(*toleration));
  }
  write_lines(writer, title, lines);
}

void write_events(DescribeWriter& writer, const DescribeContext& context) {
  if (!context.show_events) {
    return;
  }
  if (context.events.empty()) {
    writer.write(0, "Events:\t<none>\n");
    return;
  }
  writer.flush();
  std::vector<const Json*> events = context.events;
  go_sort(events, [](const Json* a, const Json* b) {
    const auto time = [](const Json* event) {
      return parse_rfc3339(api::text(*event, "lastTimestamp")).value_or(SimTime::min());
    };
    return time(a) < time(b);
  });
  writer.write(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n");
  writer.write(1, "----\t------\t----\t----\t-------\n");
  for (const Json* event : events) {
    std::string message = trimmed(api::text(*event, "message"));
    const std::string part = api::text(api::member(*event, "involvedObject"), "fieldPath");
    if (!part.empty()) {
      message = part + ": " + message;
    }
    std::string source = api::text(api::member(*event, "source"), "component");
    if (source.empty()) {
      source = api::text(*event, "reportingComponent");
    }
    writer.write(1,
                 join({api::text(*event, "type"),
                       api::text(*event, "reason"),
                       event_interval(*event, context.now),
                       source,
                       message},
                      "\t") +
                     "\n");
  }
}

std::string date_text(const Json& timestamp) {
  const auto time =
      timestamp.is_string() ? parse_rfc3339(timestamp.get<std::string>()) : std::nullopt;
  return time ? to_rfc1123z(*time) : "Mon, 01 Jan 0001 00:00:00 +0000";
}

std::string list_text(const Json& list) {
  return "[" + join(texts_of(list), " ") + "]";
}

std::string value_or(const Json& object, std::string_view key, std::string_view fallback) {
  const Json& value = api::member(object, key);
  return value.is_null() ? std::string(fallback) : scalar_text(value);
}

}  // namespace stsim::kubectl
