#pragma once
// What lessons say by themselves, in every language. Private to the module.

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/lessons/language.hpp>

#include <string>
#include <string_view>

namespace stsim::lessons {

/// The text of a language with its values put in.
template <class... Values>
[[nodiscard]] std::string say(Language language,
                              std::string_view english,
                              std::string_view chinese,
                              const Values&... values) {
  return fmt::format(fmt::runtime(language == Language::Chinese ? chinese : english), values...);
}

/// A text as it begins a sentence.
[[nodiscard]] inline std::string capital(const std::string& text) {
  return to_upper(text.substr(0, 1)) + text.substr(1);
}

}  // namespace stsim::lessons
