#include "experiment/story_text.hpp"
#include "support/catch.hpp"

#include <stsim/experiment/variant.hpp>

using namespace stsim;
using experiment::Variant;

TEST_CASE("a matrix is each of its lists with each of the others, in the order of the file") {
  const auto story = test::scenario_of(test::web_story(1, "", R"(matrix:
  kubernetes: ["1.34", "1.35.0"]
  featureGates: [{PodIndexLabel: true}, {PodIndexLabel: false}]
  seed: [3]
)"));
  std::vector<std::string> titles;
  for (const Variant& variant : experiment::variants(story.matrix)) {
    titles.push_back(variant.title());
  }
  REQUIRE(titles == std::vector<std::string>{"kubernetes 1.34, PodIndexLabel=true, seed 3",
                                             "kubernetes 1.34, PodIndexLabel=false, seed 3",
                                             "kubernetes 1.35.0, PodIndexLabel=true, seed 3",
                                             "kubernetes 1.35.0, PodIndexLabel=false, seed 3"});
  REQUIRE(experiment::variants(story.matrix)[1].file_part() ==
          "kubernetes-1.34.PodIndexLabel-false.seed-3");
}

TEST_CASE("without a matrix there is one variant, which says nothing") {
  REQUIRE(experiment::variants({}) == std::vector<Variant>(1));
  REQUIRE(Variant{}.title().empty());
  REQUIRE(Variant{}.file_part().empty());
}

TEST_CASE("a variant wins over what the file says, and leaves the rest") {
  const auto story = test::scenario_of(test::web_story(1, "", "kubernetes: \"1.30\"\nseed: 9\n"));
  const auto varied = experiment::varied(story, {Release{34}, {{"PodIndexLabel", false}}, {}});
  REQUIRE(varied.kubernetes == Release{34});
  REQUIRE(varied.seed == 9);
  REQUIRE(varied.feature_gates ==
          std::map<std::string, bool, std::less<>>{{"PodIndexLabel", false}});
}
