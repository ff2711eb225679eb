// The evaluator of JSONPath templates. Lists found so far are turned into the next ones node by
// node; ranges repeat the parts that follow them up to their end.

#include "kubectl/document.hpp"
#include "kubectl/go_text.hpp"
#include "kubectl/path_template.hpp"

#include <fmt/format.h>
#include <stsim/kubectl/jsonpath.hpp>
#include <stsim/kubectl/yaml.hpp>

#include <compare>

namespace stsim::kubectl {

namespace {

using api::Json;
using Error = tl::unexpected<std::string>;
using Values = std::vector<Found>;
using Step = Result<Values, std::string>;

// What Go's template functions compare: booleans, whole numbers, other numbers and texts.
enum class BasicKind { None, Boolean, Integer, Number, Text };

BasicKind basic_kind(const Json& value) {
  if (value.is_boolean()) {
    return BasicKind::Boolean;
  }
  if (value.is_number_integer()) {
    return BasicKind::Integer;
  }
  if (value.is_number_float()) {
    return BasicKind::Number;
  }
  return value.is_string() ? BasicKind::Text : BasicKind::None;
}

Result<bool, std::string> compare(const Json& left, const Json& right, const std::string& op) {
  const BasicKind kind = basic_kind(left);
  if (kind == BasicKind::None || basic_kind(right) == BasicKind::None) {
    return Error("invalid type for comparison");
  }
  if (kind != basic_kind(right)) {
    return Error("incompatible types for comparison");
  }
  if (op == "==") {
    return left == right;
  }
  if (op == "!=") {
    return left != right;
  }
  if (kind == BasicKind::Boolean) {
    return Error("invalid type for comparison");
  }
  if (op == "<") {
    return left < right;
  }
  if (op == "<=") {
    return left <= right;
  }
  return op == ">" ? left > right : left >= right;
}

bool is_operator(const std::string& op) {
  return op == "==" || op == "!=" || op == "<" || op == "<=" || op == ">" || op == ">=";
}

// The elements of a list, the values of a map, the bytes of a text; nothing for other values.
Values contents(const Found& found) {
  Values result;
  const Json& value = found.value();
  if (value.is_structured()) {
    for (const Json& element : value) {
      result.emplace_back(element);
    }
  } else if (value.is_string()) {
    for (const char c : value.get_ref<const std::string&>()) {
      result.emplace_back(
          std::make_shared<const Json>(static_cast<int>(static_cast<unsigned char>(c))));
    }
  }
  return result;
}

class Evaluator {
 public:
  explicit Evaluator(const PathTemplate& tree) : parts_(tree.parts) {}

  Result<FoundLists, std::string> run(const Json& document) { return run_from(0, Found(document)); }

 private:
  Result<FoundLists, std::string> run_from(std::size_t first, const Found& current) {
    FoundLists lists;
    for (std::size_t i = first; i < parts_.size(); ++i) {
      Step results = walk_all({current}, parts_[i]);
      if (!results) {
        return Error(results.error());
      }
      if (ends_ > 0 && ends_ <= depth_) {
        --ends_;
        last_end_ = i;
        break;
      }
      if (begins_ == 0) {
        lists.push_back(std::move(*results));
        continue;
      }
      --begins_;
      ++depth_;
      if (auto status = repeat(i + 1, *results, lists); !status) {
        return Error(status.error());
      }
      --depth_;
      if (last_end_ && *last_end_ > i) {
        i = *last_end_;
      }
    }
    return lists;
  }

  // A range without elements is gone through once, to find its end.
  Result<void, std::string> repeat(std::size_t first, const Values& values, FoundLists& lists) {
    static const Json kNothing;
    if (values.empty()) {
      const auto ignored = run_from(first, Found(kNothing));
      return ignored ? Result<void, std::string>() : Error(ignored.error());
    }
    for (const Found& value : values) {
      Result<FoundLists, std::string> more = run_from(first, value);
      if (!more) {
        return Error(more.error());
      }
      std::move(more->begin(), more->end(), std::back_inserter(lists));
    }
    return {};
  }

  Step walk_all(Values values, const PathNodes& nodes) {
    for (const PathNode& node : nodes) {
      Step next = std::visit([&](const auto& kind) { return walk(values, kind); }, node.node);
      if (!next) {
        return next;
      }
      values = std::move(*next);
    }
    return values;
  }

  static Step walk(const Values& input, const FieldNode& node) {
    Values result;
    for (const Found& found : input) {
      if (found.value().is_object()) {
        const auto member = found.value().find(node.name);
        if (member != found.value().end()) {
          result.emplace_back(*member);
        }
      }
    }
    return result;
  }

  static Step walk(const Values& input, const SliceNode& node) {
    Values result;
    for (const Found& found : input) {
      const Json& list = found.value();
      if (list.is_null()) {
        continue;
      }
      if (!list.is_array()) {
        return Error(fmt::format("{} is not array or slice", go_type(list)));
      }
      const auto size = static_cast<std::int64_t>(list.size());
      std::int64_t first = node.first.value_or(0);
      std::int64_t last = node.single ? first + 1 : node.last.value_or(size);
      first += first < 0 ? size : 0;
      last += last < 0 || (last == 0 && node.single) ? size : 0;
      if (first == last) {
        return result;
      }
      if (first >= size || first < 0) {
        return Error(fmt::format("array index out of bounds: index {}, length {}", first, size));
      }
      if (last > size || last < 0) {
        return Error(fmt::format("array index out of bounds: index {}, length {}", last - 1, size));
      }
      if (first > last) {
        return Error(fmt::format("starting index {} is greater than ending index {}", first, last));
      }
      const std::int64_t step = node.step.value_or(1);
      if (step <= 0) {
        return Error("step must be > 0");
      }
      for (std::int64_t i = first; i < last; i += step) {
        result.emplace_back(list[static_cast<std::size_t>(i)]);
      }
    }
    return result;
  }

  Step walk(const Values& input, const FilterNode& node) {
    Values result;
    for (const Found& found : input) {
      const Json& list = found.value();
      if (!list.is_array()) {
        return Error(fmt::format("{} is not array or slice and cannot be filtered", go_text(list)));
      }
      for (const Json& element : list) {
        const auto passes = filter(element, node);
        if (!passes) {
          return Error(passes.error());
        }
        if (*passes) {
          result.emplace_back(element);
        }
      }
    }
    return result;
  }

  Result<bool, std::string> filter(const Json& element, const FilterNode& node) {
    const Step left = walk_all({Found(element)}, node.left);
    if (node.op.empty()) {
      return left && !left->empty();
    }
    if (!left) {
      return Error(left.error());
    }
    const Step right = left->empty() ? Step() : walk_all({Found(element)}, node.right);
    if (!right) {
      return Error(right.error());
    }
    if (left->size() > 1 || right->size() > 1) {
      return Error("can only compare one element at a time");
    }
    if (left->empty() || right->empty()) {
      return false;
    }
    if (!is_operator(node.op)) {
      return Error(fmt::format("unrecognized filter operator {}", node.op));
    }
    return compare(left->front().value(), right->front().value(), node.op);
  }

  static Step walk(const Values& input, const WildcardNode& /*node*/) {
    Values result;
    for (const Found& found : input) {
      Values inside = contents(found);
      std::move(inside.begin(), inside.end(), std::back_inserter(result));
    }
    return result;
  }

  static void descend(const Found& found, Values& result) {
    const Values inside = contents(found);
    if (inside.empty()) {
      return;
    }
    result.push_back(found);
    for (const Found& element : inside) {
      descend(element, result);
    }
  }

  static Step walk(const Values& input, const RecursiveNode& /*node*/) {
    Values result;
    for (const Found& found : input) {
      descend(found, result);
    }
    return result;
  }

  Step walk(const Values& input, const UnionNode& node) {
    Values result;
    for (const PathNodes& part : node.parts) {
      Step more = walk_all(input, part);
      if (!more) {
        return more;
      }
      std::move(more->begin(), more->end(), std::back_inserter(result));
    }
    return result;
  }

  Step walk(const Values& input, const IdentifierNode& node) {
    if (node.name == "range") {
      ++begins_;
      return input;
    }
    if (node.name != "end") {
      return Error(fmt::format("unrecognized identifier {}", node.name));
    }
    if (depth_ == 0) {
      return Error("not in range, nothing to end");
    }
    ++ends_;
    return Values();
  }

  // A text stands for itself; a number or boolean is repeated for each value.
  static Step walk(const Values& input, const LiteralNode& node) {
    return Values(node.value->is_string() ? 1 : input.size(), Found(node.value));
  }

  const std::vector<PathNodes>& parts_;
  int begins_{};  ///< ranges met and not entered yet
  int depth_{};   ///< ranges entered
  int ends_{};    ///< ends met and not taken yet
  std::optional<std::size_t> last_end_;
};

std::string print_value(const Json& value) {
  if (value.is_structured()) {
    return api::to_go_json(value);
  }
  return value.is_null() ? "null" : go_text(value);
}

}  // namespace

Result<JsonPath, std::string> JsonPath::parse(std::string_view text) {
  Result<PathTemplate, std::string> tree = parse_path_template(text);
  if (!tree) {
    return Error(tree.error());
  }
  return JsonPath(std::make_shared<const PathTemplate>(std::move(*tree)));
}

Result<FoundLists, std::string> JsonPath::find(const Json& document) const {
  return Evaluator(*tree_).run(document);
}

Result<std::string, std::string> JsonPath::print(const Json& document) const {
  const Result<FoundLists, std::string> lists = find(document);
  if (!lists) {
    return Error(lists.error());
  }
  std::string text;
  for (const Values& values : *lists) {
    std::vector<std::string> parts;
    for (const Found& found : values) {
      parts.push_back(print_value(found.value()));
    }
    text += join(parts, " ");
  }
  return text;
}

Result<std::string, std::string> JsonPath::print_as_json(const Json& document) const {
  const Result<FoundLists, std::string> lists = find(document);
  if (!lists) {
    return Error(lists.error());
  }
  std::string text;
  for (const Values& values : *lists) {
    Json list = Json::array();
    for (const Found& found : values) {
      list.push_back(found.value());
    }
    text += to_indented_json(list);
  }
  return text;
}

Result<std::string, std::string> print_jsonpath(std::string_view path_template,
                                                const Json& document,
                                                bool as_json) {
  if (path_template.empty()) {
    return Error("template format specified but no template given");
  }
  const Result<JsonPath, std::string> path = JsonPath::parse(path_template);
  if (!path) {
    return Error(fmt::format("error parsing jsonpath {}, {}", path_template, path.error()));
  }
  const Result<std::string, std::string> text =
      as_json ? path->print_as_json(document) : path->print(document);
  if (!text) {
    return Error(fmt::format(
        "error executing jsonpath {}: Error executing template: {}. Printing more "
        "information for debugging the template:\n\ttemplate was:\n\t\t{}\n\tobject given "
        "to jsonpath engine was:\n\t\t{}\n\n\n",
        go_quote(path_template),
        text.error(),
        path_template,
        go_syntax(document)));
  }
  return *text;
}

}  // namespace stsim::kubectl
