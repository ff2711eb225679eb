#pragma once
// Scenarios as regression tests: each with each variant of its matrix is a case, which passes if
// what the scenario expects holds, no guarantee is broken, and the run is the approved one, if
// there is one.

#include <stsim/experiment/variant.hpp>
#include <stsim/scenario/scenario.hpp>

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace stsim::experiment {

/// One run that is to pass.
struct Case {
  std::string file;                ///< the scenario's, as it was named
  std::string variant;             ///< Variant::title() of the matrix; "" where there is none
  scenario::Scenario scenario;     ///< with what the variant says
  std::filesystem::path approved;  ///< where its approved output lies, if there is one:
                                   ///< `canary.approved.txt`, `canary.seed-2.approved.txt`
  /// `scenarios/canary.yaml (seed 2)`.
  [[nodiscard]] std::string name() const;
};

/// The cases of a scenario, in the order of variants(). `instead` wins over all of them; approved
/// output is that of the variants all the same.
[[nodiscard]] std::vector<Case> cases_of(const scenario::Scenario& scenario,
                                         const Variant& instead = {});

/// What became of a case.
struct CaseResult {
  /// Of the approved output. Same: or it was not looked at, as something fails. Missing: there is
  /// none.
  enum class Approval : unsigned char { Same, Different, Missing, Renewed };
  bool passed{};
  Approval approval{};
  std::vector<std::string> failures{};  ///< each some lines: what does not hold, and what led there
  std::size_t steps{};
  std::size_t refused{};  ///< commands of the story
  SimDuration virtual_time{};
};

/// Runs a case. With `update`, its approved output is written, where it differs or is missing and
/// nothing fails, in place of being compared. Errors: a file that is there and cannot be read, or
/// cannot be written, is a failure of the case.
[[nodiscard]] CaseResult run_case(const Case& one, bool update);

/// A case with what became of it.
struct FinishedCase {
  const Case* one{};
  CaseResult result;
};

/// Writes results as JUnit's XML, a suite for each file: testsuites/testsuite/testcase/failure.
void write_junit(std::ostream& out, std::span<const FinishedCase> cases);

/// Writes them in the Test Anything Protocol, version 13, with what failed as comments.
void write_tap(std::ostream& out, std::span<const FinishedCase> cases);

}  // namespace stsim::experiment
