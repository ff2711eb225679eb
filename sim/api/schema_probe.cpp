// The schema of probes and of hooks in the life of a container.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kExecAction[] = {
    list(text("command", "The command and its arguments; no shell is involved.")),
};

constexpr Field kGRPCAction[] = {
    int32("port", "Port of the service.").required().always(),
    text("service", "Name of the service to ask about; empty for the server as a whole.")
        .pointer()
        .by_default("\"\""),
};

constexpr Field kHTTPGetAction[] = {
    shared::kHost,
    list(object("httpHeaders", "HTTPHeader", "Headers to send.")),
    text("path", "Path to ask for. / if left out."),
    shared::kPort,
    text("scheme", "HTTP or HTTPS. HTTP if left out.").one_of("HTTP HTTPS").go("v1.URIScheme"),
};

constexpr Field kHTTPHeader[] = {
    text("name", "Name of the header.").required().always(),
    text("value", "Value of the header.").required().always(),
};

constexpr Field kLifecycle[] = {
    object("postStart",
           "LifecycleHandler",
           "Runs right after the container was created. The container is killed when it fails."),
    object("preStop",
           "LifecycleHandler",
           "Runs before the container is asked to end. The grace period runs meanwhile."),
    text("stopSignal",
         "Signal that asks the container to end, in place of the image's. It needs os.name in the "
         "pod.")
        .pointer()
        .one_of(kSignals)
        .go("v1.Signal")
        .since(33),
};

constexpr Row kExec = object("exec", "ExecAction", "Run a command.");

constexpr Row kHttpGet = object("httpGet", "HTTPGetAction", "Send an HTTP request.");

constexpr Field kLifecycleHandler[] = {
    kExec,
    kHttpGet,
    object("sleep", "SleepAction", "Wait for a number of seconds.").since(29),
    object("tcpSocket", "TCPSocketAction", "No longer supported."),
};

constexpr Field kProbe[] = {
    kExec,
    int32("failureThreshold",
          "Failures in a row before the check counts as failed. 3 if left out."),
    object("grpc", "GRPCAction", "Ask a gRPC health service."),
    kHttpGet,
    int32("initialDelaySeconds",
          "Seconds after the start of the container before the first check."),
    int32("periodSeconds", "Seconds between checks. 10 if left out."),
    int32("successThreshold",
          "Successes in a row before a failed check counts as passed again. 1 if left out, and "
          "nothing else for liveness and startup."),
    object("tcpSocket", "TCPSocketAction", "Open a connection."),
    int64("terminationGracePeriodSeconds",
          "Grace period after this probe failed, in place of the pod's.")
        .pointer(),
    int32("timeoutSeconds",
          "Seconds after which a check that has not answered is a failure. 1 if left out."),
};

constexpr Field kSleepAction[] = {
    int64("seconds", "How many seconds.").required().always().since(29),
};

constexpr Field kTCPSocketAction[] = {
    shared::kHost,
    shared::kPort,
};

constexpr Type kProbeTypes[] = {
    {"ExecAction", "Runs a command in the container. Exit code 0 is success.", kExecAction},
    {"GRPCAction", "Asks the health service of gRPC.", kGRPCAction},
    {"HTTPGetAction", "Sends an HTTP GET. Status 200 to 399 is success.", kHTTPGetAction},
    {"HTTPHeader", "One header of a request.", kHTTPHeader},
    {"Lifecycle", "What happens at the start and before the end of a container.", kLifecycle},
    {"LifecycleHandler",
     "An action in the life of a container: one of them must be set.",
     kLifecycleHandler},
    {"Probe",
     "A repeated check of a container: what to do, how often, and when to believe it.",
     kProbe},
    {"SleepAction", "Waits for some seconds.", kSleepAction},
    {"TCPSocketAction", "Opens a connection. That it opens is success.", kTCPSocketAction},
};

}  // namespace

std::span<const Type> probe_types() {
  return kProbeTypes;
}

}  // namespace stsim::api::rows
