#!/usr/bin/env python3
"""What `stsim diff` says of neighbouring releases: each difference of SS-250 that a scenario can show.
releases_test.py PROGRAM SCENARIOS

Not shown, as no run tells it apart: that errors of a batch are told together (1.26), and that availability is held
against one instant of a sync (1.35)."""
import pathlib, re, subprocess, sys, tempfile, unittest

PROGRAM, SCENARIOS = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])


def story(*steps, name="web", service="web", head="kubelet: stepped", spec="", template=""):
    """A set, and what is done to it."""
    return f"""scenario: difference
{head}
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: {name}}}
    spec:
      serviceName: {service}
      replicas: 2
      selector: {{matchLabels: {{app: web}}}}
{spec}
      template:
        metadata: {{labels: {{app: web}}}}
        spec: {{containers: [{{name: web, image: "web:v1"{template}}}]}}
""" + "".join(f"- {step}\n" for step in steps)


SETTLE = "settle: {}"
PARALLEL = "      podManagementPolicy: Parallel"
UPDATE = "set-image: {statefulset: web, web: 'web:v2'}"
GONE = "pod: {{name: web-{}, becomes: gone}}"
READY = "pod: {{name: web-{}, becomes: ready}}"
LIMIT = "      revisionHistoryLimit: -1"

# What differs, between which releases, in which scenario, and how the comparison tells it.
DIFFERENCES = [
    ("Parallel in batches", "1.25,1.26", "museum/s03-parallel-alone.yaml",
     r"A  .* create pods web-1: .*\n(.*\n)*B  .* create pods web-2: "),
    ("a status that counts what the sync creates", "1.25,1.26", story(),
     r"A  .*\n(.*\n)*B  .* update statefulsets/status web: the counts have changed  \[SS-160\]"),
    ("start ordinals behind a gate", "1.25,1.26", story(
        SETTLE, head="kubelet: stepped\nfeatureGates: {StatefulSetStartOrdinal: true}", spec="      ordinals: {start: 5}"),
     r"- Error from server .*unknown field \"spec.ordinals\"(.*\n)*.*web-5 comes"),
    ("the next selector value is looked at", "1.25,1.26", story(
        spec='').replace("{matchLabels: {app: web}}",
                         '{matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [web, "a b"]}]}'),
     r"\+ .*Invalid value: \"a b\""),
    ("start ordinals by themselves", "1.26,1.27", "ordering/start-ordinal-raised.yaml",
     r"B  .* create pods web-3: web-3 is missing  \[SS-115\]"),
    ("retention by itself", "1.26,1.27", "storage/retention.yaml",
     r"A  decides nothing more in this step\nB  .* update statefulsets/status web"),
    ("Succeeded pods made anew", "1.26,1.27", "museum/s08-succeeded-1.36.yaml",
     r"B  .* delete pods web-1: web-1 is Succeeded and has to be made anew  \[SS-111\]"),
    ("missing claims of Pending pods", "1.26,1.27", "storage/missing-claim-of-a-pending-pod.yaml",
     r"B  .* create persistentvolumeclaims data-web-0: web-0 needs a claim from template data  \[SS-116\]"),
    ("an update is complete by the number that is wanted", "1.26,1.27", story(
        SETTLE, UPDATE, GONE.format(1), READY.format(1), GONE.format(0),
        "kubectl: get sts web -o jsonpath={.status.currentRevision}"),
     r"-   = statefulset web: .*all at web@2\n\+   = statefulset web: .*0 at web@1, 2 at web@2, the update"),
    ("names are labels", "1.26,1.27", story(name="web.one"), r"Invalid value: \"web.one\""),
    ("no event of recreating, and the new pod later", "1.27,1.28", "museum/s08-succeeded-1.36.yaml",
     r"A  .* create pods web-1: 409 AlreadyExists(.*\n)*.*web-1 has ended and is still there"),
    ("a label with the ordinal", "1.27,1.28", story(SETTLE, "kubectl: get pods --show-labels"),
     r"\+.*apps.kubernetes.io/pod-index=0"),
    ("claims owned as by a controller", "1.27,1.28", "museum/v04-other-owner-wins-1.36.yaml",
     r"A  does not hold: .*owners: expected \[\"StatefulSet/db-web\*\"\], found \[\"StatefulSet/db-web\"\]"),
    ("a negative limit of history", "1.28,1.29", story(SETTLE, UPDATE, SETTLE, UPDATE.replace("v2", "v3"), SETTLE,
                                                       spec=LIMIT),
     r"A  .* delete controllerrevisions web@1: history has no room for it(.*\n)*B  decides nothing more in this step"),
    ("a Service's name is checked", "1.32,1.33", story(service="no_label"), r"spec.serviceName: Invalid value"),
    ("a limit of history can be changed", "1.32,1.33", story(
        "patch: {statefulset: web, patch: {spec: {revisionHistoryLimit: 3}}}"), r"Forbidden: updates to statefulset spec"),
    ("a warning about a negative limit", "1.32,1.33", story(spec=LIMIT), r"Warning: spec.revisionHistoryLimit"),
    ("an update waits for available pods", "1.33,1.34", "museum/r05-min-ready-ignored-1.33.yaml",
     r"A  .* delete pods web-3: web-3 is not at the update revision web@2  \[SS-125\]"),
    ("templates are checked when they are written", "1.33,1.34", story(template=", imagePullPolicy: Sometimes"),
     r"imagePullPolicy: Unsupported value"),
    ("revisions have other names", "1.33,1.34", story(SETTLE), r"but for names that controllers made up:\n +A web-"),
    ("a budget of updates by itself", "1.34,1.35.0", "museum/r02-budget-eaten-1.35.0.yaml",
     r"A  .* delete pods web-2: web-2 is not at the update revision web@3  \[SS-125\](.*\n)*"
     r"B  .*maxUnavailable is 1  \[SS-130\]"),
    ("and off again", "1.35.0,1.35", "museum/r02-budget-eaten-1.35.0.yaml",
     r"B  .* delete pods web-2: web-2 is not at the update revision web@3  \[SS-125\]"),
    ("events in capitals", "1.34,1.35", story("kubectl: events"), r"-.*create Pod web-0(.*\n)*.*\+.*Create Pod web-0"),
    ("a look when minReadySeconds are over", "1.34,1.35", "museum/r07-nobody-looks-again-1.34.yaml",
     r"B  .* update statefulsets/status web: the counts have changed  \[SS-160\]"),
    ("own writes are read first", "1.35,1.36", "museum/code-h-reads-own-writes-1.36.yaml",
     r"A  .* create controllerrevisions web@1: 409 AlreadyExists"),
    ("what has gone is deleted without an error", "1.35,1.36", "museum/s09-phantom-is-passed-1.36.yaml",
     r"B  .* delete pods web-5: web-5 lies outside the 2 replicas wanted  \[SS-122\]"),
    ("a budget in two phases", "1.36,1.37", "policies/two-phases.yaml",
     r"B  .* delete pods web-0: web-0 is not at the update revision web@2  \[OP-22\]"),
]


class Releases(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_each_difference_is_found_and_told(self):
        for what, releases, scenario, told in DIFFERENCES:
            with self.subTest(f"{releases}: {what}"):
                file = SCENARIOS / scenario
                if scenario.startswith("scenario:"):
                    file = self.folder / "difference.yaml"
                    file.write_text(scenario)
                diff = subprocess.run([PROGRAM, "diff", file, "--kubernetes", releases], capture_output=True, text=True)
                self.assertRegex(diff.stdout + diff.stderr, re.compile(told))
                # Only names of revisions are no difference in what is done.
                same = what == "revisions have other names"
                self.assertEqual(diff.returncode, 0 if same else 1, diff.stdout + diff.stderr)

    def test_what_does_not_differ_is_told_so(self):
        file = self.folder / "same.yaml"
        file.write_text(story(SETTLE, UPDATE, SETTLE))
        for releases in "1.29,1.30", "1.30,1.31", "1.31,1.32":
            diff = subprocess.run([PROGRAM, "diff", file, "--kubernetes", releases], capture_output=True, text=True)
            self.assertEqual(diff.returncode, 0, diff.stdout)

    def test_the_regression_of_1_35_0_is_found(self):
        bisect = subprocess.run([PROGRAM, "bisect", SCENARIOS / "museum/r02-budget-eaten-1.35.0.yaml"],
                                capture_output=True, text=True)
        self.assertEqual(bisect.returncode, 1, bisect.stderr)
        self.assertIn("It begins to hold in 1.35.0.", bisect.stdout)
        self.assertIn("It ceases to hold in 1.35.", bisect.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
