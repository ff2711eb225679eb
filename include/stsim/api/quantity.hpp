#pragma once
// Quantities of memory, storage and processors: `5Gi`, `500m`. Exact, without floating point.

#include <stsim/base/int128.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stsim::api {

/// A quantity with its family of suffixes. Compared by value across families. Rules: VA-1 to VA-3.
class Quantity {
 public:
  /// Reads `5Gi`, `0.5`, `100m`, `1e3`. Errors: nothing where the text is no quantity or too large.
  [[nodiscard]] static std::optional<Quantity> parse(std::string_view text);

  /// The canonical text: the largest suffix of the same family that keeps it whole. Rule: VA-2.
  [[nodiscard]] std::string text() const;

  /// The value in units of 10^-9, rounded away from zero on reading.
  [[nodiscard]] Int128 nano() const { return nano_; }

  /// The value in whole units, rounded up.
  [[nodiscard]] std::int64_t units() const;

  friend bool operator==(const Quantity& a, const Quantity& b) { return a.nano_ == b.nano_; }
  friend std::strong_ordering operator<=>(const Quantity& a, const Quantity& b) {
    return a.nano_ <=> b.nano_;
  }

 private:
  enum class Family : unsigned char { Decimal, Binary, Exponent };
  Int128 nano_{};
  Family family_{Family::Decimal};
};

/// The server's words about a text that is no quantity. Rule: VA-1.
inline constexpr std::string_view kQuantityPattern =
    "quantities must match the regular expression "
    "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

}  // namespace stsim::api
