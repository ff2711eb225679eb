// Which files a command line means.
#include <stsim/api/yaml.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <system_error>

namespace stsim::scenario {

namespace {

namespace fs = std::filesystem;

/// Whether a file wants to be a scenario: it has steps or a scenario's name, or is no YAML at all,
/// in which case loading it will say why.
bool looks_like_scenario(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) {
    return true;
  }
  const auto documents = api::load_yaml(*text, file.string());
  if (!documents) {
    return true;
  }
  return std::ranges::any_of(*documents, [](const api::YamlNode& root) {
    return root.find("scenario") != nullptr || root.find("steps") != nullptr;
  });
}

/// The files in a folder in order of name, with those of the folders below it that `enter` likes.
void add_files(const fs::path& folder,
               const std::function<bool(const fs::path& folder)>& enter,
               std::vector<fs::path>& found) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    entries.push_back(at->path());
  }
  std::ranges::sort(entries, {}, [](const fs::path& path) { return path.native(); });
  for (const fs::path& entry : entries) {
    const fs::file_status status = fs::status(entry, error);
    if (fs::is_directory(status)) {
      // A link to a folder could lead back here.
      if (enter(entry) && !fs::is_symlink(fs::symlink_status(entry, error))) {
        add_files(entry, enter, found);
      }
    } else if (fs::is_regular_file(status)) {
      found.push_back(entry);
    }
  }
}

bool is_yaml(const fs::path& file) {
  return file.extension() == ".yaml" || file.extension() == ".yml";
}

void add_scenarios_below(const fs::path& folder, std::vector<fs::path>& found) {
  std::vector<fs::path> files;
  add_files(
      folder, [](const fs::path& below) { return below.filename() != "manifests"; }, files);
  std::ranges::copy_if(files, std::back_inserter(found), [](const fs::path& file) {
    return is_yaml(file) && looks_like_scenario(file);
  });
}

UserError wrong_argument(const fs::path& argument, std::string message) {
  UserError error;
  error.mark.file = argument.string();
  error.message = std::move(message);
  return error;
}

}  // namespace

std::optional<std::string> read_file(const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) {
    return std::nullopt;
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    return std::nullopt;
  }
  // One byte more than is accepted shows that the file is too long.
  std::string text(api::YamlLimits{}.bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::vector<std::string> manifest_files(const fs::path& root,
                                        const std::string& path,
                                        bool recursive) {
  std::error_code error;
  if (!fs::is_directory(root / path, error)) {
    return {path};
  }
  std::vector<fs::path> files;
  add_files(
      root / path, [recursive](const fs::path&) { return recursive; }, files);
  std::vector<std::string> out;
  for (const fs::path& file : files) {
    if (is_yaml(file) || file.extension() == ".json") {
      out.push_back((path / file.lexically_relative(root / path)).generic_string());
    }
  }
  return out;
}

std::string nearest_file(const fs::path& file) {
  std::error_code error;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  std::vector<std::string> names;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  std::ranges::sort(names);
  const std::vector<std::string_view> views(names.begin(), names.end());
  return closest(file.filename().string(), views);
}

Result<std::vector<fs::path>> find_scenarios(std::span<const fs::path> arguments) {
  std::vector<fs::path> found;
  UserErrors errors;
  for (const fs::path& argument : arguments) {
    std::error_code error;
    const fs::file_status status = fs::status(argument, error);
    if (fs::is_directory(status)) {
      const std::size_t before = found.size();
      add_scenarios_below(argument, found);
      if (found.size() == before) {
        errors.push_back(wrong_argument(argument, "there is no scenario in this folder"));
      }
    } else if (fs::exists(status)) {
      found.push_back(argument);
    } else {
      UserError missing = wrong_argument(argument, "no such file or folder");
      missing.hint = did_you_mean(nearest_file(argument));
      errors.push_back(std::move(missing));
    }
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  return found;
}

}  // namespace stsim::scenario
