#pragma once
// The parse tree of a JSONPath template.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace stsim::kubectl {

struct PathNode;

/// Nodes that follow each other: each works on what the one before found.
using PathNodes = std::vector<PathNode>;

/// `.name`, `['name']`.
struct FieldNode {
  std::string name;
};

/// `[1]`, `[0:2]`, `[-1:]`, `[::2]`, `[*]`. A single index is a slice of one element.
struct SliceNode {
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
  std::optional<std::int64_t> step;
  bool single{};
};

/// `[?(left op right)]`; without an operator elements qualify in which left finds anything.
struct FilterNode {
  PathNodes left;
  PathNodes right;
  std::string op;
};

/// `.*`
struct WildcardNode {};

/// `..`
struct RecursiveNode {};

/// `[0,2]`, `['a','b']`: what each part finds, one after the other.
struct UnionNode {
  std::vector<PathNodes> parts;
};

/// `range`, `end`.
struct IdentifierNode {
  std::string name;
};

/// A text between actions or in quotes, or a number or boolean in a filter.
struct LiteralNode {
  std::shared_ptr<const api::Json> value;
};

struct PathNode {
  std::variant<FieldNode,
               SliceNode,
               FilterNode,
               WildcardNode,
               RecursiveNode,
               UnionNode,
               IdentifierNode,
               LiteralNode>
      node;
};

/// Actions `{…}` and texts in between, each as a list of nodes.
struct PathTemplate {
  std::vector<PathNodes> parts;
};

/// Reads a template. Errors: the words of kubectl's parser.
[[nodiscard]] Result<PathTemplate, std::string> parse_path_template(std::string_view text);

}  // namespace stsim::kubectl
