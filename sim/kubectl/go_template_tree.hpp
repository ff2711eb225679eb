#pragma once
// The parse tree of a Go template.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

struct TemplatePipeline;

/// An operand: a constant, a path, a function, or a pipeline in parentheses, with fields behind it.
struct TemplateOperand {
  /// What it starts from.
  enum class Root : unsigned char { Dot, Variable, Constant, Nil, Function, Pipeline };
  Root root{};
  std::string name;  ///< of a variable with its `$`, or of a function
  api::Json constant;
  std::shared_ptr<TemplatePipeline> pipeline;  ///< of parentheses
  std::vector<std::string> fields;             ///< `.spec.replicas`: what follows, without dots
  std::string text;                            ///< as Go prints it in errors
  std::size_t at{};                            ///< its place in the template, as Go counts it
};

/// Words side by side: an operand, or a function and its arguments.
struct TemplateCommand {
  std::vector<TemplateOperand> operands;  ///< at least one
};

/// Commands joined by `|`, the last result of which may go to variables.
struct TemplatePipeline {
  std::vector<std::string> variables;  ///< with their `$`; of range up to two
  bool declares{};                     ///< `:=` rather than `=`
  std::vector<TemplateCommand> commands;
};

/// A piece of a template.
struct TemplateNode {
  /// What it is.
  enum class Type : unsigned char { Text, Print, If, With, Range, Break, Continue };
  Type type{};
  std::string text;
  TemplatePipeline pipeline;            ///< of all but Text, Break and Continue
  std::vector<TemplateNode> body;       ///< of If, With and Range
  std::vector<TemplateNode> otherwise;  ///< behind `else`
};

/// Reads a template. Errors: Go's words, from `template: ` on.
[[nodiscard]] Result<std::vector<TemplateNode>, std::string> parse_go_template(
    std::string_view text);

/// `output:1:7`: a place in a template as Go names it.
[[nodiscard]] std::string template_place(std::string_view text, std::size_t at);

/// A command as Go prints it in errors: its operands with blanks between them.
[[nodiscard]] std::string template_text(const TemplateCommand& command);

}  // namespace stsim::kubectl
