#pragma once
// Values of Go templates and the functions over them.
// Source: funcs.go of Go's text/template, and print.go of its fmt.

#include <stsim/api/json.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// A value, or none: what prints as `<no value>`. A null of a document is none, too.
class TemplateValue {
 public:
  TemplateValue() = default;

  /// A value made by the template. `plain`: of Go's type int where it is a whole number, as
  /// constants and lengths are; those of documents are int64.
  [[nodiscard]] static TemplateValue made(api::Json json, bool plain = false);
  /// A document, which outlives the value.
  [[nodiscard]] static TemplateValue of_document(const api::Json& document);
  /// A part of this one, which stays as long as the part.
  [[nodiscard]] TemplateValue part(const api::Json& json) const;

  [[nodiscard]] explicit operator bool() const { return json_ != nullptr; }
  [[nodiscard]] const api::Json& json() const { return *json_; }
  /// Whether Go takes it for true: not zero, not empty.
  [[nodiscard]] bool holds() const;
  /// The name of its type: `int64`, `<nil>`.
  [[nodiscard]] std::string type() const;
  /// As Go's print functions print it as an argument: `<nil>` for none.
  [[nodiscard]] std::string text() const;

 private:
  std::shared_ptr<const api::Json> json_;
  bool plain_{};
};

using TemplateValues = std::vector<TemplateValue>;

/// What a function cannot do, thrown by it: Go's words behind `error calling index: `.
struct TemplateCallError {
  std::string text;
};

/// A function of templates.
struct TemplateFunction {
  std::string_view name;
  std::size_t least{};  ///< how many arguments it takes
  std::size_t most{};
  /// Null of `and` and `or`, which do not look at all of their arguments.
  TemplateValue (*call)(const TemplateValues& arguments);
};

/// The function of a name; null if there is none.
[[nodiscard]] const TemplateFunction* find_template_function(std::string_view name);

/// Go's Sprintf. Errors: throws TemplateCallError for directives that are not simulated.
[[nodiscard]] std::string template_printf(const std::string& format,
                                          std::span<const TemplateValue> arguments);

}  // namespace stsim::kubectl
