// The schema of Endpoints and EndpointSlices.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Row kHostname = text("hostname", "Host name that it has in DNS below the Service.");

constexpr Row kNodeName = text("nodeName", "Node that it is on.").pointer();

constexpr Field kEndpoint[] = {
    list(text("addresses", "Its addresses. Only the first is used.")).required().always(),
    object("conditions", "EndpointConditions", "Whether it takes traffic.").always(),
    map(text("deprecatedTopology",
             "Topology labels from an older version of the schema. They cannot be written.")),
    object("hints", "EndpointHints", "Whose traffic it should get."),
    kHostname.pointer(),
    kNodeName,
    shared::kTargetRef,
    text("zone", "Zone that it is in.").pointer(),
};

constexpr Field kEndpointAddress[] = {
    kHostname,
    shared::kIp.required().always(),
    kNodeName,
    shared::kTargetRef,
};

constexpr Field kEndpointConditions[] = {
    boolean("ready",
            "Whether it should get traffic: it is serving and not terminating, or the Service "
            "publishes all pods. Unknown counts as true.")
        .pointer(),
    boolean("serving", "Whether it could serve: as ready, but regardless of termination.")
        .pointer(),
    boolean("terminating", "Whether it is on its way out.").pointer(),
};

constexpr Field kEndpointHints[] = {
    list(object("forNodes", "ForNode", "Nodes whose traffic it should get.")).since(33),
    list(object("forZones", "ForZone", "Zones whose traffic it should get.")),
};

constexpr Row kNameOfPort = text("name", "Name of the port, that of the Service's port.");

constexpr Field kEndpointPort[] = {
    shared::kAppProtocol,
    kNameOfPort.pointer(),
    shared::kPortNumber.pointer(),
    shared::kProtocol.pointer().until(26),
    shared::kProtocolListed.pointer().since(27),
};

constexpr Row kEndpointsOfSlice =
    list(object("endpoints", "Endpoint", "The endpoints, at most 1000.")).always();

constexpr Field kEndpointSlice[] = {
    text("addressType", "Kind of addresses in the slice: IPv4, IPv6 or FQDN. It cannot change.")
        .required()
        .always()
        .one_of("FQDN IPv4 IPv6")
        .go("v1.AddressType"),
    shared::kApiVersion,
    kEndpointsOfSlice.required().until(35),
    kEndpointsOfSlice.since(36),
    shared::kKind,
    shared::kMetadata,
    list(object("ports", "EndpointPort", "Ports that all of the endpoints have.")).always(),
};

constexpr Field kEndpointSubset[] = {
    list(object("addresses", "EndpointAddress", "Addresses of pods that are ready.")),
    list(object("notReadyAddresses", "EndpointAddress", "Addresses of pods that are not ready.")),
    list(object("ports", "core.EndpointPort", "Ports of all these addresses.")),
};

constexpr Field kEndpoints[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    list(object("subsets", "EndpointSubset", "Addresses and ports, grouped by ports.")),
};

constexpr Field kForNode[] = {
    text("name", "Name of the node.").required().always().since(33),
};

constexpr Field kForZone[] = {
    text("name", "Name of the zone.").required().always(),
};

constexpr Field kCoreEndpointPort[] = {
    shared::kAppProtocol,
    kNameOfPort,
    shared::kPortNumber.required().always(),
    shared::kProtocolListed,
};

constexpr Type kEndpointTypes[] = {
    {"Endpoint", "One pod, or other place, that traffic can be sent to.", kEndpoint},
    {"EndpointAddress", "One address of an Endpoints object.", kEndpointAddress},
    {"EndpointConditions", "Whether an endpoint takes traffic.", kEndpointConditions},
    {"EndpointHints", "Whose traffic an endpoint should get.", kEndpointHints},
    {"EndpointPort", "A port of an EndpointSlice.", kEndpointPort},
    {"EndpointSlice",
     "A part of a Service's endpoints. Large Services have several slices; the label "
     "kubernetes.io/service-name ties them to it.",
     kEndpointSlice},
    {"EndpointSubset", "Addresses that share a set of ports.", kEndpointSubset},
    {"Endpoints",
     "The addresses behind a Service of the same name. EndpointSlices replace it.",
     kEndpoints},
    {"ForNode", "A node that a hint is for.", kForNode},
    {"ForZone", "A zone that a hint is for.", kForZone},
    {"core.EndpointPort", "A port of an Endpoints object.", kCoreEndpointPort},
};

}  // namespace

std::span<const Type> endpoint_types() {
  return kEndpointTypes;
}

}  // namespace stsim::api::rows
