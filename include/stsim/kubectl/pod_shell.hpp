#pragma once
// Commands inside a pod, as `kubectl exec` runs them: a small shell, files and name look-ups. Pure:
// what a command writes is handed back. Files under the mount path of a claim are on its volume and
// outlive the pod; others are in the container and are lost with it. Rules: KC-23, SD-10, SD-30,
// SD-40.

#include <stsim/dns/resolver.hpp>
#include <stsim/node/kubelet.hpp>
#include <stsim/store/store.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stsim::kubectl {

/// What a command inside a pod can see. Holds references: for the length of one command.
struct ExecView {
  const api::Object& pod;
  std::size_t container{};  ///< its place in the spec
  const store::Store& store;
  const node::Nodes& nodes;  ///< with the files of all volumes and containers
  SimTime now;
  dns::Ask ask;  ///< how the DNS server is asked; if empty: the records as they are now
};

/// A file that a command has written or removed.
struct FileWrite {
  node::FileKey key;
  std::optional<std::string> text;  ///< nothing: the file is gone
  bool operator==(const FileWrite&) const = default;
};

/// How a command inside a pod ended.
struct ExecResult {
  std::string out;
  std::string err;
  int exit{};
  std::vector<FileWrite> writes;  ///< to be applied, in order
  std::string hangs;  ///< the path at which it waits for an NFS server; then nothing else counts
};

/// Runs a command. Known are hostname, cat, echo, printf, ls, pwd, env, printenv, date, mkdir, rm,
/// touch, head, tail, wc, grep, tee, id, whoami, sleep (which takes no time), nslookup, wget, curl,
/// true, false and sh with `-c`: `;`, `&&`, `||`, `|`, quotes, variables, `$(…)`, `>`, `>>`, `<`,
/// `2>&1`, exit. Other commands end as missing ones do. Of a shell without `-c` nothing is read.
/// nslookup speaks as the image's would: busybox from 1.29 on (SD-41), images with dnsutils or
/// netshoot in their names (SD-42), all others as busybox 1.28 (SD-40). Pods answer HTTP on ports
/// that they declare, and on 80 if the image is nginx, httpd or myapp or has something mounted on
/// its pages. A Service's address leads to its first ready endpoint. Pre: the container runs.
/// Rules: KC-23, SD-10, SD-30, SD-40 to SD-42.
[[nodiscard]] ExecResult run_in_pod(const ExecView& view, const std::vector<std::string>& argv);

/// Where what is written under a claim's mount path is kept, see node::file_place(); of a volume
/// whose object is gone, as of one that is not on NFS; "" while the claim has no volume.
[[nodiscard]] std::string volume_place(const store::Store& store,
                                       std::string_view ns,
                                       std::string_view claim);

}  // namespace stsim::kubectl
