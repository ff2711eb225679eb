#pragma once
// Who owns whom, as a graph for Boost.Graph's algorithms: a vertex is an object, an edge leads from
// an owner to a dependent. It is a view of the cache's owner index: the edges
// of a vertex are listed when they are asked for, and no graph is kept.

#include <boost/graph/graph_traits.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <boost/property_map/property_map.hpp>
#include <stsim/store/watch.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace stsim::controllers::gc {

/// An incidence graph over what a cache has seen. Holds a reference: for the length of one
/// decision.
class OwnerGraph {
 public:
  using vertex_descriptor = api::Uid;
  using edge_descriptor = std::pair<api::Uid, api::Uid>;  ///< owner, dependent
  using directed_category = boost::directed_tag;
  using edge_parallel_category = boost::disallow_parallel_edge_tag;
  using traversal_category = boost::incidence_graph_tag;
  using degree_size_type = std::size_t;

  /// The edges out of one owner, in order of the dependents' keys.
  class OutEdges {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = edge_descriptor;
    using difference_type = std::ptrdiff_t;
    using pointer = const edge_descriptor*;
    using reference = edge_descriptor;

    OutEdges() = default;
    OutEdges(api::Uid owner,
             std::shared_ptr<const std::vector<api::ObjectPtr>> dependents,
             std::size_t at)
        : owner_(owner), dependents_(std::move(dependents)), at_(at) {}
    edge_descriptor operator*() const { return {owner_, (*dependents_)[at_]->uid}; }
    OutEdges& operator++() {
      ++at_;
      return *this;
    }
    OutEdges operator++(int) {
      OutEdges before = *this;
      ++at_;
      return before;
    }
    bool operator==(const OutEdges& other) const { return at_ == other.at_; }

   private:
    api::Uid owner_;
    std::shared_ptr<const std::vector<api::ObjectPtr>> dependents_;
    std::size_t at_{};
  };

  using out_edge_iterator = OutEdges;

  explicit OwnerGraph(const store::Cache& cache) : cache_(cache) {}
  [[nodiscard]] const store::Cache& cache() const { return cache_; }

 private:
  const store::Cache& cache_;
};

inline api::Uid source(const OwnerGraph::edge_descriptor& edge, const OwnerGraph&) {
  return edge.first;
}
inline api::Uid target(const OwnerGraph::edge_descriptor& edge, const OwnerGraph&) {
  return edge.second;
}

inline std::pair<OwnerGraph::OutEdges, OwnerGraph::OutEdges> out_edges(const api::Uid& owner,
                                                                       const OwnerGraph& graph) {
  const auto dependents =
      std::make_shared<const std::vector<api::ObjectPtr>>(graph.cache().owned_by(owner));
  return {{owner, dependents, 0}, {owner, dependents, dependents->size()}};
}

inline std::size_t out_degree(const api::Uid& owner, const OwnerGraph& graph) {
  return graph.cache().owned_by(owner).size();
}

/// Whether `to` can be reached from `from` along edges from owners to dependents.
[[nodiscard]] bool reaches(const OwnerGraph& graph, const api::Uid& from, const api::Uid& to);

}  // namespace stsim::controllers::gc
