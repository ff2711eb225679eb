#!/usr/bin/env python3
"""`stsim learn` from outside, as learners use it: at a pipe and at a terminal.
learn_test.py PROGRAM LESSONS"""
import os, pathlib, pty, re, select, shutil, subprocess, sys, tempfile, time, unittest

PROGRAM, LESSONS = (str(pathlib.Path(sys.argv.pop(1)).resolve()) for _ in range(2))
CANARY = ["0", "4", "v1", "kubectl patch sts myapp -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":3}}}}'"]
FREED = ["1", "no", "kubectl delete pod myapp-2"]


class Learn(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {"XDG_STATE_HOME": str(self.folder), "STSIM_LESSONS": LESSONS, "LANG": "C",
                            "PATH": os.environ["PATH"]}

    def learn(self, *arguments, lines=(), **variables):
        return subprocess.run([PROGRAM, "learn", *arguments], input="".join(line + "\n" for line in lines),
                              env={**self.environment, **variables}, capture_output=True, text=True, timeout=60)

    def progress(self):
        return (self.folder / "stsim/lessons").read_text()


class Pipe(Learn):
    def test_a_learner_goes_through_the_canary(self):
        run = self.learn("canary", lines=CANARY)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stderr, "")
        for text in ("Right: 0.", "Right: myapp-4.", "Right: v1.", "Goal reached.", "myapp-4   ikubernetes/myapp:v2",
                     "That was lesson 7."):
            self.assertIn(text, run.stdout)
        self.assertEqual(self.progress(), "canary done\n")

    def test_who_guesses_wrong_is_told_why_the_others_did_not_change(self):
        run = self.learn("canary", lines=["0", "myapp-0"])
        self.assertIn("You said myapp-0, and it is myapp-4.", run.stdout)
        self.assertIn("delete pods myapp-4: myapp-4 is not at", run.stdout.partition("What happened:")[2])
        self.assertIn("myapp-0 was left alone", run.stdout)
        self.assertIn("the controllers had nothing left to do", run.stdout)
        self.assertIn("below the partition", run.stdout)

    def test_one_lesson_is_checked(self):
        run = self.learn("canary", "--check")
        self.assertEqual(run.stdout, "ok    7 canary\n1 of 1 lessons hold\n")
        self.assertEqual(self.learn("nothing", "--check").returncode, 2)

    def test_a_stuck_rollout_is_freed(self):
        run = self.learn("stuck-rollout", lines=["1", "yes", "why myapp-2", "kubectl rollout undo sts/myapp", "again", "hint", "hint",
                                                 "hint", "kubectl delete pod myapp-2"])
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("It waits for the very pod that it would have to replace.", " ".join(run.stdout.split()))
        self.assertIn("Pod myapp-2 is not Ready.\n", run.stdout.partition("You said yes, and it is no.")[2])
        asked = run.stdout.partition("$ why myapp-2\n")[2].partition("\n$ ")[0]
        self.assertIn("kubectl delete pod myapp-2", asked)
        self.assertIn("So delete myapp-2.", run.stdout)
        self.assertIn("Goal reached.", run.stdout)

    def test_output_is_the_same_every_time(self):
        first = self.learn("stuck-rollout", lines=FREED)
        second = self.learn("stuck-rollout", "--restart", lines=FREED, TZ="Asia/Tokyo", COLUMNS="40")
        self.assertEqual(first.stdout, second.stdout)

    def test_a_language_changes_texts_and_no_decision(self):
        english = self.learn("canary", lines=CANARY)
        chinese = self.learn("canary", "--lang", "zh", "--restart", lines=CANARY)
        by_locale = self.learn("canary", "--restart", lines=CANARY, LC_ALL="zh_CN.UTF-8")
        self.assertEqual(chinese.stdout.replace(" --lang zh", ""), by_locale.stdout)
        self.assertIn("答对了：myapp-4。", chinese.stdout)
        told = [re.findall(r"^ *\+\d.*", run.stdout, re.M) for run in (english, chinese)]
        self.assertEqual(*told)
        self.assertGreater(len(told[0]), 20)

    def test_a_lesson_that_was_left_goes_on_where_it_was(self):
        self.assertIn("stsim learn canary", self.learn("canary", lines=CANARY[:2]).stdout)
        self.assertEqual(self.progress(), "canary 5\n")
        rest = self.learn("canary", lines=CANARY[2:])
        self.assertIn("going on at part 6 of 8", rest.stdout)
        self.assertIn("Goal reached.", rest.stdout)
        self.assertEqual(self.progress(), "canary done\n")

    def test_a_lesson_begins_again(self):
        self.learn("canary", lines=CANARY[:2])
        self.assertIn("First we set the partition to 4", self.learn("canary", "--restart").stdout)

    def test_what_was_done_stays_done(self):
        self.learn("canary", lines=CANARY)
        self.learn("7", lines=CANARY[:1])
        self.assertEqual(self.progress(), "canary done\n")
        self.assertEqual(self.learn("--restart").returncode, 0)
        self.assertEqual(self.progress(), "")

    def test_the_list_shows_what_is_next(self):
        first = self.learn()
        self.assertIn(">  1  identity", first.stdout)
        self.learn("identity", lines=["skip", "skip", "skip"])
        second = self.learn()
        self.assertRegex(second.stdout, r"   1  identity .*\(done\)\n>  2  ordered-start")
        self.assertIn("2. Ordered start", self.learn("next").stdout)
        self.assertIn("有序启动", self.learn("--lang", "zh").stdout)

    def test_wrong_command_lines(self):
        for arguments, text in {("canry",): 'did you mean "canary"?', ("99",): 'there is no lesson "99"',
                                ("--lang", "de", "canary"): '--lang cannot be "de"', ("a", "b"): "one lesson at a time",
                                ("--lag", "en"): 'did you mean "--lang"?'}.items():
            with self.subTest(arguments):
                run = self.learn(*arguments)
                self.assertEqual(run.returncode, 2)
                self.assertIn(text, run.stderr)
                self.assertEqual(run.stdout, "")

    def test_where_no_lessons_are_it_says_where_it_looked(self):
        program = self.folder / "bin/stsim"
        program.parent.mkdir()
        shutil.copy(PROGRAM, program)
        run = subprocess.run([program, "learn"], env={**self.environment, "STSIM_LESSONS": "/nowhere"},
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 2)
        for place in ("/nowhere", str(self.folder / "share/stsim/lessons"), str(self.folder / "bin/scenarios/lessons")):
            self.assertIn(place, run.stderr)

    def test_progress_that_cannot_be_kept_is_said_and_the_lesson_goes_on(self):
        run = self.learn("canary", lines=CANARY, XDG_STATE_HOME=PROGRAM)
        self.assertEqual(run.returncode, 0)
        self.assertEqual(run.stderr.count("cannot be kept"), 1)

    def test_a_lesson_is_no_scenario(self):
        run = subprocess.run([PROGRAM, "run", LESSONS + "/07-canary.yaml"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 2)
        self.assertIn("this is a lesson, not a scenario\n", run.stderr)

    def test_a_lesson_that_does_not_hold_is_found(self):
        lessons = self.folder / "lessons"
        shutil.copytree(LESSONS, lessons)
        lesson = lessons / "09-stuck-rollout.yaml"
        text = lesson.read_text()
        for wrong in (text.replace("solution: [kubectl delete pod myapp-2]", "solution: [kubectl delete pod myapp-1]"),
                      text.replace("kubectl delete pod myapp-1", "kubectl delete pod myapp-2")):
            self.assertNotEqual(wrong, text)
            lesson.write_text(wrong)
            run = self.learn("--check", STSIM_LESSONS=str(lessons))
            self.assertEqual(run.returncode, 1, run.stdout)
            self.assertRegex(run.stdout, r"FAIL  9 stuck-rollout\n +.*09-stuck-rollout.yaml:\d+: ")


class Terminal(Learn):
    """A learner who sits before a screen of 60 columns."""

    def start(self, *arguments):
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.execve(PROGRAM, [PROGRAM, "learn", *arguments], {**self.environment, "TERM": "xterm"})
        import fcntl, struct, termios
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
        self.seen = ""
        self.addCleanup(os.close, self.screen)

    def wait_for(self, text):
        end = time.monotonic() + 30
        while text not in self.seen:
            self.assertLess(time.monotonic(), end, self.seen)
            if select.select([self.screen], [], [], 1)[0]:
                try:
                    self.seen += os.read(self.screen, 65536).decode(errors="replace")
                except OSError:
                    break
        self.assertIn(text, self.seen)
        shown, self.seen = self.seen, ""
        return shown

    def type(self, line):
        os.write(self.screen, (line + "\n").encode())

    def test_a_learner_goes_through_the_canary(self):
        self.start("canary")
        shown = self.wait_for("[Enter]")
        for _ in range(2):
            self.type("")
            shown += self.wait_for("[Enter]" if _ == 0 else "? ")
        self.type("banana")
        shown += self.wait_for("A number; 0 if there is none. Or: skip, quit.")
        for answer in ("3", "myapp-4"):
            self.type(answer)
            shown += self.wait_for("[Enter]")
            self.type("")
        shown += self.wait_for("[Enter]")
        self.type("")
        shown += self.wait_for("2) v2")
        self.type("1")
        shown += self.wait_for("[Enter]")
        self.type("")
        shown += self.wait_for("again, quit.)")
        self.type("hint")
        shown += self.wait_for("one lower")
        self.type(CANARY[-1])
        shown += self.wait_for("[Enter]")
        self.type("")
        shown += self.wait_for("stsim learn phased-rollout")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), 0)
        for text in ("You said 3, and it is 0.", "Right: myapp-4.", "Goal reached."):
            self.assertIn(text, shown)
        self.assertIn("\x1b[32m", shown)
        self.assertEqual(self.progress(), "canary done\n")

    def test_leaving_and_the_end_of_input(self):
        for way in ("quit", "\x04"):
            with self.subTest(way):
                self.start("canary", "--restart")
                self.wait_for("[Enter]")
                os.write(self.screen, (way + ("\n" if way == "quit" else "")).encode())
                self.wait_for("stsim learn canary")
                self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), 0)


if __name__ == "__main__":
    unittest.main()
