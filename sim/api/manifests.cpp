// Files of manifests as kubectl reads them: a stream of JSON values where it looks like one, else
// YAML, cut into documents before any of them is parsed.
#include "api/yaml_data.hpp"

#include <stsim/api/json_parse.hpp>
#include <stsim/api/yaml.hpp>
#include <stsim/base/characters.hpp>

#include <optional>
#include <utility>

namespace stsim::api {

namespace {

constexpr std::string_view kSpaces = " \t\r\n\v\f";

/// Cuts the next document off `text`: the lines up to a separator. Errors: kubectl's words about a
/// separator with something behind it. Nothing where no document is left.
Result<std::optional<std::string>, std::string> take_document(std::string_view& text) {
  std::string document;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.starts_with("---")) {
      const std::string_view behind = trimmed(line.substr(3));
      if (!behind.empty() && behind.front() != '#') {
        return tl::unexpected("invalid Yaml document separator: " + std::string(behind));
      }
      if (!document.empty()) {
        return std::optional(std::move(document));
      }
      // The separator stays the first line of the document that it begins.
    }
    document += line;
    document += '\n';
  }
  return document.empty() ? std::nullopt : std::optional(std::move(document));
}

/// Why a document cannot be used, in kubectl's words.
std::string conversion_error(std::string_view words) {
  return "error converting YAML to JSON: " + std::string(words);
}

/// Reads YAML documents to the end of the text. Errors go into `out`.
void read_yaml(std::string_view text, Manifests& out) {
  while (true) {
    auto document = take_document(text);
    if (!document) {
      out.error = std::move(document.error());
      return;
    }
    if (!*document) {
      return;
    }
    const auto source = std::make_shared<const YamlSource>("", **document);
    const auto nodes = build_documents(source, {});
    if (!nodes) {
      out.error = conversion_error("yaml: " + nodes.error().go_message);
      return;
    }
    if (nodes->empty()) {
      continue;
    }
    auto value = nodes->front().json();
    if (!value) {
      out.error = conversion_error(value.error());
      return;
    }
    if (!value->is_null()) {
      out.documents.push_back(std::move(*value));
    }
  }
}

}  // namespace

Manifests read_manifests(std::string_view text) {
  Manifests out;
  if (text.size() > YamlLimits{}.bytes_max) {
    out.error = "the file is longer than " + std::to_string(YamlLimits{}.bytes_max) + " bytes";
    return out;
  }
  std::string_view rest = text;
  if (!trimmed(rest).starts_with('{')) {
    read_yaml(rest, out);
    return out;
  }
  std::size_t count = 0;
  while (!trimmed(rest).empty()) {
    auto value = take_json(rest);
    if (value) {
      ++count;
      if (!value->is_null()) {
        out.documents.push_back(std::move(*value));
      }
      continue;
    }
    JsonError& error = value.error();
    if (error.message == "unexpected end of JSON input") {
      error.message = "unexpected EOF";
    } else {
      const std::size_t offset = text.size() - rest.size() + error.offset + 1;
      error.message = "json: offset " + std::to_string(offset) + ": " + error.message;
    }
    // A second object that is no JSON may be a YAML document, and so may the first one; more than
    // one JSON value in a row settles it.
    if (count <= 1) {
      const std::size_t line = rest.find_first_not_of(" \t\r");
      if (count == 1 && line != std::string_view::npos && rest[line] == '\n') {
        rest.remove_prefix(line + 1);
      }
      Manifests as_yaml;
      read_yaml(rest, as_yaml);
      if (as_yaml.error.empty() || !as_yaml.documents.empty()) {
        out.error = std::move(as_yaml.error);
        for (Json& document : as_yaml.documents) {
          out.documents.push_back(std::move(document));
        }
        return out;
      }
    }
    out.error = std::move(error.message);
    return out;
  }
  return out;
}

}  // namespace stsim::api
