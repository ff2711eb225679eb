#pragma once
// Options of kubectl's command lines, read as kubectl reads them.

#include <stsim/base/error.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::kubectl {

/// An option that a verb knows.
struct Flag {
  enum class Type : unsigned char { Switch, Value, Number, Duration };
  std::string_view name;        ///< `namespace`
  std::string_view short_name;  ///< `n`; may be empty
  Type type{Type::Switch};
  std::string_view bare;  ///< of a value: what the option alone means; empty if a value must follow
};

/// A command line taken apart.
struct Arguments {
  std::vector<std::string> words;       ///< what is no option, in order
  std::vector<std::string> after_dash;  ///< what follows `--`
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::pair<std::string, std::string>> in_order;  ///< the options as they were given

  [[nodiscard]] bool has(std::string_view name) const { return options.contains(name); }
  /// Whether a switch is on.
  [[nodiscard]] bool on(std::string_view name) const;
  /// The last value given, or `fallback`.
  [[nodiscard]] std::string value(std::string_view name, std::string_view fallback = "") const;
  /// All values given.
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  /// All values given, split at commas.
  [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
  /// The number of an option of that type.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
};

/// Whether a text says yes or no, as Go reads it; nothing if it says neither.
[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);

/// Takes `words` apart; `command` stands in the advice that an error ends with. Errors: kubectl's
/// words, without `error: `.
[[nodiscard]] Result<Arguments, std::string> parse_flags(std::span<const std::string> words,
                                                         std::span<const Flag> flags,
                                                         std::string_view command);

}  // namespace stsim::kubectl
