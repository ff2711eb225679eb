#include <stsim/scenario/runner.hpp>
#include <stsim/scenario/session.hpp>

namespace stsim::scenario {

std::shared_ptr<const world::Settings> settings_of(const Scenario& scenario) {
  auto out = std::make_shared<world::Settings>();
  out->features = {scenario.kubernetes, scenario.feature_gates};
  out->policy = scenario.policy;
  out->seed = scenario.seed;
  out->draw_races = scenario.draw_races;
  out->auto_kubelet = scenario.kubelet == KubeletMode::Auto;
  out->nodes.clear();
  for (const Node& node : scenario.cluster.nodes) {
    out->nodes.push_back(node.name);
    api::Labels& labels = out->node_labels[node.name];
    for (const auto& [key, value] : node.labels) {
      labels[key] = value;
    }
  }
  out->objects = scenario.cluster.objects;
  // Loading has filled in every point.
  for (const TimingPoint& point : timing_points()) {
    if (point.takes) {
      out->timing.usual[*point.takes] = scenario.timing.find(point.name)->second;
    }
  }
  out->placement = scenario.timing.find("placement")->second;
  out->watch = scenario.timing.find("watch")->second;
  out->node_start = scenario.timing.find("nodeStart")->second;
  out->kubelet_start = scenario.timing.find("kubeletStart")->second;
  for (const Period& period : periods()) {
    if (const auto given = scenario.periods.find(period.name); given != scenario.periods.end()) {
      period.of(*out) = given->second;
    }
  }
  out->timing.nodes = scenario.node_timing;
  out->timing.images = scenario.images;
  out->timing.pods = scenario.pods;
  out->dns = scenario.dns.value_or(usual_dns(scenario.kubelet, scenario.kubernetes));
  return out;
}

RunSummary run(const Scenario& scenario, RunObserver& observer) {
  return run(scenario, observer, settings_of(scenario));
}

RunSummary run(const Scenario& scenario,
               RunObserver& observer,
               std::shared_ptr<const world::Settings> settings) {
  // Nobody but this function keeps the session, or the steps that it has taken.
  const std::shared_ptr<const Scenario> shared(std::shared_ptr<void>(), &scenario);
  Session session(shared, std::move(settings), observer);
  for (const Step& step : scenario.steps) {
    session.take({shared, &step}, observer, &step == &scenario.steps.back());
    if (!session.goes_on()) {
      break;
    }
  }
  observer.run_ends(session.summary(), session.world());
  return session.summary();
}

}  // namespace stsim::scenario
