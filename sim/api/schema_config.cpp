// The schema of namespaces, events, ConfigMaps, Secrets and service accounts.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kConfigMap[] = {
    shared::kApiVersion,
    map(text("binaryData", "Entries of bytes, in base64.")).go("map[string][]uint8"),
    map(text("data", "Entries of text, by key.")),
    shared::kImmutable,
    shared::kKind,
    shared::kMetadata,
};

constexpr Field kEvent[] = {
    text("action", "What was done about the object."),
    shared::kApiVersion,
    int32("count", "How often it has happened."),
    micro_time("eventTime", "When it happened first, with microseconds.").always(),
    time("firstTimestamp", "When it happened first.").always(),
    object("involvedObject", "ObjectReference", "The object that it happened to.")
        .required()
        .always(),
    shared::kKind,
    time("lastTimestamp", "When it happened last.").always(),
    text("message", "What happened, for people."),
    shared::kMetadata.required(),
    text("reason", "What happened, in one word."),
    object("related", "ObjectReference", "Another object that had to do with it."),
    text("reportingComponent", "Name of the program that tells.").always(),
    text("reportingInstance", "Which instance of that program.").always(),
    object("series", "EventSeries", "How the event goes on, if it repeats."),
    object("source", "EventSource", "Program that tells, and its node.").always(),
    text("type", "Normal or Warning."),
};

constexpr Field kEventSeries[] = {
    int32("count", "How often it has happened so far."),
    micro_time("lastObservedTime", "When it happened last.").always(),
};

constexpr Field kEventSource[] = {
    text("component", "Name of the program."),
    text("host", "Node that the program runs on."),
};

constexpr Field kNamespace[] = {
    shared::kApiVersion,
    shared::kKind,
    shared::kMetadata,
    object("spec", "NamespaceSpec", "Who must clean up before the namespace goes.").always(),
    object("status", "NamespaceStatus", "Where the namespace is in its life.").always(),
};

constexpr Field kNamespaceCondition[] = {
    shared::kLastTransitionTime,
    shared::kMessage,
    shared::kReason,
    shared::kStatus,
    text("type", "What it is about.").required().always().go("v1.NamespaceConditionType"),
};

constexpr Field kNamespaceSpec[] = {
    list(text("finalizers", "Names of those who must clean up.")).go("[]v1.FinalizerName"),
};

constexpr Field kNamespaceStatus[] = {
    list(object("conditions", "NamespaceCondition", "Aspects of its deletion.")).merges("type"),
    text("phase", "Active or Terminating.").one_of("Active Terminating").go("v1.NamespacePhase"),
};

constexpr Field kSecret[] = {
    shared::kApiVersion,
    map(text("data", "Entries of bytes, in base64, by key.")).go("map[string][]uint8"),
    shared::kImmutable,
    shared::kKind,
    shared::kMetadata,
    map(text("stringData", "Entries of text to be put into data. It is never read back.")),
    text("type",
         "What the Secret holds, which decides on the keys it must have. Opaque if left out.")
        .go("v1.SecretType"),
};

constexpr Field kServiceAccount[] = {
    shared::kApiVersion,
    boolean("automountServiceAccountToken",
            "Whether its pods get a token mounted, unless they say otherwise.")
        .pointer(),
    list(object("imagePullSecrets",
                "LocalObjectReference",
                "Secrets with the passwords of image registries, for its pods.")),
    shared::kKind,
    shared::kMetadata,
    list(object("secrets", "ObjectReference", "Secrets that its pods may use.")).merges("name"),
};

constexpr Type kConfigTypes[] = {
    {"ConfigMap", "Settings for programs, as entries of text or bytes.", kConfigMap},
    {"Event",
     "Something that happened to an object, told for people. Events vanish after a while.",
     kEvent},
    {"EventSeries", "An event that repeats.", kEventSeries},
    {"EventSource", "Who tells of an event.", kEventSource},
    {"Namespace",
     "A part of the cluster in which names of objects are unique. Deleting it deletes everything "
     "in it.",
     kNamespace},
    {"NamespaceCondition", "One aspect of a namespace's deletion.", kNamespaceCondition},
    {"NamespaceSpec", "Who must clean up before a namespace goes.", kNamespaceSpec},
    {"NamespaceStatus", "Where a namespace is in its life.", kNamespaceStatus},
    {"Secret", "Passwords, keys and the like, as entries of bytes.", kSecret},
    {"ServiceAccount", "An identity that pods act as.", kServiceAccount},
};

}  // namespace

std::span<const Type> config_types() {
  return kConfigTypes;
}

}  // namespace stsim::api::rows
