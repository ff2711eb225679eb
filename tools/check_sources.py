#!/usr/bin/env python3
"""What no compiler checks: contracts, rule ids, layers, and calls that would break determinism.

usage: check_sources.py [ROOT]
Prints FILE:LINE: what is wrong, for each
  - public declaration in include/ (types, functions, aliases and constants at namespace scope,
    public member functions that are not trivial, macros) without its /// contract;
  - cited rule id (SS-, PV-, PN-, GC-, SD-, KC-, VA-, OP-, with or without .n or a letter) that
    tests/conformance/reference/ does not define;
  - module that includes a header of a module below it in the list of CMakeLists.txt, or a
    private header of another module; library that must not show in include/;
  - use of the wall clock or of unseeded chance in include/ or sim/, sim/cli/stopwatch.hpp apart.
Exits 0 only if there is nothing to print.
"""
import pathlib, re, sys

sys.dont_write_bytecode = True  # no __pycache__ in the sources
import cpp_declarations
from rule_ids import SOURCES, lines_of, read_rules, unknown_ids

HIDDEN_LIBRARIES = re.compile(r"(yaml-cpp|boost|CLI|fmt/ostream)/")
UNREPEATABLE = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock|random_device|s?rand\s*\("
                          r"|gettimeofday|setlocale|localtime\w*|unordered_\w+\s*<[^<>]*\*)")


def check_contracts(root):
    for path in sorted(root.glob("include/**/*.hpp")):
        for d in cpp_declarations.declarations(path.read_text(encoding="utf-8")):
            if not d.documented and not d.trivial:
                name = "::".join([*d.scope[1:], d.name])
                yield path, d.first, f"{d.kind} {name} has no /// contract"


def check_rule_ids(root):
    rules = read_rules(root)
    if not rules:
        yield root / "tests/conformance/reference", 0, "no rules found"
    for folder in ("include", "sim", "tests", "scenarios", "tools"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in SOURCES or root / "tests/conformance/reference" in path.parents:
                continue
            # The tests of this check cite rules that do not exist.
            if path.name == "check_sources_test.py":
                continue
            for number, line in enumerate(lines_of(path), 1):
                for rule in unknown_ids(rules, line):
                    yield path, number, f"there is no rule {rule}"


def module_order(root):
    text = (root / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"set\(stsim_modules ([\w\s]+)\)", text)[1].split()


def check_layers(root):
    order = module_order(root)
    for module in order:
        public, private = root / "include/stsim" / module, root / "sim" / module
        for path in sorted([*public.rglob("*.hpp"), *private.rglob("*.[ch]pp")]):
            is_public = public in path.parents
            for number, line in enumerate(lines_of(path), 1):
                match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
                if not match:
                    continue
                bracket, name = match.groups()
                parts = name.split("/")
                if parts[0] == "stsim":
                    if parts[1] not in order:
                        yield path, number, f"{name}: no such module in CMakeLists.txt"
                    elif order.index(parts[1]) > order.index(module):
                        yield path, number, f"module {module} may not include {name}: {parts[1]} is below it"
                elif bracket == '"' and parts[0] in order and parts[0] != module:
                    yield path, number, f"{name} is a private header of module {parts[0]}"
                elif is_public and HIDDEN_LIBRARIES.match(name):
                    yield path, number, f"{name} must not show in a public header"
                elif is_public and bracket == '"':
                    yield path, number, f"{name}: public headers include <stsim/...> only"


def check_repeatable(root):
    for folder in ("include", "sim"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            if path == root / "sim/cli/stopwatch.hpp":
                continue
            code, _ = cpp_declarations.blank(path.read_text(encoding="utf-8"))
            for number, line in enumerate(code.split("\n"), 1):
                if match := UNREPEATABLE.search(line):
                    yield path, number, f"{match[1].strip()} makes runs differ"


CHECKS = (check_contracts, check_rule_ids, check_layers, check_repeatable)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1]).resolve()
    findings = 0
    for check in CHECKS:
        for path, line, message in check(root):
            print(f"{path.relative_to(root)}:{line}: {message}")
            findings += 1
    print(f"{findings} findings in the sources")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
