// The schema of what all objects share: metadata, selectors, references, and the types whose values
// are no plain objects.

#include "api/schema_shared.hpp"

namespace stsim::api::rows {

namespace {

constexpr Field kCondition[] = {
    shared::kLastTransitionTime.required(),
    text("message", "Details for people; may be empty.").required().always(),
    int64("observedGeneration",
          "The object's generation that the condition was worked out from. If it is behind "
          "metadata.generation, the condition is out of date."),
    text("reason", "One word in CamelCase for programs: why the condition has its status.")
        .required()
        .always(),
    text("status", "Whether the condition holds: True, False or Unknown.")
        .required()
        .always()
        .go("v1.ConditionStatus"),
    text("type", "What the condition is about, in CamelCase or as a name with a domain before it.")
        .required()
        .always(),
};

constexpr Field kLabelSelector[] = {
    list(object("matchExpressions",
                "LabelSelectorRequirement",
                "Requirements on labels, all of which must hold.")),
    map(text("matchLabels",
             "Labels that an object must have with exactly these values. Each is short for an "
             "expression In with one value.")),
};

constexpr Field kLabelSelectorRequirement[] = {
    shared::kKeyOfLabel.merges("key").until(27),
    shared::kKeyOfLabel.since(28),
    text("operator", "How the label is compared: In, NotIn, Exists or DoesNotExist.")
        .required()
        .always()
        .go("v1.LabelSelectorOperator"),
    list(
        text("values", "Values for In and NotIn, at least one; none for Exists and DoesNotExist.")),
};

constexpr Row kNameOfObject = text("name", "Name of the object.");

constexpr Field kLocalObjectReference[] = {
    kNameOfObject.until(29),
    kNameOfObject.by_default("\"\"").since(30),
};

constexpr Field kManagedFieldsEntry[] = {
    text("apiVersion", "Version of the schema that the fields were recorded in."),
    text("fieldsType", "Format of the entry; FieldsV1 is the only one."),
    raw("fieldsV1", "FieldsV1", "The fields that the client owns."),
    text("manager", "Name of the client."),
    text("operation",
         "How the client wrote: Apply for server-side apply, Update for everything else.")
        .go("v1.ManagedFieldsOperationType"),
    text("subresource",
         "The part of the object's address that was written through, such as status; empty for the "
         "object itself."),
    time("time", "When the client last changed what it owns."),
};

constexpr Row kCreationTimestamp =
    time("creationTimestamp", "When the server created the object. Clients cannot set it.");

constexpr Field kObjectMeta[] = {
    map(text("annotations",
             "Free notes on the object, by key. Tools keep data here; unlike labels they cannot be "
             "selected by.")),
    kCreationTimestamp.always().until(33),
    kCreationTimestamp.omitted_when_zero().since(34),
    int64("deletionGracePeriodSeconds",
          "Seconds that the object was given to end by itself once its deletion began. Set by the "
          "server; it can only become shorter.")
        .pointer(),
    time("deletionTimestamp",
         "When the object is to be gone. It is set when somebody deletes the object and cannot be "
         "taken back; the object stays until its finalizers are gone."),
    list(text("finalizers",
              "Who still has to clean up before the object may vanish. Each removes its own entry; "
              "a deleted object goes with the last one."))
        .merges(),
    text("generateName",
         "Beginning of a name that the server completes with random characters. Used only where "
         "name is empty."),
    int64("generation",
          "Number of the object's desired state. The server raises it whenever the spec changes."),
    map(text("labels", "Names and values by which the object can be selected.")),
    list(object("managedFields",
                "ManagedFieldsEntry",
                "Which client owns which fields, kept by the server for server-side apply.")),
    text("name", "Name of the object, unique among its kind in its namespace. It cannot change."),
    text("namespace",
         "Namespace that the name belongs to; empty for kinds that live outside of namespaces. It "
         "cannot change."),
    list(object("ownerReferences",
                "OwnerReference",
                "Objects that this one depends on. When all of them are gone the garbage collector "
                "deletes this one; at most one of them is its controller."))
        .merges("uid"),
    text("resourceVersion",
         "Version of the stored object, changed by every write. Clients hand it back to be told of "
         "conflicts, and may only compare it for equality."),
    text("selfLink", "Address of the object. No longer filled in."),
    text("uid", "Identity of this one object. A later object of the same name has another.")
        .go("types.UID"),
};

constexpr Row kKindOfObject = text("kind", "Kind of the object.");

constexpr Field kObjectReference[] = {
    text("apiVersion", "Group and version of the object."),
    text("fieldPath",
         "The part that is meant, such as spec.containers{web}; empty for the whole object."),
    kKindOfObject,
    kNameOfObject,
    text("namespace", "Namespace of the object."),
    text("resourceVersion", "Version of the object that is meant, if it matters."),
    text("uid", "Identity of the object.").go("types.UID"),
};

constexpr Field kOwnerReference[] = {
    text("apiVersion", "Group and version of the owner.").required().always(),
    boolean("blockOwnerDeletion",
            "If true, a foreground deletion of the owner waits until this dependent is gone.")
        .pointer(),
    boolean("controller",
            "Whether the owner manages this object. An object has at most one controller.")
        .pointer(),
    text("kind", "Kind of the owner.").required().always(),
    text("name", "Name of the owner.").required().always(),
    text("uid",
         "Identity of the owner. Another object of the same name does not count as the owner.")
        .required()
        .always()
        .go("types.UID"),
};

constexpr Field kSecretReference[] = {
    shared::kNameOfSecret,
    text("namespace", "Namespace of the Secret."),
};

constexpr Row kApiGroup =
    text("apiGroup", "Group of the object; empty for the core group.").pointer();

constexpr Field kTypedLocalObjectReference[] = {
    kApiGroup,
    kKindOfObject.required().always(),
    kNameOfObject.required().always(),
};

constexpr Field kTypedObjectReference[] = {
    kApiGroup.since(26),
    kKindOfObject.required().always().since(26),
    kNameOfObject.required().always().since(26),
    text("namespace",
         "Namespace of the object, which must allow the reference. The own namespace if left out.")
        .pointer()
        .since(26),
};

constexpr Type kMetaTypes[] = {
    {"Condition",
     "One aspect of an object's state, with the time and the reason of its last change.",
     kCondition},
    {"FieldsV1",
     "A set of fields, as nested objects whose keys name fields, list items and values.",
     {}},
    {"IntOrString",
     "A whole number or a text. What the text may be, a percentage or a name for instance, depends "
     "on the field.",
     {}},
    {"LabelSelector",
     "Chooses objects by their labels: everything in matchLabels and every requirement in "
     "matchExpressions must hold. An empty selector fits all objects, a missing one fits none.",
     kLabelSelector},
    {"LabelSelectorRequirement",
     "One requirement on one label: a key, an operator and the values that it works on.",
     kLabelSelectorRequirement},
    {"LocalObjectReference",
     "Points at an object in the same namespace by its name.",
     kLocalObjectReference},
    {"ManagedFieldsEntry",
     "Which fields one client owns. Server-side apply finds conflicts with it.",
     kManagedFieldsEntry},
    {"MicroTime", "An instant in RFC 3339 with six decimals of a second.", {}},
    {"ObjectMeta",
     "What every stored object carries: its identity, its labels and annotations, its owners, and "
     "the state of its deletion.",
     kObjectMeta},
    {"ObjectReference", "Points at another object, or at a part of it.", kObjectReference},
    {"OwnerReference",
     "Says that an object depends on an owner in the same namespace, or on one that has no "
     "namespace. The garbage collector removes dependents whose owners are gone.",
     kOwnerReference},
    {"Quantity",
     "An amount such as 500m, 1.5 or 2Gi: a decimal number with an optional suffix. Suffixes of "
     "thousands are n, u, m, k, M, G, T, P, E, those of 1024 are Ki, Mi, Gi, Ti, Pi, Ei; an "
     "exponent such as e3 is possible too.",
     {}},
    {"RawExtension", "An object of any schema, kept as it was sent.", {}},
    {"SecretReference", "Points at a Secret in any namespace.", kSecretReference},
    {"Time", "An instant in RFC 3339, such as 2026-01-01T00:00:00Z.", {}},
    {"TypedLocalObjectReference",
     "Points at an object of any kind in the same namespace.",
     kTypedLocalObjectReference},
    {"TypedObjectReference",
     "Points at an object of any kind, possibly in another namespace.",
     kTypedObjectReference},
};

}  // namespace

std::span<const Type> meta_types() {
  return kMetaTypes;
}

}  // namespace stsim::api::rows
