#pragma once
// Documents of which there are many, and which are seldom read.

#include <stsim/api/json.hpp>
#include <stsim/base/text.hpp>

#include <string_view>

namespace stsim::api {

/// A document that is kept as its bytes, in about a tenth of what a Json takes; copies share them.
/// Null takes nothing.
class PackedJson {
 public:
  PackedJson() = default;
  /// Packs a document.
  explicit PackedJson(const Json& document);

  /// Unpacks it, at the cost of reading it.
  [[nodiscard]] Json json() const;
  [[nodiscard]] bool is_null() const { return bytes_.empty(); }
  /// What it is kept as: the same for equal documents whose numbers are integers.
  [[nodiscard]] std::string_view bytes() const { return bytes_.view(); }
  bool operator==(const PackedJson&) const = default;

 private:
  Text bytes_;
};

}  // namespace stsim::api
