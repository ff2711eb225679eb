#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/suite.hpp>
#include <unistd.h>

#include <fstream>

using namespace stsim;
using experiment::CaseResult;

namespace {

/// A folder that is gone at the end of a test.
class Folder {
 public:
  Folder() { std::filesystem::create_directories(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_{std::filesystem::temp_directory_path() /
                              fmt::format("stsim-suite-{}", ::getpid())};
};

}  // namespace

TEST_CASE("a case without approved output passes if all holds") {
  const Folder folder;
  const auto cases = experiment::cases_of(test::scenario_of(
      test::web_story(1, "- expect: {pods: {web-0: {ready: true}}}\n"), folder.file("a.yaml")));
  REQUIRE(cases.size() == 1);
  CHECK(cases[0].approved == folder.file("a.approved.txt"));
  const CaseResult result = experiment::run_case(cases[0], false);
  CHECK(result.passed);
  CHECK(result.approval == CaseResult::Approval::Missing);
  CHECK(!std::filesystem::exists(cases[0].approved));
}

TEST_CASE("an expectation that does not hold fails a case, with its step") {
  const auto cases = experiment::cases_of(
      test::scenario_of(test::web_story(1, "- expect: {pods: {web-0: {ready: false}}}\n")));
  const CaseResult result = experiment::run_case(cases[0], false);
  CHECK(!result.passed);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].starts_with("step 3 # expect: the expectation does not hold:\n  "));
}

TEST_CASE("approved output is written when asked for, and compared from then on") {
  const Folder folder;
  const auto one =
      experiment::cases_of(test::scenario_of(test::web_story(2), folder.file("a.yaml"))).front();
  CHECK(experiment::run_case(one, true).approval == CaseResult::Approval::Renewed);
  CHECK(experiment::run_case(one, true).approval == CaseResult::Approval::Same);
  CHECK(experiment::run_case(one, false).passed);
  const auto other =
      experiment::cases_of(
          test::scenario_of(test::web_story(2, "", "", "      podManagementPolicy: Parallel\n"),
                            folder.file("a.yaml")))
          .front();
  const CaseResult result = experiment::run_case(other, false);
  CHECK(!result.passed);
  CHECK(result.approval == CaseResult::Approval::Different);
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].starts_with(
      "departs from a.approved.txt at step 1 (- approved, + now):\n"));
  CHECK(result.failures[0].find("what led to the first + that happened:\n    because") !=
        std::string::npos);
}

TEST_CASE("each variant of a matrix is a case with approved output of its own") {
  const Folder folder;
  const auto cases = experiment::cases_of(
      test::scenario_of(test::web_story(1, "", "matrix: {kubernetes: [\"1.26\", \"1.36\"]}\n"),
                        folder.file("a.yaml")));
  REQUIRE(cases.size() == 2);
  CHECK(cases[0].name() == folder.file("a.yaml").string() + " (kubernetes 1.26)");
  CHECK(cases[0].approved == folder.file("a.kubernetes-1.26.approved.txt"));
  CHECK(cases[0].scenario.kubernetes == Release{26});
  CHECK(cases[1].scenario.kubernetes == Release{36});
}

TEST_CASE("approved output that cannot be written is a failure, not a success") {
  const auto one =
      experiment::cases_of(test::scenario_of(test::web_story(1), "/nonexistent/folder/a.yaml"))
          .front();
  const CaseResult result = experiment::run_case(one, true);
  CHECK(!result.passed);
  CHECK(result.failures ==
        std::vector<std::string>{"/nonexistent/folder/a.approved.txt cannot be written"});
}

TEST_CASE("what fails is not approved, and ends of lines make no difference") {
  const Folder folder;
  const std::string bad = "- expect: {pods: {web-0: {ready: false}}}\n";
  const auto one =
      experiment::cases_of(test::scenario_of(test::web_story(1, bad), folder.file("a.yaml")))
          .front();
  const CaseResult failed = experiment::run_case(one, true);
  CHECK(failed.approval != CaseResult::Approval::Renewed);
  CHECK(failed.failures.back() == "no approved output was written, as it fails");
  CHECK(!std::filesystem::exists(one.approved));
  const auto good =
      experiment::cases_of(test::scenario_of(test::web_story(1), folder.file("a.yaml"))).front();
  REQUIRE(experiment::run_case(good, true).passed);
  std::ifstream in(good.approved);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 2)) {
    text.insert(at, "\r");
  }
  std::ofstream(good.approved, std::ios::binary) << text;
  CHECK(experiment::run_case(good, false).approval == CaseResult::Approval::Same);
}

TEST_CASE("what wins over a matrix shows in the name, and is compared with its approved output") {
  const auto story =
      test::scenario_of(test::web_story(1, "", "matrix: {seed: [1, 2]}\n"), "a.yaml");
  const auto cases = experiment::cases_of(story, {Release{30}, {}, {}});
  REQUIRE(cases.size() == 2);
  CHECK(cases[1].name() == "a.yaml (kubernetes 1.30, seed 2)");
  CHECK(cases[1].approved == "a.seed-2.approved.txt");
}
