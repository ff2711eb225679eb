#pragma once
// Files that scenarios name.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace stsim::scenario {

/// The content of a file, cut off behind what is accepted; nothing where it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& file);

/// The files for which a path of `kubectl -f` stands, relative to `root`: kubectl::Session.
[[nodiscard]] std::vector<std::string> manifest_files(const std::filesystem::path& root,
                                                      const std::string& path,
                                                      bool recursive);

/// The name in the folder of `file` that was probably meant, or "".
[[nodiscard]] std::string nearest_file(const std::filesystem::path& file);

}  // namespace stsim::scenario
