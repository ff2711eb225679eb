#pragma once
// What the writers of graphs have in common. Private to the module.

#include <stsim/report/graph.hpp>

#include <array>
#include <string_view>

namespace stsim::report {

/// The colours of a tone, as `#rrggbb`.
struct Colors {
  std::string_view word;  ///< `good`
  std::string_view fill;
  std::string_view line;
};

/// By Tone. The text on them is black, so that they can be read in grey, too.
inline constexpr std::array kColors{Colors{"usual", "#eef2fb", "#5b6b8c"},
                                    Colors{"good", "#e2f3e1", "#3f7d3c"},
                                    Colors{"waiting", "#fff3d1", "#a37400"},
                                    Colors{"bad", "#fbe0dd", "#b3261e"},
                                    Colors{"gone", "#f1f1f1", "#777777"}};

/// The colours of a tone.
[[nodiscard]] constexpr const Colors& colors(Tone tone) {
  return kColors[static_cast<std::size_t>(tone)];
}

/// The groups that lie in one, or outside all of them, in order.
template <class Each>
void for_groups_in(const Graph& graph, std::string_view parent, Each each) {
  for (const GraphGroup& group : graph.groups) {
    if (group.parent == parent) {
      each(group);
    }
  }
}

/// The nodes that lie in a group and in none within it, in order.
template <class Each>
void for_nodes_in(const Graph& graph, std::string_view group, Each each) {
  for (const GraphNode& node : graph.nodes) {
    if (node.group == group) {
      each(node);
    }
  }
}

}  // namespace stsim::report
