// Setting text in columns.
#include "support/catch.hpp"

#include <stsim/base/layout.hpp>

#include <sstream>

using namespace stsim;

TEST_CASE("Chinese characters take two columns, combining ones and escape sequences none") {
  CHECK(columns("myapp-0") == 7);
  CHECK(columns("滚动更新") == 8);
  CHECK(columns("Pod（容器组）") == 13);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("\x1b[1mbold\x1b[0m") == 4);
  CHECK(columns("→…") == 2);
}

TEST_CASE("text is broken at blanks, and paragraphs stay apart") {
  CHECK(wrapped("one two three four\nfive\n\nsix", 9) == "one two\nthree\nfour five\n\nsix\n");
  CHECK(wrapped("one two three", 7, "  ") == "one two\n  three\n");
}

TEST_CASE("a word that is longer than a line stands alone") {
  CHECK(wrapped("a statefulset b", 5) == "a\nstatefulset\nb\n");
}

TEST_CASE("what is indented stays as it is") {
  CHECK(wrapped("see:\n  a    b c d e f\nthen", 6) == "see:\n  a    b c d e f\nthen\n");
}

TEST_CASE("Chinese text is broken between characters, and joined without blanks") {
  CHECK(wrapped("滚动\n更新", 40) == "滚动更新\n");
  CHECK(wrapped("一二三四五", 6) == "一二三\n四五\n");
  CHECK(wrapped("用 kubectl 删除", 8) == "用\nkubectl\n删除\n");
}

TEST_CASE("no line begins with closing punctuation or ends with opening punctuation") {
  CHECK(wrapped("一二三，四", 6) == "一二\n三，四\n");
  CHECK(wrapped("一二（三）", 6) == "一二\n（三）\n");
  std::istringstream lines(wrapped(
      "控制器（statefulset-controller）在等待：myapp-2 没有就绪。就绪之后，才轮到下一个。", 20));
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK_FALSE(line.starts_with("，"));
    CHECK_FALSE(line.starts_with("。"));
    CHECK_FALSE(line.starts_with("）"));
    CHECK_FALSE(line.ends_with("（"));
  }
}

TEST_CASE("a line is folded below its own words, and the blanks before them stay") {
  CHECK(folded("+1s  who   did this and that", 17, 11) ==
        "+1s  who   did\n           this\n           and\n           that");
  CHECK(folded("short", 17, 11) == "short");
  CHECK(folded("\x1b[2m+1s  who  did this\x1b[0m", 14, 10) ==
        "\x1b[2m+1s  who  did\n          this\x1b[0m");
}
