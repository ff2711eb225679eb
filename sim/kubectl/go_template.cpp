#include "go_template.hpp"

#include "go_template_tree.hpp"
#include "go_template_values.hpp"
#include "go_text.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/jsonpath.hpp>

#include <optional>
#include <utility>

namespace stsim::kubectl {

using api::Json;

namespace {

using NodeType = TemplateNode::Type;
using Root = TemplateOperand::Root;

/// What Go says of an error while a template is executed is thrown as text.
struct ExecError {
  std::string text;
};

/// Whether a loop goes on.
enum class Loop : unsigned char { On, Break, Continue };

class Executor {
 public:
  Executor(std::string_view text, bool missing_keys, std::string& out)
      : text_(text), missing_keys_(missing_keys), out_(out) {}

  void run(const std::vector<TemplateNode>& nodes, const TemplateValue& document) {
    variables_.emplace_back("$", document);
    walk(nodes, document);
  }

 private:
  [[noreturn]] void fail(std::size_t at, const std::string& context, const std::string& what) {
    constexpr std::size_t kLongest = 20;  // characters
    std::size_t end = 0;
    std::size_t count = 0;
    while (end < context.size() && count < kLongest) {
      ++end;
      while (end < context.size() && (context[end] & '\xC0') == '\x80') {
        ++end;
      }
      ++count;
    }
    throw ExecError{fmt::format("template: {}: executing \"output\" at <{}{}>: {}",
                                template_place(text_, at),
                                context.substr(0, end),
                                end < context.size() ? "..." : "",
                                what)};
  }

  /// Loops in loops, and variables that double, would never end.
  void spend(std::size_t steps) {
    constexpr std::size_t kMost = 64'000'000;
    constexpr std::size_t kOfStep = 64;
    spent_ += steps + kOfStep;
    if (spent_ > kMost) {
      throw ExecError{"the template takes more steps than are simulated"};
    }
  }

  Loop walk(const std::vector<TemplateNode>& nodes, const TemplateValue& dot) {
    for (const TemplateNode& node : nodes) {
      spend(node.text.size());
      Loop loop = Loop::On;
      switch (node.type) {
        case NodeType::Text:
          out_ += node.text;
          break;
        case NodeType::Print:
          print(node.pipeline, dot);
          break;
        case NodeType::If:
        case NodeType::With:
          loop = branch(node, dot);
          break;
        case NodeType::Range:
          loop = range(node, dot);
          break;
        case NodeType::Break:
          return Loop::Break;
        case NodeType::Continue:
          return Loop::Continue;
      }
      if (loop != Loop::On) {
        return loop;
      }
    }
    return Loop::On;
  }

  void print(const TemplatePipeline& pipe, const TemplateValue& dot) {
    const TemplateValue value = pipeline(pipe, dot);
    if (pipe.variables.empty()) {
      const std::string text = value ? value.text() : "<no value>";
      spend(text.size());
      out_ += text;
    }
  }

  Loop branch(const TemplateNode& node, const TemplateValue& dot) {
    const std::size_t depth = variables_.size();
    const TemplateValue value = pipeline(node.pipeline, dot);
    const bool holds = value.holds();
    const Loop loop = walk(holds ? node.body : node.otherwise,
                           holds && node.type == NodeType::With ? value : dot);
    variables_.resize(depth);
    return loop;
  }

  Loop range(const TemplateNode& node, const TemplateValue& dot) {
    const std::size_t depth = variables_.size();
    const TemplatePipeline& over = node.pipeline;
    const TemplateValue value = result(over, dot);
    Loop loop = Loop::On;
    bool any = false;
    const auto visit = [&](const TemplateValue& key, const TemplateValue& own) {
      any = true;
      variables_.resize(depth);
      if (over.variables.size() == 2) {
        set(over.variables[0], key, over.declares);
        set(over.variables[1], own, over.declares);
      } else if (over.variables.size() == 1) {
        set(over.variables[0], own, over.declares);
      }
      return walk(node.body, own) != Loop::Break;
    };
    if (value && value.json().is_structured()) {
      std::int64_t place = 0;
      for (const auto& [key, item] : value.json().items()) {
        const TemplateValue index = value.json().is_array() ? TemplateValue::made(place, true)
                                                            : TemplateValue::made(Json(key));
        ++place;
        if (!visit(index, value.part(item))) {
          break;
        }
      }
    } else if (value && value.json().is_number_integer()) {
      if (over.variables.size() > 1) {
        fail(over.commands.back().operands.front().at,
             pipeline_text(over),
             fmt::format("can't use {} to iterate over more than one variable", value.text()));
      }
      for (std::int64_t i = 0; i < value.json().get<std::int64_t>(); ++i) {
        if (!visit({}, TemplateValue::made(i))) {
          break;
        }
      }
    } else if (value) {
      fail(over.commands.back().operands.front().at,
           pipeline_text(over),
           "range can't iterate over " + value.text());
    }
    if (!any) {
      loop = walk(node.otherwise, dot);
    }
    variables_.resize(depth);
    return loop;
  }

  void set(const std::string& name, const TemplateValue& value, bool declares) {
    if (!declares) {
      for (auto it = variables_.rbegin(); it != variables_.rend(); ++it) {
        if (it->first == name) {
          it->second = value;
          return;
        }
      }
    }
    variables_.emplace_back(name, value);
  }

  static std::string pipeline_text(const TemplatePipeline& over) {
    std::string out;
    for (const TemplateCommand& command : over.commands) {
      out += (out.empty() ? "" : " | ") + template_text(command);
    }
    return out;
  }

  /// What the last command of a pipeline gives.
  TemplateValue result(const TemplatePipeline& pipe, const TemplateValue& dot) {
    std::optional<TemplateValue> value;
    for (const TemplateCommand& command : pipe.commands) {
      value = run(command, dot, value);
    }
    return *value;
  }

  TemplateValue pipeline(const TemplatePipeline& pipe, const TemplateValue& dot) {
    const TemplateValue value = result(pipe, dot);
    for (const std::string& name : pipe.variables) {
      set(name, value, pipe.declares);
    }
    return value;
  }

  /// `last`: what the command before it in the pipeline gave.
  TemplateValue run(const TemplateCommand& command,
                    const TemplateValue& dot,
                    const std::optional<TemplateValue>& last) {
    const TemplateOperand& head = command.operands.front();
    if (head.root == Root::Function && head.fields.empty()) {
      return call(command, dot, last);
    }
    if (command.operands.size() > 1 || last) {
      fail(head.at,
           head.text,
           head.root == Root::Dot && !head.fields.empty()
               ? fmt::format("{} has arguments but cannot be invoked as function",
                             head.fields.back())
               : fmt::format("can't give argument to non-function {}", head.text));
    }
    if (head.root == Root::Nil) {
      fail(head.at, head.text, "nil is not a command");
    }
    return operand(head, dot);
  }

  /// Calls the function that stands in front of its arguments.
  TemplateValue call(const TemplateCommand& command,
                     const TemplateValue& dot,
                     const std::optional<TemplateValue>& last) {
    const TemplateOperand& head = command.operands.front();
    const TemplateFunction& function = *find_template_function(head.name);
    const std::size_t count = command.operands.size() - (last ? 0 : 1);
    if (count < function.least || count > function.most) {
      fail(head.at,
           head.name,
           fmt::format("wrong number of args for {}: want {}{} got {}",
                       head.name,
                       function.least == function.most ? "" : "at least ",
                       function.least,
                       count));
    }
    if (function.call == nullptr) {
      return short_circuit(command, dot, last);
    }
    TemplateValues arguments;
    for (auto it = command.operands.begin() + 1; it != command.operands.end(); ++it) {
      arguments.push_back(operand(*it, dot));
    }
    if (last) {
      arguments.push_back(*last);
    }
    try {
      TemplateValue out = function.call(arguments);
      spend(out && out.json().is_string() ? out.json().get_ref<const std::string&>().size() : 0);
      return out;
    } catch (const TemplateCallError& error) {
      fail(head.at,
           template_text(command),
           fmt::format("error calling {}: {}", head.name, error.text));
    }
  }

  TemplateValue short_circuit(const TemplateCommand& command,
                              const TemplateValue& dot,
                              const std::optional<TemplateValue>& last) {
    const bool ends_with = command.operands.front().name == "or";
    TemplateValue value;
    for (auto it = command.operands.begin() + 1; it != command.operands.end(); ++it) {
      value = operand(*it, dot);
      if (value.holds() == ends_with) {
        return value;
      }
    }
    return last ? *last : value;
  }

  TemplateValue operand(const TemplateOperand& operand, const TemplateValue& dot) {
    TemplateValue at;
    switch (operand.root) {
      case Root::Dot:
        at = dot;
        break;
      case Root::Variable:
        at = variable(operand.name);
        break;
      case Root::Constant:
        at = TemplateValue::made(operand.constant, true);
        break;
      case Root::Pipeline:
        at = pipeline(*operand.pipeline, dot);
        break;
      case Root::Function: {
        TemplateCommand alone;
        alone.operands.push_back(operand);
        at = call(alone, dot, std::nullopt);
        break;
      }
      case Root::Nil:
        break;
    }
    for (const std::string& field : operand.fields) {
      at = member(at, field, operand);
    }
    return at;
  }

  [[nodiscard]] TemplateValue variable(const std::string& name) const {
    for (auto it = variables_.rbegin(); it != variables_.rend(); ++it) {
      if (it->first == name) {
        return it->second;
      }
    }
    return {};
  }

  TemplateValue member(const TemplateValue& value,
                       const std::string& field,
                       const TemplateOperand& operand) {
    if (value && !value.json().is_object()) {
      fail(operand.at,
           operand.text,
           fmt::format("can't evaluate field {} in type interface {{}}", field));
    }
    if (value) {
      if (const auto found = value.json().find(field); found != value.json().end()) {
        return value.part(*found);
      }
    }
    if (!missing_keys_) {
      fail(operand.at,
           operand.text,
           value ? fmt::format("map has no entry for key {}", go_quote(field))
                 : fmt::format("nil data; no entry for key {}", go_quote(field)));
    }
    return {};
  }

  std::string_view text_;
  bool missing_keys_;
  std::string& out_;
  std::size_t spent_{};
  std::vector<std::pair<std::string, TemplateValue>> variables_;
};

}  // namespace

TemplateOutput print_go_template(std::string_view text, const Json& document, bool missing_keys) {
  const auto nodes = parse_go_template(text);
  if (!nodes) {
    return {"", fmt::format("error parsing template {}, {}", text, nodes.error())};
  }
  TemplateOutput out;
  try {
    Executor(text, missing_keys, out.text).run(*nodes, TemplateValue::of_document(document));
  } catch (const ExecError& error) {
    out.text += fmt::format(
        "Error executing template: {}. Printing more information for debugging the template:\n"
        "\ttemplate was:\n\t\t{}\n\traw data was:\n\t\t{}\n\tobject given to template engine "
        "was:\n\t\t{}\n\n",
        error.text,
        text,
        api::to_go_json(document),
        go_text(document));
    out.error = fmt::format("error executing template {}: {}", go_quote(text), error.text);
  }
  return out;
}

}  // namespace stsim::kubectl
