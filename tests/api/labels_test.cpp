#include "support/catch.hpp"

#include <stsim/api/labels.hpp>

#include <map>
#include <string>

using namespace stsim;
using api::Labels;

TEST_CASE("labels are kept in the order of their keys, whatever the order of setting") {
  Labels labels{{"tier", "front"}, {"app", "web"}};
  labels["app.kubernetes.io/name"] = "shop";
  std::string keys;
  for (const auto& [key, value] : labels) {
    keys += key + "=" + value + " ";
  }
  REQUIRE(keys == "app=web app.kubernetes.io/name=shop tier=front ");
}

TEST_CASE("labels are as a map of strings") {
  Labels labels;
  std::map<std::string, std::string> model;
  for (int i = 0; i < 500; ++i) {
    const std::string number = std::to_string(i * i % 31);
    const std::string key = i % 2 == 0 ? number : "apps.kubernetes.io/" + number;
    const Labels before = labels;
    const std::size_t size_before = model.size();
    if (i % 3 == 0) {
      REQUIRE(labels.erase(key) == (model.erase(key) != 0));
    } else {
      labels[key] = model[key] = std::to_string(i);
    }
    REQUIRE(before.size() == size_before);  // a copy keeps what it had
    REQUIRE(labels.size() == model.size());
    for (const auto& [known, value] : model) {
      REQUIRE(labels.contains(known));
      REQUIRE(labels.at(known) == value);
    }
  }
  REQUIRE_FALSE(labels.contains("none"));
  labels.clear();
  REQUIRE(labels == Labels());
}

TEST_CASE("labels of which only values differ share their keys") {
  Labels of_all{{"apps.kubernetes.io/pod-index", ""}, {"statefulset.kubernetes.io/pod-name", ""}};
  Labels own = of_all;
  own["apps.kubernetes.io/pod-index"] = "3";
  REQUIRE(&(*own.begin()).first == &(*of_all.begin()).first);
  REQUIRE(of_all.at("apps.kubernetes.io/pod-index").empty());
  REQUIRE_FALSE(own == of_all);
  own["tier"] = "front";
  own.erase("statefulset.kubernetes.io/pod-name");
  REQUIRE(of_all.contains("statefulset.kubernetes.io/pod-name"));
  REQUIRE_FALSE(of_all.contains("tier"));
  // Values alone do not make labels the same.
  REQUIRE_FALSE(Labels{{"app", "web"}} == Labels{{"tier", "web"}});
}
