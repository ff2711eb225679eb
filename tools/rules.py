#!/usr/bin/env python3
"""The table of rules: where each is modelled, and which tests turn red when it is broken.

usage: rules.py [--gaps] [ROOT]
Reads the reference (tests/conformance/reference/), the citations in include/ and sim/, those in tests/ and
scenarios/ (of a C++ test the name of the test case that cites the rule), and the mutants of tests/mutants/.
A rule that is cited nowhere in the sources, or in no test, is a gap, unless rules-left-out.txt beside the
reference gives the reason: a line `SS-220..231 source: reason`, or `test:`, or `source test:`.
--gaps prints the gaps alone. Exits 0 only if there is no gap, and no reason for what is no gap.
"""
import collections, pathlib, re, sys

sys.dont_write_bytecode = True  # no __pycache__ in the sources
from rule_ids import SOURCES, cited_rules, lines_of, read_rules

REASONS = "tests/conformance/rules-left-out.txt"
TEST_CASE = re.compile(r'\s*(?:TEST_CASE|SCENARIO)\("([^"]+)"?')


def files_of(root, folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SOURCES:
                yield path


def where_modelled(root, rules):
    """Rule -> the files of include/ and sim/ that cite it."""
    found = collections.defaultdict(list)
    for path in files_of(root, ("include", "sim")):
        name = str(path.relative_to(root))
        for line in lines_of(path):
            for rule in cited_rules(rules, line):
                if name not in found[rule]:
                    found[rule].append(name)
    return found


def tests_of(root, rules):
    """Rule -> the tests that cite it, as `file: test case` or `file`."""
    found = collections.defaultdict(list)
    for path in files_of(root, ("tests", "scenarios")):
        name = path.relative_to(root)
        if (root / "tests/conformance") in path.parents and path.suffix != ".yaml":
            continue  # the reference itself, and its tables
        if name.parts[:2] in (("tests", "tools"), ("tests", "mutants")):
            continue
        waiting, case = [], ""
        for line in lines_of(path):
            if match := TEST_CASE.match(line):
                case = f": {match[1]}"
                for rule in waiting:  # cited in the comment above
                    add(found[rule], f"{name}{case}")
            waiting = list(cited_rules(rules, line)) if line.lstrip().startswith("//") else []
            for rule in cited_rules(rules, line):
                if not waiting or case:
                    add(found[rule], f"{name}{case}")
            if line.startswith("}"):
                case = ""
    return found


def add(values, value):
    if value not in values:
        values.append(value)


def mutants_of(root, rules):
    """Rule -> the mutants that break it."""
    found = collections.defaultdict(list)
    for path in sorted((root / "tests/mutants").glob("*.patch")):
        for line in lines_of(path):
            if line.startswith("Rule: "):
                for rule in cited_rules(rules, line):
                    add(found[rule], path.stem)
    return found


def read_reasons(root, rules):
    """(rule, "source" or "test") -> why there is none."""
    reasons, wrong = {}, []
    for number, line in enumerate(lines_of(root / REASONS), 1):
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"([-\w./ ]*?\d[a-z]?) ((?:source|test)(?: test)?): (\S.*)", line)
        ids = list(cited_rules(rules, match[1])) if match else []
        if not ids:
            wrong.append(f"{REASONS}:{number}: not `RULES source|test: reason`")
        for rule in ids:
            for what in match[2].split():
                reasons[rule, what] = match[3]
    return reasons, wrong


def short(text):
    """A rule's first words, without its id and marks."""
    words = re.sub(r"^[-| ]*\*\*[A-Z]{2}-\d+[a-z]?\b\s*", "", text.split("\n")[0])
    words = re.sub(r"\s+", " ", words.replace("**", "").replace("|", "/")).strip()
    return words if len(words) <= 70 else words[:67].rstrip() + "..."


def main():
    if "--help" in sys.argv or "-h" in sys.argv:
        print(__doc__, end="")
        return
    arguments = [a for a in sys.argv[1:] if a != "--gaps"]
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[1]).resolve()
    rules = read_rules(root)
    modelled, tested, mutants = where_modelled(root, rules), tests_of(root, rules), mutants_of(root, rules)
    reasons, findings = read_reasons(root, rules)
    if "--gaps" not in sys.argv:
        print("| rule | what it says | modelled in | tests that cite it | mutants |\n|---|---|---|---|---|")
        for rule, text in rules.items():
            cells = [rule, short(text),
                     ", ".join(modelled[rule]) or f"({reasons.get((rule, 'source'), 'GAP')})",
                     "; ".join(tested[rule]) or f"({reasons.get((rule, 'test'), 'GAP')})",
                     ", ".join(mutants[rule])]
            print(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
        print()
    for rule in rules:
        for what, found in (("source", modelled), ("test", tested)):
            if not found[rule] and (rule, what) not in reasons:
                findings.append(f"{rule}: no {what} cites it: {short(rules[rule])}")
            elif found[rule] and (rule, what) in reasons:
                findings.append(f"{rule}: a reason why no {what} cites it, but {found[rule][0]} does")
    for finding in findings:
        print(finding)
    both = sum(1 for rule in rules if modelled[rule] and tested[rule])
    print(f"{len(rules)} rules: {both} modelled and tested, {sum(1 for r in rules if mutants[r])} with a mutant, "
          f"{len({rule for rule, _ in reasons})} left out in part or whole with a reason, {len(findings)} findings")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
