#include <stsim/base/characters.hpp>
#include <stsim/lessons/language.hpp>

namespace stsim::lessons {

std::optional<Language> parse_language(std::string_view word) {
  if (word == "en") {
    return Language::English;
  }
  return word == "zh" ? std::optional(Language::Chinese) : std::nullopt;
}

Language language_of_locale(std::string_view lc_all,
                            std::string_view lc_messages,
                            std::string_view lang) {
  for (const std::string_view locale : {lc_all, lc_messages, lang}) {
    if (!locale.empty()) {
      const std::string word = to_lower(locale.substr(0, locale.find_first_of("_.@-")));
      return word == "zh" ? Language::Chinese : Language::English;
    }
  }
  return Language::English;
}

}  // namespace stsim::lessons
