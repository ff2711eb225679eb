#!/usr/bin/env python3
"""Breaks one rule after the other and shows that a test turns red for each.

usage: run.py [--apply] [NAME...]        e.g. run.py lowest-condemned-first
Each NAME.patch here opens with what it breaks, `Rule: ID` and `Caught by: REGEX`, the tests (of ctest) that
are tried first; if they pass, all others are. The tree as git has it is copied to a scratch folder and built
there; nothing in the checkout changes. A mutant takes about half a minute; not a part of CI.
--apply only checks that every patch still applies, and that it names an existing rule (CI does that).
Exits 0 only if every mutant was caught.
"""
import pathlib, re, subprocess, sys, tempfile, time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from rule_ids import read_rules

# What a mutant of the simulator cannot break, or takes long: the package, the scripts, the fuzzers' corpora, and
# those of the property tests that go through all cases.
NOT_TRIED = "^(package|tools|fuzz|determinism|property.t)"


def header(patch):
    text = patch.read_text(encoding="utf-8")
    fields = dict(re.findall(r"^(Rule|Caught by): (.+)$", text.split("\n--- ")[0], re.M))
    return text.split("\n")[0], fields.get("Rule", ""), fields.get("Caught by", "")


def git_apply(tree, patch, *options):
    return subprocess.run(["git", "apply", *options, str(patch)], cwd=tree, capture_output=True, text=True)


def check_patches(patches):
    """Complaints about patches that do not apply, or do not say what they break."""
    rules = read_rules(ROOT)
    for patch in patches:
        what, rule, caught_by = header(patch)
        if rule not in rules:
            yield f"{patch.name}: there is no rule {rule!r}"
        if not what or not caught_by:
            yield f"{patch.name}: its first lines do not say what it breaks and what catches it"
        if (result := git_apply(ROOT, patch, "--check")).returncode != 0:
            yield f"{patch.name}: does not apply: {result.stderr.strip()}"


def build(tree):
    return subprocess.run(["ninja", "-C", tree / "build/release"], capture_output=True, text=True)


def failed_tests(tree, *options):
    """The names of the first tests that fail."""
    run = subprocess.run(["ctest", "--test-dir", tree / "build/release", "--stop-on-failure", "--parallel", "2",
                          "-E", NOT_TRIED, *options], capture_output=True, text=True)
    return re.findall(r"^\t? *\d+ - (\S+) \(", run.stdout, re.M)


def verdict(tree, patch):
    _, _, caught_by = header(patch)
    if (result := git_apply(tree, patch)).returncode != 0:
        return False, f"does not apply: {result.stderr.strip()}"
    try:
        if (result := build(tree)).returncode != 0:
            return False, "does not build:\n" + result.stdout[-2000:]
        failed = failed_tests(tree, "-R", caught_by) or failed_tests(tree)
        return bool(failed), "caught by " + ", ".join(failed[:3]) if failed else "SURVIVED"
    finally:
        git_apply(tree, patch, "--reverse")


def main():
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__)
        return
    names = [a for a in sys.argv[1:] if a != "--apply"]
    patches = sorted(HERE / f"{name}.patch" for name in names) if names else sorted(HERE.glob("*.patch"))
    if complaints := list(check_patches(patches)):
        sys.exit("\n".join(complaints))
    if "--apply" in sys.argv:
        print(f"{len(patches)} mutants apply")
        return
    caught, started = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder) / "stsim"
        subprocess.run(["git", "clone", "--quiet", ROOT, tree], check=True)
        configure = ["cmake", "--preset", "release", "-DCMAKE_UNITY_BUILD=OFF"]
        subprocess.run(configure, cwd=tree, check=True, capture_output=True)
        print("building the tree as it is", flush=True)
        if (result := build(tree)).returncode != 0:
            sys.exit(result.stdout[-2000:])
        if failed := failed_tests(tree):
            sys.exit(f"without any mutant these tests fail: {', '.join(failed)}")
        for patch in patches:
            good, text = verdict(tree, patch)
            caught += good
            print(f"{header(patch)[1]:7} {patch.stem}: {text}", flush=True)
    print(f"{caught} of {len(patches)} mutants caught in {time.monotonic() - started:.0f} s")
    sys.exit(0 if caught == len(patches) else 1)


if __name__ == "__main__":
    main()
