// Questions as they are typed, and what is told of a whole run.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/diagnosis/ask.hpp>
#include <stsim/diagnosis/explanations.hpp>
#include <stsim/scenario/load.hpp>

#include <algorithm>

using namespace stsim;

namespace {

std::shared_ptr<const scenario::Scenario> bad_image() {
  auto loaded = scenario::load_scenario(test::kRoot / "scenarios/museum/r01-bad-image.yaml");
  REQUIRE(loaded);
  return std::make_shared<const scenario::Scenario>(*std::move(loaded));
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a question in words has the answer of the function that it stands for") {
  const auto session = diagnosis::session_at(bad_image(), kStartOfTime + std::chrono::minutes{5});
  const api::ObjectKey pod{api::Kind::Pod, "default", "web-2"};
  const auto asked = [&](const Words& words) { return diagnosis::ask(session, words)->text; };
  REQUIRE(asked({"web-2"}) == diagnosis::why(session, pod).text);
  REQUIRE(asked({"pod", "web-2"}) == diagnosis::why(session, pod).text);
  REQUIRE(asked({"not", "pod/web-2", "ready"}) ==
          diagnosis::why_not(session, pod, diagnosis::State::Ready).text);
  REQUIRE(asked({"so", "long"}).starts_with("web: "));
}

TEST_CASE("what cannot be asked is said with what can") {
  const auto session = diagnosis::session_at(bad_image(), std::nullopt);
  const auto refused = [&](const Words& words) {
    const auto answer = diagnosis::ask(session, words);
    REQUIRE(!answer);
    return answer.error().message + " | " + answer.error().hint;
  };
  REQUIRE(refused({"not", "web-2"}) ==
          "why not: an object and a state are needed | for instance why not web-3 ready");
  REQUIRE(refused({"not", "web-2", "bound"}) ==
          "\"bound\" is no state of a pod | one of created, ready, available, updated, gone");
  REQUIRE(refused({"nosuch"}).starts_with("there is no \"nosuch\": there is statefulset/web"));
  REQUIRE(refused({"so", "long", "web-2"}).find("is no StatefulSet") != std::string::npos);
  REQUIRE(refused({"sts/web", "gone"}) ==
          "\"gone\" has no place behind sts/web | why not sts/web gone asks why it is not so");
}

TEST_CASE("of a run it is told when a set was stuck, for all that it was about, until it was not") {
  const auto found = diagnosis::explanations_of(bad_image(), 10);
  REQUIRE(!found.empty());
  const api::ObjectKey pod{api::Kind::Pod, "default", "web-2"};
  for (const diagnosis::Explanation& explanation : found) {
    REQUIRE(explanation.from < explanation.to);
    REQUIRE(explanation.to != SimTime::max());  // in the end it is freed
    REQUIRE(std::ranges::find(explanation.objects, pod) != explanation.objects.end());
    REQUIRE(explanation.text.find("kubectl delete pod web-2") != std::string::npos);
  }
  // Behind the command that did not help, long before somebody finds out.
  const SimTime undone = kStartOfTime + std::chrono::seconds{20};
  REQUIRE(std::ranges::any_of(found, [&](const diagnosis::Explanation& explanation) {
    return explanation.from < undone && explanation.to > undone;
  }));
  REQUIRE(diagnosis::explanations_of(bad_image(), 1).size() == 1);
}
