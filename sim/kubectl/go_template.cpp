#include "go_template.hpp"

#include "go_template_tree.hpp"
#include "go_text.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/kubectl/jsonpath.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace stsim::kubectl {

using api::Json;

namespace {

using NodeType = TemplateNode::Type;
using Root = TemplateOperand::Root;

/// A value, or null where there is none: `<no value>`. A null of the document is none, too.
using Value = std::shared_ptr<const Json>;

Value within(const Json& json) {
  return json.is_null() ? nullptr : Value(Value(), &json);
}

Value made(Json json) {
  return std::make_shared<const Json>(std::move(json));
}

/// What Go says of an error while a template is executed is thrown as text.
struct ExecError {
  std::string text;
};

/// An error of a function, to which its caller adds the place.
struct CallError {
  std::string text;
};

bool truth(const Value& value) {
  if (!value) {
    return false;
  }
  switch (value->type()) {
    case Json::value_t::boolean:
      return value->get<bool>();
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return value->get<std::int64_t>() != 0;
    case Json::value_t::number_float:
      return *value != Json(0);
    case Json::value_t::string:
      return !value->get_ref<const std::string&>().empty();
    case Json::value_t::array:
    case Json::value_t::object:
      return !value->empty();
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      break;
  }
  return false;
}

/// As an argument of Go's print functions, where nothing is nil.
std::string printed(const Value& value) {
  return value ? go_text(*value) : "<nil>";
}

std::string type_of(const Value& value) {
  return value ? go_type(*value) : "<nil>";
}

using Values = std::vector<Value>;

const Value& argument(const Values& arguments, std::size_t i) {
  static const Value kNone;
  return i < arguments.size() ? arguments[i] : kNone;
}

/// Kinds that Go compares with each other.
enum class Basic : unsigned char { None, Bool, Int, Float, String };

Basic basic(const Value& value) {
  if (!value) {
    return Basic::None;
  }
  return value->is_boolean()          ? Basic::Bool
         : value->is_number_integer() ? Basic::Int
         : value->is_number_float()   ? Basic::Float
         : value->is_string()         ? Basic::String
                                      : Basic::None;
}

bool equal(const Value& a, const Value& b) {
  if (basic(a) != basic(b) && a && b) {
    throw CallError{"incompatible types for comparison"};
  }
  if (a && b && basic(a) == Basic::None) {
    throw CallError{fmt::format("non-comparable type {}: {}", go_text(*a), go_type(*a))};
  }
  return a && b ? *a == *b : !a && !b;
}

bool less(const Value& a, const Value& b) {
  if (basic(a) == Basic::None || basic(b) == Basic::None) {
    throw CallError{"invalid type for comparison"};
  }
  if (basic(a) != basic(b)) {
    throw CallError{"incompatible types for comparison"};
  }
  if (basic(a) == Basic::Bool) {
    throw CallError{"invalid type for comparison"};
  }
  return *a < *b;
}

Value element(const Value& value, const Value& index) {
  if (!value) {
    throw CallError{"index of untyped nil"};
  }
  if (value->is_object()) {
    if (!index || !index->is_string()) {
      throw CallError{fmt::format("value has type {}; should be string", type_of(index))};
    }
    const auto found = value->find(index->get_ref<const std::string&>());
    return found == value->end() ? nullptr : within(*found);
  }
  if (!value->is_array() && !value->is_string()) {
    throw CallError{fmt::format("can't index item of type {}", type_of(value))};
  }
  if (!index || !index->is_number_integer()) {
    throw CallError{index ? fmt::format("cannot index slice/array with type {}", type_of(index))
                          : "cannot index slice/array with nil"};
  }
  const auto at = index->get<std::int64_t>();
  const std::size_t size =
      value->is_array() ? value->size() : value->get_ref<const std::string&>().size();
  if (at < 0 || at >= static_cast<std::int64_t>(size)) {
    throw CallError{fmt::format("index out of range: {}", at)};
  }
  const auto place = static_cast<std::size_t>(at);
  return value->is_array()
             ? within((*value)[place])
             : made(static_cast<unsigned char>(value->get_ref<const std::string&>()[place]));
}

Value slice(const Values& arguments) {
  const Value& value = argument(arguments, 0);
  if (!value) {
    throw CallError{"slice of untyped nil"};
  }
  if (!value->is_array() && !value->is_string()) {
    throw CallError{fmt::format("can't slice item of type {}", type_of(value))};
  }
  const std::size_t size =
      value->is_array() ? value->size() : value->get_ref<const std::string&>().size();
  std::size_t ends[2]{0, size};
  for (std::size_t i = 1; i < std::min<std::size_t>(arguments.size(), 3); ++i) {
    const Value& bound = arguments[i];
    const std::int64_t at = bound && bound->is_number_integer() ? bound->get<std::int64_t>() : -1;
    if (at < 0 || at > static_cast<std::int64_t>(size)) {
      throw CallError{fmt::format("index out of range: {}", at)};
    }
    ends[i - 1] = static_cast<std::size_t>(at);
  }
  if (ends[0] > ends[1]) {
    throw CallError{fmt::format("invalid slice index: {} > {}", ends[0], ends[1])};
  }
  if (value->is_string()) {
    return made(value->get_ref<const std::string&>().substr(ends[0], ends[1] - ends[0]));
  }
  const auto begin = value->begin();
  return made(Json(std::vector<Json>(begin + static_cast<std::ptrdiff_t>(ends[0]),
                                     begin + static_cast<std::ptrdiff_t>(ends[1]))));
}

/// Go's Sprint puts a blank between operands neither of which is a text.
std::string sprint(const Values& arguments) {
  std::string out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool blank =
        i > 0 && basic(arguments[i]) != Basic::String && basic(arguments[i - 1]) != Basic::String;
    out += (blank ? " " : "") + printed(arguments[i]);
  }
  return out;
}

/// One directive of printf with its flags, width and precision: `%-10s`.
struct Directive {
  bool left{};
  bool plus{};
  bool zero{};
  std::size_t width{};
  std::optional<std::size_t> precision{};
  char verb{};
};

std::string integer_text(std::int64_t value, const Directive& wanted) {
  std::string out = wanted.verb == 'x'   ? fmt::format("{:x}", value)
                    : wanted.verb == 'X' ? fmt::format("{:X}", value)
                    : wanted.verb == 'o' ? fmt::format("{:o}", value)
                    : wanted.verb == 'b' ? fmt::format("{:b}", value)
                                         : fmt::format("{}", value);
  return wanted.plus && value >= 0 ? "+" + out : out;
}

/// A value as a directive prints it. Go's words where it does not suit: `%!d(string=web)`.
std::string formatted(const Value& value, const Directive& wanted) {
  const Basic kind = basic(value);
  switch (wanted.verb) {
    case 'v':
      return printed(value);
    case 'T':
      return type_of(value);
    case 's':
      if (kind == Basic::String) {
        return value->get_ref<const std::string&>().substr(
            0, wanted.precision.value_or(std::string::npos));
      }
      break;
    case 'q':
      if (kind == Basic::String) {
        return go_quote(value->get_ref<const std::string&>());
      }
      break;
    case 't':
      if (kind == Basic::Bool) {
        return printed(value);
      }
      break;
    case 'd':
    case 'x':
    case 'X':
    case 'o':
    case 'b':
      if (kind == Basic::Int) {
        return integer_text(value->get<std::int64_t>(), wanted);
      }
      break;
    case 'f':
      if (kind == Basic::Float) {
        return fmt::format("{:.{}f}", value->get<double>(), wanted.precision.value_or(6));
      }
      break;
    default:
      break;
  }
  return value ? fmt::format("%!{}({}={})", wanted.verb, type_of(value), printed(value))
               : fmt::format("%!{}(<nil>)", wanted.verb);
}

std::string padded(std::string text, const Directive& wanted) {
  constexpr std::size_t kWidest = 10'000;
  const auto size = static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & '\xC0') != '\x80'; }));
  const std::size_t width = std::min(wanted.width, kWidest);
  if (size >= width) {
    return text;
  }
  const std::size_t missing = width - size;
  if (wanted.left) {
    return text + std::string(missing, ' ');
  }
  const bool sign = wanted.zero && !text.empty() && (text[0] == '-' || text[0] == '+');
  return text.substr(0, sign ? 1 : 0) + std::string(missing, wanted.zero ? '0' : ' ') +
         text.substr(sign ? 1 : 0);
}

class Printf {
 public:
  Printf(const std::string& format, const Values& arguments)
      : format_(format), arguments_(arguments) {}

  std::string print() {
    std::string out;
    while (at_ < format_.size()) {
      const std::size_t percent = std::min(format_.find('%', at_), format_.size());
      out += format_.substr(at_, percent - at_);
      at_ = percent;
      if (at_ < format_.size()) {
        out += directive();
      }
    }
    if (next_ < arguments_.size()) {
      out += "%!(EXTRA ";
      for (std::size_t i = next_; i < arguments_.size(); ++i) {
        out += (i > next_ ? ", " : "") + type_of(arguments_[i]) +
               (arguments_[i] ? "=" + printed(arguments_[i]) : "");
      }
      out += ")";
    }
    return out;
  }

 private:
  std::string directive() {
    ++at_;
    Directive wanted;
    for (; at_ < format_.size(); ++at_) {
      const char c = format_[at_];
      if (c == '-') {
        wanted.left = true;
      } else if (c == '+') {
        wanted.plus = true;
      } else if (c == '0') {
        wanted.zero = true;
      } else if (c != ' ' && c != '#') {
        break;
      }
    }
    wanted.width = number().value_or(0);
    if (at_ < format_.size() && format_[at_] == '.') {
      ++at_;
      wanted.precision = number().value_or(0);
    }
    if (at_ >= format_.size()) {
      return "%!(NOVERB)";
    }
    wanted.verb = format_[at_++];
    if (wanted.verb == '%') {
      return "%";
    }
    if (next_ >= arguments_.size()) {
      return fmt::format("%!{}(MISSING)", wanted.verb);
    }
    return padded(formatted(arguments_[next_++], wanted), wanted);
  }

  std::optional<std::size_t> number() {
    constexpr std::size_t kLargest = 1'000'000;
    std::optional<std::size_t> out;
    for (; at_ < format_.size() && is_digit(format_[at_]); ++at_) {
      out = std::min(out.value_or(0) * 10 + static_cast<std::size_t>(format_[at_] - '0'), kLargest);
    }
    return out;
  }

  const std::string& format_;
  const Values& arguments_;
  std::size_t at_{};
  std::size_t next_{};
};

std::string html(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string base64decode(const Value& value) {
  if (basic(value) != Basic::String) {
    throw CallError{fmt::format("wrong type for value; expected string; got {}", type_of(value))};
  }
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string& text = value->get_ref<const std::string&>();
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  const std::size_t end = std::min(text.find('='), text.size());
  for (std::size_t i = 0; i < end; ++i) {
    const std::size_t digit = kDigits.find(text[i]);
    if (digit == std::string_view::npos) {
      throw CallError{fmt::format("base64 decode failed: illegal base64 data at input byte {}", i)};
    }
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
  if (text.size() % 4 != 0) {
    throw CallError{
        fmt::format("base64 decode failed: illegal base64 data at input byte {}", text.size())};
  }
  return out;
}

Value length(const Value& value) {
  if (!value) {
    throw CallError{"len of nil pointer"};
  }
  if (value->is_string()) {
    return made(value->get_ref<const std::string&>().size());
  }
  if (!value->is_structured()) {
    throw CallError{fmt::format("len of type {}", type_of(value))};
  }
  return made(value->size());
}

Value call(const std::string& name, const Values& arguments) {
  const Value& first = argument(arguments, 0);
  const Value& second = argument(arguments, 1);
  if (name == "eq") {
    if (arguments.size() < 2) {
      throw CallError{"missing argument for comparison"};
    }
    return made(std::any_of(arguments.begin() + 1, arguments.end(), [&first](const Value& other) {
      return equal(first, other);
    }));
  }
  if (name == "ne") {
    return made(!equal(first, second));
  }
  if (name == "lt") {
    return made(less(first, second));
  }
  if (name == "le") {
    return made(less(first, second) || equal(first, second));
  }
  if (name == "gt") {
    return made(!less(first, second) && !equal(first, second));
  }
  if (name == "ge") {
    return made(!less(first, second));
  }
  if (name == "not") {
    return made(!truth(first));
  }
  if (name == "len") {
    return length(first);
  }
  if (name == "slice") {
    return slice(arguments);
  }
  if (name == "index") {
    Value at = first;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      at = element(at, arguments[i]);
    }
    return at;
  }
  if (name == "exists") {
    Value at = first;
    for (std::size_t i = 1; i < arguments.size() && at; ++i) {
      try {
        at = element(at, arguments[i]);
      } catch (const CallError&) {
        at = nullptr;
      }
    }
    return made(at != nullptr);
  }
  if (name == "base64decode") {
    return made(base64decode(first));
  }
  if (name == "html") {
    return made(html(sprint(arguments)));
  }
  if (name == "println") {
    std::string out;
    for (const Value& value : arguments) {
      out += (out.empty() ? "" : " ") + printed(value);
    }
    return made(out + "\n");
  }
  if (name == "printf") {
    if (basic(first) != Basic::String) {
      throw CallError{fmt::format("wrong type for value; expected string; got {}", type_of(first))};
    }
    const Values rest(arguments.begin() + 1, arguments.end());
    return made(Printf(first->get_ref<const std::string&>(), rest).print());
  }
  return made(sprint(arguments));  // print
}

/// How many arguments a function takes at least and at most.
std::pair<std::size_t, std::size_t> arity(std::string_view name) {
  constexpr std::size_t kMany = 1'000'000;
  if (name == "not" || name == "len" || name == "base64decode") {
    return {1, 1};
  }
  if (name == "ne" || name == "lt" || name == "le" || name == "gt" || name == "ge") {
    return {2, 2};
  }
  return {name.starts_with("print") && name != "printf" ? 0 : name == "html" ? 0 : 1, kMany};
}

/// Whether a loop goes on.
enum class Loop : unsigned char { On, Break, Continue };

class Executor {
 public:
  Executor(std::string_view text, bool missing_keys, std::string& out)
      : text_(text), missing_keys_(missing_keys), out_(out) {}

  void run(const std::vector<TemplateNode>& nodes, const Value& document) {
    variables_.emplace_back("$", document);
    walk(nodes, document);
  }

 private:
  [[noreturn]] void fail(std::size_t at, std::string context, const std::string& what) const {
    constexpr std::size_t kLongest = 20;
    if (context.size() > kLongest) {
      context = context.substr(0, kLongest) + "...";
    }
    throw ExecError{fmt::format("template: {}: executing \"output\" at <{}>: {}",
                                template_place(text_, at),
                                context,
                                what)};
  }

  Loop walk(const std::vector<TemplateNode>& nodes, const Value& dot) {
    for (const TemplateNode& node : nodes) {
      if (++steps_ > kMostSteps) {
        throw ExecError{"the template takes more steps than are simulated"};
      }
      switch (node.type) {
        case NodeType::Text:
          out_ += node.text;
          break;
        case NodeType::Print: {
          const Value value = pipeline(node.pipeline, dot);
          if (node.pipeline.variables.empty()) {
            out_ += value ? go_text(*value) : "<no value>";
          }
          break;
        }
        case NodeType::If:
        case NodeType::With: {
          const std::size_t depth = variables_.size();
          const Value value = pipeline(node.pipeline, dot);
          const bool holds = truth(value);
          const Loop loop = walk(holds ? node.body : node.otherwise,
                                 holds && node.type == NodeType::With ? value : dot);
          variables_.resize(depth);
          if (loop != Loop::On) {
            return loop;
          }
          break;
        }
        case NodeType::Range:
          range(node, dot);
          break;
        case NodeType::Break:
          return Loop::Break;
        case NodeType::Continue:
          return Loop::Continue;
      }
    }
    return Loop::On;
  }

  void range(const TemplateNode& node, const Value& dot) {
    const std::size_t depth = variables_.size();
    TemplatePipeline over = node.pipeline;
    over.variables.clear();
    const Value value = pipeline(over, dot);
    if (value && !value->is_structured()) {
      const TemplateCommand& last = over.commands.back();
      fail(last.operands.front().at,
           pipeline_text(over),
           "range can't iterate over " + go_text(*value));
    }
    if (!truth(value)) {
      walk(node.otherwise, dot);
      variables_.resize(depth);
      return;
    }
    std::size_t place = 0;
    for (const auto& [key, item] : value->items()) {
      const Value own = within(item);
      const Value index = value->is_array() ? made(place) : made(key);
      ++place;
      variables_.resize(depth);
      const std::vector<std::string>& names = node.pipeline.variables;
      if (names.size() == 2) {
        set(names[0], index, node.pipeline.declares);
        set(names[1], own, node.pipeline.declares);
      } else if (names.size() == 1) {
        set(names[0], own, node.pipeline.declares);
      }
      if (walk(node.body, own) == Loop::Break) {
        break;
      }
    }
    variables_.resize(depth);
  }

  void set(const std::string& name, const Value& value, bool declares) {
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

  Value pipeline(const TemplatePipeline& pipe, const Value& dot) {
    Value value;
    bool first = true;
    for (const TemplateCommand& command : pipe.commands) {
      value = run(command, dot, std::exchange(first, false) ? std::nullopt : std::optional(value));
    }
    for (const std::string& name : pipe.variables) {
      set(name, value, pipe.declares);
    }
    return value;
  }

  /// `last`: what the command before it in the pipeline gave.
  Value run(const TemplateCommand& command, const Value& dot, const std::optional<Value>& last) {
    const TemplateOperand& head = command.operands.front();
    if (head.root != Root::Function || !head.fields.empty()) {
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
    if (head.name == "and" || head.name == "or") {
      return short_circuit(command, dot, last);
    }
    Values arguments;
    for (auto it = command.operands.begin() + 1; it != command.operands.end(); ++it) {
      arguments.push_back(operand(*it, dot));
    }
    if (last) {
      arguments.push_back(*last);
    }
    const auto [least, most] = arity(head.name);
    if (arguments.size() < least || arguments.size() > most) {
      fail(head.at,
           head.name,
           fmt::format("wrong number of args for {}: want {}{} got {}",
                       head.name,
                       least == most ? "" : "at least ",
                       least,
                       arguments.size()));
    }
    try {
      return call(head.name, arguments);
    } catch (const CallError& error) {
      fail(head.at,
           template_text(command),
           fmt::format("error calling {}: {}", head.name, error.text));
    }
  }

  Value short_circuit(const TemplateCommand& command,
                      const Value& dot,
                      const std::optional<Value>& last) {
    const bool ends_with = command.operands.front().name == "or";
    Value value;
    for (auto it = command.operands.begin() + 1; it != command.operands.end(); ++it) {
      value = operand(*it, dot);
      if (truth(value) == ends_with) {
        return value;
      }
    }
    return last ? *last : value;
  }

  Value operand(const TemplateOperand& operand, const Value& dot) {
    Value at;
    switch (operand.root) {
      case Root::Dot:
        at = dot;
        break;
      case Root::Variable:
        at = variable(operand.name);
        break;
      case Root::Constant:
        at = made(operand.constant);
        break;
      case Root::Pipeline:
        at = pipeline(*operand.pipeline, dot);
        break;
      case Root::Function: {
        TemplateCommand alone;
        alone.operands.push_back(operand);
        alone.operands.front().fields.clear();
        at = run(alone, dot, std::nullopt);
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

  Value variable(const std::string& name) const {
    for (auto it = variables_.rbegin(); it != variables_.rend(); ++it) {
      if (it->first == name) {
        return it->second;
      }
    }
    return nullptr;
  }

  Value member(const Value& value, const std::string& field, const TemplateOperand& operand) {
    if (value && !value->is_object()) {
      fail(operand.at,
           operand.text,
           fmt::format("can't evaluate field {} in type interface {{}}", field));
    }
    if (value) {
      if (const auto found = value->find(field); found != value->end()) {
        return within(*found);
      }
    }
    if (!missing_keys_) {
      fail(operand.at,
           operand.text,
           value ? fmt::format("map has no entry for key {}", go_quote(field))
                 : fmt::format("nil data; no entry for key {}", go_quote(field)));
    }
    return nullptr;
  }

  static constexpr std::size_t kMostSteps = 1'000'000;  // nested loops multiply

  std::string_view text_;
  bool missing_keys_;
  std::string& out_;
  std::size_t steps_{};
  std::vector<std::pair<std::string, Value>> variables_;
};

}  // namespace

TemplateOutput print_go_template(std::string_view text, const Json& document, bool missing_keys) {
  const auto nodes = parse_go_template(text);
  if (!nodes) {
    return {"", fmt::format("error parsing template {}, {}", text, nodes.error())};
  }
  TemplateOutput out;
  try {
    Executor(text, missing_keys, out.text).run(*nodes, within(document));
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
