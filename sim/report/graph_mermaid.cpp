// Graphs in the language of Mermaid.
#include "report/graph_writing.hpp"

#include <fmt/format.h>
#include <stsim/api/json.hpp>
#include <stsim/base/characters.hpp>

#include <map>
#include <utility>

namespace stsim::report {

namespace {

/// A text as Mermaid takes it in quotes: whatever could mean something to it, to Markdown or to a
/// browser stands as the number of its character.
std::string safe(std::string_view text) {
  constexpr std::string_view kPlain = " .,:;/()[]+-=%@";
  std::string out;
  for (const char c : text) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (!ascii || is_alphanumeric(c) || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += static_cast<unsigned char>(c) < ' ' ? " " : fmt::format("#{};", static_cast<int>(c));
    }
  }
  return out;
}

std::string joined(std::string_view title, const std::vector<std::string>& lines) {
  std::string out = safe(title);
  for (const std::string& line : lines) {
    out += out.empty() ? "" : "<br/>";
    out += safe(line);
  }
  return out;
}

/// What stands around the text of a node.
std::pair<std::string_view, std::string_view> brackets(NodeKind kind) {
  switch (kind) {
    case NodeKind::Set:
      return {"[[", "]]"};
    case NodeKind::Pod:
      return {"(", ")"};
    case NodeKind::Storage:
      return {"[(", ")]"};
    case NodeKind::Server:
      return {"[/", "\\]"};
    case NodeKind::Network:
      return {"{{", "}}"};
    case NodeKind::Revision:
      return {">", "]"};
    case NodeKind::Object:
      return {"[", "]"};
    case NodeKind::User:
      return {"([", "])"};
    case NodeKind::Fault:
      return {"{{", "}}"};
  }
  return {"[", "]"};
}

std::string_view arrow(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::Usual:
      return "-->";
    case EdgeKind::Strong:
      return "==>";
    case EdgeKind::Weak:
      return "-.->";
  }
  return "-->";
}

class Mermaid {
 public:
  explicit Mermaid(const Graph& graph) : graph_(graph) {
    // Words such as `end` mean something: nodes and groups have numbers.
    for (const GraphNode& node : graph.nodes) {
      names_.emplace(node.id, fmt::format("n{}", names_.size() + 1));
    }
  }

  std::string text() {
    out_ = fmt::format("---\ntitle: {}\n---\nflowchart {}\n",
                       api::Json(graph_.title).dump(),
                       graph_.to_the_right ? "LR" : "TB");
    for (const Colors& of : kColors) {
      out_ += fmt::format("  classDef {} fill:{},stroke:{},color:#111111{}\n",
                          of.word,
                          of.fill,
                          of.line,
                          of.word == "gone" ? ",stroke-dasharray:4 3" : "");
    }
    write_group("", "  ");
    for (const GraphEdge& edge : graph_.edges) {
      const std::string words = joined("", edge.lines);
      out_ += fmt::format("  {} {}{} {}\n",
                          names_.at(edge.from),
                          arrow(edge.kind),
                          words.empty() ? "" : fmt::format("|\"{}\"|", words),
                          names_.at(edge.to));
    }
    return std::move(out_);
  }

 private:
  void write_group(std::string_view id, const std::string& indent) {
    for_nodes_in(graph_, id, [&](const GraphNode& node) {
      const auto [open, close] = brackets(node.kind);
      out_ += fmt::format("{}{}{}\"{}\"{}:::{}\n",
                          indent,
                          names_.at(node.id),
                          open,
                          joined(node.title, node.lines),
                          close,
                          colors(node.tone).word);
    });
    for_groups_in(graph_, id, [&](const GraphGroup& group) {
      const std::string name = fmt::format("g{}", ++groups_);
      out_ += fmt::format("{}subgraph {}[\"{}\"]\n", indent, name, safe(group.title));
      write_group(group.id, indent + "  ");
      out_ += indent + "end\n";
      out_ += fmt::format("{}style {} fill:none,stroke:{}\n",
                          indent,
                          name,
                          group.line ? "#b3261e,stroke-dasharray:6 4" : "#9aa5b8");
    });
  }

  const Graph& graph_;
  std::map<std::string, std::string, std::less<>> names_;
  std::string out_;
  int groups_{};
};

}  // namespace

std::string to_mermaid(const Graph& graph) {
  return Mermaid(graph).text();
}

}  // namespace stsim::report
