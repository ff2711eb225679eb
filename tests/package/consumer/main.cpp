// Links the installed libraries and asks each for one fact.
#include <stsim/api/quantity.hpp>
#include <stsim/base/version.hpp>

#include <iostream>

int main() {
  const auto release = stsim::parse_release("v1.30");
  if (!release || stsim::to_string(*release) != "1.30") {
    return 1;
  }
  const auto quantity = stsim::api::Quantity::parse("1024Ki");
  if (!quantity || quantity->text() != "1Mi") {
    return 2;
  }
  std::cout << "stsim works for release " << stsim::to_string(*release) << "\n";
}
