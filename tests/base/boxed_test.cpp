#include "support/catch.hpp"

#include <stsim/base/boxed.hpp>
#include <stsim/base/shared_vector.hpp>
#include <stsim/base/text.hpp>

#include <string>

using namespace stsim;

TEST_CASE("copies of a box share its value until one of them changes it") {
  Boxed<std::string> box = std::string("web");
  Boxed<std::string> copy = box;
  REQUIRE(&*box == &*copy);
  copy.edit() += "-0";
  REQUIRE(*box == "web");
  REQUIRE(*copy == "web-0");
  REQUIRE_FALSE(box == copy);
  const std::string* before = &*copy;
  copy.edit() = "web";  // nobody else holds it now
  REQUIRE(&*copy == before);
  REQUIRE(box == copy);
}

TEST_CASE("a box that nothing was put into, or that was moved from, holds a fresh value") {
  Boxed<int> box;
  REQUIRE(*box == 0);
  box.edit() = 7;
  const Boxed<int> moved = std::move(box);
  REQUIRE(*moved == 7);
  REQUIRE(*box == 0);
  REQUIRE(box == Boxed<int>());
}

TEST_CASE("a shared list is changed for its holder alone") {
  SharedVector<int> list{1, 2, 3};
  const SharedVector<int> copy = list;
  list.push_back(4);
  list.erase_if([](int item) { return item % 2 == 1; });
  REQUIRE(list == SharedVector<int>{2, 4});
  REQUIRE(copy == SharedVector<int>{1, 2, 3});
  list.clear();
  REQUIRE(list.empty());
}

TEST_CASE("taking nothing out of a shared list makes no copy of it") {
  SharedVector<int> list{1, 2, 3};
  const SharedVector<int> copy = list;
  list.erase_if([](int) { return false; });
  REQUIRE(&list.front() == &copy.front());
}

TEST_CASE("items of a shared list come and go at any place") {
  SharedVector<Text> list{"a", "a text that is too long to stand in place"};
  const SharedVector<Text> copy = list;
  list.insert(0, "first");
  list.insert(2, "middle");
  list.push_back("last");
  REQUIRE(list == SharedVector<Text>{
                      "first", "a", "middle", "a text that is too long to stand in place", "last"});
  list.erase(1);
  list.erase(3);
  list.edit()[1] = "changed";
  REQUIRE(list ==
          SharedVector<Text>{"first", "changed", "a text that is too long to stand in place"});
  REQUIRE(copy.size() == 2);
  list.erase_if([](const Text&) { return true; });
  REQUIRE(list.empty());
  REQUIRE(list == SharedVector<Text>(std::vector<Text>{}));
}

TEST_CASE("a boxed optional is there or not, and copies share it") {
  OptionalBox<std::string> none;
  REQUIRE_FALSE(none);
  REQUIRE(none.value_or("nothing") == "nothing");
  OptionalBox<std::string> some = "web";
  REQUIRE(some);
  REQUIRE(*some == "web");
  REQUIRE(some->size() == 3);
  REQUIRE_FALSE(some == none);
  const OptionalBox<std::string> copy = some;
  REQUIRE(&*copy == &*some);
  some = "other";
  REQUIRE(*copy == "web");
  // What is there and empty is there.
  REQUIRE_FALSE(OptionalBox<std::string>("") == none);
  some = {};
  REQUIRE(some == none);
}
