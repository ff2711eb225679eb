// The manifests of -f. Rules: KC-11, KC-33.
#include "document.hpp"
#include "verb.hpp"

#include <fmt/format.h>
#include <stsim/api/yaml.hpp>

namespace stsim::kubectl {

using api::Kind;

std::optional<std::vector<Command::Manifest>> Command::manifests() {
  struct File {
    std::string name;
    std::optional<std::string> text;  ///< nothing: standard input
  };
  std::vector<File> files;
  bool all_there = true;
  for (const std::string& path : arguments.values("filename")) {
    if (path == "-") {
      files.push_back({"STDIN", std::nullopt});
      continue;
    }
    const std::vector<std::string> names = session.files_of(path, arguments.on("recursive"));
    if (names.empty() && files.empty()) {
      fail(fmt::format("error reading [{}]: recognized file extensions are [.json .yaml .yml]",
                       path));
      all_there = false;
    }
    for (const std::string& name : names) {
      const auto text = session.read_file(name);
      if (text) {
        files.push_back({name, *text});
      } else {
        fail(text.error());
        all_there = false;
      }
    }
  }
  if (!all_there) {
    return std::nullopt;
  }
  std::vector<Manifest> out;
  for (const File& file : files) {
    if (file.text) {
      read_manifests(file.name, *file.text, out);
      continue;
    }
    for (const api::Json& document : session.standard_input) {
      out.push_back({document, file.name});
    }
  }
  return out;
}

void Command::read_manifests(const std::string& file,
                             const std::string& text,
                             std::vector<Manifest>& out) {
  const api::Manifests read = api::read_manifests(text);
  for (const api::Json& document : read.documents) {
    if (api::text(document, "kind") == "List") {
      for (const api::Json& item : api::member(document, "items")) {
        out.push_back({item, file});
      }
    } else {
      out.push_back({document, file});
    }
  }
  if (!read.error.empty()) {
    fail(fmt::format("error parsing {}: {}", file, read.error));
  }
}

std::optional<Kind> Command::kind_of(const Manifest& manifest) {
  const api::Json& document = manifest.document;
  const auto unreadable = [&](std::string_view what) {
    fail(fmt::format(
        "error validating \"{}\": error validating data: {}; if you choose to ignore these "
        "errors, turn validation off with --validate=false",
        manifest.source,
        what));
    return std::nullopt;
  };
  const std::string version = api::text(document, "apiVersion");
  const std::string kind = api::text(document, "kind");
  if (!document.is_object()) {
    return unreadable("invalid object to validate");
  }
  if (version.empty() && kind.empty()) {
    return unreadable("[apiVersion not set, kind not set]");
  }
  if (version.empty() || kind.empty()) {
    return unreadable(version.empty() ? "apiVersion not set" : "kind not set");
  }
  const auto found = api::find_kind(version, kind);
  if (!found) {
    const api::Json& metadata = api::member(document, "metadata");
    fail(fmt::format(
        "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{}\": no matches "
        "for kind \"{}\" in version \"{}\"\nensure CRDs are installed first",
        api::text(metadata, "name"),
        api::text(metadata, "namespace"),
        manifest.source,
        kind,
        version));
  }
  return found;
}

}  // namespace stsim::kubectl
