"""Finds the declarations of a C++ header and whether each has a contract.

A contract is a `///` comment on the line above the declaration, or `///<` behind it; one contract
may serve a run of declarations of one kind that follow each other without an empty line. This is a
reader of this project's formatted headers, not a C++ parser: it follows comments, literals,
brackets and scopes, and tells declarations apart by their first words.
"""
import dataclasses
import re

# What the standard library's conventions already define.
CONVENTIONAL = {"begin", "end", "cbegin", "cend", "size", "empty", "swap"}


@dataclasses.dataclass
class Declaration:
    name: str
    kind: str  # type, function, value, alias, macro
    first: int  # lines, from 1
    last: int
    documented: bool
    trivial: bool  # needs no contract of its own
    scope: tuple


@dataclasses.dataclass
class Scope:
    kind: str  # namespace, class, struct
    name: str
    public: bool = True
    previous: Declaration | None = None


TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r'|R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])*'", re.S)


def blank(text):
    """The text with comments and literals blanked out (same length), and its `///` comments by line."""
    contracts = {}

    def replace(match):
        word = match[0]
        if word.startswith("///"):
            contracts[text.count("\n", 0, match.start()) + 1] = word
        # Literals must go on being an expression, comments become space.
        filler = " " if word.startswith("/") else "0"
        return re.sub(r"[^\n]", filler, word)

    return TOKEN.sub(replace, text), contracts


def strip_template_lists(head):
    """The head without `template <...>`, requires-clauses of one call, attributes."""
    head = re.sub(r"\[\[.*?\]\]|\balignas\s*\([^)]*\)", " ", head, flags=re.S).strip()
    while match := re.match(r"template\s*<", head):
        depth, at = 1, match.end()
        while at < len(head) and depth:
            depth += {"<": 1, ">": -1}.get(head[at], 0)
            at += 1
        head = head[at:].lstrip()
        if match := re.match(r"requires\s+[\w:]+(?:<[^>]*>)?(?:\s*(?:&&|\|\|)\s*[\w:]+(?:<[^>]*>)?)*\s", head):
            head = head[match.end():].lstrip()
    return head


def classify(head):
    """(kind, name) of a declaration's text up to its body or semicolon."""
    head = strip_template_lists(head)
    if match := re.match(r"(?:inline\s+)?namespace\b\s*([\w:]*)", head):
        return "namespace", match[1]
    if match := re.match(r'extern\s+0+', head):
        return "namespace", ""
    if match := re.match(r"(?:typedef\s+)?(?:class|struct|union)\s+([\w:]*(?:<[^{;]*>)?)\s*(?:final\s*)?(?::[^:(].*)?$", head, re.S):
        return "class", match[1]
    if match := re.match(r"enum\s+(?:class\s+|struct\s+)?(\w*)", head):
        return "enum", match[1]
    if match := re.match(r"using\s+(\w+)\s*=", head):
        return "alias", match[1]
    if match := re.match(r"concept\s+(\w+)", head):
        return "type", match[1]
    if re.match(r"(using|static_assert|friend\s+(class|struct)|extern\s+template)\b", head):
        return "other", ""
    if re.match(r"friend\b", head) and "operator" not in head and not head.rstrip().endswith(")"):
        return "other", ""
    if match := re.search(r"(operator\s*(?:\(\s*\)|[^\s(]+|\w[\w:&*<> ]*)|~?\w+)\s*\(", head):
        before = head[:match.start()]
        if "=" not in before:
            return "function", re.sub(r"\s+", "", match[1])
    if match := re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=|\{|$)", head):
        return "value", match[1]
    return "other", ""


def is_trivial(name, head, body, scope):
    """Special members, what has its contract in a base class, getters, conventional names."""
    owner = scope.name.split("<")[0]
    if name.startswith("~") or name in CONVENTIONAL or re.match(r"operator(==|!=|<=>|<|=|bool|\*|->|\+\+|--)$", name):
        return True
    if re.search(r"\)[^()]*\boverride\b|=\s*(default|delete)\s*$", head):
        return True
    if owner and name == owner:  # constructor: only initialises; of nothing, a copy or a move
        arguments = head[head.index("(") + 1:]
        special = re.match(rf"\s*\)|\s*(const\s+)?{owner}\s*&&?\s*\w*\s*\)", arguments)
        return bool(special or re.fullmatch(r"\{\s*\}", body or ""))
    return bool(re.fullmatch(r"\{\s*return\s+[*&]?\w+_;\s*\}", body or ""))


def initialises_a_member(head):
    """Whether a brace after this text begins a member's value: `C(int a) : a_` but not `C(int a)`."""
    return re.search(r"\)[^()]*:\s*[^:].*\w\s*$|,\s*\w+\s*$", head, re.S)


def declarations(text):
    """Every declaration at namespace scope or in the public part of a class."""
    code, contracts = blank(text)
    lines = text.split("\n")
    found = []
    scopes = [Scope("namespace", "")]
    at, start, line_of = 0, None, lambda i: code.count("\n", 0, i) + 1

    def matching(i):
        depth = 0
        for j in range(i, len(code)):
            depth += {"{": 1, "}": -1}.get(code[j], 0)
            if depth == 0:
                return j
        return len(code) - 1

    def add(kind, name, begin, end, head, body=None):
        scope = scopes[-1]
        if kind in ("other", "namespace") or not all(s.public for s in scopes):
            return
        first, last = line_of(begin), line_of(end)
        if scope.kind != "namespace" and kind in ("value", "alias"):
            return  # a member says enough by its name, or has a ///< where it does not
        above = contracts.get(first - 1, "")
        own_line = re.match(r"\s*///(?!<)", lines[first - 2]) if first > 1 else None
        documented = bool(above and own_line) or any(
            contracts.get(i, "").startswith("///<") for i in range(first, last + 1))
        previous = scope.previous
        if previous and previous.kind == kind and previous.last == first - 1:
            documented = documented or previous.documented
        scope.previous = Declaration(name, kind, first, last, documented,
                                     kind == "function" and is_trivial(name, head, body, scope),
                                     tuple(s.name for s in scopes if s.name))
        found.append(scope.previous)

    for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", code, re.M):
        line = line_of(match.start(1))
        found.append(Declaration(match[1], "macro", line, line, (line - 1) in contracts, False, ()))
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m[0]), code, flags=re.M)

    parentheses = 0
    while at < len(code):
        c = code[at]
        if start is None:
            if c == "}":
                scopes.pop()
            elif not c.isspace() and c != ";":
                start = at
                continue
            at += 1
            continue
        head = code[start:at]
        if c in "([":
            parentheses += 1
        elif c in ")]":
            parentheses -= 1
        elif parentheses:
            pass
        elif c == ":" and re.fullmatch(r"(public|protected|private)\s*", head):
            scopes[-1].public = head.startswith("public")
            start = None
        elif c == ";":
            kind, name = classify(head)
            if kind == "enum" or (kind == "class" and re.match(r"(class|struct|union|enum)\b", strip_template_lists(head))):
                kind = "other"  # declared here, defined and described elsewhere
            add(kind, name, start, at, head)
            start = None
        elif c == "{":
            kind, name = classify(head)
            close = matching(at)
            if kind == "namespace":
                scopes.append(Scope("namespace", name, public=name not in ("detail", "internal")))
                start = None
            elif kind == "class":
                add("type", name, start, at, head)
                struct = not re.match(r"class\b", strip_template_lists(head))
                scopes.append(Scope("class", name, public=struct))
                start = None
            elif kind == "enum":
                add("type", name, start, at, head)
                at, start = code.index(";", close), None
            elif kind == "function" and not initialises_a_member(head):
                add(kind, name, start, close, head, code[at:close + 1])
                at, start = close, None
            else:  # braces of an initialiser: part of the declaration
                at = close
        at += 1
    return sorted(found, key=lambda d: d.first)
