#pragma once
// What lessons say by themselves, in every language. Private to the module.

#include <fmt/format.h>
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

}  // namespace stsim::lessons
