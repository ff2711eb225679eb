#include <stsim/diagnosis/chain.hpp>
#include <stsim/diagnosis/explanations.hpp>
#include <stsim/diagnosis/why.hpp>
#include <stsim/scenario/session.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>

namespace stsim::diagnosis {

namespace {

using api::ObjectKey;

/// The objects that an answer speaks of.
std::vector<ObjectKey> objects_of(scenario::Session session, const Wish& wish) {
  scenario::Unobserved nobody;
  session.rest(nobody);
  std::vector<ObjectKey> out{wish.object};
  for (const Link& link : chain_of(session.world(), wish).links) {
    if (!link.about.name.empty() && std::ranges::find(out, link.about) == out.end()) {
      out.push_back(link.about);
    }
  }
  return out;
}

}  // namespace

std::vector<Explanation> explanations_of(const std::shared_ptr<const scenario::Scenario>& scenario,
                                         std::size_t most) {
  scenario::Unobserved nobody;
  scenario::Session session(scenario, settings_of(*scenario), nobody);
  std::vector<Explanation> out;
  std::size_t open = 0;  // those behind it last until the next step
  for (const scenario::Step& step : scenario->steps) {
    const bool all_told = out.size() >= most && open >= out.size();
    if (!session.goes_on() || all_told) {
      break;
    }
    session.take({scenario, &step}, nobody);
    if (open < out.size() && session.world().now == out.back().from) {
      continue;  // somebody only looked
    }
    for (; open < out.size(); ++open) {
      out[open].to = session.world().now;
    }
    // Whether something comes by itself is found out by letting it, which many pods take long for.
    constexpr std::size_t kManyPods = 200;
    if (session.world().store.size(api::Kind::Pod) > kManyPods &&
        !world::at_rest(session.world())) {
      continue;
    }
    for (const api::ObjectPtr& set : session.world().store.list(api::Kind::StatefulSet)) {
      const auto wish = open_wish(session.world(), set->key);
      if (!wish || out.size() >= most) {
        continue;
      }
      Answer answer = why(session, set->key);
      if (answer.stuck) {
        out.push_back({session.world().now,
                       SimTime::max(),
                       objects_of(session, *wish),
                       std::move(answer.text)});
      }
    }
  }
  return out;
}

}  // namespace stsim::diagnosis
