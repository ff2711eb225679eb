#include "support/catch.hpp"

#include <stsim/base/hash.hpp>

TEST_CASE("SS-81: the digits of a hash are encoded as Kubernetes encodes them") {
  REQUIRE(stsim::safe_encode(1234567890) == "56789bcdf4");
  REQUIRE(stsim::safe_encode(0) == "4");
}

TEST_CASE("known answers of the hashes") {
  REQUIRE(stsim::fnv1_32("") == 2166136261u);
  REQUIRE(stsim::fnv1_32("a") == 0x050c5d7eu);
  REQUIRE(stsim::fnv1_32("b", stsim::fnv1_32("a")) == stsim::fnv1_32("ab"));
  REQUIRE(stsim::fnv1a_64("a") == 0xaf63dc4c8601ec8cu);
  REQUIRE(stsim::mix64(0) == 0xe220a8397b1dcdafu);
}

TEST_CASE("SS-81: the reference's revision hashes") {
  const std::string data =
      R"({"spec":{"template":{"$patch":"replace","metadata":{"annotations":{"test":"value"},)"
      R"("labels":{"app":"foo"}},"spec":{"containers":[{"image":"test","imagePullPolicy":"Always",)"
      R"("name":"test","resources":{},"terminationMessagePath":"/dev/termination-log",)"
      R"("terminationMessagePolicy":"File"}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always",)"
      R"("schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}}}})";
  REQUIRE(stsim::safe_encode(stsim::fnv1_32(data + "0")) == "776999688b");
}
