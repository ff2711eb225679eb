#!/usr/bin/env python3
"""stsim report from outside: what it writes, and what it refuses.  report_test.py PROGRAM"""
import json, pathlib, re, subprocess, sys, tempfile, unittest

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
STORY = """# What it teaches,
# in two lines.
scenario: story
steps:
- kubectl: get pods
"""


class Report(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def report(self, text, *arguments):
        (self.folder / "story.yaml").write_text(text)
        return subprocess.run([PROGRAM, "report", "story.yaml", *arguments], cwd=self.folder,
                              capture_output=True, text=True)

    def data(self, name):
        page = (self.folder / name).read_text()
        return json.loads(re.search(r'id="run">(.*?)</script>', page, re.S).group(1))

    def test_a_page_is_written_beside_which_nothing_is_needed(self):
        result = self.report(STORY, "-o", "pages/out.html")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout,
                         "pages/out.html: the run of story; open it in a browser\n")
        data = self.data("pages/out.html")
        self.assertEqual(data["scenario"], "story")
        self.assertEqual(data["about"], "What it teaches, in two lines.")
        self.assertEqual(data["steps"][0]["err"], "No resources found in default namespace.\n")

    def test_a_page_is_named_after_its_scenario_if_nothing_else_is_said(self):
        self.assertEqual(self.report(STORY).returncode, 0)
        self.assertEqual(self.data("story.html")["scenario"], "story")

    def test_what_wins_over_the_file_wins_in_the_page(self):
        self.assertEqual(self.report(STORY, "--kubernetes", "1.30").returncode, 0)
        self.assertEqual(self.data("story.html")["kubernetes"], "1.30")

    def test_a_long_run_is_cut(self):
        self.assertEqual(self.report(STORY + "- kubectl: get nodes\n", "--events", "1").returncode, 0)
        data = self.data("story.html")
        self.assertEqual((len(data["events"]["text"]), data["inAll"]), (1, 2))

    def test_what_does_not_hold_is_told_and_the_page_is_there(self):
        result = self.report(STORY + "- expect: {pods: {web-0: {ready: true}}}\n")
        self.assertEqual(result.returncode, 1)
        self.assertIn("does not hold", result.stderr)
        self.assertIn("pods.web-0", self.data("story.html")["steps"][1]["trouble"])

    def test_wrong_command_lines_are_refused(self):
        for arguments, words in [
                (["-o", "story.yaml"], "this is a scenario of the run, which would be lost"),
                (["--events", "0"], "--events"),
                (["--kubernetes", "9"], "--kubernetes")]:
            with self.subTest(arguments=arguments):
                result = self.report(STORY, *arguments)
                self.assertEqual(result.returncode, 2)
                self.assertIn(words, result.stderr)
                self.assertEqual((self.folder / "story.yaml").read_text(), STORY)


if __name__ == "__main__":
    unittest.main()
