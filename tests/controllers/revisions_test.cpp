#include "support/catch.hpp"
#include "support/control.hpp"

#include <stsim/controllers/statefulset/revisions.hpp>

using namespace stsim;
using namespace stsim::controllers::statefulset;
using test::Cluster;

namespace {

api::ObjectPtr first_revision(Cluster& cluster) {
  const auto set = cluster.store().find({api::Kind::StatefulSet, "default", "web"});
  const Picked picked = pick_revisions(*set, {}, {}, cluster.store().features());
  return cluster.create(api::Object(*picked.update));
}

api::Object with_image(const api::Object& set, const char* image) {
  api::Json document = api::to_json(set);
  document["spec"]["template"]["spec"]["containers"][0]["image"] = image;
  return api::from_json(api::Kind::StatefulSet, document);
}

}  // namespace

TEST_CASE("SS-80a: the names that real clusters gave to one container `web` of image web:v1") {
  Cluster cluster;
  cluster.make_set({});
  REQUIRE(first_revision(cluster)->key.name == "web-799f7ff7c4");
  Cluster with_claims;
  with_claims.make_set({.claims = true});
  REQUIRE(first_revision(with_claims)->key.name == "web-6659db9746");
}

TEST_CASE("SS-250: up to 1.33 the template's creationTimestamp is part of the data") {
  const api::Json pod_template = {{"metadata", {{"labels", {{"app", "web"}}}}}};
  const auto text = [&](const char* release) {
    return api::to_go_json(revision_data(pod_template, *parse_release(release)));
  };
  REQUIRE(text("1.34") ==
          R"({"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"web"}}}}})");
  REQUIRE(
      text("1.33") ==
      R"({"spec":{"template":{"$patch":"replace","metadata":{"creationTimestamp":null,"labels":{"app":"web"}}}}})");
}

TEST_CASE("SS-85: the same template is the same revision; an earlier one is renumbered") {
  Cluster cluster;
  const auto set = cluster.make_set({});
  const auto v1 = first_revision(cluster);
  const Picked same = pick_revisions(*set, {v1}, {}, cluster.store().features());
  REQUIRE(same.write == Picked::Write::None);
  REQUIRE(same.update->key == v1->key);

  const api::Object changed = with_image(*set, "web:v2");
  const Picked fresh = pick_revisions(changed, {v1}, {}, cluster.store().features());
  REQUIRE(fresh.write == Picked::Write::Create);
  REQUIRE(fresh.update->as<api::ControllerRevision>().revision == 2);
  const auto v2 = cluster.create(api::Object(*fresh.update));

  const Picked back = pick_revisions(*set, {v1, v2}, {}, cluster.store().features());
  REQUIRE(back.write == Picked::Write::Renumber);
  REQUIRE(back.update->key == v1->key);
  REQUIRE(back.update->as<api::ControllerRevision>().revision == 3);
}

TEST_CASE("SS-84: revisions are in order of number, then of age, then of name") {
  const auto revision = [](const char* name, std::int64_t number, int age) {
    api::Object out;
    out.key = {api::Kind::ControllerRevision, "default", name};
    out.created = kStartOfTime - std::chrono::seconds{age};
    out.body = api::ControllerRevision{nullptr, nullptr, number};
    return std::make_shared<const api::Object>(std::move(out));
  };
  std::vector<api::ObjectPtr> revisions{revision("web-a", 10, 9),
                                        revision("web-c", 2, 1),
                                        revision("web-d", 2, 1),
                                        revision("web-e", 2, 5),
                                        revision("web-b", 2, 1)};
  sort_revisions(revisions);
  std::vector<std::string> names;
  for (const auto& sorted : revisions) {
    names.push_back(sorted->key.name);
  }
  REQUIRE(names == std::vector<std::string>{"web-e", "web-b", "web-c", "web-d", "web-a"});
}

TEST_CASE("SS-84: revisions of another set, and those with other labels, do not count") {
  test::Control c(std::string_view("1.36"));
  c.make_set({.replicas = 0});
  api::Object strange = *pick_revisions(*c.set(), {}, {}, c.features()).update;
  strange.as<api::ControllerRevision>().revision = 7;
  strange.key.name = "web-unlabelled";
  strange.labels = {{"app", "other"}};
  c.create(strange);
  strange.key.name = "web-of-another";
  strange.labels = {{"app", "web"}};
  strange.owners.edit().front().uid = {1, 2};
  c.create(strange);
  REQUIRE(c.sync().empty());
  const std::string& ours = c.status().update_revision;
  REQUIRE(c.store()
              .find({api::Kind::ControllerRevision, "default", ours})
              ->as<api::ControllerRevision>()
              .revision == 1);
}

TEST_CASE("SS-64: a revision of another namespace is none of the set's, whatever it points at") {
  test::Control c(std::string_view("1.36"));
  c.make_set({.replicas = 1});
  REQUIRE(c.sync().empty());
  const std::string ours = c.status().update_revision;
  api::Object space;
  space.key = {api::Kind::Namespace, "", "other"};
  c.create(space);
  api::Object stranger = *c.store().find({api::Kind::ControllerRevision, "default", ours});
  stranger.key.ns = "other";
  auto& body = stranger.as<api::ControllerRevision>();
  api::Json data = *body.data;
  data["spec"]["template"]["spec"]["containers"][0]["image"] = "web:strange";
  body.data = std::make_shared<const api::Json>(std::move(data));
  c.create(stranger);
  REQUIRE(c.store().remove({api::Kind::Pod, "default", "web-0"}, {}, c.now, 0).has_value());
  REQUIRE(c.sync().empty());
  const api::ObjectPtr pod = c.store().find({api::Kind::Pod, "default", "web-0"});
  REQUIRE(pod != nullptr);
  REQUIRE(pod->as<api::Pod>().spec->containers.front().image != "web:strange");
}

TEST_CASE("SS-64: an orphan revision is adopted; where the set is on its way out the sync fails") {
  const bool leaving = GENERATE(false, true);
  test::Control c(std::string_view("1.36"));
  c.make_set({.replicas = 0});
  api::Object orphan = *pick_revisions(*c.set(), {}, {}, c.features()).update;
  orphan.owners.clear();
  const api::ObjectKey key = c.create(orphan)->key;
  if (leaving) {
    store::DeleteOptions foreground;
    foreground.propagation = store::DeleteOptions::Propagation::Foreground;
    REQUIRE(c.store().remove(c.set()->key, foreground, c.now, 0));
  }
  REQUIRE(c.sync().empty() == !leaving);
  REQUIRE((c.store().find(key)->controller() == nullptr) == leaving);
}

TEST_CASE("SS-85: a name taken by other data raises the collision count") {
  Cluster cluster;
  const auto set = cluster.make_set({});
  api::Object stranger = *first_revision(cluster);
  stranger.as<api::ControllerRevision>().data_text =
      std::make_shared<std::string>("something else");
  const auto other = std::make_shared<const api::Object>(stranger);
  const auto named = [&](const std::string& name) {
    return name == other->key.name ? other : nullptr;
  };
  const Picked picked = pick_revisions(*set, {}, named, cluster.store().features());
  REQUIRE(picked.collision_count == 1);
  REQUIRE(picked.update->key.name != stranger.key.name);
  REQUIRE(picked.update->label("controller.kubernetes.io/hash") == "799f7ff7c4");
}

TEST_CASE("SS-95: history keeps its limit besides the live revisions, the newest of them") {
  Cluster cluster;
  cluster.make_set({.more = R"("revisionHistoryLimit":1,)"});
  auto set = cluster.store().find({api::Kind::StatefulSet, "default", "web"});
  std::vector<api::ObjectPtr> revisions;
  for (const char* image : {"web:v1", "web:v2", "web:v3", "web:v4"}) {
    const Picked picked =
        pick_revisions(with_image(*set, image), revisions, {}, cluster.store().features());
    revisions.push_back(cluster.create(api::Object(*picked.update)));
  }
  const Picked now{revisions[3], revisions[3], Picked::Write::None, 0, ""};
  const auto gone = superfluous(*set, revisions, {}, now, {});
  REQUIRE(gone.size() == 2);
  REQUIRE(gone[0]->key == revisions[0]->key);
  REQUIRE(gone[1]->key == revisions[1]->key);
}
