#pragma once
// How a pod looks names up: its /etc/hosts, then its search list and the server. It keeps nothing;
// caches with times to live belong between resolve() and the zone, where each question is asked.
// Rules: SD-10, SD-11, SD-30, SD-31.

#include <stsim/dns/zone.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::dns {

/// A line of /etc/hosts.
struct HostsLine {
  std::string address;
  std::vector<std::string> names;  ///< the first one is the canonical one
};

/// What a pod's files say about looking names up.
struct Client {
  std::vector<HostsLine> hosts;
  std::vector<std::string> servers;
  std::vector<std::string> search;
  int ndots{1};
};

/// Those of a pod, from its name, address, dnsPolicy, dnsConfig and hostAliases.
/// Pre: it is a pod. Rules: SD-10, SD-11.
[[nodiscard]] Client client_of(const api::Object& pod);

/// The text of the pod's /etc/resolv.conf. Rule: SD-11.
[[nodiscard]] std::string resolv_conf(const Client& client);

/// The text of the pod's /etc/hosts. Rule: SD-10.
[[nodiscard]] std::string hosts_file(const Client& client);

/// Where an answer comes from.
enum class Origin : unsigned char { Nowhere, Literal, HostsFile, Server };

/// One question that was asked, and what came back.
struct Asked {
  std::string name;
  Code code{};
  std::size_t records{};
};

/// The outcome of a look-up.
struct Answer {
  Code code{Code::NxDomain};
  std::vector<Record> records;
  std::string name;  ///< the full name that was found; as typed if none was
  Origin origin{Origin::Nowhere};
  std::vector<Asked> asked;  ///< of the server, in order
  /// Whether there is anything in it.
  [[nodiscard]] bool found() const { return !records.empty(); }
};

/// Asks a server a question: a zone's query(), or a cache in front of it.
using Ask = std::function<Reply(std::string_view name, RecordType type)>;

/// Asks likewise, and adds to `notes`, which must outlive the result, who has answered what, how
/// old that is and for how long it is good: of questions about `types`, as programs ask others on
/// the way.
[[nodiscard]] Ask noting(Ask ask, std::vector<RecordType> types, std::vector<std::string>& notes);

/// Looks a name up as the C library does: literals and /etc/hosts first; then as it stands and with
/// the search list, in the order that ndots decides. Errors: code and no records. Rule: SD-30.
[[nodiscard]] Answer resolve(const Client& client,
                             std::string_view name,
                             RecordType type,
                             const Ask& ask);

/// The name of an address, as PTR records and /etc/hosts know it; "" if they do not. Rule: SD-23.
[[nodiscard]] std::string name_of(const Client& client, std::string_view address, const Ask& ask);

}  // namespace stsim::dns
