#include "support/catch.hpp"

#include <stsim/kubectl/tab_writer.hpp>
#include <stsim/kubectl/table.hpp>

namespace stsim::kubectl {
namespace {

TEST_CASE("KC-40: columns are three wider than their widest cell and at least six wide") {
  const Table table{{"NAME", "READY", "AGE"}, {{"web", "3/3", "5s"}, {"database", "1/1", "10m"}}};
  CHECK(to_text(table) ==
        "NAME       READY   AGE\n"
        "web        3/3     5s\n"
        "database   1/1     10m\n");
}

TEST_CASE("KC-40: a narrow column is six wide") {
  CHECK(to_text({{"A", "B"}, {{"x", "y"}}}) == "A     B\nx     y\n");
}

TEST_CASE("KC-40: the last column is not padded, an empty cell before it is") {
  const Table table{{"CLAIM", "REASON", "AGE"}, {{"default/a", "", "6s"}, {"", "", "7s"}}};
  CHECK(to_text(table) ==
        "CLAIM       REASON   AGE\n"
        "default/a            6s\n"
        "                     7s\n");
}

TEST_CASE("KC-40: without headers a column of empty cells is still six wide") {
  const Table table{{"CLAIM", "REASON", "AGE"}, {{"default/a", "", "6s"}}};
  CHECK(to_text(table, false) == "default/a         6s\n");
}

TEST_CASE("KC-40: a table without rows prints nothing") {
  CHECK(to_text({{"NAME"}, {}}).empty());
}

TEST_CASE("KC-40: a cell is cut at its first line break") {
  CHECK(printable_cell("one\ntwo") == "one...");
  CHECK(printable_cell("one\r\ntwo") == "one...");
  CHECK(printable_cell("\x1b[31mred") == "^[[31mred");
  CHECK(printable_cell("plain") == "plain");
}

TEST_CASE("KC-40: widths count characters, not bytes") {
  CHECK(to_text({{"NAME", "X"}, {{"ünïcödé", "1"}, {"ascii", "2"}}}) ==
        "NAME      X\n"
        "ünïcödé   1\n"
        "ascii     2\n");
}

TEST_CASE("KC-43: rows that follow keep the columns' widths and get no second header") {
  TablePrinter printer;
  CHECK(printer.print({{"NAME", "READY"}, {{"web-10", "1/1"}}}) ==
        "NAME     READY\nweb-10   1/1\n");
  CHECK(printer.print({{"NAME", "READY"}, {{"a", "0/1"}}}) == "a        0/1\n");
  CHECK(printer.print({{"NAME", "READY"}, {{"longer-name", "0/1"}}}) == "longer-name   0/1\n");
  CHECK(printer.print({{"NAME", "READY"}, {{"a", "0/1"}}}) == "a             0/1\n");
}

TEST_CASE("KC-50: a line without a tab ends a block of columns") {
  CHECK(align(kDescribeStyle, "Name:\tweb\nCreationTimestamp:\tnow\nPods:\n  a:\tb\n") ==
        "Name:               web\n"
        "CreationTimestamp:  now\n"
        "Pods:\n"
        "  a:  b\n");
}

TEST_CASE("KC-50: a shorter line ends the blocks of the columns it does not have") {
  CHECK(align(kDescribeStyle,
              "Port:\tunset\t80/TCP\nTargetPort:\t80/TCP\nNodePort:\ta-long-name\t1\n") ==
        "Port:        unset  80/TCP\n"
        "TargetPort:  80/TCP\n"
        "NodePort:    a-long-name  1\n");
}

}  // namespace
}  // namespace stsim::kubectl
