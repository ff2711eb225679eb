#pragma once
// The languages that lessons speak. A language decides nothing but texts.

#include <optional>
#include <string>
#include <string_view>

namespace stsim::lessons {

/// The languages.
enum class Language : unsigned char { English, Chinese };

/// `en` or `zh`.
[[nodiscard]] std::optional<Language> parse_language(std::string_view word);

/// The language of a locale, from the values of LC_ALL, LC_MESSAGES and LANG: the first one that is
/// not empty counts. `zh…` is Chinese, everything else English.
[[nodiscard]] Language language_of_locale(std::string_view lc_all,
                                          std::string_view lc_messages,
                                          std::string_view lang);

/// What is said, in every language.
struct Words {
  std::string english;
  std::string chinese;

  /// The text in a language.
  [[nodiscard]] const std::string& in(Language language) const {
    return language == Language::Chinese ? chinese : english;
  }
  bool operator==(const Words&) const = default;
};

}  // namespace stsim::lessons
