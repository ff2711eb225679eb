#pragma once
// The cluster's DNS records, as its server computes them from Services and EndpointSlices: nothing
// is stored, every answer follows from the objects as they were seen. Rules: SD-20 to SD-27.

#include <stsim/api/well_known.hpp>
#include <stsim/store/watch.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::dns {

/// The domain of all names of the cluster. Rule: SD-10.
inline constexpr std::string_view kClusterDomain = "cluster.local";
/// The address of the cluster's DNS server. Rule: VA-12.
inline constexpr std::string_view kServerAddress = api::kDnsAddress;
/// The name of its Service, which is there although no object shows it.
inline constexpr std::string_view kServerName = "kube-dns.kube-system.svc.cluster.local";
/// How long an answer, positive or negative, may be kept. Rule: SD-27.
inline constexpr SimDuration kTimeToLive = std::chrono::seconds{30};

/// The types of records that the cluster's server has or is asked for. Rule: SD-31.
enum class RecordType : unsigned char { A, AAAA, SRV, PTR };

/// One resource record.
struct Record {
  std::string name;  ///< without the dot at the end, as all names here
  RecordType type{};
  SimDuration time_to_live{kTimeToLive};
  std::string data;  ///< an address, or the name that SRV and PTR point to
  std::uint16_t priority{};
  std::uint16_t weight{};
  std::uint16_t port{};
  bool operator==(const Record&) const = default;
};

/// What a server says about a name.
enum class Code : unsigned char {
  NoError,   ///< the name exists; without records: NODATA
  NxDomain,  ///< there is no such name
};

/// A server's answer.
struct Reply {
  Code code{Code::NxDomain};
  std::vector<Record> records;            ///< in natural order of pods
  std::vector<Record> additional;         ///< addresses of what SRV records point to
  SimDuration time_to_live{kTimeToLive};  ///< of a negative answer, too
  SimDuration age{};                      ///< since when it was known to be right
  std::string from{};                     ///< who says so, in words; empty: the records themselves
  bool operator==(const Reply&) const = default;
};

/// The records of a cluster: a value, as old as the store that it was read from.
class Zone {
 public:
  /// The records of the cluster as it is.
  explicit Zone(const store::Store& store);
  /// The records of a cluster with these Namespaces, Services and EndpointSlices.
  Zone(std::vector<api::ObjectPtr> namespaces,
       std::vector<api::ObjectPtr> services,
       std::vector<api::ObjectPtr> slices)
      : namespaces_(std::move(namespaces)),
        services_(std::move(services)),
        slices_(std::move(slices)) {}

  /// The objects that the records follow from.
  [[nodiscard]] const std::vector<api::ObjectPtr>& services() const { return services_; }
  [[nodiscard]] const std::vector<api::ObjectPtr>& slices() const { return slices_; }

  /// The answer to a question about a full name (in any case, with or without the dot at the end).
  /// Names outside of the cluster's domain do not exist.
  [[nodiscard]] Reply query(std::string_view name, RecordType type) const;

 private:
  struct Question;
  [[nodiscard]] bool has_namespace(std::string_view name) const;
  [[nodiscard]] const api::Object* service(std::string_view ns, std::string_view name) const;
  /// Endpoints of a Service that are ready, with their slice. Rules: SD-4, SD-20.
  struct Ready {
    const api::EndpointSlice* slice;
    const api::Endpoint* endpoint;
  };
  [[nodiscard]] std::vector<Ready> ready(const api::Object& service) const;
  [[nodiscard]] Reply of_service(const Question& question, const api::Object& service) const;
  [[nodiscard]] Reply of_ports(const Question& question,
                               const api::Object& service,
                               std::string_view port,
                               std::string_view protocol) const;
  [[nodiscard]] Reply of_address(const Question& question, const std::string& address) const;
  [[nodiscard]] Reply below_svc(const Question& question,
                                std::vector<std::string_view> labels) const;
  [[nodiscard]] Reply below_pod(const Question& question,
                                const std::vector<std::string_view>& labels) const;

  std::vector<api::ObjectPtr> namespaces_;
  std::vector<api::ObjectPtr> services_;
  std::vector<api::ObjectPtr> slices_;
};

/// A full name as names are compared: `web-0.web.default.svc.cluster.local` of
/// `Web-0.web.default.svc.cluster.local.`.
[[nodiscard]] std::string normal(std::string_view name);

/// `A`, `AAAA`, `SRV`, `PTR`.
[[nodiscard]] std::string_view to_string(RecordType type);
/// `NOERROR`, `NXDOMAIN`.
[[nodiscard]] std::string_view to_string(Code code);

/// `5.0.244.10.in-addr.arpa` of `10.244.0.5`; "" for what is no IPv4 address.
[[nodiscard]] std::string reverse_name(std::string_view address);

/// Whether a text is an IPv4 address.
[[nodiscard]] bool is_address(std::string_view text);

}  // namespace stsim::dns
