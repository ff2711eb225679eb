// Graphs in the language of Graphviz.
#include "report/graph_writing.hpp"

#include <fmt/format.h>

namespace stsim::report {

namespace {

/// A text in quotes. https://graphviz.org/doc/info/lang.html
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + "\"";
}

/// A text within a label that is marked up.
std::string marked_up(std::string_view text) {
  std::string out;
  for (; text.starts_with(' '); text.remove_prefix(1)) {
    out += "&#160;";
  }
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

/// A title with smaller lines below it, which begin at the left where there are several.
std::string label(std::string_view title, const std::vector<std::string>& lines) {
  std::string out = fmt::format("<<B>{}</B>", marked_up(title));
  const std::string_view end = lines.size() > 2 ? R"(<BR ALIGN="LEFT"/>)" : "<BR/>";
  if (!lines.empty()) {
    out += R"(<BR/><FONT POINT-SIZE="10">)";
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out += marked_up(lines[i]);
      out += i + 1 < lines.size() || lines.size() > 2 ? end : "";
    }
    out += "</FONT>";
  }
  return out + ">";
}

std::string edge_label(const std::vector<std::string>& lines) {
  std::string out = "<";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // Blanks keep the label off its line and off what is beside it, whatever the font.
    out += fmt::format(
        "{}&#160;&#160;{}&#160;&#160;", i == 0 ? "" : R"(<BR ALIGN="LEFT"/>)", marked_up(lines[i]));
  }
  return out + (lines.size() > 1 ? R"(<BR ALIGN="LEFT"/>>)" : ">");
}

std::string_view shape(NodeKind kind) {
  switch (kind) {
    case NodeKind::Set:
      return "component";
    case NodeKind::Pod:
    case NodeKind::Object:
      return "box";
    case NodeKind::Storage:
      return "cylinder";
    case NodeKind::Server:
      return "box3d";
    case NodeKind::Network:
      return "tab";
    case NodeKind::Revision:
      return "note";
    case NodeKind::User:
      return "cds";
    case NodeKind::Fault:
      return "box, peripheries=2";
  }
  return "box";
}

void write_node(std::string& out, const GraphNode& node, const std::string& indent) {
  const Colors& of = colors(node.tone);
  const std::string_view style = node.tone == Tone::Gone      ? "filled,dashed"
                                 : node.kind == NodeKind::Pod ? "filled,rounded"
                                                              : "filled";
  out += fmt::format(R"({}{} [label={}, shape={}{}, style="{}", fillcolor="{}", color="{}"];)",
                     indent,
                     in_quotes(node.id),
                     label(node.title, node.lines),
                     shape(node.kind),
                     node.kind == NodeKind::User ? R"(, margin="0.35,0.16")" : "",
                     style,
                     of.fill,
                     of.line);
  out += "\n";
}

void write_group(std::string& out, const Graph& graph, std::string_view id, std::string indent) {
  for_nodes_in(graph, id, [&](const GraphNode& node) { write_node(out, node, indent); });
  for_groups_in(graph, id, [&](const GraphGroup& group) {
    out += fmt::format("{}subgraph {} {{\n", indent, in_quotes("cluster " + group.id));
    out += fmt::format("{}  label=<<B>&#160;{}&#160;</B>>;\n", indent, marked_up(group.title));
    out += indent + (group.line ? R"(  style=dashed; color="#b3261e"; fontcolor="#b3261e";)"
                                : R"(  style=rounded; color="#9aa5b8"; fontcolor="#333333";)");
    out += "\n";
    write_group(out, graph, group.id, indent + "  ");
    out += indent + "}\n";
  });
}

std::string_view look(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::Usual:
      return "";
    case EdgeKind::Strong:
      return R"(penwidth=2, color="#222222")";
    case EdgeKind::Weak:
      return "style=dashed";
  }
  return "";
}

}  // namespace

std::string to_dot(const Graph& graph) {
  std::string out = "digraph {\n";
  out +=
      fmt::format("  graph [label=<<B>{}</B>>, labelloc=t, rankdir={}, nodesep=0.3, ranksep=0.5,",
                  marked_up(graph.title),
                  graph.to_the_right ? "LR" : "TB");
  out += R"( fontname="Helvetica,Arial,sans-serif", fontsize=14];)";
  out += "\n  node [fontname=\"Helvetica,Arial,sans-serif\", fontsize=12, margin=\"0.15,0.08\"];\n";
  out += "  edge [fontname=\"Helvetica,Arial,sans-serif\", fontsize=10, color=\"#5b6b8c\"];\n";
  write_group(out, graph, "", "  ");
  for (const GraphEdge& edge : graph.edges) {
    std::string attributes;
    if (!edge.lines.empty()) {
      attributes = "label=" + edge_label(edge.lines);
    }
    if (const std::string_view how = look(edge.kind); !how.empty()) {
      attributes += fmt::format("{}{}", attributes.empty() ? "" : ", ", how);
    }
    out += fmt::format("  {} -> {}{};\n",
                       in_quotes(edge.from),
                       in_quotes(edge.to),
                       attributes.empty() ? "" : fmt::format(" [{}]", attributes));
  }
  return out + "}\n";
}

}  // namespace stsim::report
