#include "shell/saving.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/kubectl/yaml.hpp>
#include <stsim/policy/policies.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <system_error>

namespace stsim::shell {

namespace {

using api::Json;
using Path = std::filesystem::path;

Path whole(const Path& folder) {
  std::error_code error;
  const Path out = std::filesystem::absolute(folder.empty() ? "." : folder, error);
  return (error ? folder : out).lexically_normal();
}

/// Paths of `-f`, which may stand side by side with commas between them.
std::string moved_list(std::string_view list, const Path& from, const Path& to) {
  std::string out;
  for (bool first = true; first || !list.empty(); first = false) {
    const std::size_t end = std::min(list.find(','), list.size());
    out += fmt::format(
        "{}{}", first ? "" : ",", moved_path(std::string(list.substr(0, end)), from, to));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

/// The words of a command line with those paths moved that name files of the user.
std::vector<std::string> moved_words(std::vector<std::string> words,
                                     const Path& from,
                                     const Path& to) {
  constexpr std::array<std::string_view, 3> kLong{"--filename", "--patch-file", "-f"};
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    std::string& word = words[i];
    for (const std::string_view option : kLong) {
      const std::string with_value = fmt::format("{}=", option);
      if (word == option && i + 1 < words.size()) {
        words[i + 1] = moved_list(words[i + 1], from, to);
        ++i;
        break;
      }
      if (word.starts_with(with_value)) {
        word = with_value + moved_list(std::string_view(word).substr(with_value.size()), from, to);
        break;
      }
      if (option == "-f" && word.size() > 2 && word.starts_with("-f")) {
        word = "-f" + moved_list(std::string_view(word).substr(2), from, to);
        break;
      }
    }
    // Templates in files: `-o jsonpath-file=PATH`.
    const std::size_t file = word.find("-file=");
    if (file != std::string::npos && !word.starts_with("--patch-file") &&
        (word.starts_with("-o") || word.starts_with("--output") || word.starts_with("jsonpath") ||
         word.starts_with("go-template") || word.starts_with("custom-columns"))) {
      const std::size_t at = file + std::string_view("-file=").size();
      word = word.substr(0, at) + moved_path(word.substr(at), from, to);
    }
  }
  return words;
}

Json moved_manifests(const Json& value, const Path& from, const Path& to) {
  if (value.is_string()) {
    return moved_path(value.get<std::string>(), from, to);
  }
  if (!value.is_array()) {
    return value;
  }
  Json out = Json::array();
  for (const Json& item : value) {
    out.push_back(item.is_string() ? moved_manifests(item, from, to) : item);
  }
  return out;
}

/// A command line, unchanged unless one of its paths is another one now.
std::string moved_line(const std::string& line, const Path& from, const Path& to) {
  const auto words = kubectl::split_words(line);
  if (!words) {
    return line;
  }
  const std::vector<std::string> moved = moved_words(*words, from, to);
  if (moved == *words) {
    return line;
  }
  std::string out;
  for (const std::string& word : moved) {
    out += (out.empty() ? "" : " ") + kubectl::quoted(word);
  }
  return out;
}

std::string name_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += is_alphanumeric(c) ? c : '-';
  }
  return out.empty() ? "session" : out;
}

/// What the head says, in the order of the README, with what wins over the file.
Json head_of(const Saving& saving) {
  const scenario::Scenario& cluster = *saving.cluster;
  Json out = saving.head.is_object() ? saving.head : Json::object();
  out.erase("matrix");
  out.erase("steps");
  out["scenario"] = name_of(saving.name);
  out["kubernetes"] = to_string(cluster.kubernetes);
  for (const auto& [gate, on] : cluster.feature_gates) {
    out["featureGates"][gate] = on;
  }
  if (cluster.kubelet != scenario::KubeletMode::Auto || out.contains("kubelet")) {
    out["kubelet"] = to_string(cluster.kubelet);
  }
  if (cluster.seed != 0 || out.contains("seed")) {
    out["seed"] = cluster.seed;
  }
  if (cluster.draw_races || out.contains("drawRaces")) {
    out["drawRaces"] = cluster.draw_races;
  }
  if (cluster.policy != nullptr) {
    const std::string name(cluster.policy->name());
    const bool library = name.find('/') != std::string::npos;
    const std::string written = out.contains("policy") ? api::text(out, "policy") : name;
    out["policy"] =
        library ? moved_path(
                      written, out.contains("policy") ? saving.head_folder : Path(), saving.folder)
                : name;
  }
  if (out.contains("cluster") && out["cluster"].is_object() && out["cluster"].contains("objects")) {
    Json& objects = out["cluster"]["objects"];
    objects = moved_manifests(objects, saving.head_folder, saving.folder);
  }
  // Time stands still while somebody types; the steps of a file carry their times.
  out["pause"] = "0s";
  return out;
}

constexpr std::array<std::string_view, 13> kHeadOrder{"scenario",
                                                      "description",
                                                      "kubernetes",
                                                      "featureGates",
                                                      "policy",
                                                      "kubelet",
                                                      "seed",
                                                      "drawRaces",
                                                      "pause",
                                                      "cluster",
                                                      "timing",
                                                      "images",
                                                      "brokenImages"};

/// The entries of a mapping, those named first in front.
std::string yaml_in_order(const Json& mapping, std::span<const std::string_view> first) {
  std::string out;
  const auto add = [&out](std::string_view key, const Json& value) {
    out += kubectl::to_yaml(Json{{std::string(key), value}});
  };
  for (const std::string_view key : first) {
    if (mapping.contains(std::string(key))) {
      add(key, mapping[std::string(key)]);
    }
  }
  for (const auto& [key, value] : mapping.items()) {
    if (std::ranges::find(first, std::string_view(key)) == first.end()) {
      add(key, value);
    }
  }
  return out;
}

/// A step as an item of a list: what it does first, then its time and name.
std::string yaml_of_step(const Json& step) {
  Json action = step;
  Json rest = Json::object();
  for (const char* key : {"at", "name"}) {
    if (action.contains(key)) {
      rest[key] = action[key];
      action.erase(key);
    }
  }
  std::string text = yaml_in_order(action, {}) + (rest.empty() ? "" : yaml_in_order(rest, {}));
  std::string out;
  for (bool first = true; !text.empty(); first = false) {
    const std::size_t end = text.find('\n');
    const std::string line = text.substr(0, end);
    out += line.empty() ? "\n" : fmt::format("{}{}\n", first ? "- " : "  ", line);
    text.erase(0, end == std::string::npos ? end : end + 1);
  }
  return out;
}

/// One line, whatever was typed.
std::string comment_of(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string moved_path(const std::string& file, const Path& from, const Path& to) {
  const bool stays = file.empty() || file == "-" || Path(file).is_absolute() ||
                     file.find("://") != std::string::npos;
  if (stays) {
    return file;
  }
  const Path old_folder = whole(from);
  const Path new_folder = whole(to);
  if (old_folder == new_folder) {
    return file;
  }
  const Path moved = (old_folder / file).lexically_normal().lexically_relative(new_folder);
  return moved.empty() ? (old_folder / file).string() : moved.generic_string();
}

Json moved_step(Json step, const Path& from, const Path& to) {
  for (const char* key : {"apply", "create"}) {
    if (step.contains(key)) {
      step[key] = moved_manifests(step[key], from, to);
    }
  }
  if (step.contains("kubectl") && step["kubectl"].is_string()) {
    step["kubectl"] = moved_line(step["kubectl"].get<std::string>(), from, to);
  }
  return step;
}

std::string scenario_text(const Saving& saving) {
  std::string out = yaml_in_order(head_of(saving), kHeadOrder);
  if (saving.steps.empty()) {
    return out + "steps: []\n";
  }
  out += "steps:\n";
  for (const SavedStep& saved : saving.steps) {
    if (!saved.comment.empty()) {
      out += fmt::format("# {}\n", comment_of(saved.comment));
    }
    out += yaml_of_step(moved_step(saved.step->source, saving.steps_folder, saving.folder));
  }
  return out;
}

}  // namespace stsim::shell
