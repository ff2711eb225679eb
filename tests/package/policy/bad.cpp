// Policies that break their contract, each in one way: WAY.
#include <stsim/policy/policy.hpp>

#include <cstdlib>
#include <stdexcept>

namespace {

using stsim::policy::Plan;
using stsim::policy::Pods;
using stsim::policy::Revision;
using stsim::policy::View;

[[maybe_unused]] void throws(const View&, Plan&) {
  throw std::runtime_error("a table has no such row");
}

[[maybe_unused]] void asks_without_end(const View& view, Plan&) {
  while (!view.next(Pods::Present, 1'000'000)) {
  }
}

[[maybe_unused]] void plans_without_end(const View&, Plan& plan) {
  while (true) {
    plan.wait("and on", "ON-1");
  }
}

[[maybe_unused]] void moody(const View&, Plan& plan) {
  static int calls = 0;
  if (++calls % 2 == 0) {
    plan.create(0, Revision::Update, "this time, yes", "MOODY-1");
  }
}

[[maybe_unused]] void two_of_one(const View&, Plan& plan) {
  plan.create(0, Revision::Update, "one", "TWO-1");
  plan.create(0, Revision::Update, "and once more", "TWO-1");
}

[[maybe_unused]] void nobody(const View&, Plan& plan) {
  plan.remove(77, "it is in the way", "NOBODY-1");
}

[[maybe_unused]] void crashes(const View&, Plan&) {
  std::abort();
}

[[maybe_unused]] void hangs(const View&, Plan&) {
  for (volatile bool for_ever = true; for_ever;) {
  }
}

[[maybe_unused]] void exits(const View&, Plan&) {
  std::_Exit(3);
}

}  // namespace

STSIM_POLICY(NAME, "breaks its contract", nullptr, false, WAY)
