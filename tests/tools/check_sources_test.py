#!/usr/bin/env python3
"""check_sources.py finds what it is for, and nothing else: each test plants one fault in a small tree."""
import pathlib, sys, tempfile, unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import check_sources


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("CMakeLists.txt", "set(stsim_modules base api\n  store)\n")
        self.write("tests/conformance/reference/rules.md",
                   "**SS-1 Defaults** 1. one 2. two\n**SS-2** (a) x (b) y\n**SS-2c** more\n| **PV-7** |\nSS-9 cited\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self, check):
        return [(line, message) for _, line, message in check(self.root)]

    def header(self, text):
        self.write("include/stsim/api/x.hpp", "#pragma once\nnamespace stsim::api {\n" + text + "}\n")
        return [message.split(" has ")[0] for _, message in self.found(check_sources.check_contracts)]


class Contracts(Tree):
    def test_a_declaration_without_a_contract_is_found_with_its_line(self):
        self.write("include/stsim/api/x.hpp", "#pragma once\n\nint f();\n")
        self.assertEqual(self.found(check_sources.check_contracts), [(3, "function f has no /// contract")])

    def test_each_kind_of_declaration_needs_one(self):
        self.assertEqual(
            self.header("struct S {};\n\nclass C;\n\nenum class E { A };\n\nusing A = int;\n\n"
                        "inline constexpr int k = 3;\n\ninline const S kS{1, {2}};\n\n"
                        "template <class T = int>\nT g(T a = {}, int b = f(1)) {\n  return a;\n}\n\n"
                        "template <class T>\nconcept Small = sizeof(T) < 3;\n\n"
                        "[[nodiscard]] bool operator<(S a, S b);\n\n#define M(x) \\\n  (x)\n"),
            ["type S", "type E", "alias A", "value k", "value kS", "function g", "type Small", "macro M"])

    def test_contracts_above_and_behind_count(self):
        self.assertEqual(
            self.header("/// What it is.\nstruct S {\n  int plain;\n};\n\n/// Two\n/// lines.\n"
                        "template <class T>\n[[nodiscard]] T f(\n    int a);\n\nint k = 1;  ///< a number\n\n"
                        "/// Text with \"// no comment\" and {.\ninline const char* t = \"{ /// no\";\n"), [])

    def test_ordinary_comments_and_contracts_of_members_do_not_count(self):
        self.assertEqual(self.header("// Not a contract.\nint f();\n\nint a;  ///< a\nint g();\n"),
                         ["function f", "function g"])
        self.assertEqual(self.header("/// Too far away.\n\nint f();\n"), ["function f"])

    def test_one_contract_serves_a_run_of_one_kind(self):
        self.assertEqual(self.header("/// Both.\nint f(int);\nint f(char);\n\nint g();\n"), ["function g"])
        self.assertEqual(self.header("/// The type.\nstruct S {};\nint f(S);\n"), ["function f"])

    def test_public_members_need_contracts_private_and_trivial_ones_do_not(self):
        self.assertEqual(
            self.header("/// C.\nclass C : public B<int> {\n public:\n  C() = default;\n  explicit C(int a) : a_{a}, b_(a) {}\n  explicit C(char c) : a_{c} { run(); }\n"
                        "  C(const C& other);\n  ~C();\n  int a() const { return a_; }\n  int twice() const { return 2 * a_; }\n"
                        "  void run() override;\n  bool operator==(const C&) const = default;\n"
                        "  friend C operator+(C a, C b);\n  struct Part { int x; };\n"
                        " private:\n  void hidden();\n  struct Hidden { void f(); };\n  int a_{};\n};\n\n"
                        "/// S.\nstruct S {\n  void open();\n};\n"),
            ["function C::C", "function C::twice", "function C::operator+", "type C::Part", "function S::open"])

    def test_an_internal_namespace_is_not_public(self):
        self.assertEqual(self.header("namespace detail {\nint f();\n}\nint g();\n"), ["function g"])


class RuleIds(Tree):
    def ids(self, line):
        return list(check_sources.unknown_ids(check_sources.read_rules(self.root), line))

    def test_ids_that_exist(self):
        self.assertEqual(self.ids("SS-1, (SS-1.2) SS-2c: SS-2a; SS-1/2 SS-1..2 PV-7. XSS-99 UTF-8 SS-x"), [])

    def test_ids_that_do_not_exist(self):
        self.assertEqual(self.ids("SS-3 SS-12 SS-9 KC-1"), ["SS-3", "SS-12", "SS-9", "KC-1"])
        self.assertEqual(self.ids("SS-1.3 SS-2d SS-1..4 SS-1/5"), ["SS-1.3", "SS-2d", "SS-4", "SS-5"])

    def test_files_of_all_folders_are_read_and_the_reference_is_not(self):
        for folder in ("include/a.hpp", "sim/base/a.cpp", "tests/a_test.cpp", "scenarios/x/a.yaml"):
            self.write(folder, "// fine\n// SS-77\n")
        self.assertEqual(self.found(check_sources.check_rule_ids), [(2, "there is no rule SS-77")] * 4)

    def test_an_empty_reference_is_an_error(self):
        (self.root / "tests/conformance/reference/rules.md").unlink()
        self.assertEqual(len(self.found(check_sources.check_rule_ids)), 1)


class Layers(Tree):
    def messages(self, name, text):
        self.write(name, text)
        return [message for _, message in self.found(check_sources.check_layers)]

    def test_modules_above_may_be_included(self):
        self.assertEqual(self.messages("sim/store/a.cpp", "#include <stsim/api/x.hpp>\n#include \"store/y.hpp\"\n"), [])

    def test_modules_below_may_not(self):
        for name in ("sim/api/a.cpp", "include/stsim/api/a.hpp"):
            with self.subTest(name):
                self.assertIn("store is below it", self.messages(name, "#include <stsim/store/x.hpp>\n")[-1])

    def test_private_headers_of_others_may_not(self):
        self.assertIn("private header of module base", self.messages("sim/api/a.cpp", '#include "base/x.hpp"\n')[0])

    def test_unknown_modules_are_found(self):
        self.assertIn("no such module", self.messages("sim/api/a.cpp", "#include <stsim/bases/x.hpp>\n")[0])

    def test_hidden_libraries_may_be_used_in_sim_only(self):
        text = "#include <yaml-cpp/yaml.h>\n#include <boost/graph/adjacency_list.hpp>\n"
        self.assertEqual(self.messages("sim/api/a.cpp", text), [])
        self.assertEqual(len(self.messages("include/stsim/api/a.hpp", text)), 2)


class Repeatable(Tree):
    def test_clocks_and_chance_are_found_in_code_only(self):
        self.write("sim/api/a.cpp", "// no system_clock here\nauto t = std::chrono::system_clock::now();\nint r = rand();\n"
                                    "int brand(int);\n")
        self.assertEqual([line for line, _ in self.found(check_sources.check_repeatable)], [2, 3])


if __name__ == "__main__":
    unittest.main()
