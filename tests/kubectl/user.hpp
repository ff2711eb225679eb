#pragma once
// A user of kubectl with some files, at a cluster in which pods move only when a test says so.

#include "support/story.hpp"

#include <stsim/kubectl/kubectl.hpp>
#include <stsim/kubectl/words.hpp>

#include <map>

namespace stsim::test {

/// Types command lines.
class User {
 public:
  explicit User(std::map<std::string, std::string> files = {}) : files_(std::move(files)) {}

  /// A line without the word kubectl.
  kubectl::Output run(std::string_view line) {
    world::Client client = story.user();
    kubectl::Session session{
        client,
        [this](const std::string& path) -> Result<std::string, std::string> {
          const auto file = files_.find(path);
          if (file == files_.end()) {
            return tl::unexpected(fmt::format("the path \"{}\" does not exist", path));
          }
          return file->second;
        },
        [this](const std::string& path, bool recursive) { return below(path, recursive); },
        {}};
    return kubectl::run(*kubectl::split_words(line), session);
  }

  Story story;

 private:
  /// `folder` is the one folder that there is, and `empty` another without files.
  [[nodiscard]] std::vector<std::string> below(const std::string& path, bool recursive) const {
    if (path != "folder") {
      return path == "empty" ? std::vector<std::string>{} : std::vector{path};
    }
    std::vector<std::string> out;
    for (const auto& [name, text] : files_) {
      if (name.starts_with("folder/") && (recursive || name.find("below") == name.npos)) {
        out.push_back(name);
      }
    }
    return out;
  }

  std::map<std::string, std::string> files_;
};

}  // namespace stsim::test
