#include "support/catch.hpp"

#include <stsim/base/digest.hpp>
#include <stsim/base/memo.hpp>
#include <stsim/base/text.hpp>

#include <memory>
#include <set>
#include <string>
#include <utility>

using stsim::Digest;
using stsim::Memo;
using stsim::SharedMemo;

namespace {

template <class... Values>
Digest digest_of(const Values&... values) {
  Digest out;
  (out.add(values), ...);
  return out;
}

}  // namespace

TEST_CASE("a digest is the same on every machine") {
  const Digest known = digest_of(1, std::string("a text of more than eight characters"), true);
  REQUIRE(known.high() == 0x19f6385725c7e632);
  REQUIRE(known.low() == 0xbe5e7a31c591d1fd);
}

TEST_CASE("a digest depends on the values, their order, and where one text ends") {
  const std::string nul(1, '\0');
  const std::set<Digest> all{digest_of(),
                             digest_of(0),
                             digest_of(0, 0),
                             digest_of(1, 2),
                             digest_of(2, 1),
                             digest_of(digest_of(1, 2)),
                             digest_of(digest_of(1), 2),
                             digest_of(nul),
                             digest_of(std::string("ab"), std::string("c")),
                             digest_of(std::string("a"), std::string("bc")),
                             digest_of(std::string("abcdefgh")),
                             digest_of(std::string("abcdefgh") + nul),
                             digest_of(std::string("abcdefgh"), std::string())};
  REQUIRE(all.size() == 13);
  Digest here;
  here.add(digest_of(1), 7);
  REQUIRE(here != digest_of(digest_of(1)));
}

TEST_CASE("a memo computes once, and copies start anew") {
  int asked = 0;
  const auto compute = [&asked] {
    ++asked;
    return std::uint64_t{5};
  };
  Memo memo;
  REQUIRE(memo.get(compute) == 5);
  REQUIRE(memo.get(compute) == 5);
  REQUIRE(asked == 1);
  const Memo copy = memo;
  REQUIRE(copy.get(compute) == 5);
  REQUIRE(asked == 2);
  memo = Memo();
  REQUIRE(memo.get(compute) == 5);
  REQUIRE(asked == 3);
  // Nothing is not an answer.
  REQUIRE(Memo().get([] { return std::uint64_t{}; }) == 1);
}

TEST_CASE("a shared memo gives all who ask the same value, and copies start anew") {
  const auto compute = [] { return std::make_shared<const std::string>("web"); };
  SharedMemo<std::string> memo;
  const auto first = memo.get(compute);
  REQUIRE(*first == "web");
  REQUIRE(memo.get(compute) == first);
  const SharedMemo<std::string> copy = memo;
  REQUIRE(copy.get(compute) != first);
  memo = SharedMemo<std::string>();
  REQUIRE(memo.get(compute) != first);
}

TEST_CASE("texts that differ have different digests, short or long") {
  std::set<Digest> all;
  const std::vector<stsim::Text> texts{
      "", "a", "b", "aa", "fifteen letters", "sixteen letters.", "sixteen letters!"};
  for (const stsim::Text& text : texts) {
    Digest digest;
    text.add_to(digest);
    all.insert(digest);
  }
  REQUIRE(all.size() == texts.size());
}

TEST_CASE("each half of a digest tells numbered names apart") {
  constexpr std::size_t kNames = 100'000;
  std::set<std::uint64_t> high;
  std::set<std::uint64_t> low;
  for (std::size_t i = 0; i < kNames; ++i) {
    Digest digest;
    stsim::Text("web-" + std::to_string(i)).add_to(digest);
    high.insert(digest.high());
    low.insert(digest.low());
  }
  REQUIRE(high.size() == kNames);
  REQUIRE(low.size() == kNames);
}
