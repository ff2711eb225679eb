#pragma once
// Label selectors, of objects (`matchLabels`, `matchExpressions`) and of command lines (`-l`).

#include <stsim/api/json.hpp>
#include <stsim/api/labels.hpp>
#include <stsim/base/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// One condition on one key.
struct Requirement {
  /// How the key's value is compared.
  enum class Operator : unsigned char { In, NotIn, Exists, DoesNotExist };
  std::string key;
  Operator op{Operator::In};
  std::vector<std::string> values;  ///< sorted
  bool operator==(const Requirement&) const = default;
};

/// All requirements must hold; none at all matches everything.
struct Selector {
  std::vector<Requirement> requirements;  ///< sorted by key

  /// Whether every requirement holds of `labels`.
  [[nodiscard]] bool matches(const Labels& labels) const;

  /// `app=web,tier in (a,b)`, as describe and the scale subresource print it; `<none>` is not
  /// printed.
  [[nodiscard]] std::string text() const;
  bool operator==(const Selector&) const = default;
};

/// The selector of a LabelSelector document (spec.selector). Errors: the text says what is wrong.
[[nodiscard]] Result<Selector, std::string> parse_label_selector(const Json& document);

/// The selector of a command line: `app=web,tier!=db,env in (a,b),!gone`. Errors: as kubectl says
/// it.
[[nodiscard]] Result<Selector, std::string> parse_selector(std::string_view text);

/// A plain map of equalities, as a Service has it.
[[nodiscard]] Selector equalities(const Labels& labels);

/// Labels of a document's object of strings; null gives none.
[[nodiscard]] Labels labels_of(const Json& map);

}  // namespace stsim::api
