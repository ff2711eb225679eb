#pragma once
// What is said of a thing that has a name, kept so that others can share it.

#include <stsim/base/text.hpp>

#include <string>
#include <string_view>

namespace stsim {

/// A text about a thing, without the name of that thing wherever the name stood: what is said alike
/// of many things is the same for all.
class TextAbout {
 public:
  TextAbout() = default;
  /// A text about the thing of that name.
  TextAbout(std::string_view text, std::string_view name);

  /// The whole text, if the thing has that name.
  [[nodiscard]] Text of(std::string_view name) const;

  /// Adds what is the same for all to a digest.
  void add_to(Digest& digest) const { text_.add_to(digest); }
  bool operator==(const TextAbout&) const = default;

 private:
  Text text_;          ///< with kName in the place of the name
  bool has_places_{};  ///< whether there are such places; a text may have that character itself
};

}  // namespace stsim
