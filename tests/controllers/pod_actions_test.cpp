// What is told of a pod's claims.
#include "support/catch.hpp"
#include "support/control.hpp"

using namespace stsim;
using test::Control;
using Names = std::vector<std::string>;

TEST_CASE("SS-191: a claim is told as created for its pod, in lower case up to 1.34") {
  const std::string release = GENERATE("1.34", "1.35");
  Control c(release);
  c.make_set({.replicas = 1, .claims = true});
  REQUIRE(c.sync().empty());
  REQUIRE(c.events.front() ==
          fmt::format("Normal SuccessfulCreate: {} Claim data-web-0 Pod web-0 in StatefulSet web "
                      "success",
                      release == "1.34" ? "create" : "Create"));
}

TEST_CASE("SS-191: a claim that cannot be created is told, and so is the pod that needs it") {
  const std::string release = GENERATE("1.34", "1.35");
  const std::string verb = release == "1.34" ? "create" : "Create";
  Control c(release);
  c.make_set({.replicas = 1, .claims = true});
  c.fail(Control::Verb::Create, api::Kind::PersistentVolumeClaim, 1, "no room");
  REQUIRE_FALSE(c.sync().empty());
  REQUIRE(c.events ==
          Names{"Warning FailedCreate: " + verb +
                    " Claim data-web-0 for Pod web-0 in StatefulSet web failed error: no room",
                "Warning FailedCreate: " + verb +
                    " Pod web-0 in StatefulSet web failed error: failed to create PVC data-web-0: "
                    "no room"});
}
