#include "support/catch.hpp"

#include <stsim/policy/policies.hpp>

#include <set>
#include <string>

using namespace stsim;

TEST_CASE("Each release has its policy, and the first is that of the cluster's release") {
  REQUIRE(policy::built_in().front()->name() == "upstream");
  REQUIRE_FALSE(policy::built_in().front()->release());
  for (const Release release : releases()) {
    const auto found = policy::find_policy("upstream-" + to_string(release));
    REQUIRE(found);
    CHECK((*found)->release() == release);
  }
  const auto preview = policy::find_policy("upstream-1.37");
  REQUIRE(preview);
  CHECK((*preview)->release() == kPreview);
}

TEST_CASE("Names of policies are unlike each other, and each has a description") {
  std::set<std::string_view> names;
  for (const policy::Policy* one : policy::built_in()) {
    CHECK(names.insert(one->name()).second);
    CHECK_FALSE(one->description().empty());
    CHECK(one->is_built_in());
  }
}

TEST_CASE("A policy that is not there is an error that says what there is") {
  const auto near = policy::find_policy("openkruse");
  REQUIRE_FALSE(near);
  CHECK(near.error().message == "there is no policy \"openkruse\"");
  CHECK(near.error().hint == "did you mean \"openkruise\"?");
  const auto far = policy::find_policy("mine");
  REQUIRE_FALSE(far);
  CHECK(far.error().hint.starts_with("possible: upstream, upstream-1.25, "));
  CHECK(far.error().hint.ends_with("delete-slots; of a library its path, such as ./libmine.so"));
}

TEST_CASE("A library that is not there, or is none, is an error") {
  const auto missing = policy::find_policy("./no-such-library.so");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message ==
        "the policy ./no-such-library.so cannot be read: No such file or directory");
  const auto text = policy::find_policy(STSIM_SOURCE_DIR "/README.md");
  REQUIRE_FALSE(text);
  CHECK(text.error().message.find("README.md is no policy: ") != std::string::npos);
}
