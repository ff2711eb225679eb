#!/usr/bin/env python3
"""Counts the instructions of fixed workloads, which do not depend on the machine's speed or load, and compares
them with those that are stored.

usage: instructions.py STSIM [--update]
Fails where a workload takes over 5 percent more than instructions.json says; --update stores the new counts, for
a change that is worth them. Exits 77 (skipped) without valgrind, or where the program was built by another
compiler than the stored counts are of.
"""
import argparse, json, pathlib, re, shutil, subprocess, sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STORED = HERE / "instructions.json"
WORKLOADS = {"walkthrough": ROOT / "scenarios/tutorial/walkthrough.yaml",
             **{file.stem: file for file in sorted((HERE / "workloads").glob("*.yaml"))}}
GROWTH = 5  # percent
SKIPPED = 77


def instructions(stsim, scenario):
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", stsim, "run", "-q", scenario],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL,
                         env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or collected is None:
        sys.exit(f"{scenario}: valgrind ended with {run.returncode}\n{run.stderr}")
    return int(collected[1])


def compiler(stsim):
    """As the compiler names itself in the program."""
    comment = subprocess.run(["readelf", "-p", ".comment", stsim], capture_output=True, text=True).stdout
    return "; ".join(sorted(set(re.findall(r"\]\s+(.+)", comment))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stsim", type=pathlib.Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed")
        sys.exit(SKIPPED)
    stsim = options.stsim.resolve()
    stored = json.loads(STORED.read_text()) if STORED.exists() else {"compiler": "", "instructions": {}}
    if not options.update and stored["compiler"] != compiler(stsim):
        print(f"skipped: built by {compiler(stsim)}, and the counts are of {stored['compiler']}")
        sys.exit(SKIPPED)
    counts, failed = {}, False
    for name, scenario in WORKLOADS.items():
        counts[name] = instructions(stsim, scenario)
        before = stored["instructions"].get(name, counts[name])
        change = 100 * (counts[name] - before) / before
        grown = counts[name] * 100 > before * (100 + GROWTH)
        failed |= grown
        print(f"{name}: {counts[name]:,} instructions, {change:+.1f} percent{' TOO MANY' if grown else ''}", flush=True)
    if options.update:
        STORED.write_text(json.dumps({"compiler": compiler(stsim), "instructions": counts}, indent=1) + "\n")
    elif failed:
        sys.exit("if the change is worth it: tests/bench/instructions.py STSIM --update")


if __name__ == "__main__":
    main()
