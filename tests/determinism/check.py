#!/usr/bin/env python3
"""Run scenarios twice in different environments, with one program or several builds of it, and
require the same bytes each time: on standard output, in the trace and in the recording. Of some
scenarios also pages, pictures, exports and explanations.

usage: check.py STSIM [STSIM ...]
Programs named in STSIM_OTHER_PROGRAMS (joined by colons) are added. The scenarios are all that the
project has, those of the conformance tests included. Exits 0 only if nothing differs.
"""
import argparse, concurrent.futures, hashlib, os, pathlib, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Each run also has a folder of its own as current folder and for its outputs.
ENVIRONMENTS = [
    {"TZ": "UTC", "LC_ALL": "C", "COLUMNS": "80", "HOME": "/"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "COLUMNS": "200",
     "HOME": "/nonexistent", "MALLOC_PERTURB_": "85"},
]

# What else is made of a run; each writes to the file `view`, or to standard output.
VIEWS = {
    "page": ["report", "-o", "view"],
    **{f"graph of {kind}": ["graph", "--kind", kind, "-o", "view.mmd"]
       for kind in ("owners", "bindings", "causes", "rollout")},
    **{f"export to {form}": ["export", "--to", form, "-o", "view"]
       for form in ("perfetto", "vcd", "asciicast", "otlp")},
    "why so long": ["why", "so", "long"],
}
VIEWED = ("tutorial/6-canary-by-patch.yaml", "museum/r01-bad-image.yaml", "museum/n01-node-dies.yaml")


def scenarios():
    """Every scenario of the project; other files of their folders are manifests."""
    return sorted(f for folder in ("scenarios", "tests/conformance/scenarios")
                  for f in (ROOT / folder).rglob("*.yaml")
                  if "\nsteps:" in "\n" + f.read_text(encoding="utf-8"))


def outputs(program, scenario, environment):
    """SHA-256 of everything that one run gives, by name; the exit code is part of it."""
    with tempfile.TemporaryDirectory() as folder:
        # Relative, so that a path that is printed is the same in both.
        files = {name: pathlib.Path(folder) / name for name in ("record", "trace")}
        run = subprocess.run(
            [program, "run", scenario, "--record", "record", "--trace", "trace"],
            cwd=folder, env={"PATH": os.environ["PATH"], **environment}, capture_output=True,
            stdin=subprocess.DEVNULL)
        # Exit codes of other kinds (usage, crash) would make two equal failures look like success.
        if run.returncode not in (0, 1) or not all(f.exists() for f in files.values()):
            return {"run": f"exit code {run.returncode}: " + run.stderr.decode(errors="replace")[:2000]}
        digest = lambda data: hashlib.sha256(data).hexdigest()
        out = {"exit code": run.returncode, "stdout": digest(run.stdout),
               **{name: digest(f.read_bytes()) for name, f in files.items()}}
        for name, words in VIEWS.items() if str(scenario).endswith(VIEWED) else ():
            view = subprocess.run([program, *words, scenario], cwd=folder, stdin=subprocess.DEVNULL,
                                  env={"PATH": os.environ["PATH"], **environment}, capture_output=True)
            if view.returncode != 0:
                return {"run": f"{name}: exit code {view.returncode}: {view.stderr.decode(errors='replace')[:2000]}"}
            made = sorted(pathlib.Path(folder).glob("view*"))
            out[name] = digest(view.stdout + b"".join(f.read_bytes() for f in made))
            for file in made:
                file.unlink()
        return out


def check(programs, scenario):
    """The complaints about one scenario: failed runs, and what differs from the first run."""
    complaints, first = [], None
    for program in programs:
        # Other builds, which may be slow, run in the odder environment only.
        for number, environment in list(enumerate(ENVIRONMENTS))[0 if program == programs[0] else -1:]:
            got = outputs(program, scenario, environment)
            where = f"{scenario}: {program}, environment {number}"
            if "run" in got:
                complaints.append(f"{where}: {got['run']}")
            elif first is None:
                first = got
            else:
                complaints += [f"{where}: {key} differs from the first run: {got[key]}, not {first[key]}"
                               for key in got if got[key] != first[key]]
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs="+", metavar="STSIM")
    arguments = parser.parse_args()
    programs = arguments.programs + [p for p in os.environ.get("STSIM_OTHER_PROGRAMS", "").split(":") if p]
    programs = [str(pathlib.Path(p).resolve()) for p in programs]
    files = scenarios()
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        complaints = sum(pool.map(lambda f: check(programs, f), files), [])
    print("\n".join(complaints + [f"{len(files)} scenarios, {len(programs)} programs, "
                                  f"{len(ENVIRONMENTS)} environments: {len(complaints)} complaints"]))
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
