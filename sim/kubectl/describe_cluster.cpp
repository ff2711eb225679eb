// Descriptions of namespaces, configuration and service accounts, and the form for all other kinds.

#include "kubectl/describe_parts.hpp"
#include "kubectl/document.hpp"
#include "kubectl/go_text.hpp"

#include <stsim/base/characters.hpp>
#include <stsim/kubectl/jsonpath.hpp>

#include <algorithm>
#include <array>

namespace stsim::kubectl {

namespace {

using api::Json;

void write_metadata(DescribeWriter& writer, const Json& object, bool namespaced) {
  const Json& metadata = api::member(object, "metadata");
  writer.field(0, "Name", name_of(object));
  if (namespaced) {
    writer.field(0, "Namespace", namespace_of(object));
  }
  write_labels(writer, "Labels", api::member(metadata, "labels"));
  write_annotations(writer, "Annotations", api::member(metadata, "annotations"));
}

// How many bytes base64 text stands for.
std::size_t decoded_size(const std::string& text) {
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  return text.size() / 4 * 3 - std::min(padding, text.size() / 4 * 3);
}

enum class Letter : unsigned char { Lower, Upper, Other };

Letter letter_of(char c) {
  if (c >= 'a' && c <= 'z') {
    return Letter::Lower;
  }
  return c >= 'A' && c <= 'Z' ? Letter::Upper : Letter::Other;
}

// The words of a name in camel case: `ownerReferences` has two, `hostIPs` has `host`, `I`, `Ps`.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || letter_of(name[i]) != letter_of(name[i - 1])) {
      words.emplace_back();
    }
    words.back() += name[i];
  }
  // The last capital before small letters belongs to them.
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (letter_of(words[i].front()) == Letter::Upper &&
        letter_of(words[i + 1].front()) == Letter::Lower) {
      words[i + 1].insert(0, 1, words[i].back());
      words[i].pop_back();
    }
  }
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

// A label made of a field's name: `apiVersion` is `API Version`.
std::string label_of(const std::string& name) {
  const bool plain = std::all_of(
      name.begin(), name.end(), [](char c) { return letter_of(c) != Letter::Other || c == '-'; });
  if (!plain) {
    return name;
  }
  static constexpr std::array<std::string_view, 4> kAcronyms{"API", "URL", "UID", "GUID"};
  std::vector<std::string> words = words_of(name);
  for (std::string& word : words) {
    const std::string upper = to_upper(word);
    if (std::find(kAcronyms.begin(), kAcronyms.end(), upper) != kAcronyms.end()) {
      word = upper;
    } else if (to_lower(word) == word) {
      word.front() = upper.front();
    }
  }
  return join(words, " ");
}

bool is_shown_above(const std::string& path) {
  static constexpr std::array<std::string_view, 5> kPaths{".metadata.managedFields",
                                                          ".metadata.name",
                                                          ".metadata.namespace",
                                                          ".metadata.labels",
                                                          ".metadata.annotations"};
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
}

void write_fields(DescribeWriter& writer,
                  std::size_t level,
                  const Json& object,
                  const std::string& prefix) {
  for (const auto& [name, value] : object.items()) {
    const std::string path = prefix + "." + name;
    if (is_shown_above(path)) {
      continue;
    }
    if (!value.is_structured()) {
      writer.field(level, label_of(name), go_text(value));
      continue;
    }
    writer.write(level, label_of(name) + ":\n");
    if (value.is_object()) {
      write_fields(writer, level + 1, value, path);
      continue;
    }
    for (const Json& element : value) {
      if (element.is_object()) {
        write_fields(writer, level + 1, element, path);
      } else {
        writer.write(level + 1, go_text(element) + "\n");
      }
    }
  }
}

}  // namespace

void describe_namespace(DescribeWriter& writer,
                        const Json& object,
                        const DescribeContext& /*context*/) {
  write_metadata(writer, object, false);
  const Json& status = api::member(object, "status");
  writer.field(0, "Status", api::text(status, "phase"));
  const Json& conditions = elements(api::member(status, "conditions"));
  if (!conditions.empty()) {
    writer.write(0, "Conditions:\n");
    writer.write(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage\n");
    writer.write(1, "----\t------\t------------------\t------\t-------\n");
  }
  for (const Json& condition : conditions) {
    writer.write(1,
                 join({api::text(condition, "type"),
                       api::text(condition, "status"),
                       date_text(api::member(condition, "lastTransitionTime")),
                       api::text(condition, "reason"),
                       api::text(condition, "message")},
                      "\t") +
                     "\n");
  }
  // Quotas and limits are not among the kinds of this cluster.
  writer.write(0, "\nNo resource quota.\n");
  writer.write(0, "\nNo LimitRange resource.\n");
}

void describe_config_map(DescribeWriter& writer,
                         const Json& object,
                         const DescribeContext& context) {
  write_metadata(writer, object, true);
  writer.write(0, "\nData\n====\n");
  if (const Json& data = api::member(object, "data"); data.is_object()) {
    for (const auto& [key, value] : data.items()) {
      writer.write(0, key + ":\n----\n");
      writer.write(0, scalar_text(value) + "\n");
      writer.write(0, "\n");
    }
  }
  writer.write(0, "\nBinaryData\n====\n");
  if (const Json& data = api::member(object, "binaryData"); data.is_object()) {
    for (const auto& [key, value] : data.items()) {
      writer.write(0, key + ": " + std::to_string(decoded_size(scalar_text(value))) + " bytes\n");
    }
  }
  writer.write(0, "\n");
  write_events(writer, context);
}

void describe_secret(DescribeWriter& writer,
                     const Json& object,
                     const DescribeContext& /*context*/) {
  write_metadata(writer, object, true);
  writer.write(0, "\n");
  writer.field(0, "Type", api::text(object, "type"));
  writer.write(0, "\nData\n====\n");
  if (const Json& data = api::member(object, "data"); data.is_object()) {
    for (const auto& [key, value] : data.items()) {
      writer.field(0, key, std::to_string(decoded_size(scalar_text(value))) + " bytes");
    }
  }
}

void describe_service_account(DescribeWriter& writer,
                              const Json& object,
                              const DescribeContext& context) {
  write_metadata(writer, object, true);
  std::string label = "Image pull secrets:";
  const Json& secrets = elements(api::member(object, "imagePullSecrets"));
  if (secrets.empty()) {
    writer.write(0, label + "\t<none>\n");
  }
  for (const Json& secret : secrets) {
    writer.write(0, label + "\t" + api::text(secret, "name") + "\n");
    label.assign(label.size(), ' ');
  }
  write_events(writer, context);
}

void describe_generic(DescribeWriter& writer, const Json& object, const DescribeContext& context) {
  write_metadata(writer, object, true);
  if (object.is_object()) {
    write_fields(writer, 0, object, "");
  }
  write_events(writer, context);
}

}  // namespace stsim::kubectl
