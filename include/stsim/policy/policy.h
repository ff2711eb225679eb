/* A policy of the StatefulSet controller as a plug-in: the function that decides, from what the
 * controller sees of a set, what becomes of the set's pods. This header is the contract between
 * stsim and a policy built elsewhere, in C or in any language that can call C. C++ programs include
 * policy.hpp, which wraps it.
 *
 * What stays with the host, and is the same under every policy: which pods belong to a set (SS-61),
 * its revisions and their history (SS-80 to SS-95), what the objects look like that are created
 * (SS-21 to SS-26, SS-170), how calls fail and are tried again (SS-210), the counts of the status
 * (SS-150) and when it is written (SS-160).
 *
 * A shared library exports one function, stsim_policy_entry(). A decision is asked for with a view
 * (functions that tell of the set and its pods) and a plan (functions that take what is to be
 * done). All pointers are good during that one call only. Strings are UTF-8, not ended by a zero;
 * those given to the host are copied.
 *
 * What a policy must keep to; whoever breaks one of these ends the run, and is told which:
 *   POL-1  A decision ends, with success or with an error that it gives to stsim_plan::fail, and
 *          asks for no more acts than it may ask questions. (One that never ends can only be
 *          stopped where it runs in a process of its own: after 5 s without a word.)
 *   POL-2  It asks the view at most stsim_view::budget questions. From then on all answers are as
 *          of an empty set, and *stsim_view::spent is 1.
 *   POL-3  The same view leads to the same plan: no clock, no chance, no memory but the state.
 *   POL-4  No two pods of one identity: an ordinal at which a pod is there, or was created in this
 *          plan, is not created (but by stsim_plan::recreate).
 *   POL-5  What a plan names is there: removed (unless `gone_is_fine`), repaired, completed or
 *          changed are pods that are seen, or created in this plan; recreated are such as have
 *          ended; ordinals are from 0 to 2147483647.
 *   POL-6  Words are words: reasons and rule ids are valid UTF-8, rule ids at most 63 bytes. What
 *          is kept has at most a mebibyte.
 */
#ifndef STSIM_POLICY_POLICY_H
#define STSIM_POLICY_POLICY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this contract. It grows with every change that is not an addition at the end of a
 * struct; struct_size tells such additions apart. */
#define STSIM_POLICY_ABI 1u

/** A string. */
typedef struct stsim_text {
  const char* data;
  uint64_t size; /**< in bytes */
} stsim_text;

/** Which of a set's pods a question is about. All questions count ordinals. */
enum stsim_pods {
  STSIM_PODS_PRESENT,     /**< that are there, terminating or not; SS-61 */
  STSIM_PODS_READY,       /**< Running and Ready; SS-100 */
  STSIM_PODS_AVAILABLE,   /**< these: for minReadySeconds; SS-100 */
  STSIM_PODS_UNAVAILABLE, /**< present, but not up, or terminating: what holds up a rolling update.
                               Up is available; up to release 1.33 ready. SS-105, SS-250 */
  STSIM_PODS_TERMINATING, /**< with a deletionTimestamp */
  STSIM_PODS_UNSETTLED,   /**< which a walk over the replicas cannot pass by: ended, with something
                               to be completed or repaired, or, unless the set is Parallel, not
                               available or terminating. SS-111 */
  STSIM_PODS_MISMATCHED,  /**< of which a claim has other owners than the set asks for; SS-120 */
  STSIM_PODS_OUTDATED,    /**< not terminating and at another revision than the update revision */
  STSIM_PODS_OUTDATED_TERMINATING, /**< likewise, terminating */
  STSIM_PODS_CLASSES               /**< how many there are of these */
};

/** How pods are replaced: spec.updateStrategy.type. */
enum stsim_strategy {
  STSIM_STRATEGY_ROLLING_UPDATE,
  STSIM_STRATEGY_ON_DELETE,
  STSIM_STRATEGY_RECREATE /**< of 1.37; OP-1 */
};

/** Of which kind maxUnavailable is. */
enum stsim_amount { STSIM_AMOUNT_ABSENT, STSIM_AMOUNT_NUMBER, STSIM_AMOUNT_PERCENT };

/** Of which revision a pod is to be made. */
enum stsim_revision { STSIM_REVISION_CURRENT, STSIM_REVISION_UPDATE };

/** The phase of a pod. */
enum stsim_phase {
  STSIM_PHASE_PENDING,
  STSIM_PHASE_RUNNING,
  STSIM_PHASE_SUCCEEDED,
  STSIM_PHASE_FAILED,
  STSIM_PHASE_UNKNOWN
};

/** What still has to be done about a pod; bits. */
enum stsim_needs {
  STSIM_NEEDS_CLAIMS = 1, /**< a claim of a Pending pod is missing; SS-116 */
  STSIM_NEEDS_REPAIR = 2, /**< its identity, its storage or its claims' owners; SS-118 */
  STSIM_NEEDS_OWNERS = 4, /**< its claims' owners; SS-120 */
  STSIM_NEEDS_TIME = 8    /**< it is not there, and a claim of its predecessor still is; SS-177 */
};

/** The set as the controller sees it. */
typedef struct stsim_set {
  uint32_t struct_size;
  stsim_text name;
  stsim_text name_space;
  int64_t now_us; /**< since the start of virtual time; one instant for the whole decision */
  int32_t release_minor;     /**< whose rules hold: 36 of 1.36 */
  int32_t release_patch;     /**< 0 of 1.35.0, else -1 */
  int32_t replicas;          /**< spec.replicas */
  int32_t start_ordinal;     /**< spec.ordinals.start; SS-30 */
  int32_t min_ready_seconds; /**< spec.minReadySeconds */
  int32_t partition;         /**< spec.updateStrategy.rollingUpdate.partition */
  int32_t max_unavailable;   /**< a number or a percentage */
  uint8_t max_unavailable_kind; /**< enum stsim_amount */
  uint8_t strategy;             /**< enum stsim_strategy */
  uint8_t has_rolling_update;   /**< whether the block spec.updateStrategy.rollingUpdate is there */
  uint8_t parallel;             /**< spec.podManagementPolicy is Parallel */
  uint8_t terminating;          /**< the set is being deleted */
  stsim_text current_revision;  /**< the names; of a first revision both are the same */
  stsim_text update_revision;
  int32_t status_replicas; /**< the status as it is stored */
  int32_t status_current;
  int32_t status_updated;
  int32_t status_ready;
  int32_t status_available;
  int64_t oldest_unavailable_us; /**< since when the pod is Ready that is so for longest and not yet
                                      available, counted as now_us; -1 if there is none */
} stsim_set;

/** A pod as the controller sees it. */
typedef struct stsim_pod {
  uint32_t struct_size;
  stsim_text name;
  stsim_text revision; /**< of its label controller-revision-hash; "" where it has none */
  uint8_t phase;       /**< enum stsim_phase */
  uint8_t terminating;
  uint8_t ready;       /**< as in the classes of the same names */
  uint8_t available;
  uint8_t unavailable;
  uint8_t ended; /**< its phase asks for a new one: Failed, since 1.27 Succeeded as well; SS-111 */
  int64_t ready_since_us; /**< counted as now_us; -1 if it is not Ready */
} stsim_pod;

/** What a policy can ask, each answered in O(log n) of the pods. `host` goes with each question. */
typedef struct stsim_view {
  uint32_t struct_size;
  void* host;
  const stsim_set* set;
  uint64_t budget;       /**< how many questions may be asked; POL-2 */
  const int32_t* spent;  /**< becomes 1 when they are used up */
  /** The smallest ordinal of a class from `from` on; -1 if there is none. */
  int64_t (*next)(void* host, uint32_t pods, int64_t from);
  /** The largest ordinal of a class up to `from`; -1 if there is none. */
  int64_t (*previous)(void* host, uint32_t pods, int64_t from);
  /** The smallest number from `from` (not negative) on that is not in a class. */
  int64_t (*next_missing)(void* host, uint32_t pods, int64_t from);
  /** The largest number up to `from` that is not in a class; -1 if all are. */
  int64_t (*previous_missing)(void* host, uint32_t pods, int64_t from);
  /** How many of a class are from `first` to `last`, both included. */
  int64_t (*count)(void* host, uint32_t pods, int64_t first, int64_t last);
  /** Tells of a pod; 0 if there is none. Pre: out->struct_size is set. */
  int32_t (*pod)(void* host, int32_t ordinal, stsim_pod* out);
  /** What has to be done about a pod, or stands in the way of creating it: enum stsim_needs. */
  uint32_t (*needs)(void* host, int32_t ordinal);
  /** 1 if a feature gate of the cluster is on, by the rules of the policy's release. */
  int32_t (*feature)(void* host, stsim_text gate);
  /** The value of an annotation of the set; data is NULL where it has none. */
  stsim_text (*annotation)(void* host, stsim_text name);
  /** The value of a label of a pod; data is NULL where it has none. */
  stsim_text (*label)(void* host, int32_t ordinal, stsim_text name);
  /** A part of the set's spec as JSON, by its JSON pointer (RFC 6901); data is NULL where there is
   * none. */
  stsim_text (*field)(void* host, stsim_text pointer);
  /** 1 if a pod can be brought to the update revision without being deleted: the revision that it is
   * at is known, and the templates differ in images of containers, labels and annotations alone. */
  int32_t (*can_change_in_place)(void* host, int32_t ordinal);
  /** What stsim_plan::keep was given last for this set; empty at first. */
  stsim_text (*state)(void* host);
} stsim_view;

/** What the success of an act changes in the counts of the status. Zeros will do, but that the
 * deletion of a pod for an update takes one from `current`, SS-151; all of it is for policies that
 * call stsim_plan::count first, as 1.25 did, SS-250. No count may end below zero. */
typedef struct stsim_counts {
  int32_t replicas;
  int32_t current;
  int32_t updated;
} stsim_counts;

/** What a policy can ask for. Acts of one batch are made at once, in no order that may be relied
 * upon; batches one after the other. Before the first call of `batch` acts are made one by one. An
 * act that fails ends the sync after its batch; the sync is tried again. Each act has a reason in
 * words and the id of the rule that asks for it. */
typedef struct stsim_plan {
  uint32_t struct_size;
  void* host;
  /** What follows is done when all before it is done. */
  void (*batch)(void* host);
  /** Creates the pod of an ordinal, and before it the claims that it lacks; SS-115. */
  void (*create)(void* host,
                 int32_t ordinal,
                 uint32_t revision,
                 stsim_counts counts,
                 stsim_text why,
                 stsim_text rule);
  /** Deletes a pod. With `gone_is_fine` it is no failure that it has gone meanwhile. */
  void (*remove)(void* host,
                 int32_t ordinal,
                 int32_t gone_is_fine,
                 stsim_counts counts,
                 stsim_text why,
                 stsim_text rule);
  /** Deletes a pod that has ended, as releases up to 1.27 do: an API Event tells of it, and, with
   * `create`, the next one is created in the same act; SS-250. */
  void (*recreate)(void* host,
                   int32_t ordinal,
                   uint32_t revision,
                   int32_t create,
                   stsim_counts counts,
                   stsim_text why,
                   stsim_text rule);
  /** Brings a pod to the update revision in its place: it is not ready any more, and gets the images,
   * labels and annotations; its node then restarts the containers. OP-55 */
  void (*change_in_place)(void* host,
                          int32_t ordinal,
                          stsim_counts counts,
                          stsim_text why,
                          stsim_text rule);
  /** Creates the claims that a Pending pod lacks; SS-116. */
  void (*complete_claims)(void* host, int32_t ordinal);
  /** Repairs a pod's identity, storage and its claims' owners; SS-118. */
  void (*repair)(void* host, int32_t ordinal);
  /** Gives a pod's claims the owners that the set asks for; SS-120. */
  void (*give_owners)(void* host, int32_t ordinal);
  /** Says why something is not done yet, of the pod of an ordinal or, with -1, of the set. */
  void (*wait)(void* host, int64_t ordinal, stsim_text why, stsim_text rule);
  /** Asks for another look at the set after a while: a microsecond at least, a century at most.
   * `finds_more`: time alone may make it find then what it does not find now. */
  void (*again)(void* host, int64_t after_us, int32_t finds_more);
  /** The counts of the status are those of now, and then change by what `counts` says of the acts
   * that succeed. If it is not asked for, it is done at the end; SS-150. */
  void (*count)(void* host);
  /** The update revision becomes the current one where all of the status' replicas are updated and
   * ready and there are `wanted` of them; -1: however many there are. SS-153 */
  void (*completes_with)(void* host, int64_t wanted);
  /** What stsim_view::state gives from the next decision for this set on. */
  void (*keep)(void* host, stsim_text state);
  /** Says that there is no decision, and why. POL-1 */
  void (*fail)(void* host, stsim_text why);
} stsim_plan;

/** A policy. It lives as long as the process, and its functions are called from several threads. */
typedef struct stsim_policy {
  uint32_t struct_size;
  uint32_t abi;            /**< STSIM_POLICY_ABI */
  const char* name;        /**< as `--policy` names a built-in one; ends with a zero */
  const char* description; /**< one line; ends with a zero */
  /** Whose rules hold for what a policy does not decide itself (when a pod is available, the words
   * of API Events): `1.34`. NULL: those of the cluster's release. */
  const char* release;
  /** 1 if pods come, go and change in another order than SS-110 to SS-130 say: then these are not
   * among the guarantees that a run is held to. */
  uint32_t own_order;
  void (*decide)(const stsim_view* view, const stsim_plan* plan);
} stsim_policy;

/** Keeps the one function visible in a library that hides its others. */
#if defined(__GNUC__)
#define STSIM_POLICY_EXPORT __attribute__((visibility("default")))
#else
#define STSIM_POLICY_EXPORT
#endif

/** What a shared library exports. Gives NULL where it cannot keep to `abi`. */
STSIM_POLICY_EXPORT const stsim_policy* stsim_policy_entry(uint32_t abi);

/** The name of that function. */
#define STSIM_POLICY_ENTRY "stsim_policy_entry"

#ifdef __cplusplus
}
#endif

#endif
