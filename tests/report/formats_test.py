#!/usr/bin/env python3
"""What `stsim graph` and `stsim export` write is read by those that the formats belong to.

usage: formats_test.py STSIM SOURCES
Graphviz, GTKWave's converters, asciinema, protoc with the published fields of Perfetto's format, and
of the npm registry (tools/formats.sh) mermaid and the messages of OpenTelemetry. Where one of them
is missing its tests are skipped and the exit status is 77; under CI=true that is a failure.
"""
import importlib.util, json, os, pathlib, pty, re, shutil, subprocess, sys, tempfile, unittest
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
PROGRAM, SOURCES = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
FORMATS = SOURCES / "tests/report/formats"
MODULES = SOURCES / "build/formats/node_modules"
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
            return MODULES.is_dir()
        if name == "python3-protobuf":
            return importlib.util.find_spec("google") and importlib.util.find_spec("google.protobuf")
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
    def read(self, path):
        """The trace as messages of the format, by the field numbers that Perfetto publishes."""
        from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
        descriptors = self.folder / "descriptors"
        call("protoc", f"-I{FORMATS}", f"--descriptor_set_out={descriptors}", "perfetto.proto")
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes())
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        factory = message_factory.MessageFactory(pool)
        Trace = factory.GetPrototype(pool.FindMessageTypeByName("perfetto.Trace"))
        found = Trace.FromString(stsim("export", path, "--to", "perfetto"))
        before = found.ByteSize()
        found.DiscardUnknownFields()
        self.assertEqual(found.ByteSize(), before, "there is no field that the format does not have")
        return found

    @needs("protoc", "python3-protobuf")
    def test_tracks_events_and_flows_are_what_perfetto_asks_for(self):
        for name, path in stories():
            with self.subTest(name):
                self.check(self.read(path), trace(path))

    def check(self, found, records):
        tracks, events = {}, []
        for packet in found.packet:
            self.assertEqual(packet.trusted_packet_sequence_id, 1)
            if packet.HasField("track_descriptor"):
                track = packet.track_descriptor
                self.assertNotIn(track.uuid, tracks)
                self.assertTrue(not track.parent_uuid or track.parent_uuid in tracks, track.name)
                tracks[track.uuid] = track
            elif packet.HasField("track_event"):
                events.append((packet.timestamp, packet.track_event))
        self.assertEqual(found.packet[0].sequence_flags, 1)
        self.assertEqual([t for t, _ in events], sorted(t for t, _ in events))

        open_on, begins, ends, instants, slices = {}, {}, {}, 0, {}
        for time, event in events:
            track = tracks[event.track_uuid]
            kind = event.Type.Name(event.type)
            self.assertEqual(kind == "TYPE_COUNTER", track.HasField("counter"), track.name)
            if kind == "TYPE_SLICE_BEGIN":
                self.assertNotIn(track.uuid, open_on, f"spans of {track.name} overlap at {time}")
                open_on[track.uuid] = time
                slices.setdefault(track.name, []).append(event.name)
            elif kind == "TYPE_SLICE_END":
                self.assertLessEqual(open_on.pop(track.uuid), time)
            elif kind == "TYPE_INSTANT":
                instants += event.categories[0] == "sync"
            for flow in event.flow_ids:
                self.assertNotIn(flow, begins)
                begins[flow] = track.uuid
            for flow in event.terminating_flow_ids:
                # That it begins before it ends shows in the order of events.
                self.assertIn(flow, begins)
                self.assertNotIn(flow, ends)
                self.assertNotEqual(begins[flow], track.uuid)
                ends[flow] = track.uuid
        self.assertFalse(open_on, "all spans end")
        self.assertEqual(begins.keys(), ends.keys())
        self.assertTrue(begins)
        self.assertEqual(instants, sum(r["type"] == "sync" for r in records))
        pods = {r["object"].split("/")[1] for r in records
                if r["type"] == "call" and r.get("resource") == "pods" and r["verb"] == "create" and r["code"] == 201}
        self.assertLessEqual(pods, slices.keys())
        self.assertIn("ready", {state for pod in pods for state in slices[pod]})


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
