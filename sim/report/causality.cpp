#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/transitive_reduction.hpp>
#include <stsim/base/error.hpp>
#include <stsim/report/causality.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace stsim::report {

using engine::TraceId;

/// A vertex is a record: that of id n has the number n - 1.
struct Causality::Graph {
  using Records = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

  Records records;
  std::vector<SimTime> times;
  std::vector<TraceId> last_enablers;  ///< 0 where there is none

  [[nodiscard]] CausalEdge edge(TraceId cause, TraceId effect) const {
    return {
        cause, effect, times[effect - 1] - times[cause - 1], last_enablers[effect - 1] == cause};
  }
};

Causality::Causality(const scenario::RunLog& log) {
  auto graph = std::make_shared<Graph>();
  graph->records = Graph::Records(log.records().size());
  for (const engine::TraceRecord& record : log.records()) {
    const auto causes = record.causes.ids();
    graph->times.push_back(record.time);
    graph->last_enablers.push_back(causes.empty() ? 0 : causes.front());
    for (const TraceId cause : causes) {
      STSIM_ASSERT(cause < record.id);
      boost::add_edge(cause - 1, record.id - 1, graph->records);
    }
  }
  graph_ = std::move(graph);
}

std::vector<CausalEdge> Causality::causes_of(TraceId record) const {
  std::vector<CausalEdge> out;
  for (auto [at, end] = boost::in_edges(record - 1, graph_->records); at != end; ++at) {
    out.push_back(graph_->edge(boost::source(*at, graph_->records) + 1, record));
  }
  return out;
}

std::vector<CausalEdge> Causality::effects_of(TraceId record) const {
  std::vector<CausalEdge> out;
  for (auto [at, end] = boost::out_edges(record - 1, graph_->records); at != end; ++at) {
    out.push_back(graph_->edge(record, boost::target(*at, graph_->records) + 1));
  }
  return out;
}

std::vector<TraceId> Causality::led_to(std::span<const TraceId> records) const {
  using Color = boost::default_color_type;
  std::vector<Color> colors(graph_->times.size(), Color::white_color);
  const auto backwards = boost::make_reverse_graph(graph_->records);
  boost::queue<Graph::Records::vertex_descriptor> reached;
  for (const TraceId record : records) {
    if (colors[record - 1] == Color::white_color) {
      boost::breadth_first_visit(backwards,
                                 record - 1,
                                 reached,
                                 boost::default_bfs_visitor(),
                                 boost::make_iterator_property_map(
                                     colors.begin(), boost::get(boost::vertex_index, backwards)));
    }
  }
  std::vector<TraceId> out;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    if (colors[i] != Color::white_color) {
      out.push_back(i + 1);
    }
  }
  return out;
}

std::vector<CausalEdge> Causality::critical_path(TraceId record) const {
  std::vector<CausalEdge> out;
  for (TraceId cause = graph_->last_enablers[record - 1]; cause != 0;
       cause = graph_->last_enablers[record - 1]) {
    out.push_back(graph_->edge(cause, record));
    record = cause;
  }
  std::ranges::reverse(out);
  return out;
}

std::vector<CausalEdge> Causality::among(std::span<const TraceId> kept) const {
  using Plain = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  /// What stands for a record that led to some of the kept ones.
  struct Nearest {
    std::set<std::size_t> kept;  ///< itself, or those that stand right before it
    TraceId on_path{};           ///< the last kept one on its critical path
  };
  if (kept.empty()) {
    return {};  // a graph without vertices cannot be reduced
  }
  std::map<TraceId, Nearest> nearest;
  Plain whole(kept.size());
  std::set<std::pair<TraceId, TraceId>> out;  // effect, cause
  std::map<TraceId, TraceId> last;
  std::size_t next = 0;
  for (const TraceId record : led_to(kept)) {
    Nearest here;
    for (auto [at, end] = boost::in_edges(record - 1, graph_->records); at != end; ++at) {
      const Nearest& through = nearest.at(boost::source(*at, graph_->records) + 1);
      here.kept.insert(through.kept.begin(), through.kept.end());
    }
    if (const TraceId enabler = graph_->last_enablers[record - 1]; enabler != 0) {
      here.on_path = nearest.at(enabler).on_path;
    }
    if (next < kept.size() && kept[next] == record) {
      for (const std::size_t cause : here.kept) {
        boost::add_edge(cause, next, whole);
      }
      if (here.on_path != 0) {
        out.emplace(record, here.on_path);
        last[record] = here.on_path;
      }
      here = {{next++}, record};
    }
    nearest.emplace(record, std::move(here));
  }

  Plain reduced;
  std::vector<std::size_t> places(kept.size());  // in `reduced`, of those in `whole`
  boost::transitive_reduction(
      whole,
      reduced,
      boost::make_iterator_property_map(places.begin(), boost::get(boost::vertex_index, whole)),
      boost::get(boost::vertex_index, whole));
  std::vector<TraceId> records(kept.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    records[places[i]] = kept[i];
  }
  for (auto [at, end] = boost::edges(reduced); at != end; ++at) {
    out.emplace(records[boost::target(*at, reduced)], records[boost::source(*at, reduced)]);
  }
  std::vector<CausalEdge> edges;
  for (const auto& [effect, cause] : out) {
    edges.push_back(graph_->edge(cause, effect));
    edges.back().last_enabler = last.at(effect) == cause;
  }
  return edges;
}

}  // namespace stsim::report
