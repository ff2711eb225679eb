#include "api/go_form.hpp"
#include "support/catch.hpp"

#include <stsim/api/quantity.hpp>

#include <string>

using stsim::api::Quantity;

namespace {

std::string canonical(std::string_view text) {
  const auto quantity = Quantity::parse(text);
  return quantity ? quantity->text() : "no quantity";
}

}  // namespace

TEST_CASE("VA-2: a quantity is written with the largest suffix of its family", "[quantity]") {
  const auto [given, expected] = GENERATE(table<std::string, std::string>({
      {"0", "0"},           {"5Gi", "5Gi"},       {"4096Mi", "4Gi"},
      {"1025Mi", "1025Mi"}, {"1.5Gi", "1536Mi"},  {"1024", "1024"},
      {"0.5", "500m"},      {"5000M", "5G"},      {"1000", "1k"},
      {"1e3", "1e3"},       {"1E3", "1e3"},       {"1000e3", "1e6"},
      {"1E", "1E"},         {"-4096Mi", "-4Gi"},  {"+5", "5"},
      {"0Gi", "0"},         {"512Ki", "512Ki"},   {"0.5Ki", "512"},
      {"0.5Mi", "512Ki"},   {"0.1Ki", "102400m"}, {"1.1Ki", "1126400m"},
      {"1100m", "1100m"},   {"1000m", "1"},       {"1500", "1500"},
      {"100u", "100u"},     {"0.1n", "1n"},       {"-0.1n", "-1n"},
      {"12e-1", "1200e-3"}, {"2048Ki", "2Mi"},    {".5", "500m"},
      {"5.", "5"},          {"007", "7"},         {"8Ei", "9223372036854775807"},
  }));
  CHECK(canonical(given) == expected);
}

TEST_CASE("VA-1: anything else is no quantity", "[quantity]") {
  const std::string given =
      GENERATE("", "Gi5", "5 Gi", "5GB", "1.2.3", "5gi", "1e", "e3", "--5", "five", "1e1000", "5K");
  // "e3" has no digits, which the server reads as nothing of something: zero.
  CHECK(canonical(given) == (given == "e3" ? "0" : "no quantity"));
}

TEST_CASE("VA-3: quantities compare by exact value across families", "[quantity]") {
  CHECK(*Quantity::parse("1Gi") > *Quantity::parse("1G"));
  CHECK(*Quantity::parse("1024Mi") == *Quantity::parse("1Gi"));
  CHECK(*Quantity::parse("1000m") == *Quantity::parse("1"));
  CHECK(*Quantity::parse("1e-1") < *Quantity::parse("101m"));
  CHECK(*Quantity::parse("-1") < *Quantity::parse("0"));
}

TEST_CASE("whole units are rounded away from zero", "[quantity]") {
  CHECK(Quantity::parse("1500m")->units() == 2);
  CHECK(Quantity::parse("-1500m")->units() == -2);
  CHECK(Quantity::parse("1Ki")->units() == 1024);
  CHECK(Quantity::parse("1n")->units() == 1);
}

TEST_CASE("VA-2: canonical text is read back as the same value", "[quantity]") {
  for (int number = 1; number < 4000; number += 37) {
    for (const char* suffix :
         {"n", "u", "m", "", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "e0", "e-4", "e7"}) {
      const std::string given = std::to_string(number) + suffix;
      const auto first = Quantity::parse(given);
      REQUIRE(first);
      const auto again = Quantity::parse(first->text());
      REQUIRE(again);
      INFO(given << " -> " << first->text());
      CHECK(*again == *first);
      CHECK(again->text() == first->text());
    }
  }
}

TEST_CASE("VA-2: resources are stored in thousandths", "[quantity]") {
  using stsim::api::stored_quantity;
  CHECK(stored_quantity("100u", true) == "1m");
  CHECK(stored_quantity("100u", false) == "100u");
  CHECK(stored_quantity("0.0001", true) == "1m");
  CHECK(stored_quantity("1e-4", true) == "1e-3");
  CHECK(stored_quantity("0.5", true) == "500m");
  CHECK(stored_quantity("1024Mi", true) == "1Gi");
  CHECK(stored_quantity("rubbish", true) == "rubbish");
}
