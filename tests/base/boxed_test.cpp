#include "support/catch.hpp"

#include <stsim/base/boxed.hpp>
#include <stsim/base/boxed_variant.hpp>
#include <stsim/base/recent_boxes.hpp>
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

TEST_CASE("a list is as long as it is said to be") {
  SharedVector<Text> list{"first", "a text that is too long to stand in place"};
  const SharedVector<Text> copy = list;
  list.resize(4);
  REQUIRE(list == SharedVector<Text>{"first", "a text that is too long to stand in place", "", ""});
  list.resize(1);
  REQUIRE(list == SharedVector<Text>{"first"});
  list.resize(0);
  REQUIRE(list.empty());
  REQUIRE(copy.size() == 2);
}

TEST_CASE("the header of a list stays with its items, and its copies have their own") {
  using List = SharedVector<int, Text>;
  List list{1, 2};
  REQUIRE(list.header().empty());
  list.set_header("a header that is too long to stand in place");
  const List copy = list;
  list.edit()[0] = 7;
  REQUIRE(list.header() == copy.header());
  list.push_back(3);
  list.erase(1);
  list.resize(4);
  REQUIRE(list.header() == copy.header());
  List changed = list;
  changed.set_header("other");
  REQUIRE(list.header() == copy.header());
  REQUIRE_FALSE(list == changed);
  list = changed;
  List same{7, 3, 0, 0};
  REQUIRE_FALSE(list == same);
  same.set_header("other");
  REQUIRE(list == same);
  list.clear();
  REQUIRE(list.header().empty());
}

TEST_CASE("a boxed variant is of one type, and copies share it until one is changed") {
  using Box = BoxedVariant<int, std::string, Text>;
  const auto said = [](const Box& box) {
    std::string out;
    box.visit([&out]<class T>(const T& value) {
      if constexpr (std::is_same_v<T, int>) {
        out = "number " + std::to_string(value);
      } else {
        out = std::string(std::is_same_v<T, Text> ? "text " : "string ") + std::string(value);
      }
    });
    return out;
  };
  Box box;
  REQUIRE(said(box) == "number 0");
  box.edit<int>() = 7;
  REQUIRE(said(box) == "number 7");
  box = std::string("web");
  Box copy = box;
  REQUIRE(&copy.get<std::string>() == &box.get<std::string>());
  copy.edit<std::string>() += "-0";
  REQUIRE(said(box) == "string web");
  REQUIRE(said(copy) == "string web-0");
  const std::string* before = &copy.get<std::string>();
  copy.edit<std::string>() = "web";  // nobody else holds it now
  REQUIRE(&copy.get<std::string>() == before);
  box = Text("a text that is too long to stand in place");
  copy = box;
  copy.visit_to_edit([]<class T>(T& value) { value = T{}; });
  REQUIRE(said(copy) == "text ");
  REQUIRE(said(box) == "text a text that is too long to stand in place");
  const Box moved = std::move(box);
  REQUIRE(said(moved) == "text a text that is too long to stand in place");
  REQUIRE(said(box) == "number 0");
}

TEST_CASE("what is made again is the box that is remembered, as long as it is") {
  RecentBoxes<std::string> recent;
  int made = 0;
  const auto get = [&](std::uint64_t digest, const std::string& text) {
    return recent.get(
        digest,
        [&text](const std::string& known) { return known == text; },
        [&] {
          ++made;
          return text;
        });
  };
  const Boxed<std::string> first = get(3, "first");
  const Boxed<std::string> second = get(3, "second");  // goes beside it
  REQUIRE(&*get(3, "first") == &*first);
  REQUIRE(&*get(3, "second") == &*second);
  REQUIRE(made == 2);
  REQUIRE(*get(3, "third") == "third");  // there is no place for all three
  REQUIRE(*get(3, "first") == "first");
  REQUIRE(made == 4);
}
