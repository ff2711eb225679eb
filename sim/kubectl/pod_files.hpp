#pragma once
// The files that a container sees: mounted volumes, its own ones, and those that come with the
// image.

#include <stsim/kubectl/pod_shell.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// No text may grow beyond this many characters: not a file, a command line or an output.
inline constexpr std::size_t kMostText = 1U << 20U;

/// Writes of the command under way; nothing where a file was removed.
using Overlay = std::map<node::FileKey, std::optional<std::string>>;

/// Where an image keeps the pages it serves.
inline constexpr std::string_view kPages = "/usr/share/nginx/html";

/// The name of an image without registry, path and tag: `myapp` of `ikubernetes/myapp:v1`.
std::string_view image_name(std::string_view image);
/// The tag of an image: `v1`; `latest` where there is none.
std::string_view image_tag(std::string_view image);

/// `/a/./b/../c/` relative to a folder becomes `/a/c`.
std::string absolute_path(std::string_view folder, std::string_view path);

class PodFiles {
 public:
  PodFiles(const ExecView& view, const api::Object& pod, std::size_t container, Overlay& overlay);

  /// The text of a file; nothing where there is none. Paths are absolute.
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const;
  [[nodiscard]] bool is_folder(const std::string& path) const;
  /// The names in a folder, sorted.
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const;

  /// Writes a file. Returns what the shell would say is wrong; "" if nothing is.
  std::string write(const std::string& path, const std::string& text);
  std::string make_folder(const std::string& path);
  /// Removes a file, or a folder with all that is in it.
  std::string remove(const std::string& path);

  /// What is mounted from an NFS server that does not answer, of all that was asked for; "" if
  /// nothing is.
  [[nodiscard]] const std::string& hangs() const { return hangs_; }

  /// Whether something is mounted on a path or above it.
  [[nodiscard]] bool mounted(std::string_view path) const;

 private:
  struct Mount {
    std::string path;
    std::string place;
    std::string prefix;  ///< of a subPath, ends with a slash
    bool read_only{};
  };
  struct Place {
    node::FileKey key;
    bool read_only{};
    bool own{};   ///< in the container itself
    bool full{};  ///< there is no space left
  };
  [[nodiscard]] const Mount* mount_of(std::string_view path) const;
  [[nodiscard]] Place locate(const std::string& path) const;
  [[nodiscard]] std::optional<std::string> stored(const node::FileKey& key) const;
  /// Paths below a key's path in its place.
  [[nodiscard]] std::vector<std::string> below(const node::FileKey& key) const;
  [[nodiscard]] std::optional<std::string> built_in(const std::string& path) const;

  const ExecView& view_;
  const api::Object& pod_;
  const api::ContainerSpec& container_;
  Overlay& overlay_;
  std::string own_place_;
  std::vector<Mount> mounts_;
  mutable std::string hangs_;
};

}  // namespace stsim::kubectl
