// The schema of Services.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kClientIPConfig[] = {
    int32("timeoutSeconds",
          "Seconds without traffic after which a client may get another pod. 10800 if left out.")
        .pointer(),
};

constexpr Field kLoadBalancerIngress[] = {
    text("hostname", "Name of the load balancer."),
    text("ip", "Address of the load balancer."),
    text("ipMode",
         "VIP if packets arrive with the load balancer's address, Proxy if with the node's.")
        .pointer()
        .go("v1.LoadBalancerIPMode")
        .since(29),
    list(object("ports", "PortStatus", "State of its ports.")),
};

constexpr Field kLoadBalancerStatus[] = {
    list(object("ingress", "LoadBalancerIngress", "Ways into it.")),
};

constexpr Field kPortStatus[] = {
    text("error", "What is wrong with the port, in one word.").pointer(),
    shared::kPortNumber.required().always(),
    text("protocol", "TCP, UDP or SCTP.")
        .required()
        .always()
        .one_of("SCTP TCP UDP")
        .go("v1.Protocol"),
};

constexpr Field kService[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "ServiceSpec", "Which pods, and how they are reached.").always(),
    object("status", "ServiceStatus", "State of the load balancer, if there is one.").always(),
};

constexpr Field kServicePort[] = {
    shared::kAppProtocol,
    text("name", "Name of the port, unique in the Service. Needed where there are several."),
    int32("nodePort",
          "Port of every node that leads here, for NodePort and LoadBalancer. A free one is taken "
          "if left out."),
    int32("port", "Number under which the Service is reached.").required().always(),
    shared::kProtocolOrTcp,
    int_or_string("targetPort",
                  "Port of the pods, as a number or by the name of a container port. The same "
                  "number as port if left out.")
        .always(),
};

constexpr Row kExternalTrafficPolicy =
    text("externalTrafficPolicy",
         "Cluster spreads traffic from outside over all pods, Local keeps it on the node where it "
         "arrives and keeps the sender's address.")
        .one_of("Cluster Local");

constexpr Row kInternalTrafficPolicy =
    text("internalTrafficPolicy",
         "Cluster spreads traffic from inside over all pods, Local over those of the same node. "
         "Cluster if left out.")
        .pointer();

constexpr Row kIpFamilyPolicy =
    text("ipFamilyPolicy",
         "SingleStack takes one family, PreferDualStack both where possible, RequireDualStack both "
         "or fails. SingleStack if left out.")
        .pointer()
        .go("v1.IPFamilyPolicy");

constexpr Field kServiceSpec[] = {
    boolean("allocateLoadBalancerNodePorts",
            "Whether a load balancer's ports get node ports. True if left out.")
        .pointer(),
    text("clusterIP",
         "Address of the Service inside the cluster, a free one if left out. None makes it "
         "headless: no address, DNS lists the pods. It cannot change while it is in use."),
    list(text("clusterIPs", "All addresses, at most one of each family. The first is clusterIP.")),
    list(text("externalIPs",
              "Addresses outside the cluster's care whose traffic nodes take for this Service.")),
    text("externalName", "DNS name that the Service is an alias of, for type ExternalName."),
    kExternalTrafficPolicy.go("v1.ServiceExternalTrafficPolicyType").until(26),
    kExternalTrafficPolicy.go("v1.ServiceExternalTrafficPolicy").since(27),
    int32("healthCheckNodePort",
          "Port on which nodes tell a load balancer whether they have pods, for "
          "externalTrafficPolicy Local."),
    kInternalTrafficPolicy.go("v1.ServiceInternalTrafficPolicyType").until(26),
    kInternalTrafficPolicy.one_of("Cluster Local").go("v1.ServiceInternalTrafficPolicy").since(27),
    list(text("ipFamilies", "Address families of the Service: IPv4, IPv6 or both."))
        .go("[]v1.IPFamily"),
    kIpFamilyPolicy.until(26),
    kIpFamilyPolicy.one_of("PreferDualStack RequireDualStack SingleStack").since(27),
    text("loadBalancerClass", "Which load balancer is meant, where there are several.").pointer(),
    text("loadBalancerIP", "Address that the load balancer should get. Not all heed it."),
    list(text("loadBalancerSourceRanges", "Ranges of addresses that the load balancer lets in.")),
    list(object("ports", "ServicePort", "Ports of the Service. A headless Service may have none."))
        .merges("port"),
    boolean("publishNotReadyAddresses",
            "Whether pods that are not ready are in DNS and endpoints too. Peers that must find "
            "each other while they start need it."),
    map(text("selector",
             "Labels of the pods that the Service stands for. Without any, nobody fills in its "
             "endpoints.")),
    text("sessionAffinity",
         "ClientIP sends a client to the same pod every time, None does not. None if left out.")
        .one_of("ClientIP None")
        .go("v1.ServiceAffinity"),
    object("sessionAffinityConfig", "SessionAffinityConfig", "Settings of session affinity."),
    text("trafficDistribution",
         "Preference for near endpoints, such as PreferSameZone or PreferSameNode.")
        .pointer()
        .since(30),
    text("type",
         "ClusterIP for inside the cluster, NodePort also on a port of every node, LoadBalancer "
         "also through a load balancer, ExternalName for an alias. ClusterIP if left out.")
        .one_of("ClusterIP ExternalName LoadBalancer NodePort")
        .go("v1.ServiceType"),
};

constexpr Field kServiceStatus[] = {
    list(object("conditions", "Condition", "Aspects of the Service's state.")).merges("type"),
    object("loadBalancer", "LoadBalancerStatus", "State of the load balancer, if there is one.")
        .always(),
};

constexpr Field kSessionAffinityConfig[] = {
    object("clientIP", "ClientIPConfig", "Settings of affinity by address."),
};

constexpr Type kServiceTypes[] = {
    {"ClientIPConfig", "Settings of session affinity by address.", kClientIPConfig},
    {"LoadBalancerIngress", "One way into a load balancer.", kLoadBalancerIngress},
    {"LoadBalancerStatus", "What is known about a load balancer.", kLoadBalancerStatus},
    {"PortStatus", "State of one port of a load balancer.", kPortStatus},
    {"Service",
     "A name under which a set of pods is reached: as one address that spreads connections over "
     "them, or, headless, as their own addresses in DNS.",
     kService},
    {"ServicePort", "A port of a Service and where it leads.", kServicePort},
    {"ServiceSpec", "Which pods a Service stands for, and how they are reached.", kServiceSpec},
    {"ServiceStatus", "What is known about a Service.", kServiceStatus},
    {"SessionAffinityConfig", "How long clients keep their pod.", kSessionAffinityConfig},
};

}  // namespace

std::span<const Type> service_types() {
  return kServiceTypes;
}

}  // namespace stsim::api::rows
