#pragma once
// The plug-in volumes that pods and PersistentVolumes have alike, but for the type of the reference
// to their Secret.

#include "api/schema_shared.hpp"

#include <array>

namespace stsim::api::rows::plugin {

template <typename... Parts>
constexpr std::array<Field, sizeof...(Parts)> fields(const Parts&... parts) {
  return {parts...};
}

inline constexpr Row kUser = text("user", "Name of the user. admin if left out.");

constexpr auto cephfs(const char* secret) {
  return fields(shared::kMonitors,
                text("path", "Directory to mount. / if left out."),
                shared::kReadOnly,
                text("secretFile", "File on the node with the key of the user."),
                object("secretRef", secret, "Secret with the key, which wins over secretFile."),
                kUser);
}

constexpr auto cinder(const char* secret) {
  return fields(shared::kFsType,
                shared::kReadOnly,
                object("secretRef", secret, "Secret with what is needed to reach OpenStack."),
                shared::kVolumeID);
}

constexpr auto flex(const char* secret) {
  return fields(text("driver", "Name of the plug-in.").required().always(),
                shared::kFsType,
                map(text("options", "Settings for the plug-in.")),
                shared::kReadOnly,
                object("secretRef", secret, "Secret that the plug-in gets."));
}

inline constexpr Row kIscsiInterface =
    text("iscsiInterface", "Interface to use. default if left out.");

constexpr auto iscsi(const char* secret) {
  return fields(
      boolean("chapAuthDiscovery", "Whether to log in with CHAP when looking for targets."),
      boolean("chapAuthSession", "Whether to log in with CHAP for sessions."),
      shared::kFsType,
      text("initiatorName", "Name of the initiator, in place of the node's.").pointer(),
      text("iqn", "Name of the target.").required().always(),
      kIscsiInterface.until(30),
      kIscsiInterface.by_default("\"default\"").since(31),
      shared::kLun.required().always(),
      list(text("portals", "Further addresses of the target.")),
      shared::kReadOnly,
      object("secretRef", secret, "Secret for CHAP."),
      text("targetPortal", "Address of the target, with a port unless it is the usual one.")
          .required()
          .always());
}

inline constexpr Row kKeyring = text("keyring", "File on the node with the keys.");

inline constexpr Row kPool = text("pool", "Name of the pool. rbd if left out.");

constexpr auto rbd(const char* secret) {
  return fields(shared::kFsType,
                text("image", "Name of the image.").required().always(),
                kKeyring.until(30),
                kKeyring.by_default("\"/etc/ceph/keyring\"").since(31),
                shared::kMonitors,
                kPool.until(30),
                kPool.by_default("\"rbd\"").since(31),
                shared::kReadOnly,
                object("secretRef", secret, "Secret with the key, which wins over keyring."),
                kUser.until(30),
                kUser.by_default("\"admin\"").since(31));
}

inline constexpr Row kStorageMode = text("storageMode", "ThinProvisioned or ThickProvisioned.");

constexpr auto scale_io(const char* secret) {
  return fields(shared::kFsType.until(30),
                shared::kFsType.by_default("\"xfs\"").since(31),
                text("gateway", "Address of the gateway.").required().always(),
                text("protectionDomain", "Name of the protection domain."),
                shared::kReadOnly,
                object("secretRef", secret, "Secret with user and password.").required(),
                boolean("sslEnabled", "Whether to talk to the gateway over TLS."),
                kStorageMode.until(30),
                kStorageMode.by_default("\"ThinProvisioned\"").since(31),
                text("storagePool", "Name of the storage pool."),
                text("system", "Name of the storage system.").required().always(),
                shared::kVolumeName);
}

constexpr auto storage_os(const char* secret) {
  return fields(shared::kFsType,
                shared::kReadOnly,
                object("secretRef", secret, "Secret with what is needed to reach StorageOS."),
                shared::kVolumeName,
                text("volumeNamespace", "Namespace of the volume in StorageOS."));
}

}  // namespace stsim::api::rows::plugin
