"""The rules of tests/conformance/reference/, and where sources and tests cite them."""
import re

RULE = re.compile(r"(?<![\w-])((?:SS|PV|PN|GC|SD|KC|VA|OP)-)(\d+)(?:\.(\d+)(?!\w)|([a-z])(?!\w))?"
                  r"((?:(?:\.\.|/)\d+(?![\w.]))*)")
SPAN_END = re.compile(r" to ([A-Z]{2}-)(\d+)")
DEFINITION = re.compile(r"[-| ]*\*\*((?:SS|PV|PN|GC|SD|KC|VA|OP)-\d+[a-z]?)\b")
SOURCES = {".cpp", ".hpp", ".py", ".sh", ".yaml", ".cmake", ".md", ".txt", ".in", ".patch"}


def lines_of(path):
    return path.read_text(encoding="utf-8").split("\n")


def read_rules(root):
    """Rule id -> the text that defines it, in the order of the reference."""
    rules = {}
    for path in sorted(root.glob("tests/conformance/reference/*.md")):
        current = None
        for line in lines_of(path):
            if match := DEFINITION.match(line):
                current = match[1]
                rules[current] = ""
            if current:
                rules[current] += line + "\n"
    return rules


def has_item(text, item):
    return re.search(rf"(^|[\s(*|]){item}[.)]", text, re.M)


def unknown_ids(rules, line):
    """The cited ids in a line that no rule defines: SS-80, SS-80a, SS-111.5, SS-80..86, SS-3/4."""
    for match in RULE.finditer(line):
        prefix, number, item, letter, more = match.groups()
        whole = prefix + number + (letter or "")
        base = prefix + number
        if whole not in rules:
            if base not in rules or not has_item(rules[base], letter):
                yield whole
        elif item and not has_item(rules[base], item):
            yield f"{base}.{item}"
        for other in re.findall(r"\d+", more):
            if prefix + other not in rules:
                yield prefix + other


def cited_rules(rules, line):
    """The rules that a line cites, those between the ends of a span (SS-80..86, SS-80 to SS-86) too."""
    for match in RULE.finditer(line):
        prefix, number, _, letter, more = match.groups()
        whole = prefix + number + (letter or "")
        ids = [whole if whole in rules else prefix + number]
        spans = [int(end) for end in re.findall(r"\.\.(\d+)", more)]
        end = SPAN_END.match(line, match.end())
        if end and end[1] == prefix:
            spans.append(int(end[2]))
        for last in spans:
            ids += [f"{prefix}{n}" for n in range(int(number), last + 1)]
        ids += [prefix + other for other in re.findall(r"/(\d+)", more)]
        yield from (id for id in ids if id in rules)
