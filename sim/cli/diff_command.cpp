// `stsim diff` and `stsim bisect`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"

#include <fmt/format.h>
#include <stsim/experiment/comparison.hpp>
#include <stsim/experiment/in_order.hpp>
#include <stsim/policy/policies.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <tuple>

namespace stsim::cli {

namespace {

using experiment::Side;
using experiment::Variant;
using scenario::Scenario;

class DiffParser {
 public:
  DiffParser()
      : arguments_("stsim diff",
                   "Runs a scenario twice and says where the runs part, why, and what comes of it. "
                   "Exits with 0 where they never part, and with 1 where they do.",
                   "a scenario") {
    arguments_.positionals("FILE", files, "The scenario", true);
    arguments_.text("--kubernetes", kubernetes_, "REL,REL", "Two releases, such as 1.34,1.36");
    arguments_.text(
        "--feature-gate", gate_, "NAME=BOOL,BOOL", "A feature gate off and on: NAME=false,true");
    arguments_.text(
        "--policy",
        policies_,
        "NAME,NAME",
        "Two policies: built-in ones (see stsim policies), or libraries by their paths");
    arguments_.flag("--isolate", isolate_, "Let libraries decide in processes of their own");
    arguments_.text("--seed", seeds_, "N,N", "Two seeds");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }

  /// The two that are asked for.
  Result<std::array<Variant, 2>, UserError> variants() const {
    std::array<Variant, 2> out;
    if (isolate_) {
      policy::isolate_libraries();
    }
    bool any = false;
    for (const auto& [name, text, set] : {std::tuple("--kubernetes", &kubernetes_, &set_release),
                                          std::tuple("--policy", &policies_, &set_policy),
                                          std::tuple("--seed", &seeds_, &set_seed)}) {
      if (!arguments_.given(name)) {
        continue;
      }
      any = true;
      auto both = two_of(name, *text);
      if (!both) {
        return tl::unexpected(std::move(both.error()));
      }
      for (std::size_t i = 0; i < out.size(); ++i) {
        if (auto error = set(out[i], (*both)[i])) {
          return tl::unexpected(std::move(*error));
        }
      }
    }
    if (arguments_.given("--feature-gate")) {
      any = true;
      const std::size_t equals = std::min(gate_.find('='), gate_.size());
      auto both = two_of("--feature-gate", gate_.substr(std::min(equals + 1, gate_.size())));
      if (!both) {
        return tl::unexpected(std::move(both.error()));
      }
      for (std::size_t i = 0; i < out.size(); ++i) {
        auto gate = read_gate(gate_.substr(0, equals) + "=" + (*both)[i]);
        if (!gate) {
          return tl::unexpected(std::move(gate.error()));
        }
        out[i].feature_gates[gate->first] = gate->second;
      }
    }
    if (!any) {
      return tl::unexpected(
          wrong("stsim diff needs two of something", "for instance --kubernetes 1.34,1.36"));
    }
    return out;
  }

  std::vector<std::string> files;

 private:
  static Result<std::vector<std::string>, UserError> two_of(std::string_view option,
                                                            const std::string& text) {
    auto out = read_list(option, text);
    if (out && out->size() != 2) {
      return tl::unexpected(wrong(fmt::format("{} needs two, with a comma between", option)));
    }
    return out;
  }
  static std::optional<UserError> set_release(Variant& variant, const std::string& text) {
    auto release = read_release("--kubernetes", text);
    if (!release) {
      return std::move(release.error());
    }
    variant.kubernetes = *release;
    return std::nullopt;
  }
  static std::optional<UserError> set_policy(Variant& variant, const std::string& name) {
    auto policy = read_policy(name);
    if (!policy) {
      return std::move(policy.error());
    }
    variant.policy = *policy;
    return std::nullopt;
  }
  static std::optional<UserError> set_seed(Variant& variant, const std::string& text) {
    auto seed = read_number("--seed", text);
    if (!seed) {
      return std::move(seed.error());
    }
    variant.seed = *seed;
    return std::nullopt;
  }

  std::string kubernetes_;
  std::string gate_;
  std::string policies_;
  bool isolate_{};
  std::string seeds_;
  Arguments arguments_;
};

class BisectParser {
 public:
  BisectParser()
      : arguments_("stsim bisect",
                   "Runs a scenario with each release and says in which of them what it expects "
                   "begins or ceases to hold, and why. Exits with 0 where it is the same in all "
                   "of them, and with 1 where it is not.",
                   "a scenario"),
        variant_(arguments_) {
    arguments_.positionals("FILE", files, "The scenario", true);
  }
  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }
  /// What holds in all releases. Errors: a release is none of it.
  Result<Variant, UserError> variant() const {
    auto out = variant_.read();
    if (out && out->kubernetes) {
      return tl::unexpected(wrong("stsim bisect runs all releases, and takes no --kubernetes"));
    }
    return out;
  }

  std::vector<std::string> files;

 private:
  Arguments arguments_;
  VariantOptions variant_;
};

/// What does not hold first, in a line: `step 4: output.stdout: expected "a", found "b"`.
std::string first_failure(const experiment::Account& account) {
  for (std::size_t i = 0; i < account.steps.size(); ++i) {
    const auto& unexpected = account.steps[i].unexpected;
    if (!unexpected.empty()) {
      const std::string& first = unexpected.front();
      return fmt::format("step {}: {}", i + 1, first.substr(0, first.find('\n')));
    }
  }
  const std::string& broken = account.summary.broken;
  return broken.empty() ? "the run did not come to an end" : broken.substr(0, broken.find('\n'));
}

/// How a release is, in a line.
std::string verdict(const Side& side) {
  return side.account.summary.holds() ? "holds" : "does not hold: " + first_failure(side.account);
}

int bisect(const Scenario& scenario, const Variant& given, const Streams& streams) {
  const std::span<const Release> all = releases();
  std::vector<Side> sides;
  experiment::in_order(
      all.size(),
      experiment::usual_jobs(),
      [&](std::size_t i) {
        Variant variant = given;
        variant.kubernetes = all[i];
        return experiment::side_of(scenario, variant, "kubernetes " + to_string(all[i]));
      },
      [&](std::size_t /*i*/, Side side) { sides.push_back(std::move(side)); });
  bool changes = false;
  // Neighbours of which the same is to be said share a line.
  for (std::size_t first = 0; first < sides.size();) {
    std::size_t last = first;
    while (last + 1 < sides.size() && verdict(sides[last + 1]) == verdict(sides[first])) {
      ++last;
    }
    const std::string range =
        first == last ? to_string(all[first])
                      : fmt::format("{} to {}", to_string(all[first]), to_string(all[last]));
    streams.out << fmt::format("{:<14}{}\n", range, verdict(sides[first]));
    changes =
        changes || sides[first].account.summary.holds() != sides.front().account.summary.holds();
    first = last + 1;
  }
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const bool holds = sides[i].account.summary.holds();
    if (holds != sides[i - 1].account.summary.holds()) {
      streams.out << fmt::format("\nIt {} to hold in {}.\n{}",
                                 holds ? "begins" : "ceases",
                                 to_string(all[i]),
                                 experiment::parting_in_short(sides[i - 1], sides[i]));
    }
  }
  if (!changes) {
    streams.out << fmt::format("It {} in all releases.\n",
                               sides.front().account.summary.holds() ? "holds" : "does not hold");
  }
  streams.out.flush();
  return changes || !streams.out ? kExitFailed : kExitOk;
}

}  // namespace

int diff_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(DiffParser(), arguments, streams, [&streams](const DiffParser& parser) {
    const auto variants = parser.variants();
    if (!variants) {
      return refuse(streams, variants.error());
    }
    const auto scenario = load_one(parser.files, "diff");
    if (!scenario) {
      return refuse(streams, scenario.error());
    }
    std::vector<Side> sides;
    experiment::in_order(
        variants->size(),
        experiment::usual_jobs(),
        [&](std::size_t i) {
          return experiment::side_of(*scenario, (*variants)[i], (*variants)[i].title());
        },
        [&](std::size_t /*i*/, Side side) { sides.push_back(std::move(side)); });
    streams.out << experiment::comparison(sides[0], sides[1]) << std::flush;
    const bool apart = experiment::parting(sides[0].compared, sides[1].compared).has_value();
    return apart || !streams.out ? kExitFailed : kExitOk;
  });
}

std::string diff_help() {
  return DiffParser().help();
}

int bisect_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(BisectParser(), arguments, streams, [&streams](const BisectParser& parser) {
    const auto variant = parser.variant();
    if (!variant) {
      return refuse(streams, variant.error());
    }
    const auto scenario = load_one(parser.files, "bisect");
    return scenario ? bisect(*scenario, *variant, streams) : refuse(streams, scenario.error());
  });
}

std::string bisect_help() {
  return BisectParser().help();
}

}  // namespace stsim::cli
