#!/usr/bin/env python3
"""upstream_tests.py reads names, test cases and reasons, and finds what is missing or said twice."""
import pathlib, sys, tempfile, unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import upstream_tests

REFERENCE = """# Tests
## 1 e2e: `file.go`
| Test | [C] | One line |
|---|---|---|
| should roll | | text about TestNothing |
| should roll with PVCs | gate | text |

## 2 Integration: `TestNotAName.go`
| Test | One line |
|---|---|
| TestOne | line |
## 3 Unit
| TestTable | table |
| · PartA, PartB | parts |
| TestA, TestB | two in a row |
| TestC / TestD | and two |
**file_test.go** (2): TestE, TestE_low (retry).
**other.go** (3 TestNo): TestF
"""


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write(upstream_tests.REFERENCE, "## 1 e2e\n\n## 2 I\n| TestOne | x |\n| TestTable | x |\n| · PartA, PartB | x |\n")
        self.write(upstream_tests.LEFT_OUT, "")
        self.write("tests/a_test.cpp", 'TEST_CASE("TestOne: fine") {}\nTEST_CASE("TestTable/PartA, PartB: both") {}\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def faults(self):
        return upstream_tests.compare(self.root)[2]


class Reading(Tree):
    def test_names_of_all_sections(self):
        self.assertEqual(upstream_tests.read_names(REFERENCE),
                         ["e2e: should roll", "e2e: should roll with PVCs", "TestOne", "TestTable", "TestTable/PartA",
                          "TestTable/PartB", "TestA", "TestB", "TestC", "TestD", "TestE", "TestE_low", "TestF"])

    def test_the_reference_of_the_project(self):
        names = upstream_tests.read_names((upstream_tests.ROOT / upstream_tests.REFERENCE).read_text(encoding="utf-8"))
        self.assertEqual(len([name for name in names if name.startswith("e2e: ")]), 32)
        self.assertIn("TestStatefulSetControl_getSetRevisions", names)
        self.assertIn("TestValidateStatefulSetUpdate", names)
        self.assertGreater(len(names), 150)

    def test_names_of_test_cases_over_several_lines_with_their_place(self):
        self.write("tests/b_test.cpp", '\nTEST_CASE(\n    "TestOne: a \\"b\\" "\n    "c") {\n}\nTEST_CASE("d", "[tag]") {}\n')
        self.assertEqual(upstream_tests.read_tests(self.root)[2:],
                         [('TestOne: a \\"b\\" c', "tests/b_test.cpp:2"), ("d", "tests/b_test.cpp:6")])


class Comparing(Tree):
    def test_a_complete_tree_has_no_faults(self):
        count, rows, faults = upstream_tests.compare(self.root)
        self.assertEqual((count, faults), (4, []))
        self.assertIn(("TestTable/PartB", "TestTable/PartA, PartB: both", "tests/a_test.cpp:2"), rows)

    def test_a_missing_test_is_found(self):
        self.write("tests/a_test.cpp", 'TEST_CASE("TestOnes: no") {}\nTEST_CASE("TestTable/PartA: one") {}\n')
        self.assertEqual([fault.split()[0] for fault in self.faults()], ["TestOne", "TestTable/PartB"])

    def test_a_longer_sentence_is_another_test(self):
        self.write(upstream_tests.REFERENCE, "| should roll | x |\n\n## 2 I\n| TestOne | x |\n")
        self.write("tests/b_test.cpp", 'TEST_CASE("e2e: should roll with PVCs") {}\n')
        self.assertEqual([fault.split(" has")[0] for fault in self.faults()], ["e2e: should roll"])
        self.write("tests/b_test.cpp", 'TEST_CASE("e2e: should roll") {}\n')
        self.assertEqual(self.faults(), [])

    def test_reasons_stand_for_tests_once_and_not_beside_them(self):
        self.write("tests/a_test.cpp", 'TEST_CASE("TestTable/PartA, PartB") {}\n')
        self.write(upstream_tests.LEFT_OUT, "# comment\nTestOne: makes no sense here\n")
        self.assertEqual(self.faults(), [])
        for text, fault in {"TestOne: a\nTestOne: b\n": "left out twice", "TestOne: a\nTestTable: b\n": "is left out, but",
                            "TestOne: \n": "has no reason", "TestOne: a\nTestGone: b\n": "there is no upstream test TestGone"}.items():
            with self.subTest(text):
                self.write(upstream_tests.LEFT_OUT, text)
                self.assertEqual([fault in found for found in self.faults()], [True])

    def test_an_empty_reference_is_a_fault(self):
        self.write(upstream_tests.REFERENCE, "")
        self.assertEqual(len(self.faults()), 1)


if __name__ == "__main__":
    unittest.main()
