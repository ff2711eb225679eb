#include "owner_graph.hpp"

#include <boost/graph/breadth_first_search.hpp>
#include <boost/property_map/vector_property_map.hpp>

#include <map>

namespace stsim::controllers::gc {

namespace {

/// Thrown by the visitor to end a search that has found what it looked for.
struct Found {};

struct Finder : boost::default_bfs_visitor {
  explicit Finder(api::Uid wanted) : to(wanted) {}
  template <class Edge>
  void examine_edge(const Edge& edge, const OwnerGraph& graph) const {
    if (target(edge, graph) == to) {
      throw Found{};
    }
  }
  api::Uid to;
};

}  // namespace

bool reaches(const OwnerGraph& graph, const api::Uid& from, const api::Uid& to) {
  std::map<api::Uid, boost::default_color_type> colors;
  boost::associative_property_map color_map(colors);
  boost::queue<api::Uid> queue;
  try {
    // Vertices that are not in the map yet read as white, the enumeration's first value.
    boost::breadth_first_visit(graph, from, queue, Finder(to), color_map);
  } catch (const Found&) {
    return true;
  }
  return false;
}

}  // namespace stsim::controllers::gc
