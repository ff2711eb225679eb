// What was typed, as a scenario.
#include "shell/playing.hpp"
#include "support/catch.hpp"

#include <stsim/scenario/files.hpp>

#include <atomic>
#include <vector>

namespace stsim::test {

using shell::Reply;
using shell::Shell;

namespace {

std::string text_of(const std::filesystem::path& file) {
  return scenario::read_file(file).value_or("");
}

/// Enters lines, saves, and compares with a replay of what was saved.
void check_replay(Shell& shell, const std::vector<std::string>& lines, std::string_view ends = "") {
  for (const std::string& line : lines) {
    shell.enter(line);
  }
  // The rest of an instant in whose middle single steps have ended happens before a line.
  shell.enter("kubectl get nodes");
  const Folder folder;
  const Reply saved = shell.enter("save " + (folder / "saved.yaml").string());
  INFO(saved.err);
  REQUIRE(saved.exit == 0);
  const std::string text = text_of(folder / "saved.yaml");
  INFO(text);
  const auto again = scenario::load_scenario(folder / "saved.yaml");
  REQUIRE(again);
  CHECK(leads_to_the_same(*again, shell));
  CHECK(contains(text, ends));
}

}  // namespace

TEST_CASE("what was saved leads to the same") {
  Shell shell = web_shell();
  check_replay(shell,
               {"kubectl set image sts/web web=web:v2",
                "get pods",
                "run 700ms",
                "until web-2 gone",
                "pod web-0 becomes crashing",
                "watch of statefulset-controller on pods becomes late by 3s",
                "step",
                "step 3",
                "get pods",
                "step 17",
                "kubectl rollout status sts/web --timeout=20s",
                "expect: {statefulsets: {web: {replicas: 3}}}",
                "expect: {statefulsets: {web: {replicas: 9}}}",
                "kubectl scale sts web --replicas=nonsense",
                "until web-7 ready",
                "pod web-0 becomes fine",
                "run 2m",
                "run"},
               "# until web-2 gone\n- advance: ");
}

TEST_CASE("what was undone is not saved") {
  Shell shell = web_shell();
  const Folder folder;
  shell.enter("scale sts web --replicas=5");
  shell.enter("back");
  shell.enter("fork a");
  shell.enter("scale sts web --replicas=4");
  shell.enter("switch a");
  shell.enter("scale sts web --replicas=2");
  shell.enter("save " + (folder / "a.yaml").string());
  const std::string text = text_of(folder / "a.yaml");
  CHECK(contains(text, "--replicas=2"));
  CHECK_FALSE(contains(text, "--replicas=4"));
  CHECK_FALSE(contains(text, "--replicas=5"));
}

TEST_CASE("the steps of the file come first, at their times") {
  const Folder folder;
  folder.write("one/cluster.yaml",
               "scenario: cluster\n"
               "description: With a head.\n"
               "kubernetes: \"1.30\"\n"
               "seed: 7\n"
               "cluster: {nodes: [a, b]}\n"
               "timing: {ready: 3s}\n"
               "matrix: {seed: [1, 2]}\n"
               "steps:\n"
               "- apply: manifests/set.yaml\n"
               "- expect: {statefulsets: {web: {replicas: 3}}}\n"
               "- kubectl: get pods\n"
               "- settle: {}\n"
               "- kubectl: apply -f manifests/set.yaml\n"
               "  at: 1m\n");
  folder.write("one/manifests/set.yaml",
               text_of(std::filesystem::path(STSIM_SOURCE_DIR) / "scenarios/manifests/set.yaml"));
  const auto loaded = shell::load_cluster(folder / "one/cluster.yaml", folder / "");
  REQUIRE(loaded);
  Shell shell(std::make_shared<const scenario::Scenario>(*loaded), {});
  CHECK(contains(shell.beginning().out, "statefulset.apps/web created"));
  CHECK(shell.prompt() == "stsim +60.000s> ");
  CHECK(shell.enter("apply -f one/manifests/set.yaml").out == "statefulset.apps/web unchanged\n");
  std::filesystem::create_directories(folder / "two/deep");
  REQUIRE(shell.enter("save two/deep/saved.yaml").exit == 0);
  const std::string text = text_of(folder / "two/deep/saved.yaml");
  INFO(text);
  CHECK(text.starts_with("scenario: saved\ndescription: With a head.\nkubernetes: \"1.30\"\n"));
  CHECK(contains(text, "- apply: ../../one/manifests/set.yaml\n"));
  CHECK(contains(text, "- kubectl: apply -f ../../one/manifests/set.yaml\n"));
  CHECK(contains(text, "ready: 3s"));
  CHECK_FALSE(contains(text, "matrix"));
  const auto again = scenario::load_scenario(folder / "two/deep/saved.yaml");
  REQUIRE(again);
  CHECK(leads_to_the_same(*again, shell));
  // And its own steps are taken as if the file itself had been run.
  CHECK(leads_to_the_same(*loaded, Shell(std::make_shared<const scenario::Scenario>(*loaded), {})));
}

TEST_CASE("some of the steps of the file") {
  const auto cluster = cluster_of("scenario: a\nsteps:\n- " + web_step(2) +
                                  "\n- settle: {}\n- scale: {statefulset: web, replicas: 0}\n");
  shell::ShellOptions options;
  options.steps = 2;
  Shell shell(cluster, options);
  CHECK(contains(shell.enter("get sts web").out, "2/2"));
  shell.enter("scale sts web --replicas=1");
  shell.enter("reset");
  CHECK(contains(shell.enter("get sts web").out, "2/2"));
  CHECK(shell.session().taken().size() == 3);
  shell.enter("back");
  CHECK(shell.enter("get sts web -o jsonpath={.spec.replicas}").out == "1\n");
}

TEST_CASE("a file whose expectation fails leaves a session") {
  const auto cluster = cluster_of("scenario: a\nsteps:\n- " + web_step(1) +
                                  "\n- expect: {statefulsets: {web: null}}\n- settle: {}\n");
  Shell shell(cluster, {});
  CHECK(shell.beginning().exit == 1);
  CHECK(contains(shell.beginning().out, "the expectation does not hold"));
  CHECK(contains(shell.beginning().err, "1 more step of the scenario is not taken"));
  CHECK(shell.enter("run").exit == 0);
  CHECK(contains(shell.enter("get sts web").out, "1/1"));
}

TEST_CASE("save writes over nothing by accident") {
  Shell shell = web_shell();
  const Folder folder;
  const std::string file = (folder / "a.yaml").string();
  CHECK(shell.enter("save " + file).exit == 0);
  CHECK(contains(shell.enter("save " + file).err, "--force writes over it"));
  CHECK(shell.enter("save " + file + " --force").exit == 0);
  CHECK(contains(shell.enter("save " + (folder / "no/b.yaml").string()).err, "there is no folder"));
  CHECK(contains(shell.enter("save " + (folder / "").string()).err, "is a folder"));
  CHECK(contains(shell.enter("save /proc/nothing.yaml").err, "could not be written"));
  CHECK(contains(shell.enter("save").err, "save takes the name of a file"));
}

TEST_CASE("load begins anew, and is undone") {
  Shell shell = web_shell();
  const Folder folder;
  folder.write("a.yaml", "scenario: a\nsteps: [{kubectl: get nodes}]\n");
  folder.write("bad.yaml", "scenario: a\nsteps: [{kubctl: get nodes}]\n");
  const Reply bad = shell.enter("load " + (folder / "bad.yaml").string());
  CHECK(contains(bad.err, "did you mean \"kubectl\"?"));
  CHECK(shell.enter("get pods").exit == 0);
  CHECK(contains(shell.enter("load " + (folder / "a.yaml").string()).out, "$ kubectl get nodes"));
  CHECK(shell.session().taken().size() == 1);
  shell.enter("back");
  CHECK(contains(shell.enter("get sts web").out, "3/3"));
}

TEST_CASE("what was stopped is saved up to there") {
  // Looking at the flag is what stops: it is set by somebody who hears of the first pod.
  std::atomic<bool> interrupted{false};
  shell::ShellOptions options;
  options.interrupted = &interrupted;
  for (const std::string line : {"run 1000h",
                                 "run",
                                 "until web-2 ready",
                                 "rollout status sts/web",
                                 "kubectl delete pod web-1",
                                 "kubectl wait --for=delete pod/web-0",
                                 "delete: {pod: web-1}",
                                 "get pods -w"}) {
    DYNAMIC_SECTION(line) {
      Shell shell = web_shell(options);
      shell.enter("set image sts/web web=web:v2");
      shell.enter("run 20ms");
      interrupted = true;
      const Reply stopped = shell.enter(line);
      interrupted = false;
      CHECK(stopped.exit == 130);
      CHECK(contains(stopped.err, "stopped at +"));
      check_replay(shell, {"run 3s"});
    }
  }
}

TEST_CASE("a stepped cluster is saved as such") {
  Shell shell(cluster_of("scenario: a\nkubelet: stepped\nsteps:\n- " + web_step(2) + "\n"), {});
  check_replay(shell,
               {"pod web-0 becomes ready", "step 3", "run 30s", "run", "get pods", "until 5m"},
               "kubelet: stepped");
}

TEST_CASE("manifests that were typed are saved") {
  Shell shell = bare_shell();
  check_replay(shell,
               {"apply -f - <<EOF\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: "
                "{clusterIP: None}\nEOF",
                web_step(1),
                "patch sts web -p '{\"spec\": {\"replicas\": 2}}'",
                "annotate sts web \"note=it's # a test\"",
                "run"},
               "- apply:\n");
}

}  // namespace stsim::test
