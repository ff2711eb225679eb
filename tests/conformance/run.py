#!/usr/bin/env python3
"""Replay scenarios on the simulator and compare with the recordings of real clusters.

usage: run.py STSIM [RELEASE/SCENARIO ...]      e.g. run.py build/release/stsim 1.36/walkthrough
Without names: every recording, and the score of each release at the end. Exits 0 only if every step of
every scenario matches, those of races.txt apart.
"""
import pathlib, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent


def scenario_file(name):
    for folder in (HERE / "scenarios", HERE / "scenarios" / "random"):
        if (folder / f"{name}.yaml").exists():
            return folder / f"{name}.yaml"
    sys.exit(f"no scenario for the recording {name}")


def check(stsim, release, name, folder):
    """True if the simulator's recording equals the cluster's; prints the score and a difference."""
    actual = pathlib.Path(folder) / f"{name}.jsonl"
    run = subprocess.run([stsim, "run", scenario_file(name), "--kubernetes", release, "--record", actual, "-q"],
                         capture_output=True, text=True, stdin=subprocess.DEVNULL)
    print(f"{release} ", end="", flush=True)
    if run.returncode != 0:
        print(f"{name}: stsim ended with {run.returncode}\n{run.stdout}{run.stderr}")
        return False
    expected = HERE / "recorded" / release / f"{name}.jsonl"
    compared = subprocess.run([sys.executable, HERE / "compare.py", expected, actual],
                              capture_output=True, text=True)
    print((compared.stdout + compared.stderr).split("\n1 of 1")[0].split("\n0 of 1")[0])
    return compared.returncode == 0


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    stsim = str(pathlib.Path(sys.argv[1]).resolve())
    names = sys.argv[2:] or sorted(f"{f.parent.name}/{f.stem}" for f in HERE.glob("recorded/*/*.jsonl"))
    races = {line for line in (HERE / "races.txt").read_text().split("\n") if line and line[0] != "#"}
    scores, failed = {}, False
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            release, scenario = name.split("/", 1)
            good = check(stsim, release, scenario, folder)
            score = scores.setdefault(release, [0, 0])
            score[0] += good
            score[1] += 1
            failed |= not good and name not in races
    for release, (good, total) in scores.items():
        print(f"{release}: {good} of {total} scenarios match whole")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
