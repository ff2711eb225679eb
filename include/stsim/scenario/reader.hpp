#pragma once
// Reading values of a scenario file, or of another that has parts of one, and collecting what is
// wrong with them. Every function that reads gives nothing after an error, which it has noted, so
// that reading can go on.

#include <stsim/api/yaml.hpp>
#include <stsim/base/error.hpp>
#include <stsim/base/time.hpp>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stsim::scenario {

/// Reads the values of one file.
class Reader {
 public:
  /// Files that the file names are looked for in `folder`.
  explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  /// Notes an error at a value.
  void error(const api::YamlNode& at, std::string message, std::string hint = "");

  /// Notes that a word is none of those possible, and suggests the nearest.
  void unknown(const api::YamlNode& at,
               std::string_view what,
               std::string_view word,
               std::span<const std::string_view> possible);

  /// Whether `node` is a mapping; `what` says of what, as in `the timing`.
  bool is_map(const api::YamlNode& node, std::string_view what);
  /// Whether `node` is a list.
  bool is_list(const api::YamlNode& node, std::string_view what);

  /// Whether `node` is a mapping with no other keys than those; notes each that is unknown.
  bool has_only(const api::YamlNode& node,
                std::string_view what,
                std::span<const std::string_view> possible);

  /// The text of a scalar that is not empty, numbers and booleans as they are written.
  std::optional<std::string> text(const api::YamlNode& node, std::string_view what);

  /// Any scalar's text, also an empty one.
  std::optional<std::string> any_text(const api::YamlNode& node, std::string_view what);

  /// `true` or `false`.
  std::optional<bool> boolean(const api::YamlNode& node, std::string_view what);

  /// A whole number from `least` on.
  std::optional<std::int64_t> integer(
      const api::YamlNode& node,
      std::string_view what,
      std::int64_t least = std::numeric_limits<std::int64_t>::min());

  /// A whole number from 0 on.
  std::optional<std::uint64_t> natural(const api::YamlNode& node, std::string_view what);

  /// A length of time, not negative and at most ten years.
  std::optional<SimDuration> duration(const api::YamlNode& node, std::string_view what);

  /// The position of a scalar's text among `words`.
  std::optional<std::size_t> choice(const api::YamlNode& node,
                                    std::string_view what,
                                    std::span<const std::string_view> words);

  /// The JSON form of a value.
  std::optional<api::Json> json(const api::YamlNode& node);

  /// Everything noted, in the order of the file; empties the list.
  [[nodiscard]] UserErrors take_errors();
  [[nodiscard]] bool failed() const { return !errors_.empty(); }

 private:
  std::filesystem::path folder_;
  UserErrors errors_;
};

/// What a value is, for messages: `a list`, `a mapping`, `nothing`, or the text itself.
[[nodiscard]] std::string describe(const api::YamlNode& node);

}  // namespace stsim::scenario
