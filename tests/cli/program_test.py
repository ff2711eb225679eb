#!/usr/bin/env python3
"""The program from outside: exit status, what is written where, and the form of recordings and
traces.  program_test.py PROGRAM"""
import csv, json, pathlib, re, subprocess, sys, tempfile, unittest, xml.etree.ElementTree

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
GOOD = "scenario: good\nsteps:\n- kubectl: get pods\n"
REFUSED = "scenario: refused\nsteps:\n- kubectl: get pod nobody\n"
IDLE = "scenario: idle\nkubelet: stepped\nsteps:\n- pod: {name: nobody, becomes: ready}\n"
FAILED = "scenario: failed\nsteps:\n- expect: {pods: {web-0: {ready: true}}}\n- kubectl: get pods\n"
WRONG = "scenario: wrong\nsteps:\n- setle: {}\n"
SET = """scenario: set
kubelet: stepped
steps:
- apply:
    apiVersion: apps/v1
    kind: StatefulSet
    metadata: {name: web}
    spec:
      serviceName: web
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: "web:v1"}]}
- settle: {}
- pod: {name: web-9, becomes: ready}
- expect: {moved: [[web-0, ready]]}
"""
HEADLESS = """- apply:
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {clusterIP: None, selector: {app: web}}
"""
MOVING = SET.replace("kubelet: stepped\n", "").split("- pod:")[0]
BROKEN_HOPE = (MOVING.replace("serviceName: web\n", "serviceName: web\n      updateStrategy: {type: OnDelete}\n")
               + "- set-image: {statefulset: web, web: 'web:v2'}\n- delete: {pod: web-0}\n- settle: {}\n")
LOOKUP = MOVING + HEADLESS + "- settle: {}\n- lookup: {name: web-0.web.default.svc.cluster.local, from: other}\n"
LOOKUP = LOOKUP.replace("- apply:", """- apply:
    apiVersion: v1
    kind: Pod
    metadata: {name: other}
    spec: {containers: [{name: other, image: busybox}]}
- apply:""", 1)


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run_stsim(self, *arguments):
        return subprocess.run([PROGRAM, "run", *map(str, arguments)], capture_output=True, text=True)

    def status(self, text, *options):
        return self.run_stsim(self.write("a.yaml", text), *options).returncode

    def lines(self, path):
        return [json.loads(line) for line in path.read_text().splitlines()]


class ExitStatus(Program):
    def test_a_refused_command_is_part_of_the_story_unless_strict(self):
        self.assertEqual([self.status(REFUSED), self.status(REFUSED, "--strict")], [0, 1])

    def test_a_step_without_effect_is_told_and_fails_a_strict_run(self):
        run = self.run_stsim(self.write("a.yaml", IDLE))
        self.assertIn("pod nobody not found", run.stdout)
        self.assertIn("1 step had no effect", run.stdout)
        self.assertEqual([run.returncode, self.status(IDLE, "--strict")], [0, 1])

    def test_a_run_with_too_many_events_ends_and_fails(self):
        run = self.run_stsim(self.write("a.yaml", SET), "--max-events", "1")
        self.assertEqual(run.returncode, 1)
        self.assertIn("it has taken 1 events", run.stdout)
        self.assertIn("ended by --max-events", run.stdout)

    def test_an_expectation_that_does_not_hold_ends_the_run(self):
        run = self.run_stsim(self.write("a.yaml", FAILED))
        self.assertEqual(run.returncode, 1)
        self.assertIn("1 step,", run.stdout)

    def test_nothing_runs_if_one_scenario_is_wrong(self):
        run = self.run_stsim(self.write("a.yaml", GOOD), self.write("b.yaml", WRONG))
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn('did you mean "settle"?', run.stderr)

    def test_unwritable_outputs_are_found_before_anything_runs(self):
        run = self.run_stsim(self.write("a.yaml", GOOD), "--record", "/dev/null/a.jsonl")
        self.assertEqual((run.returncode, run.stdout), (2, ""))


class Outputs(Program):
    def test_of_a_folder_each_scenario_gets_a_file(self):
        self.write("all/one.yaml", GOOD)
        self.assertEqual(self.run_stsim(self.folder / "all", "--record", self.folder / "out").returncode, 0)
        self.assertEqual([p.name for p in (self.folder / "out").iterdir()], ["one.jsonl"])

    def test_two_scenarios_of_one_name_are_refused(self):
        files = self.write("x/a.yaml", GOOD), self.write("y/a.yaml", GOOD)
        run = self.run_stsim(*files, "--record", self.folder / "out")
        self.assertEqual(run.returncode, 2)
        self.assertIn("two things would be written to this file", run.stderr)

    def test_a_scenario_is_not_written_over(self):
        scenario = self.write("a.yaml", GOOD)
        for option in ("--record", "--trace"):
            run = self.run_stsim(scenario, option, self.folder / "." / "a.yaml")
            self.assertEqual((run.returncode, run.stdout), (2, ""))
            self.assertIn("this is a scenario of the run", run.stderr)
        self.assertEqual(scenario.read_text(), GOOD)

    def test_what_could_not_be_written_to_its_end_is_named(self):
        scenario = self.write("a.yaml", GOOD)
        for name in ("record", "trace"):
            (self.folder / name).symlink_to("/dev/full")
        run = self.run_stsim(scenario, "--record", self.folder / "record", "--trace", self.folder / "trace")
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"{self.folder}/record", run.stderr)
        self.assertIn(f"{self.folder}/trace", run.stderr)
        with open("/dev/full", "w") as full:
            run = subprocess.run([PROGRAM, "run", scenario], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual((run.returncode, run.stderr), (1, "stsim: the output could not be written to its end\n"))

    def test_a_recording_has_what_each_step_has(self):
        record = self.folder / "r.jsonl"
        self.assertEqual(self.run_stsim(self.write("a.yaml", SET), "--record", record).returncode, 0)
        apply, settle, pod, _ = self.lines(record)
        self.assertEqual(apply["output"], {"stdout": "statefulset.apps/web created\n", "stderr": "", "exit": 0})
        self.assertIn(["statefulset-controller", "create", "pods", "web-0", 201], apply["writes"])
        self.assertEqual(apply["events"], [["statefulset-controller", "Normal", "SuccessfulCreate", "StatefulSet/web",
                                            "Create Pod web-0 in StatefulSet web successful"]])
        self.assertEqual(settle["moved"], [["web-0", "ready"]])
        self.assertNotIn("output", settle)
        self.assertTrue(settle["changes"]["pods"]["web-0"]["ready"])
        self.assertEqual((pod["error"], pod["changes"]), ("pod web-9 not found", {}))

    def test_a_trace_names_the_causes_of_each_record(self):
        trace = self.folder / "t.jsonl"
        self.run_stsim(self.write("a.yaml", SET), "--trace", trace)
        records = {line["id"]: line for line in self.lines(trace)}
        self.assertEqual(sorted(records), list(range(1, len(records) + 1)))
        created = next(r for r in records.values() if r.get("verb") == "create" and r.get("resource") == "pods")
        self.assertEqual((created["code"], created["rule"]), (201, "SS-115"))
        chain = [created]
        while chain[-1].get("causes"):
            chain.append(records[chain[-1]["causes"][0]])
        self.assertEqual([r["type"] for r in chain], ["call", "sync", "call", "step", "start"])

    def test_quiet_leaves_commands_outputs_and_the_summary(self):
        out = self.run_stsim(self.write("a.yaml", GOOD), "-q").stdout
        self.assertEqual(out, "$ kubectl get pods\nNo resources found in default namespace.\n"
                              "1 step, 0 API writes, 0s of virtual time\n")

    def test_quiet_leaves_a_line_of_each_of_several(self):
        good, bad = self.write("a.yaml", GOOD), self.write("b.yaml", FAILED)
        run = self.run_stsim(good, bad, "-q")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stdout, f"ok    {good}: 1 step, 0 API writes, 0s of virtual time\n"
                                     f"{bad}:3: the expectation does not hold:\n"
                                     "  pods.web-0: expected {\"ready\":true}, found null\n"
                                     f"FAIL  {bad}: 1 step, 0 API writes, 0s of virtual time; "
                                     "1 expectation does not hold\n")

    def test_broken_hopes_are_told_and_strict_minds_them(self):
        run = self.run_stsim(self.write("a.yaml", BROKEN_HOPE))
        self.assertIn("hope broken: the status tells that all pods are at the update revision (R14): at +", run.stdout)
        self.assertEqual([run.returncode, self.status(BROKEN_HOPE, "--strict")], [0, 1])
        run = self.run_stsim(self.write("a.yaml", BROKEN_HOPE), "--strict", "--no-check")
        self.assertNotIn("hope", run.stdout)
        self.assertEqual(run.returncode, 0)

    def test_a_look_up_says_who_answered(self):
        out = self.run_stsim(self.write("a.yaml", LOOKUP)).stdout
        self.assertIn("web-0.web.default.svc.cluster.local A: 10.244.1.2, from the DNS server, good for 30s", out)


class Experiments(unittest.TestCase):
    """test, diff, bisect, sweep and shrink."""

    write = Program.write

    def setUp(self):
        Program.setUp(self)

    def stsim(self, *arguments):
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, cwd=self.folder)

    def test_approved_output_is_written_compared_and_departed_from(self):
        self.write("a.yaml", MOVING)
        self.assertEqual(self.stsim("test").stdout,
                         "ok    ./a.yaml\n1 case: 1 passed, 0 failed; 1 without approved output\n")
        renewed = self.stsim("test", "--update", "a.yaml")
        self.assertEqual((renewed.returncode, renewed.stdout),
                         (0, "ok    a.yaml  -> a.approved.txt\n"
                             "1 case: 1 passed, 0 failed; 1 approved output written\n"))
        self.assertEqual(self.stsim("test", "a.yaml").stdout, "ok    a.yaml\n1 case: 1 passed, 0 failed\n")
        self.write("a.yaml", MOVING.replace("serviceName: web", "serviceName: web\n      replicas: 2"))
        departed = self.stsim("test", "-q", "a.yaml")
        self.assertEqual(departed.returncode, 1)
        self.assertIn("FAIL  a.yaml\n      departs from a.approved.txt at step 1 (- approved, + now):\n",
                      departed.stdout)
        self.assertIn("      +   = statefulset web: 0 of 2 pods ready", departed.stdout)

    def test_what_is_wrong_with_a_command_line_runs_nothing(self):
        self.write("good.yaml", GOOD)
        for arguments, message in [
                (["test", "nosuch.yaml"], "no such file or folder"),
                (["test", "good.yaml", "--filter", "("], "--filter: \"(\" is no regular expression"),
                (["test", "good.yaml", "--filter", "bad"], "no case has a match of --filter in its name"),
                (["test", "good.yaml", "--jobs", "0"], "--jobs must be a whole number from 1 on, not \"0\""),
                (["diff", "good.yaml"], "stsim diff needs two of something"),
                (["diff", "good.yaml", "--kubernetes", "1.34"], "--kubernetes needs two, with a comma between"),
                (["diff", "good.yaml", "--kubernetes", "1.34,"], "is not a list with commas between its parts"),
                (["diff", "good.yaml", "--feature-gate", "Nosuch=true,false"], "unknown feature gate \"Nosuch\""),
                (["bisect", "good.yaml", "--kubernetes", "1.34"], "stsim bisect runs all releases"),
                (["test", "--feature-gate", "PodIndexLabel=false", "nosuch.yaml"], "no such file or folder"),
                (["sweep", "--param", "partition=1", "nosuch.yaml"], "no such file or folder"),
                (["sweep", "good.yaml", "--param", "partiton=1"], "unknown parameter \"partiton\""),
                (["sweep", "good.yaml", "--param", "partition=1"],
                 "no apply: or create: step of the scenario makes a StatefulSet"),
                (["sweep", "good.yaml", "--param", "replicas=1", "--param", "replicas=2"], "replicas is given twice"),
                (["sweep", "good.yaml", "--available", "18446744073709551615"], "may be 1000000000 at most"),
                (["sweep", "good.yaml", "--csv", "good.yaml"], "this is a scenario of the run, which would be lost"),
                (["sweep", "good.yaml", "--csv", "o", "--json", "o"], "two things would be written to this file"),
                (["test", "good.yaml", "--junit", "good.yaml"], "this is a scenario of the run, which would be lost"),
                (["test", "good.yaml", "good.yaml"], "two things would be written to this file"),
                (["test", "good.yaml", "--update", "--seed", "3"], "--update writes what the scenarios say"),
                (["shrink", "good.yaml"], "good.yaml: nothing fails in it"),
                (["graph", "good.yaml"], "stsim graph needs a --kind"),
                (["graph", "good.yaml", "--kind", "owner"], 'did you mean "owners"?'),
                (["graph", "good.yaml", "--kind", "owners", "-o", "x.png"], "it ends with .dot, .svg or .mmd"),
                (["graph", "good.yaml", "--kind", "owners", "--at", "17"], '--at: "17" is no length of time'),
                (["graph", "good.yaml", "--kind", "owners", "--at", "-1s"], '--at: "-1s" is no length of time'),
                (["graph", "good.yaml", "--kind", "owners", "--object", "pod/web-0"], "--kind causes"),
                (["graph", "good.yaml", "--kind", "causes", "--object", "web-0"], "is no kind with a name"),
                (["graph", "good.yaml", "--kind", "causes", "--object", "pod/web-0"], "there was no pod at all"),
                (["graph", "good.yaml", "--kind", "owners", "-o", "good.yaml"], "it ends with .dot"),
                (["graph", "nosuch.yaml", "--kind", "owners"], "no such file or folder"),
                (["export", "good.yaml"], "stsim export needs a format to write"),
                (["export", "good.yaml", "--to", "perfeto"], 'did you mean "perfetto"?'),
                (["export", "good.yaml", "--to", "vcd", "-o", "good.yaml"],
                 "this is a scenario of the run, which would be lost"),
                (["export", "good.yaml", "--to", "vcd", "-o", "/dev/null/x"], "cannot be written"),
                (["run", "good.yaml", "--param", "partition=1,2"], "one run has one value of partition")]:
            with self.subTest(arguments=arguments):
                result = self.stsim(*arguments)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn(message, result.stderr)

    def test_pictures_and_exports_go_to_a_file_or_to_standard_output(self):
        self.write("a.yaml", MOVING)
        for command, begin in ((["graph", "a.yaml", "--kind", "rollout"], "digraph {"),
                               (["export", "a.yaml", "--to", "asciicast"], '{"version": 2,')):
            printed = self.stsim(*command)
            self.assertEqual((printed.returncode, printed.stderr), (0, ""))
            self.assertTrue(printed.stdout.startswith(begin))
            written = self.stsim(*command, "-o", "new/x.dot")
            self.assertEqual((written.returncode, written.stdout), (0, "new/x.dot: written\n"))
            self.assertEqual((self.folder / "new/x.dot").read_text(), printed.stdout)
        self.assertTrue(self.stsim("graph", "a.yaml", "--kind", "owners", "--at", "1s").stdout.find("Owners at +1.000s") > 0)
        other = self.stsim("graph", "a.yaml", "--kind", "rollout", "--seed", "5")
        self.assertNotEqual(other.stdout, self.stsim("graph", "a.yaml", "--kind", "rollout").stdout)

    def test_every_command_that_simulates_says_what_all_that_it_ran_took(self):
        self.write("a.yaml", MOVING)
        self.write("fails.yaml", MOVING + "- expect: {pods: {web-1: {ready: true}}}\n")
        self.write("shown.yaml", MOVING + "- kubectl: get sts web -o yaml\n")
        live = self.stsim("run", "-q", "shown.yaml").stdout.split("get sts web -o yaml\n")[1].rsplit("\n", 2)[0]
        self.write("live.yaml", live)
        self.write("new.yaml", live.replace("replicas: 1", "replicas: 2", 1))
        taken = {}
        for command in (["run", "a.yaml"], ["run", "a.yaml", "a.yaml"], ["test", "a.yaml"], ["bisect", "a.yaml"],
                        ["report", "a.yaml", "-o", "page.html"], ["why", "a.yaml", "pod/web-0"],
                        ["graph", "a.yaml", "--kind", "owners"], ["export", "a.yaml", "--to", "vcd"],
                        ["diff", "a.yaml", "--seed", "1,2"], ["sweep", "a.yaml", "--runs", "3"],
                        ["shrink", "fails.yaml"], ["preview", "-f", "live.yaml", "-f", "new.yaml"]):
            with self.subTest(command=command):
                line = self.stsim(*command, "--stats").stderr.splitlines()[-1]
                match = re.fullmatch(r"stats: ([\d,]+) events, ([\d,]+) API writes, ([\d,]+) syncs in [\d.]+ s: "
                                     r"[\d,]+ events/s; peak memory [\d,]+ MiB", line)
                self.assertIsNotNone(match, line)
                taken[" ".join(command)] = [int(number.replace(",", "")) for number in match.groups()]
                self.assertGreater(min(taken[" ".join(command)]), 0)
        self.assertEqual(taken["run a.yaml a.yaml"], [2 * number for number in taken["run a.yaml"]])
        self.assertGreater(taken["sweep a.yaml --runs 3"], [2 * number for number in taken["run a.yaml"]])

    def test_of_a_run_that_fails_there_is_a_picture_up_to_there(self):
        self.write("a.yaml", MOVING + "- expect: {pods: {web-7: {ready: true}}}\n- kubectl: delete sts web\n")
        result = self.stsim("graph", "a.yaml", "--kind", "owners")
        self.assertEqual(result.returncode, 1)
        self.assertIn("StatefulSet/web", result.stdout)
        self.assertIn("an expectation does not hold; what was written shows it up to there", result.stderr)

    def test_results_are_read_by_a_parser_of_junit_and_by_one_of_xml(self):
        self.write("a.yaml", MOVING)
        self.write("b.yaml", FAILED)
        self.write("c.yaml", MOVING.replace("scenario: set", "scenario: set\nmatrix: {kubernetes: ['1.26', '1.36']}"))
        result = self.stsim("test", "--junit", "out/junit.xml", ".")
        self.assertEqual(result.returncode, 1)
        root = xml.etree.ElementTree.parse(self.folder / "out/junit.xml").getroot()
        self.assertEqual([(s.get("name"), s.get("tests"), s.get("failures")) for s in root],
                         [("./a.yaml", "1", "0"), ("./b.yaml", "1", "1"), ("./c.yaml", "2", "0")])
        try:
            import junitparser
        except ImportError:
            self.skipTest("python3-junitparser is not installed")
        read = junitparser.JUnitXml.fromfile(str(self.folder / "out/junit.xml"))
        cases = [case for suite in read for case in suite]
        self.assertEqual([case.name for case in cases],
                         ["set", "failed", "set (kubernetes 1.26)", "set (kubernetes 1.36)"])
        self.assertEqual([len(case.result) for case in cases], [0, 1, 0, 0])
        self.assertEqual((read.tests, read.failures), (4, 1))

    def test_tap_is_printed_instead(self):
        self.write("a.yaml", GOOD)
        self.write("b.yaml", FAILED)
        result = self.stsim("test", "--tap", "a.yaml", "b.yaml")
        self.assertEqual(result.returncode, 1)
        self.assertTrue(result.stdout.startswith("TAP version 13\n1..2\nok 1 - a.yaml\nnot ok 2 - b.yaml\n# step 1 "))

    def test_the_number_of_threads_changes_nothing(self):
        self.write("a.yaml", MOVING.replace("serviceName: web", "serviceName: web\n      replicas: 3"))
        self.write("b.yaml", FAILED)
        for command in (["test", "."], ["sweep", "a.yaml", "--runs", "40", "--param", "replicas=1,2"]):
            results = {(r.returncode, r.stdout) for r in (self.stsim(*command, "--jobs", n) for n in (1, 2, 8))}
            self.assertEqual(len(results), 1, command)

    def test_releases_are_told_apart_and_the_one_that_breaks_is_found(self):
        self.write("a.yaml", MOVING.replace("serviceName: web", "serviceName: web\n      podManagementPolicy: Parallel\n"
                                            "      minReadySeconds: 5\n      replicas: 2")
                   + "- set-image: {statefulset: web, web: 'web:v2'}\n- settle: {}\n")
        same = self.stsim("diff", "a.yaml", "--kubernetes", "1.30,1.31")
        self.assertEqual((same.returncode, same.stdout),
                         (0, "A is kubernetes 1.30, B is kubernetes 1.31.\nThey do the same.\n"))
        apart = self.stsim("diff", "a.yaml", "--kubernetes", "1.33,1.34")
        self.assertEqual(apart.returncode, 1)
        self.assertIn("They part in step 4: # settle\n", apart.stdout)
        self.assertIn("What each change took:\n", apart.stdout)
        self.write("b.yaml", MOVING + "- kubectl: get sts web -o jsonpath={.spec.updateStrategy.rollingUpdate}\n"
                   "- expect: {output: {stdout: '{\"partition\":0}'}}\n")
        found = self.stsim("bisect", "b.yaml")
        self.assertEqual(found.returncode, 1)
        self.assertIn("1.25 to 1.34  holds\n1.35.0        does not hold: step 4: output.stdout: ", found.stdout)
        self.assertIn("It ceases to hold in 1.35.0.\n", found.stdout)
        self.assertIn("It begins to hold in 1.35.\n", found.stdout)
        everywhere = self.stsim("bisect", "a.yaml")
        self.assertEqual((everywhere.returncode, everywhere.stdout.splitlines()[-1]),
                         (0, "It holds in all releases."))

    def test_a_sweep_writes_tables_csv_and_json(self):
        self.write("a.yaml", MOVING)
        result = self.stsim("sweep", "a.yaml", "--runs", "20", "--csv", "o/a.csv", "--json", "o/a.json")
        self.assertEqual(result.returncode, 0)
        self.assertTrue(result.stdout.startswith("a.yaml: 20 runs, seeds 0 to 19\n\nstep 1: kubectl apply -f -\n"))
        rows = list(csv.DictReader((self.folder / "o/a.csv").read_text().splitlines()))
        self.assertEqual([row["measure"] for row in rows], ["took", "lowest", "below", "restarts"])
        document = json.loads((self.folder / "o/a.json").read_text())
        self.assertEqual(document["distributions"][0]["runs"], 20)
        worst = rows[0]["worst_seed"]
        self.assertEqual(self.stsim("run", "-q", "a.yaml", "--seed", worst).returncode, 0)

    def test_a_failing_scenario_is_reduced_to_what_matters(self):
        self.write("a.yaml", MOVING.replace("serviceName: web", "serviceName: web\n      replicas: 4")
                   + "- kubectl: get pods\n- expect: {pods: {web-1: null}}\n")
        result = self.stsim("shrink", "a.yaml", "-o", "small.yaml")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
        text = (self.folder / "small.yaml").read_text()
        self.assertTrue(text.startswith("# Shrunk from a.yaml by stsim shrink, in "))
        self.assertIn("replicas: 2\n", text)
        self.assertNotIn("get pods", text)
        self.assertEqual(self.stsim("run", "-q", "small.yaml").returncode, 1)


if __name__ == "__main__":
    unittest.main()
