#include "pod_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace stsim::kubectl {

using api::Json;
using api::Kind;

namespace {

/// A folder without files in it is kept as an entry with a slash at the end.
std::string folder_mark(const std::string& path) {
  return path.empty() ? path : path + "/";
}

constexpr const char* kNull = "/dev/null";

constexpr std::array<std::string_view, 26> kFolders{
    "/bin",       "/dev",     "/etc",     "/home",      "/lib",           "/media",     "/mnt",
    "/opt",       "/proc",    "/root",    "/run",       "/sbin",          "/srv",       "/sys",
    "/tmp",       "/usr",     "/usr/bin", "/usr/local", "/usr/local/bin", "/usr/share", "/var",
    "/var/cache", "/var/lib", "/var/log", "/var/run",   "/var/tmp"};

bool serves_nginx_pages(std::string_view image) {
  const std::string_view name = image_name(image);
  return name == "myapp" || name.find("nginx") != std::string_view::npos;
}

bool starts_path(std::string_view path, std::string_view folder) {
  return folder == "/" ||
         (path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/'));
}

}  // namespace

std::string volume_place(const store::Store& store, std::string_view ns, std::string_view claim) {
  const api::ObjectPtr found =
      store.find({Kind::PersistentVolumeClaim, std::string(ns), std::string(claim)});
  if (!found || found->as<api::Claim>().volume_name.empty()) {
    return "";
  }
  const Text& name = found->as<api::Claim>().volume_name;
  const api::ObjectPtr volume = store.find({Kind::PersistentVolume, "", name});
  return volume ? node::file_place(*volume) : "volume/" + name;
}

std::string_view image_name(std::string_view image) {
  image = image.substr(image.rfind('/') + 1);  // npos + 1 is the beginning
  return image.substr(0, image.find_first_of(":@"));
}

std::string_view image_tag(std::string_view image) {
  image = image.substr(image.rfind('/') + 1);
  image = image.substr(0, image.find('@'));
  const std::size_t colon = image.find(':');
  return colon == std::string_view::npos ? "latest" : image.substr(colon + 1);
}

std::string absolute_path(std::string_view folder, std::string_view path) {
  std::string whole =
      path.starts_with('/') ? std::string(path) : fmt::format("{}/{}", folder, path);
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < whole.size()) {
    const std::size_t end = std::min(whole.find('/', at), whole.size());
    const std::string part = whole.substr(at, end - at);
    if (part == ".." && !parts.empty()) {
      parts.pop_back();
    } else if (!part.empty() && part != "." && part != "..") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  return fmt::format("/{}", fmt::join(parts, "/"));
}

PodFiles::PodFiles(const ExecView& view,
                   const api::Object& pod,
                   std::size_t container,
                   Overlay& overlay)
    : view_(view),
      pod_(pod),
      container_(pod.as<api::Pod>().spec->containers.at(container)),
      overlay_(overlay) {
  const auto& body = pod.as<api::Pod>();
  const auto& statuses = body.status.containers;
  own_place_ = fmt::format("{}/{}/{}",
                           pod.uid.text(),
                           container_.name,
                           container < statuses.size() ? statuses[container].restart_count : 0);
  const std::vector<api::ClaimVolume> claims = api::claims(pod);
  const Json& document = api::member(*body.spec->document, "containers").at(container);
  for (const Json& mount : api::member(document, "volumeMounts")) {
    const std::string volume = api::text(mount, "name");
    Mount& out = mounts_.emplace_back();
    out.path = absolute_path("/", api::text(mount, "mountPath"));
    if (const std::string sub = api::text(mount, "subPath"); !sub.empty()) {
      out.prefix = sub + "/";
    }
    const Json& read_only = api::member(mount, "readOnly");
    out.read_only = read_only.is_boolean() && read_only.get<bool>();
    const auto claim = std::ranges::find(claims, volume, &api::ClaimVolume::volume);
    out.place = claim == claims.end() ? fmt::format("{}/volumes/{}", pod.uid.text(), volume)
                                      : volume_place(view.store, pod.key.ns, claim->claim);
  }
}

const PodFiles::Mount* PodFiles::mount_of(std::string_view path) const {
  const Mount* best = nullptr;
  for (const Mount& mount : mounts_) {
    if (starts_path(path, mount.path) &&
        (best == nullptr || mount.path.size() > best->path.size())) {
      best = &mount;
    }
  }
  return best;
}

bool PodFiles::mounted(std::string_view path) const {
  return mount_of(path) != nullptr;
}

PodFiles::Place PodFiles::locate(const std::string& path) const {
  const Mount* mount = mount_of(path);
  if (mount == nullptr) {
    return {{own_place_, path.substr(1)}, false, true, false};
  }
  const node::ServerState server = view_.nodes.server_of(mount->place);
  if (server == node::ServerState::Down) {
    hangs_ = mount->path;
  }
  const std::size_t skip = mount->path == "/" ? 1 : mount->path.size() + 1;
  std::string rest = path.size() > skip ? path.substr(skip) : "";
  std::string inside = mount->prefix + rest;
  if (inside.ends_with('/')) {
    inside.pop_back();
  }
  return {{mount->place, std::move(inside)},
          mount->read_only,
          false,
          server == node::ServerState::Full};
}

std::optional<std::string> PodFiles::stored(const node::FileKey& key) const {
  if (const auto it = overlay_.find(key); it != overlay_.end()) {
    return it->second;
  }
  const std::string* text = view_.nodes.files.find(key);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::vector<std::string> PodFiles::below(const node::FileKey& key) const {
  const std::string prefix = folder_mark(key.path);
  const node::FileKey first{key.place, prefix};
  const auto inside = [&](const node::FileKey& candidate) {
    return candidate.place == key.place && candidate.path.starts_with(prefix);
  };
  std::set<std::string> out;
  const auto& files = view_.nodes.files;
  for (auto it = files.lower_bound(first); it != files.end() && inside(it->key); ++it) {
    out.insert(it->key.path);
  }
  for (auto it = overlay_.lower_bound(first); it != overlay_.end() && inside(it->first); ++it) {
    if (it->second) {
      out.insert(it->first.path);
    } else {
      out.erase(it->first.path);
    }
  }
  return {out.begin(), out.end()};
}

std::optional<std::string> PodFiles::built_in(const std::string& path) const {
  if (path == "/etc/hostname") {
    return std::string(api::host_name(pod_)) + "\n";
  }
  if (path == kNull) {
    return "";
  }
  if (path == "/etc/hosts") {
    return dns::hosts_file(dns::client_of(pod_));
  }
  if (path == "/etc/resolv.conf") {
    return dns::resolv_conf(dns::client_of(pod_));
  }
  if (path == std::string(kPages) + "/index.html" && serves_nginx_pages(container_.image)) {
    if (image_name(container_.image) == "myapp") {
      return fmt::format("Hello MyApp | Version: {} | <a href=\"hostname.html\">Pod Name</a>\n",
                         image_tag(container_.image));
    }
    return "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n"
           "<h1>Welcome to nginx!</h1>\n</body>\n</html>\n";
  }
  return std::nullopt;
}

std::optional<std::string> PodFiles::read(const std::string& path) const {
  const Place place = locate(path);
  if (auto text = stored(place.key)) {
    return text;
  }
  return place.own && !overlay_.contains(place.key) ? built_in(path) : std::nullopt;
}

bool PodFiles::is_folder(const std::string& path) const {
  const auto contains = [&path](std::string_view other) { return starts_path(other, path); };
  if (path == "/" ||
      std::ranges::any_of(mounts_, [&](const Mount& m) { return contains(m.path); })) {
    return true;
  }
  const Place place = locate(path);
  if (stored({place.key.place, folder_mark(place.key.path)}) || !below(place.key).empty()) {
    return true;
  }
  return place.own && (std::ranges::any_of(kFolders, contains) ||
                       (serves_nginx_pages(container_.image) && contains(kPages)));
}

std::vector<std::string> PodFiles::list(const std::string& path) const {
  std::set<std::string> out;
  const std::string prefix = path == "/" ? path : path + "/";
  const auto add = [&](std::string_view other) {
    if (other.size() > prefix.size() && other.starts_with(prefix)) {
      other.remove_prefix(prefix.size());
      out.emplace(other.substr(0, other.find('/')));
    }
  };
  const Place place = locate(path);
  const std::size_t skip = folder_mark(place.key.path).size();
  for (const std::string& inside : below(place.key)) {
    add(prefix + inside.substr(skip));
  }
  for (const Mount& mount : mounts_) {
    add(mount.path);
  }
  if (place.own) {
    std::ranges::for_each(kFolders, add);
    for (const char* file : {kNull, "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"}) {
      add(file);
    }
    if (serves_nginx_pages(container_.image)) {
      add(std::string(kPages) + "/index.html");
    }
  }
  return {out.begin(), out.end()};
}

std::string PodFiles::write(const std::string& path, const std::string& text) {
  if (is_folder(path)) {
    return "Is a directory";
  }
  const std::size_t slash = path.rfind('/');
  if (!is_folder(slash == 0 ? "/" : path.substr(0, slash))) {
    return "nonexistent directory";
  }
  const Place place = locate(path);
  if (place.read_only) {
    return "Read-only file system";
  }
  if (text.size() > kMostText || place.full) {
    return "No space left on device";
  }
  if (path != kNull) {
    overlay_[place.key] = text;
  }
  return "";
}

std::string PodFiles::make_folder(const std::string& path) {
  if (is_folder(path) || read(path)) {
    return "File exists";
  }
  const Place place = locate(path);
  if (place.read_only) {
    return "Read-only file system";
  }
  if (place.full) {
    return "No space left on device";
  }
  overlay_[{place.key.place, folder_mark(place.key.path)}] = "";
  return "";
}

std::string PodFiles::remove(const std::string& path) {
  const Place place = locate(path);
  if (!read(path) && !is_folder(path)) {
    return "No such file or directory";
  }
  if (place.read_only) {
    return "Read-only file system";
  }
  for (const std::string& inside : below(place.key)) {
    overlay_[{place.key.place, inside}] = std::nullopt;
  }
  overlay_[place.key] = std::nullopt;
  return "";
}

}  // namespace stsim::kubectl
