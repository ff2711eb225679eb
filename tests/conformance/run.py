#!/usr/bin/env python3
"""Replay scenarios on the simulator and compare with the recordings of real clusters.

usage: run.py [--out FOLDER] STSIM [RELEASE/SCENARIO ...]      e.g. run.py build/release/stsim 1.36/walkthrough
Without names: every recording, and the score of each release at the end: what matches as the scenario stands.
The recordings of races.txt show a race that went another way; they do not count as matching. Of them one of the
ways that `--draw-races` can take has to match, and which seed takes it is printed. Exits 0 only if every step of
every other scenario matches.
--out keeps what the simulator recorded of the scenarios as they stand: FOLDER/RELEASE/SCENARIO.jsonl, as
compare.py takes it.
"""
import argparse, pathlib, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
RACES = {line for line in (HERE / "races.txt").read_text().split("\n") if line and line[0] != "#"}
WAYS = 20  # seeds tried of a race


def scenario_file(name):
    for folder in (HERE / "scenarios", HERE / "scenarios" / "random"):
        if (folder / f"{name}.yaml").exists():
            return folder / f"{name}.yaml"
    sys.exit(f"no scenario for the recording {name}")


def replay(stsim, release, name, actual, options=()):
    """Whether the simulator's recording, written to `actual`, equals the cluster's, and what to say of it."""
    run = subprocess.run([stsim, "run", scenario_file(name), "--kubernetes", release, "--record", actual, "-q",
                          *options], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if run.returncode != 0:
        return False, f"{name}: stsim ended with {run.returncode}\n{run.stdout}{run.stderr}"
    expected = HERE / "recorded" / release / f"{name}.jsonl"
    compared = subprocess.run([sys.executable, HERE / "compare.py", expected, actual],
                              capture_output=True, text=True)
    text = (compared.stdout + compared.stderr).split("\n1 of 1")[0].split("\n0 of 1")[0]
    return compared.returncode == 0, text


def in_another_order(stsim, release, name):
    """Whether a drawn race takes the way of the recording, and what to say of it."""
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(WAYS):
            good, _ = replay(stsim, release, name, pathlib.Path(scratch) / "race.jsonl",
                             ("--draw-races", "--seed", str(seed)))
            if good:
                return True, f"matches whole by --draw-races --seed {seed}"
    return False, f"nor does any of {WAYS} seeds with --draw-races match"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("stsim", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    stsim = options.stsim.resolve()
    names = options.names or sorted(f"{f.parent.name}/{f.stem}" for f in HERE.glob("recorded/*/*.jsonl"))
    scores, failed = {}, False
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            release, scenario = name.split("/", 1)
            folder = (options.out or pathlib.Path(scratch)) / release
            folder.mkdir(parents=True, exist_ok=True)
            good, text = replay(stsim, release, scenario, folder / f"{scenario}.jsonl")
            print(release, text, flush=True)
            if name not in RACES:
                failed |= not good
            elif good:
                print(f"{name} matches as it stands, and need not stand in races.txt")
                failed = True
            else:
                drawn, text = in_another_order(stsim, release, scenario)
                print(release, f"{scenario}: {text}", flush=True)
                failed |= not drawn
            score = scores.setdefault(release, [0, 0])
            score[0] += good
            score[1] += 1
    for release, (good, total) in scores.items():
        print(f"{release}: {good} of {total} scenarios match whole")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
