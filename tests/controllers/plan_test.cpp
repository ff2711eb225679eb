#include "support/catch.hpp"

#include <stsim/controllers/plan.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

using namespace stsim;
using controllers::Group;
using controllers::Plan;

namespace {

/// A plan whose groups are named a, b, … and belong to the batches given.
Plan plan_of(const std::vector<int>& batches) {
  Plan out;
  for (const int batch : batches) {
    Group group;
    group.batch = batch;
    controllers::Call call;
    call.target.name = std::string(1, static_cast<char>('a' + out.groups.size()));
    group.calls.push_back(std::move(call));
    out.groups.push_back(std::move(group));
  }
  return out;
}

std::string name_of(const Group& group) {
  return group.calls.front().target.name;
}

std::string names(const Plan& plan) {
  std::string out;
  for (const Group& group : plan.groups) {
    out += name_of(group);
  }
  return out;
}

std::string shuffled(const std::vector<int>& batches, std::uint64_t seed) {
  Plan plan = plan_of(batches);
  engine::SeededChooser chooser(seed);
  engine::ChoicePoint draw{"batch", "web", 0};
  controllers::shuffle_batches(plan, chooser, draw);
  return names(plan);
}

}  // namespace

TEST_CASE("SS-110: the groups of a batch can stand in any order, those of different ones cannot") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    seen.insert(shuffled({1, 2, 2, 3, 3, 3}, seed));
  }
  REQUIRE(seen.size() == 2 * 6);
  REQUIRE(std::ranges::all_of(seen, [](const std::string& order) {
    return order[0] == 'a' && order.substr(1, 2).find_first_not_of("bc") == std::string::npos;
  }));
}

TEST_CASE("SS-110: what is done one after the other stays so") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    REQUIRE(shuffled({0, 0, 0, 1, 2, 3}, seed) == "abcdef");
  }
}

TEST_CASE("SS-110: shuffled batches draw once for each group but the last, and counts follow") {
  Plan plan = plan_of({1, 2, 2, 2});
  plan.status.emplace();
  for (std::size_t group = 0; group < plan.groups.size(); ++group) {
    plan.status->changes.push_back({.group = group, .replicas = static_cast<int>(group)});
  }
  engine::SeededChooser chooser(3);
  engine::ChoicePoint draw{"batch", "web", 7};
  controllers::shuffle_batches(plan, chooser, draw);
  REQUIRE(names(plan) != "abcd");
  REQUIRE(draw.n == 7 + 2);
  for (const controllers::CountChange& change : plan.status->changes) {
    REQUIRE(name_of(plan.groups[change.group]).front() == 'a' + change.replicas);
  }
}
