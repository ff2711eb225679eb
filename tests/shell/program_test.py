#!/usr/bin/env python3
"""`stsim shell` as its users have it: at a terminal, which is a pseudo-terminal here, and in a pipe.

usage: program_test.py PROGRAM
"""
import os, pathlib, pty, re, select, signal, subprocess, sys, tempfile, termios, time, unittest

PROGRAM = pathlib.Path(sys.argv[1]).resolve()

WEB = """apply: {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {serviceName: web,\
 replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec:\
 {containers: [{name: web, image: "web:v1"}]}}}}"""

# A pod that crashes at once keeps a run busy for as long as it is asked to go on.
BUSY = ["pod web-0 becomes crashing crashAfter 1ms", "watch off"]


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, *arguments, home, **environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update({"TERM": "xterm", "HOME": str(home), "COLUMNS": "100", **environment})
            os.environ.pop("XDG_STATE_HOME", None)
            os.chdir(home)
            os.execv(PROGRAM, [str(PROGRAM), "shell", *arguments])
        self.seen = ""
        self.all = ""
        self.status = None

    def read(self, seconds=0.2):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536).decode(errors="replace")
        except OSError:
            data = ""
        self.seen += data
        self.all += data
        return data != ""

    def wait_for(self, pattern, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return match
            if not self.read():
                break
        raise AssertionError(f"no {pattern!r} in {self.seen[-2000:]!r}")

    def type(self, text):
        os.write(self.fd, text.encode())

    def enter(self, line, prompt=True):
        self.type(line + "\r")
        if prompt:
            return self.wait_for(r"(?s)(.*?)stsim \+[0-9.]+s> ").group(1)
        return ""

    def end(self, seconds=10):
        """Waits for the program's end; gives its exit status."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                return self.status
            self.read(0.05)
        raise AssertionError(f"it goes on: {self.all[-2000:]!r}")

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class AtATerminal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)

    def shell(self, *arguments, **environment):
        terminal = Terminal(*arguments, home=self.home, **environment)
        self.addCleanup(terminal.close)
        terminal.wait_for(r"stsim \+0\.000s> ")
        return terminal

    def assertReplays(self, shell, text):
        """What is saved has this text in it, and stsim run comes to the same."""
        table = shell.enter("get pods,sts -o wide").replace("\r\n", "\n")
        self.assertIn("web-1", table)
        shell.enter("save it.yaml")
        self.assertRegex((self.home / "it.yaml").read_text(), text)
        done = subprocess.run([PROGRAM, "run", "-q", self.home / "it.yaml"], capture_output=True, text=True)
        self.assertIn(table[table.index("NAME"):], done.stdout)

    def test_lines_are_edited(self):
        shell = self.shell()
        shell.type("get nides")
        shell.type("\x1b[D\x1b[D\x1b[D\x7fo\x05 -o name\r")  # three to the left, i becomes o, to the end
        self.assertIn("node/node3", shell.wait_for(r"(?s)(.*?)stsim \+").group(1))

    def test_history_comes_back_also_another_time(self):
        shell = self.shell()
        shell.enter("now")
        self.assertIn("nothing is left", shell.enter("\x1b[A"))
        shell.enter("help fork")
        shell.type("\x04")
        self.assertEqual(shell.end(), 0)
        kept = self.home / ".local/state/stsim/history"
        self.assertIn("fork", kept.read_text())
        again = self.shell()
        self.assertIn("keep this moment under a name", again.enter("\x1b[A"))

    def test_tab_completes(self):
        (self.home / "manifest.yaml").write_text("")
        shell = self.shell()
        shell.enter(WEB)
        self.assertIn("web-1 is ready", shell.enter("unt\tpod web-1 rea\t"))
        shell.type("get pods web-\t")
        shell.wait_for(r"web-0 +web-1\r\n.*get pods web-")
        self.assertIn("pod/web-1", shell.enter("1 -o name"))
        shell.type("pod web-1 becomes cra\t\t")
        shell.wait_for(r"crashed +crashing")
        shell.type("\x03")
        shell.wait_for(r"stsim \+")
        shell.type("apply -f man\t")
        shell.wait_for(r"ifest\.yaml ")

    def test_ctrl_c_at_the_prompt_clears_the_line(self):
        shell = self.shell()
        shell.type("no such thing\x03")
        shell.wait_for(r"\^C\r?\n.*stsim \+")
        self.assertIn("node/node1", shell.enter("get nodes -o name"))
        shell.type("apply -f - <<EOF\rkind: Pod\r")
        shell.wait_for(r"(?s)> .*> ")
        shell.type("\x03")
        shell.wait_for(r"stsim \+")
        self.assertIn("node/node1", shell.enter("get nodes -o name"))

    def test_ctrl_c_stops_a_run_and_not_the_shell(self):
        shell = self.shell()
        for line in [WEB, "until sts web complete", *BUSY]:
            shell.enter(line)
        shell.type("run 100000h\r")
        shell.wait_for("run 100000h")
        time.sleep(0.5)
        shell.type("\x03")
        shell.wait_for(r"stopped at \+[0-9.]+s")
        shell.wait_for(r"stsim \+[0-9.]+s> ")
        self.assertReplays(shell, r"run 100000h, stopped\n- advance: [0-9hms.]+\n")

    def test_ctrl_c_stops_a_command_that_waits(self):
        shell = self.shell()
        for line in [WEB, "until sts web complete", "set image sts/web web=web:v2", *BUSY]:
            shell.enter(line)
        shell.enter("image web:v2 becomes crashing crashAfter 1ms")
        shell.type("rollout status sts/web --timeout=80000h\r")
        shell.wait_for("80000h")
        time.sleep(0.5)
        shell.type("\x03")
        shell.wait_for(r"stopped at \+[0-9.]+s")
        shell.wait_for(r"stsim \+[0-9.]+s> ")
        self.assertReplays(shell, r"--timeout=80000h, stopped\n- advance: [0-9hms.]+\n")

    def test_ctrl_d_leaves(self):
        shell = self.shell()
        shell.enter("get nodes")
        shell.type("\x04")
        self.assertEqual(shell.end(), 0)

    def test_colour_only_where_it_is_wanted(self):
        shell = self.shell()
        shell.enter(WEB)
        self.assertIn("\x1b[2m", shell.enter("run"))
        plain = self.shell(NO_COLOR="1")
        plain.enter(WEB)
        self.assertNotIn("\x1b[2m", plain.enter("run"))

    def test_characters_of_the_world(self):
        shell = self.shell()
        shell.type("nöd\x7f\x7fow\r")
        shell.wait_for("nothing is left to happen")


class InAPipe(unittest.TestCase):
    def run_shell(self, text, *arguments, folder="."):
        done = subprocess.run([PROGRAM, "shell", *arguments], input=text if isinstance(text, bytes) else text.encode(),
                              capture_output=True, timeout=60, cwd=folder)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def test_the_output_reads_as_a_session(self):
        status, out, err = self.run_shell("get nodes -o name\nnow\n")
        self.assertEqual(out, "$ get nodes -o name\nnode/node1\nnode/node2\nnode/node3\n"
                              "$ now\n+0.000s (2026-01-01T00:00:00Z), 1 step taken; nothing is left to happen\n")
        self.assertEqual((status, err), (0, ""))

    def test_lines_that_follow(self):
        _, out, _ = self.run_shell("apply -f - <<EOF\nkind: Service\napiVersion: v1\nmetadata: {name: a}\n"
                                   "spec: {clusterIP: None}\nEOF\nget svc a -o name\n")
        self.assertIn("> EOF\nservice/a created\n$ get svc a -o name\nservice/a\n", out)
        status, _, err = self.run_shell("apply -f - <<EOF\nkind: Service\n", "--strict")
        self.assertEqual(status, 1)
        self.assertTrue(err)

    def test_exit_status(self):
        self.assertEqual(self.run_shell("get nothing\n")[0], 0)
        self.assertEqual(self.run_shell("get nothing\n", "--strict")[0], 1)
        self.assertEqual(self.run_shell("get nodes\n", "--strict")[0], 0)
        self.assertEqual(self.run_shell("", "--stepz")[0], 2)
        self.assertEqual(self.run_shell("", "nothing.yaml")[0], 2)
        self.assertEqual(self.run_shell("", "a.yaml", "b.yaml")[0], 2)
        self.assertEqual(self.run_shell("", "--steps", "x")[0], 2)
        self.assertEqual(self.run_shell("quit\nget nothing\n", "--strict")[0], 0)

    def test_what_was_saved_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            lines = f"{WEB}\nuntil web-2 ready\nnode node1 becomes down\nrun 10m\nget pods\nsave it.yaml\n"
            status, out, err = self.run_shell(lines, "--strict", "--seed", "3", folder=folder)
            self.assertEqual((status, err), (0, ""), out)
            done = subprocess.run([PROGRAM, "run", "-q", "it.yaml"], capture_output=True, text=True, cwd=folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            table = out[out.index("$ get pods\n") + len("$ get pods\n"):out.index("$ save")]
            self.assertIn(table, done.stdout)

    def test_why_is_answered_and_its_remedies_can_be_typed(self):
        lines = [WEB, "until sts web complete", "image web:v2 becomes unpullable", "set image sts/web web=web:v2",
                 "run 1m", "why web-2", "image web:v2 becomes fine", "until web-2 ready", "why not web-2 gone",
                 "why so long sts/web"]
        status, out, err = self.run_shell("\n".join(lines), "-q", "--strict")
        self.assertEqual((status, err), (0, ""), out)
        self.assertIn("web-2 is not ready", out)
        self.assertIn("  image web:v2 becomes fine\n", out)
        self.assertIn("nobody", self.run_shell("why nobody\n")[2])
        self.assertEqual(self.run_shell("why\nwhy not\nwhy so long\n", "--strict")[0], 1)

    def test_anything_may_come(self):
        noise = bytes(range(256)) * 50 + b"\nget nodes -o name\n" + b"\xff" * 100000 + b"\n" + b"until " * 5000
        status, out, err = self.run_shell(noise)
        self.assertEqual(status, 0)
        self.assertIn("node/node1", out)
        self.assertNotIn("\x1b", out + err)

    def test_a_run_needs_no_more_than_before(self):
        if sys.platform != "linux":
            self.skipTest("ldd")
        needed = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True).stdout
        self.assertNotRegex(needed, r"libedit|libtinfo|libbsd|libmd\b")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
