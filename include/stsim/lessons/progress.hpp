#pragma once
// What somebody has learned so far, kept in a small file: a line a lesson, `canary done` or
// `canary 3`, the part to go on with.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

namespace stsim::lessons {

/// How far somebody is.
struct Progress {
  /// One lesson.
  struct Of {
    bool done{};
    std::size_t part{};  ///< to go on with
    bool operator==(const Of&) const = default;
  };
  std::map<std::string, Of> lessons;
  bool operator==(const Progress&) const = default;
};

/// Reads it; what is not there or cannot be read has no lines. Lines that make no sense are left
/// out.
[[nodiscard]] Progress read_progress(const std::filesystem::path& file);

/// Writes it, whole or not at all, and makes the folders that it lies in. Returns whether that went
/// well.
bool write_progress(const std::filesystem::path& file, const Progress& progress);

}  // namespace stsim::lessons
