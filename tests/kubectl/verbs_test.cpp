// What verbs print and how they end, line by line; what real clusters printed is compared by the
// recordings in tests/conformance.
#include "kubectl/user.hpp"
#include "support/catch.hpp"

using namespace stsim;
using test::User;

namespace {

/// A line with all that it prints: what goes to standard error, if anything, stands behind `! `.
struct Said {
  std::string line;
  std::string text;
};

/// Runs lines one after the other against the set `web` and the pod `lonely`.
void check(const std::vector<Said>& story) {
  User user;
  user.story.create_set("web", 2);
  user.story.create_pod("lonely");
  user.story.settle();
  for (const auto& [line, text] : story) {
    CAPTURE(line);
    const kubectl::Output output = user.run(line);
    CHECK(output.out + (output.err.empty() ? "" : "! " + output.err) == text);
    const bool complains = output.err.starts_with("error: ") || output.err.starts_with("Error") ||
                           output.err.starts_with("The ");
    CHECK((output.exit != 0) == complains);
  }
}

}  // namespace

TEST_CASE("KC-1: what is named wrongly") {
  check({
      {"get",
       "! error: You must specify the type of resource to get. Use \"kubectl api-resources\" for a "
       "complete list of supported resources.\n"},
      {"delete",
       "! error: You must provide one or more resources by argument or filename.\nExample resource "
       "specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> "
       "<name>'\n   '<resource>'\n"},
      {"get sts/web pods",
       "! error: there is no need to specify a resource type as a separate argument when passing "
       "arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of "
       "'kubectl get resource resource/<resource_name>'\n"},
      {"get pods/a/b",
       "! error: arguments in resource/name form may not have more than one slash\n"},
      {"get pods/",
       "! error: arguments in resource/name form must have a single resource and name\n"},
      {"get pods,sts/web",
       "! error: arguments in resource/name form must have a single resource and name\n"},
      {"get gadgets", "! error: the server doesn't have a resource type \"gadgets\"\n"},
      {"get pod nobody", "! Error from server (NotFound): pods \"nobody\" not found\n"},
      {"get pod nobody --ignore-not-found", ""},
      {"get pods -n elsewhere --ignore-not-found", ""},
      {"get pods -n elsewhere", "! No resources found in elsewhere namespace.\n"},
  });
}

TEST_CASE("selectors stand instead of names, never beside them") {
  check({
      {"delete pod lonely -l app=other",
       "! error: name cannot be provided when a selector is specified\n"},
      {"delete pod/lonely -l app=other",
       "! error: selectors and the all flag cannot be used when passing resource/name arguments\n"},
      {"delete pods --all -l app=web",
       "! error: cannot set --all and --selector at the same time\n"},
      {"label pods --all -l app=web a=b",
       "! error: setting 'all' parameter but found a non empty selector. \n"},
      {"get pod lonely -A",
       "! error: a resource cannot be retrieved by name across all namespaces\n"},
      {"get pods -l '!!'",
       "! Error from server (BadRequest): unable to parse requirement: found '!', expected: "
       "identifier\n"},
      {"get pods -l app=other", "! No resources found in default namespace.\n"},
      {"get pods -l app=web -o name", "pod/web-0\n"},
      {"delete pods -l app=other", "No resources found\n"},
  });
}

TEST_CASE("a type alone is not enough for those who change things") {
  const std::string refusal = "! error: resource(s) were provided, but no name was specified\n";
  check({
      {"scale sts --replicas=0", refusal},
      {"patch sts -p '{}'", refusal},
      {"delete sts", refusal},
      {"label sts a=b", refusal},
      {"set image sts web=web:v2", refusal},
      {"wait sts --for=delete", refusal},
      {"scale sts --all --replicas=1", "statefulset.apps/web scaled\n"},
  });
}

TEST_CASE("KC-4: options before the verb, behind it, and behind two dashes") {
  check({
      {"-n default get pods -o name", "pod/lonely\npod/web-0\n"},
      {"--namespace=kube-system get pods", "! No resources found in kube-system namespace.\n"},
      {"get -- pods",
       "NAME     READY   STATUS    RESTARTS   AGE\nlonely   0/1     Pending   0          0s\nweb-0 "
       "   0/1     Pending   0          0s\n"},
      {"rollout status --colour",
       "! error: unknown flag: --colour\nSee 'kubectl rollout status --help' for usage.\n"},
  });
}

TEST_CASE("explain knows -n, too") {
  REQUIRE(User().run("explain -n x sts.kind").out.starts_with("GROUP:      apps\n"));
}

TEST_CASE("KC-12: scale") {
  check({
      {"scale sts web", "! error: required flag(s) \"replicas\" not set\n"},
      {"scale sts web --replicas=-1",
       "! error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to "
       "0\n"},
      {"scale sts web --replicas=3 --current-replicas=5",
       "! error: Expected replicas to be 5, was 2\n"},
      {"scale pod lonely --replicas=1",
       "! Error from server (NotFound): the server could not find the requested resource\n"},
      {"scale sts web --replicas=3 --timeout=1s",
       "! error: timed out waiting for \"web\" to be synced\n"},
      {"scale sts web --replicas=1 --timeout=1s", "statefulset.apps/web scaled\n"},
      {"scale sts web --replicas=9 --dry-run=client", "statefulset.apps/web scaled (dry run)\n"},
      {"scale sts web --replicas=9 --dry-run=server -o jsonpath={.spec.replicas}", "9"},
      {"get sts web -o jsonpath={.spec.replicas}", "1"},
  });
}

TEST_CASE("KC-4: --dry-run changes nothing") {
  check({
      {"delete pod lonely --dry-run=client",
       "pod \"lonely\" deleted (dry run) from default namespace\n"},
      {"delete pod lonely --dry-run=server",
       "pod \"lonely\" deleted (server dry run) from default namespace\n"},
      {"label pod lonely a=b --dry-run=server", "pod/lonely labeled (server dry run)\n"},
      {"patch sts web -p '{\"spec\":{\"serviceName\":\"x\"}}' --dry-run=client",
       "statefulset.apps/web patched (dry run)\n"},
      {"patch sts web -p '{\"spec\":{\"replicas\":-1}}' --dry-run=server",
       "! The StatefulSet \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater "
       "than or equal to 0\n"},
      {"set image sts/web web=web:v9 --dry-run=server",
       "statefulset.apps/web image updated (server dry run)\n"},
      {"delete pod lonely --dry-run=clinet",
       "! error: Invalid dry-run value (clinet). Must be \"none\", \"server\", or \"client\".\n"},
      {"get pod lonely -o name", "pod/lonely\n"},
      {"get sts web -o jsonpath={..image}", "web:v1"},
  });
}

TEST_CASE("KC-3: -o says how a change is told") {
  check({
      {"label pod lonely a=b -o name", "pod/lonely\n"},
      {"patch sts web -p '{\"spec\":{\"replicas\":1}}' -o jsonpath={.spec.replicas}", "1"},
      {"delete pod lonely -o yaml",
       "! error: unexpected -o output mode: yaml. We only support '-o name'\n"},
      {"delete pod lonely -o name", "pod/lonely\n"},
      {"get sts -o jsonpath-as-json={.items[*].metadata.name}", "[\n    \"web\"\n]\n"},
  });
}

TEST_CASE("KC-15: label and annotate") {
  check({
      {"label pod lonely tier=front", "pod/lonely labeled\n"},
      {"label pod lonely tier=front", "pod/lonely not labeled\n"},
      {"label pod lonely tier=back zone=a",
       "! error: 'tier' already has a value (front), and --overwrite is false\n"},
      {"label pod lonely tier=back --overwrite", "pod/lonely labeled\n"},
      {"label pod lonely tier- zone=a", "pod/lonely label(s) changed\n"},
      {"label pod lonely zone- other-", "label \"other\" not found.\npod/lonely unlabeled\n"},
      {"label pod lonely a=1 a-",
       "! error: can not both modify and remove a label in the same command\n"},
      {"label pod lonely", "! error: at least one label update is required\n"},
      {"label a=b",
       "! error: one or more resources must be specified as <resource> <name> or "
       "<resource>/<name>\n"},
      {"annotate sts web note=a other=b", "statefulset.apps/web annotated\n"},
      {"annotate sts web note=a", "statefulset.apps/web annotated\n"},
      {"annotate sts web note=b other=c",
       "! error: --overwrite is false but found the following declared annotation(s): 'note' "
       "already has a value (a); 'other' already has a value (b)\n"},
      {"annotate sts web kubernetes.io/change-cause=first", "statefulset.apps/web annotated\n"},
      {"annotate sts web kubernetes.io/change-cause=second", "statefulset.apps/web annotated\n"},
      {"annotate sts web missing-", "statefulset.apps/web annotated\n"},
  });
}

TEST_CASE("KC-15: set env") {
  check({
      {"set env sts/web A=b-", "statefulset.apps/web env updated\n"},
      {"get sts web -o jsonpath={..env[0].value}", "b-"},
      {"set env sts/web --list", "# statefulsets web, container web\nA=b-\n"},
      {"set env sts/web A-", "statefulset.apps/web env updated\n"},
      {"get sts web -o jsonpath={..env}", ""},
      {"set env sts/web", "! error: at least one environment variable must be provided\n"},
      {"set env sts/web A=1 B", "! error: unknown environment variable: B\n"},
  });
}

TEST_CASE("KC-22: wait") {
  check({
      {"wait sts web --for=jsonpath=.spec.replicas=2", "statefulset.apps/web condition met\n"},
      {"wait sts web --for=jsonpath='{.spec.replicas}'=2", "statefulset.apps/web condition met\n"},
      {"wait sts web --for=jsonpath=.spec.replicas", "statefulset.apps/web condition met\n"},
      {"wait sts web --for=jsonpath=.status.readyReplicas=2 --timeout=1s",
       "! error: timed out waiting for the condition on statefulsets/web\n"},
      {"wait sts web --for=jsonpath=.status.readyReplicas=2 --timeout=0",
       "! error: condition not met for statefulsets/web\n"},
      {"wait sts web --for=jsonpath={.a}=",
       "! error: jsonpath wait has to have a value after equal sign, like "
       "--for=jsonpath='{.status.readyReplicas}'=3\n"},
      {"wait sts web --for=ready", "! error: unrecognized condition: \"ready\"\n"},
      {"delete pod lonely --wait=false", "pod \"lonely\" deleted from default namespace\n"},
      {"wait pod/nobody --for=delete", ""},
  });
}

TEST_CASE("KC-16 to KC-20: rollout of what has none") {
  check({
      {"rollout status pod/lonely", "! error: no status viewer has been implemented for Pod\n"},
      {"rollout history pod/lonely",
       "! error: no history viewer has been implemented for \"Pod\"\n"},
      {"rollout undo pod/lonely", "! error: no rollbacker has been implemented for \"Pod\"\n"},
      {"rollout restart pod/lonely", "! error: pods \"lonely\" restarting is not supported\n"},
      {"rollout pause sts/web", "! error: statefulsets.apps \"web\" pausing is not supported\n"},
      {"rollout status", "! error: required resource not specified\n"},
      {"rollout stop sts/web", "! error: unknown command \"stop\" for \"kubectl rollout\"\n"},
  });
}

TEST_CASE("KC-23: exec") {
  check({
      {"exec web-0 hostname",
       "! error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] "
       "instead\nSee 'kubectl exec -h' for help and examples\n"},
      {"exec web-0 -- hostname",
       "! Error from server (BadRequest): pod web-0 does not have a host assigned\n"},
      {"exec sts/nobody -- hostname",
       "! Error from server (NotFound): statefulsets.apps \"nobody\" not found\n"},
  });
}

TEST_CASE("--field-selector knows the server's fields and no others") {
  check({
      {"get pods --field-selector metadata.name=web-0 -o name", "pod/web-0\n"},
      {"get pods --field-selector metadata.name!=web-0,status.phase=Pending -o name",
       "pod/lonely\n"},
      {"get pods --field-selector spec.restartPolicy==Always -o name", "pod/lonely\npod/web-0\n"},
      {"get sts --field-selector spec.replicas=2",
       "! Error from server (BadRequest): Unable to find \"apps/v1, Resource=statefulsets\" that "
       "match label selector \"\", field selector \"spec.replicas=2\": field label not supported: "
       "spec.replicas\n"},
  });
}

TEST_CASE("KC-44: events") {
  User user;
  REQUIRE(user.run("events").err == "No events found in default namespace.\n");
  user.story.create_set("web", 1);
  user.story.settle();
  REQUIRE(
      user.run("events").out ==
      "LAST SEEN   TYPE     REASON             OBJECT            MESSAGE\n"
      "0s          Normal   SuccessfulCreate   StatefulSet/web   Create Pod web-0 in StatefulSet "
      "web successful\n");
}

TEST_CASE("KC-43: get -w shows a row for every change, until nothing is left to happen") {
  User user;
  user.story.create_set("web", 2, "Parallel");
  REQUIRE(user.run("get sts -w").out ==
          "NAME   READY   AGE\n"
          "web    0/2     0s\n"
          "web    0/2     0s\n"
          "web    0/2     0s\n");
  REQUIRE(user.run("scale sts web --replicas=1").exit == 0);
  REQUIRE(user.run("get pods web-1 -w --no-headers -o name").out == "pod/web-1\npod/web-1\n");
  REQUIRE(user.run("get pods,sts -w").err ==
          "error: you may only specify a single resource type\n");
}
