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

constexpr auto cephfs(const char* secret) {
  return fields(shared::kMonitors,
                text("path", "Directory to mount. / if left out."),
                shared::kReadOnly,
                text("secretFile", "File on the node with the key of the user."),
                object("secretRef", secret, "Secret with the key, which wins over secretFile."),
                text("user", "Name of the user. admin if left out."));
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

constexpr auto iscsi(const char* secret) {
  return fields(
      boolean("chapAuthDiscovery", "Whether to log in with CHAP when looking for targets."),
      boolean("chapAuthSession", "Whether to log in with CHAP for sessions."),
      shared::kFsType,
      text("initiatorName", "Name of the initiator, in place of the node's.").pointer(),
      text("iqn", "Name of the target.").required().always(),
      text("iscsiInterface", "Interface to use. default if left out.").until(30),
      text("iscsiInterface", "Interface to use. default if left out.")
          .by_default("\"default\"")
          .since(31),
      int32("lun", "Number of the logical unit.").required().always(),
      list(text("portals", "Further addresses of the target.")),
      shared::kReadOnly,
      object("secretRef", secret, "Secret for CHAP."),
      text("targetPortal", "Address of the target, with a port unless it is the usual one.")
          .required()
          .always());
}

constexpr auto rbd(const char* secret) {
  return fields(
      shared::kFsType,
      text("image", "Name of the image.").required().always(),
      text("keyring", "File on the node with the keys.").until(30),
      text("keyring", "File on the node with the keys.")
          .by_default("\"/etc/ceph/keyring\"")
          .since(31),
      shared::kMonitors,
      text("pool", "Name of the pool. rbd if left out.").until(30),
      text("pool", "Name of the pool. rbd if left out.").by_default("\"rbd\"").since(31),
      shared::kReadOnly,
      object("secretRef", secret, "Secret with the key, which wins over keyring."),
      text("user", "Name of the user. admin if left out.").until(30),
      text("user", "Name of the user. admin if left out.").by_default("\"admin\"").since(31));
}

constexpr auto scale_io(const char* secret) {
  return fields(shared::kFsType.until(30),
                shared::kFsType.by_default("\"xfs\"").since(31),
                text("gateway", "Address of the gateway.").required().always(),
                text("protectionDomain", "Name of the protection domain."),
                shared::kReadOnly,
                object("secretRef", secret, "Secret with user and password.").required(),
                boolean("sslEnabled", "Whether to talk to the gateway over TLS."),
                text("storageMode", "ThinProvisioned or ThickProvisioned.").until(30),
                text("storageMode", "ThinProvisioned or ThickProvisioned.")
                    .by_default("\"ThinProvisioned\"")
                    .since(31),
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
