#!/usr/bin/env python3
"""The installed program with policies of another project.  policy_test.py PROGRAM LIBRARIES SCENARIOS"""
import filecmp, pathlib, subprocess, sys, tempfile, unittest

PROGRAM, LIBRARIES, SCENARIOS = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
ROLLOUT = """scenario: rollout
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      replicas: 3
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
- settle: {}
- set-image: {statefulset: web, web: "web:v2"}
- settle: {}
- kubectl: get pods --sort-by=.metadata.creationTimestamp
"""


def library(name):
    return str(LIBRARIES / f"lib{name}.so")


class Policies(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.rollout = self.folder / "rollout.yaml"
        self.rollout.write_text(ROLLOUT)

    def stsim(self, *arguments):
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=120)

    def run_with(self, name, *options, scenario=None):
        return self.stsim("run", "-q", "--policy", library(name), *options, scenario or self.rollout)

    def test_a_policy_with_an_order_and_a_state_of_its_own(self):
        for isolation in [], ["--isolate"]:
            run = self.run_with("cautious", *isolation)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            rows = [line.split() for line in run.stdout.splitlines() if line.startswith("web-")]
            self.assertEqual([row[0] for row in rows], ["web-0", "web-1", "web-2"])
            self.assertEqual([row[4] for row in rows], ["2m5s", "65s", "5s"])

    def test_a_policy_in_c(self):
        run = self.run_with("frozen")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("No resources found", run.stdout)

    def test_a_copy_of_the_built_in_policy_decides_as_that_does(self):
        # Some scenarios name another policy.
        self.stsim("run", "-q", "--record", self.folder / "own", "--policy", "upstream", SCENARIOS)
        self.stsim("run", "-q", "--record", self.folder / "copy", "--policy", library("upstream_copy"), SCENARIOS)
        own = sorted(path.name for path in (self.folder / "own").iterdir())
        self.assertGreater(len(own), 100)
        _, different, missing = filecmp.cmpfiles(self.folder / "own", self.folder / "copy", own, shallow=False)
        self.assertEqual((different, missing), ([], []))
        # And through a process of its own, whose answers pass over a socket.
        some = SCENARIOS / "storage"
        self.stsim("run", "-q", "--record", self.folder / "far", "--isolate", "--policy", library("upstream_copy"),
                   some)
        far = sorted(path.name for path in (self.folder / "far").iterdir())
        self.assertGreater(len(far), 10)
        _, different, missing = filecmp.cmpfiles(self.folder / "own", self.folder / "far", far, shallow=False)
        self.assertEqual((different, missing), ([], []))

    def test_what_breaks_the_contract_is_stopped_and_told(self):
        broken = {
            "throws": "POL-1",
            "asks_without_end": "POL-2",
            "moody": "POL-3",
            "two_of_one": "POL-4",
            "nobody": "POL-5",
        }
        for name, rule in broken.items():
            for isolation in [], ["--isolate"]:
                with self.subTest(name, isolation=isolation):
                    run = self.run_with(name, *isolation)
                    self.assertEqual(run.returncode, 1)
                    self.assertIn("a policy that breaks its contract ends the run:", run.stdout)
                    self.assertIn(f" {rule}, ", run.stdout)
                    self.assertIn(f"the policy {library(name)} breaks its contract about web: ", run.stdout)
                    # Nobody watches for guarantees, and still it is stopped.
                    self.assertEqual(self.run_with(name, "--no-check", *isolation).returncode, 1)

    def test_a_process_that_ends_or_hangs_is_survived(self):
        for name, words in {
            "crashes": "its process was ended by signal SIGABRT",
            "exits": "its process has ended with exit status 3",
            "plans_without_end": "POL-1, a decision ends",
            "hangs": "it has neither asked nor decided anything for 5 s, and was ended",
        }.items():
            with self.subTest(name):
                run = self.run_with(name, "--isolate")
                self.assertEqual(run.returncode, 1)
                self.assertIn(words, run.stdout)

    def test_what_is_no_policy_is_refused(self):
        for isolation in [], ["--isolate"]:
            run = self.run_with("not_a_policy", *isolation)
            self.assertEqual(run.returncode, 2)
            self.assertIn("is no policy: it exports no stsim_policy_entry", run.stderr)
        run = self.run_with("not_there")
        self.assertEqual(run.returncode, 2)
        self.assertIn("cannot be read: No such file or directory", run.stderr)

    def test_a_scenario_names_its_policy_relative_to_its_folder(self):
        (self.folder / "policy.so").symlink_to(library("cautious"))
        self.rollout.write_text(ROLLOUT.replace("steps:", "policy: ./policy.so\nsteps:"))
        run = self.stsim("run", "-q", self.rollout)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("2m5s", run.stdout)
        # An option wins.
        self.assertNotIn("2m5s", self.stsim("run", "-q", "--policy", "upstream", self.rollout).stdout)

    def test_two_policies_are_compared(self):
        same = self.stsim("diff", "--policy", "upstream," + library("upstream_copy"), self.rollout)
        self.assertEqual(same.returncode, 0, same.stdout + same.stderr)
        other = self.stsim("diff", "--policy", "upstream," + library("cautious"), self.rollout)
        self.assertEqual(other.returncode, 1, other.stderr)
        self.assertIn("web lacks a pod", other.stdout)
        self.assertIn("CAUTIOUS-1", other.stdout)

    def test_a_matrix_of_policies(self):
        self.rollout.write_text(ROLLOUT.replace(
            "steps:", f"matrix: {{policy: [upstream, upstream-1.34, {library('cautious')}]}}\nsteps:"))
        run = self.stsim("test", self.rollout)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("3 cases: 3 passed", run.stdout)
        self.assertIn("(policy upstream-1.34)", run.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
