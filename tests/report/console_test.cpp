// What people see of a run, as a whole. STSIM_UPDATE_GOLDEN=1 in the environment renews the
// approved output; read the difference before it is committed.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/report/observers.hpp>
#include <stsim/scenario/load.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace stsim;

namespace {

std::string shown(const std::string& file, const report::ConsoleOptions& options) {
  const auto scenario = scenario::load_scenario(test::kRoot / file);
  REQUIRE(scenario);
  std::ostringstream out;
  const auto console = report::console(out, options);
  static_cast<void>(scenario::run(*scenario, *console));
  return out.str();
}

void compare_with_golden(const std::string& name, const std::string& text) {
  const std::filesystem::path file = test::kRoot / "tests/golden" / name;
  if (std::getenv("STSIM_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
  }
  std::ifstream stream(file, std::ios::binary);
  const std::string approved{std::istreambuf_iterator<char>(stream), {}};
  REQUIRE(text == approved);
}

}  // namespace

TEST_CASE("a canary as people see it: prompts, outputs, who did what when and by which rule") {
  compare_with_golden("canary-by-patch.txt",
                      shown("scenarios/tutorial/6-canary-by-patch.yaml", {}));
}

TEST_CASE("quietly, only the commands and what they print are left") {
  compare_with_golden(
      "canary-by-patch-quiet.txt",
      shown("scenarios/tutorial/6-canary-by-patch.yaml", {.quiet = true, .color = false}));
}

TEST_CASE("colour is put around whole lines and only where it is asked for") {
  const std::string plain = shown("scenarios/tutorial/2-explain.yaml", {});
  REQUIRE(plain.find('\x1b') == std::string::npos);
  const std::string colored =
      shown("scenarios/tutorial/2-explain.yaml", {.quiet = false, .color = true});
  REQUIRE(colored.find("\x1b[1m$ kubectl explain sts\x1b[0m\n") != std::string::npos);
}

TEST_CASE("refused commands are counted, and what they say stands below the prompt") {
  const auto scenario = scenario::load_scenario_text(
      "scenario: x\nsteps:\n- kubectl: get sts nosuch\n- kubectl: frobnicate\n", "x.yaml", ".");
  REQUIRE(scenario);
  std::ostringstream out;
  const auto console = report::console(out, {});
  REQUIRE(scenario::run(*scenario, *console).refused == 2);
  REQUIRE(out.str() ==
          "$ kubectl get sts nosuch\n"
          "Error from server (NotFound): statefulsets.apps \"nosuch\" not found\n"
          "$ kubectl frobnicate\n"
          "error: unknown command \"frobnicate\" for \"kubectl\"\n"
          "\n"
          "2 steps, 0 API writes, 1s of virtual time; 2 commands refused\n");
}
