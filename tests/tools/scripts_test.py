#!/usr/bin/env python3
"""The determinism and conformance runners fail when they should: each is given a small program in
place of the simulator."""
import json, os, pathlib, subprocess, sys, tempfile, unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
RECORDING = TESTS / "conformance/recorded/1.36/walkthrough.jsonl"
# Arguments of a run: run SCENARIO --record FILE --trace FILE.
# Of what else is made of a run it makes nothing.
STEADY = '[ "$1" = run ] || exit 0; echo hello; echo r > "$4"; echo t > "$6"'


class Script(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, name, body):
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + body + "\n")
        path.chmod(0o755)
        return str(path)


class Determinism(Script):
    def check(self, *bodies, others=""):
        programs = [self.program(f"stsim{i}", body) for i, body in enumerate(bodies)]
        run = subprocess.run([sys.executable, TESTS / "determinism/check.py", *programs],
                             env={**os.environ, "STSIM_OTHER_PROGRAMS": others}, capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr

    def test_equal_outputs_pass(self):
        code, text = self.check(STEADY, STEADY)
        self.assertEqual(code, 0, text)

    def test_each_output_is_compared(self):
        for name, body in {"stdout": STEADY + '; echo "$TZ"', "record": STEADY + '; echo "$LC_ALL" >> "$4"',
                           "trace": STEADY + '; echo "$TZ" >> "$6"',
                           "exit code": STEADY + '; [ "$TZ" = UTC ]'}.items():
            with self.subTest(name):
                code, text = self.check(body)
                self.assertEqual(code, 1, text)
                self.assertIn(f"{name} differs", text)

    def test_what_is_made_of_a_run_is_compared(self):
        code, text = self.check('[ "$1" = report ] && echo "$TZ"; ' + STEADY)
        self.assertEqual(code, 1, text)
        self.assertIn("page differs", text)

    def test_builds_are_compared_with_each_other(self):
        self.assertEqual(self.check(STEADY, STEADY.replace("hello", "hullo"))[0], 1)
        other = self.program("other", STEADY.replace("hello", "hullo"))
        self.assertEqual(self.check(STEADY, others=other)[0], 1)

    def test_programs_that_crash_alike_do_not_pass(self):
        self.assertEqual(self.check(STEADY + "; exit 2")[0], 1)
        self.assertEqual(self.check("true")[0], 1)  # writes neither recording nor trace


class Conformance(Script):
    """Arguments of a run: run SCENARIO --kubernetes RELEASE --record FILE -q."""

    def check(self, body):
        return subprocess.run([sys.executable, TESTS / "conformance/run.py", self.program("stsim", body), "1.36/walkthrough"],
                              capture_output=True, text=True)

    def recording(self, change):
        lines = [json.loads(line) for line in RECORDING.read_text(encoding="utf-8").splitlines()]
        change(lines)
        path = self.folder / "given.jsonl"
        path.write_text("".join(json.dumps(l) + "\n" for l in lines))
        return f'[ "$1 $3 $4 $5 $7" = "run --kubernetes 1.36 --record -q" ] && cp {path} "$6"'

    def test_the_same_recording_passes(self):
        run = self.check(self.recording(lambda lines: None))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_one_changed_step_fails(self):
        run = self.check(self.recording(lambda lines: lines.pop()))
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("first difference at step", run.stdout)

    def test_a_failing_program_fails(self):
        self.assertEqual(self.check(self.recording(lambda lines: None) + "; exit 1").returncode, 1)
        self.assertEqual(self.check("true").returncode, 1)


if __name__ == "__main__":
    unittest.main()
