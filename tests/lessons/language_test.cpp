// Which language lessons speak.
#include "support/catch.hpp"

#include <stsim/lessons/language.hpp>

using namespace stsim::lessons;

TEST_CASE("the first variable that says anything decides about the language") {
  CHECK(language_of_locale("", "", "zh_CN.UTF-8") == Language::Chinese);
  CHECK(language_of_locale("", "en_US.UTF-8", "zh_CN.UTF-8") == Language::English);
  CHECK(language_of_locale("zh_TW", "en_US.UTF-8", "de_DE") == Language::Chinese);
  CHECK(language_of_locale("C", "zh_CN", "zh_CN") == Language::English);
  CHECK(language_of_locale("", "", "") == Language::English);
}

TEST_CASE("only zh is Chinese, however the locale goes on") {
  for (const char* locale : {"zh", "zh.UTF-8", "ZH-hans", "zh@pinyin"}) {
    CHECK(language_of_locale("", "", locale) == Language::Chinese);
  }
  for (const char* locale : {"zha_CN", "zu_ZA", "POSIX", "_zh"}) {
    CHECK(language_of_locale("", "", locale) == Language::English);
  }
}

TEST_CASE("an option says en or zh") {
  CHECK(parse_language("en") == Language::English);
  CHECK(parse_language("zh") == Language::Chinese);
  CHECK_FALSE(parse_language("de"));
}
