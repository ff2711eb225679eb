#!/usr/bin/env python3
"""Names Kubernetes' own tests of the StatefulSet and where each has its counterpart here.

The names are those of tests/conformance/reference/upstream-tests.md. A counterpart is a test case of
Catch2 under tests/ whose name begins with the upstream name (of the e2e tests: with "e2e: " and that
name), followed by a colon or nothing. What makes no sense here stands with its reason in
tests/conformance/upstream-left-out.txt. The exit status is 1 if a name has neither, or both.
"""
import pathlib, re, sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
REFERENCE = "tests/conformance/reference/upstream-tests.md"
LEFT_OUT = "tests/conformance/upstream-left-out.txt"
TEST_CASE = re.compile(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')


def read_names(text):
    """The names of the reference in its order: e2e sentences from the first table, `TestX` from all
    that follows; the parts of a test that has a table of its own as `TestX/Part`."""
    e2e, _, rest = text.partition("\n## 2 ")
    names = ["e2e: " + first for first in first_cells(e2e) if first != "Test"]
    parent = ""
    for line in rest.splitlines():
        cell = re.match(r"\|\s*·\s*([^|]*?)\s*\|", line)
        if cell:
            names += [f"{parent}/{part}" for part in re.split(r",\s*", cell[1])]
            continue
        cell = re.match(r"\|([^|]*)\|", line)
        listed = cell[1] if cell else re.sub(r"\([^)]*\)", "", line) if line.startswith("**") else ""
        found = re.findall(r"\bTest[A-Z]\w*", listed)
        names += found
        parent = found[-1] if found else parent
    return list(dict.fromkeys(names))


def first_cells(text):
    return [m[1] for m in re.finditer(r"^\|\s*([^|·-][^|]*?)\s*\|", text, re.M)]


def read_tests(root):
    """Pairs of a test case's name and the place where it stands."""
    out = []
    for path in sorted((root / "tests").rglob("*_test.cpp")):
        text = path.read_text(encoding="utf-8")
        for case in TEST_CASE.finditer(text):
            name = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', case[1]))
            line = text.count("\n", 0, case.start()) + 1
            out.append((name, f"{path.relative_to(root)}:{line}"))
    return out


def read_left_out(root):
    """Pairs of a name and the reason why it has no counterpart."""
    path = root / LEFT_OUT
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = [line.rpartition(": ") if line.startswith("e2e: ") else line.partition(": ")
             for line in lines if line and not line.startswith("#")]
    return [(name, reason) for name, _, reason in pairs]


def belongs(test, name):
    """Whether a test case is a counterpart of an upstream test. One may be that of several parts of
    one test: `TestX/A, B and C: …`."""
    head, _, part = name.partition("/")
    if part and test.startswith(head + "/"):
        parts = test[len(head) + 1:].partition(":")[0]
        return part in re.split(r",\s*|\s+and\s+", parts)
    if test.startswith("e2e: ") != name.startswith("e2e: "):
        return False
    rest = test[len(name):]
    return test.startswith(name) and (not rest or rest[0] in ":/")


def compare(root):
    """How many upstream tests there are, the table and what is wrong with it."""
    names = read_names((root / REFERENCE).read_text(encoding="utf-8"))
    tests, left_out = read_tests(root), read_left_out(root)
    rows, faults = [], [] if names else [f"{REFERENCE} has no names"]
    for name in names:
        here = [test for test in tests if belongs(test[0], name)]
        reasons = [reason for left, reason in left_out if left == name]
        rows += [(name, *test) for test in here] + [(name, "left out: " + reason, "") for reason in reasons]
        if not here and not reasons:
            faults.append(f"{name} has no counterpart and no reason why not")
        if here and reasons:
            faults.append(f"{name} is left out, but there is {here[0][1]}")
        if len(reasons) > 1:
            faults.append(f"{name} is left out twice")
    for name, reason in left_out:
        if name not in names:
            faults.append(f"{LEFT_OUT}: there is no upstream test {name}")
        if not reason.strip():
            faults.append(f"{LEFT_OUT}: {name} has no reason")
    return len(names), rows, faults


def main():
    count, rows, faults = compare(ROOT)
    print("upstream test | here | where")
    for row in rows:
        print(" | ".join(row).rstrip(" |"))
    for fault in faults:
        print("fault: " + fault)
    print(f"{count} upstream tests, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
