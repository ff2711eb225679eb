// What verbs print and how they end, line by line; what real clusters printed is compared by the
// recordings in tests/conformance.
#include "kubectl/user.hpp"
#include "support/catch.hpp"

#include <regex>
#include <sstream>

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
    const auto has_line = [&output](const std::string& start) {
      return output.err.starts_with(start) || output.err.find("\n" + start) != std::string::npos;
    };
    const bool complains = has_line("error: ") || has_line("Error") || has_line("The ") ||
                           has_line("'") || has_line("timed out");
    CHECK((output.exit != 0) == complains);
  }
}

}  // namespace

TEST_CASE("KC-1: what is named wrongly") {
  check({
      {"get",
       "! You must specify the type of resource to get. Use \"kubectl api-resources\" for a "
       "complete list of supported resources.\n\nerror: Required resource not specified.\nUse "
       "\"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl "
       "explain pods).\nSee 'kubectl get -h' for help and examples\n"},
      {"describe",
       "! error: You must specify the type of resource to describe. Use \"kubectl api-resources\" "
       "for "
       "a complete list of supported resources.\n"},
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

TEST_CASE("KC-2: short names, and what `all` means") {
  const std::string none = "! No resources found in default namespace.\n";
  check({
      {"get sts -o name", "statefulset.apps/web\n"},
      {"get po -o name", "pod/lonely\npod/web-0\n"},
      {"get svc -o name", "service/kubernetes\n"},
      {"get no -o name", "node/node1\nnode/node2\nnode/node3\n"},
      {"get ns -o name",
       "namespace/default\nnamespace/kube-node-lease\nnamespace/kube-public\n"
       "namespace/kube-system\n"},
      {"get pvc", none},
      {"get ep",
       "! Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n" +
           none.substr(2)},
      {"get cm", none},
      {"get sa", none},
      {"get pv", "! No resources found\n"},
      {"get sc", "! No resources found\n"},
      {"get all -o name", "pod/lonely\npod/web-0\nservice/kubernetes\nstatefulset.apps/web\n"},
  });
  User user;
  user.story.create_set("web", 1);
  user.story.settle();
  CHECK(user.run("get ev -o name").out.starts_with("event/web."));
}

TEST_CASE("KC-2: no short name for revisions, endpoint slices and secrets") {
  const std::string word = GENERATE("cr", "es", "se", "sec");
  CHECK(User().run("get " + word).err ==
        "error: the server doesn't have a resource type \"" + word + "\"\n");
}

TEST_CASE("KC-30: who refuses: the server with its reason, or kubectl itself") {
  check({
      {"get pod nobody", "! Error from server (NotFound): pods \"nobody\" not found\n"},
      {"delete ns default",
       "! Error from server (Forbidden): namespaces \"default\" is forbidden: this namespace may "
       "not be deleted\n"},
      {"patch pod lonely --type=json -p '[{\"op\":\"remove\",\"path\":\"/spec/nothing\"}]'",
       "! The request is invalid: the server rejected our request due to an error in our "
       "request\n"},
      {"scale sts web --current-replicas=9 --replicas=1",
       "! error: Expected replicas to be 9, was 2\n"},
      {"get foo", "! error: the server doesn't have a resource type \"foo\"\n"},
  });
}

TEST_CASE("selectors stand instead of names, never beside them") {
  check({
      {"delete pod lonely -l app=other",
       "! error: name cannot be provided when a selector is specified\n"},
      {"delete pod/lonely -l app=other",
       "! error: selectors and the all flag cannot be used when passing resource/name arguments\n"},
      {"delete pods --all -l app=web",
       "! error: setting 'all' parameter but found a non empty selector. \n"},
      {"label pods --all -l app=web a=b",
       "! error: cannot set --all and --selector at the same time\n"},
      {"set image sts --all -l app=web web=web:v2",
       "! error: cannot set --all and --selector at the same time\n"},
      {"get pod lonely -A",
       "! error: a resource cannot be retrieved by name across all namespaces\n"},
      {"get pods -l '!!'",
       "! Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label "
       "selector \"!!\", field selector \"\": unable to parse requirement: found '!', expected: "
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

TEST_CASE("commands that kubectl does not have, or that are not simulated") {
  check({
      {"gt pods",
       "! error: unknown command \"gt\" for \"kubectl\"\n\nDid you mean "
       "this?\n\tset\n\tget\n\tcp\n"},
      {"aply -f x",
       "! error: unknown command \"aply\" for \"kubectl\"\n\nDid you mean this?\n\tapply\n"},
      {"list pods",
       "! error: unknown command \"list\" for \"kubectl\"\n\nDid you mean this?\n\tget\n"},
      {"frobnicate sts web", "! error: unknown command \"frobnicate\" for \"kubectl\"\n"},
      {"top pods", "! error: kubectl top is not simulated\n"},
      {"set imag sts/web web=web:v2",
       "! error: unknown command \"imag sts/web web=web:v2\"\nSee 'kubectl set -h' for help and "
       "examples\n"},
  });
}

TEST_CASE("options that are given wrongly") {
  check({
      {"scale sts web --replicas=two",
       "! error: invalid argument \"two\" for \"--replicas\" flag: strconv.ParseInt: parsing "
       "\"two\": invalid syntax\nSee 'kubectl scale --help' for usage.\n"},
      {"scale sts web --replicas=99999999999999999999",
       "! error: invalid argument \"99999999999999999999\" for \"--replicas\" flag: "
       "strconv.ParseInt: parsing \"99999999999999999999\": value out of range\nSee 'kubectl scale "
       "--help' for usage.\n"},
      {"scale sts web --replicas=0x2", "statefulset.apps/web scaled\n"},
      {"rollout status sts/web --timeout=30",
       "! error: invalid argument \"30\" for \"--timeout\" flag: time: missing unit in duration "
       "\"30\"\nSee 'kubectl rollout status --help' for usage.\n"},
      {"wait pod/web-0 --for=delete --timeout=5x",
       "! error: invalid argument \"5x\" for \"--timeout\" flag: time: unknown unit \"x\" in "
       "duration \"5x\"\nSee 'kubectl wait --help' for usage.\n"},
      {"wait pod/web-0 --for=delete --timeout=soon",
       "! error: invalid argument \"soon\" for \"--timeout\" flag: time: invalid duration "
       "\"soon\"\nSee 'kubectl wait --help' for usage.\n"},
      {"scale sts web --replicas",
       "! error: flag needs an argument: --replicas\nSee 'kubectl scale --help' for usage.\n"},
      {"rollout undo sts/web --timeout=3s",
       "! error: unknown flag: --timeout\nSee 'kubectl rollout undo --help' for usage.\n"},
      {"get pods -v=6 --request-timeout=5s -o name", "pod/lonely\npod/web-0\n"},
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
       "pod \"lonely\" deleted from default namespace (dry run)\n"},
      {"delete pod lonely --dry-run=server",
       "pod \"lonely\" deleted from default namespace (server dry run)\n"},
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
      {"label pod lonely tier- zone=a", "pod/lonely modified\n"},
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
      {"set env sts/web --list", "# StatefulSet web, container web\nA=b-\n"},
      {"set env sts/web A-", "statefulset.apps/web env updated\n"},
      {"get sts web -o jsonpath={..env}", ""},
      {"set env sts/web", ""},
      {"set env sts/web A=1 B",
       "! error: all resources must be specified before environment changes: sts/web A=1 B\n"},
      {"set env sts/web A=1 A-",
       "! error: can not both modify and remove the same environment variable in the same "
       "command\n"},
      {"set env A=1",
       "! error: one or more resources must be specified as <resource> <name> or "
       "<resource>/<name>\n"},
      {"set env sts/web -e A=1 --env B=2", "statefulset.apps/web env updated\n"},
      {"set env sts/web A=2 --overwrite=false",
       "! error: statefulsets/web 'A' already has a value (1), and --overwrite is false\n"},
      {"set env sts/web C=3 A- --list", "# StatefulSet web, container web\nB=2\nC=3\n"},
      {"set env sts/web -c 'w*' A=1", ""},
      {"set env sts/web -c none A=2",
       "! Warning: StatefulSet/web does not have any containers matching \"none\"\n"},
      {"set env svc/none A=2", "! Error from server (NotFound): services \"none\" not found\n"},
  });
}

TEST_CASE("KC-14: set image") {
  check({
      {"set image sts/web", "! error: at least one image update is required\n"},
      {"set image web=web:v2",
       "! error: You must provide one or more resources by argument or filename.\nExample resource "
       "specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> "
       "<name>'\n   '<resource>'\n"},
      {"set image sts/web web=web:v2 other",
       "! error: all resources must be specified before image changes: other\n"},
      {"set image sts/web web-", "! error: invalid image format: web-\n"},
      {"set image sts/web '*=web:v2' web=web:v3",
       "! error: all containers are already specified by *, but saw more than one "
       "container_name=container_image pairs\n"},
      {"set image sts/nobody web=web:v2",
       "! Error from server (NotFound): statefulsets.apps \"nobody\" not found\n"},
      {"set image sts/web web=web:v2 side=side:v2",
       "statefulset.apps/web image updated\n! error: unable to find container named \"side\"\n"},
      {"get sts web -o jsonpath={..image}", "web:v2"},
      {"set image sts/web a=a b=b",
       "! error: unable to find container named \"a\"\nerror: unable to find container named "
       "\"b\"\n"},
      {"set image sts/web web=web:v2", ""},
  });
}

TEST_CASE("set resources") {
  check({
      {"set resources sts/web",
       "! error: you must specify an update to requests or limits (in the form of "
       "--requests/--limits)\n"},
      {"set resources sts/web --limits=cpu",
       "! error: Invalid argument syntax cpu, expected <resource>=<value>\n"},
      {"set resources sts/web --limits=cpu=much",
       "! error: quantities must match the regular expression "
       "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n"},
      {"set resources sts/web -c side --limits=cpu=1",
       "! error: unable to find container named side\n"},
      {"set resources sts/web --limits=cpu=1,memory=64Mi --requests=cpu=500m",
       "statefulset.apps/web resource requirements updated\n"},
      {"get sts web -o jsonpath={..resources}",
       "{\"limits\":{\"cpu\":\"1\",\"memory\":\"64Mi\"},\"requests\":{\"cpu\":\"500m\"}}"},
      {"set resources sts/web --limits=cpu=1", ""},
  });
}

TEST_CASE("KC-17: --record notes the command") {
  const std::string deprecated =
      "! Flag --record has been deprecated, --record will be removed in the future\n";
  const std::string cause = "get sts web -o jsonpath={..kubernetes\\\\.io/change-cause}";
  check({
      {"set image sts/web web=web:v2 --record",
       "statefulset.apps/web image updated\n" + deprecated},
      {cause, "kubectl set image sts/web web=web:v2 --record=true"},
      {"-n default scale sts web --replicas=1 --record=true",
       "statefulset.apps/web scaled\n" + deprecated},
      {cause, "kubectl scale sts web --namespace=default --replicas=1 --record=true"},
      {"scale sts web --replicas=2 --record=false", "statefulset.apps/web scaled\n" + deprecated},
      {cause, "kubectl scale sts web --namespace=default --replicas=1 --record=true"},
  });
}

TEST_CASE("KC-13: patch") {
  check({
      {"patch sts web",
       "! error: must specify --patch or --patch-file containing the contents of the patch\n"},
      {"patch sts web -p ''",
       "! error: must specify --patch or --patch-file containing the contents of the patch\n"},
      {"patch sts web -p '{}' --patch-file=x",
       "! error: cannot specify --patch and --patch-file together\n"},
      {"patch sts web -p '{}' --type=apply",
       "! error: --type must be one of [json merge strategic], not \"apply\"\n"},
      {"patch sts web --patch-file=none",
       "! error: unable to read patch file: open none: no such file or directory\n"},
      {"patch sts web --type=JSON -p "
       "'[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]'",
       "statefulset.apps/web patched\n"},
      {"patch sts web -p 'spec: {replicas: 1}'", "statefulset.apps/web patched (no change)\n"},
      {"patch sts web -p '{\"spec\":{\"colour\":\"red\"}}'",
       "statefulset.apps/web patched (no change)\n! Warning: unknown field \"spec.colour\"\n"},
      {"patch sts web --type=merge -p '{\"spec\":{\"replicas\":2,\"colour\":\"red\"}}'",
       "statefulset.apps/web patched\n! Warning: unknown field \"spec.colour\"\n"},
      {"patch sts web --subresource=scale --type=merge -p '{\"spec\":{\"replicas\":1}}'",
       "scale.autoscaling/web patched\n"},
      {"get sts web -o jsonpath={.spec.replicas}", "1"},
      {"patch sts web --subresource=log -p '{}'",
       "! Error from server (NotFound): the server could not find the requested resource\n"},
  });
}

TEST_CASE("KC-21: delete") {
  check({
      {"delete sts nobody --ignore-not-found", ""},
      {"delete pods -l app=none --ignore-not-found=false", "No resources found\n"},
      {"delete pod nobody --dry-run=client",
       "pod \"nobody\" deleted from default namespace (dry run)\n"},
      {"delete pod lonely nobody --force",
       "pod \"lonely\" force deleted from default namespace\n! Warning: Immediate deletion does "
       "not "
       "wait for confirmation that the running resource has been terminated. The resource may "
       "continue to run on the cluster indefinitely.\nError from server (NotFound): pods "
       "\"nobody\" not found\n"},
      {"delete sts web --now --grace-period=3",
       "! error: --now and --grace-period cannot be specified together\n"},
      {"delete sts web --force --grace-period=3",
       "! error: --force and --grace-period greater than 0 cannot be specified together\n"},
      {"delete sts web --cascade=maybe",
       "! error: invalid cascade value (maybe). Must be \"background\", \"foreground\", or "
       "\"orphan\"\n"},
      {"delete sts web --cascade=false --dry-run=server",
       "statefulset.apps \"web\" deleted from default namespace (server dry run)\n! warning: "
       "--cascade=false is deprecated (boolean value) and can be replaced with "
       "--cascade=orphan.\n"},
      {"delete node node1 -n default",
       "node \"node1\" deleted\n! Warning: deleting cluster-scoped resources, not scoped to the "
       "provided namespace\n"},
      {"delete pods --field-selector metadata.name=web-0 -o name --wait=false", "pod/web-0\n"},
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
      {"wait sts web", "! error: unrecognized condition: []\n"},
      {"wait sts web --for=jsonpath={.a}=b=c",
       "! error: jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or "
       "--for=jsonpath='{.status.readyReplicas}'\n"},
      {"wait sts web --for=jsonpath={.spec}=2",
       "! error: jsonpath leads to a nested object or list which is not supported\n"},
      {"wait sts web --for=jsonpath={.spec.replicas}=2 --for=create",
       "statefulset.apps/web condition met\nstatefulset.apps/web condition met\n"},
      {"wait sts later --for=create --timeout=1s",
       "! error: timed out waiting for the condition\n"},
      {"wait sts web db --for=jsonpath={.spec.replicas}=2",
       "statefulset.apps/web condition met\n! Error from server (NotFound): statefulsets.apps "
       "\"db\" not found\n"},
      {"wait pods --all --for=condition=Ready --timeout=1s",
       "! timed out waiting for the condition on pods/lonely\ntimed out waiting for the condition "
       "on pods/web-0\n"},
      {"get -f - -w", "! error: no objects passed to get\n"},
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
      {"rollout stop sts/web",
       "! error: unknown command \"stop sts/web\"\nSee 'kubectl rollout -h' for help and "
       "examples\n"},
      {"rollout status sts -l app=none", "! No resources found in default namespace.\n"},
      {"rollout restart sts -l app=none", "! No resources found in default namespace.\n"},
      {"rollout history sts/web --revision=-1",
       "! error: revision must be a positive integer: -1\n"},
      {"rollout undo sts/web --to-revision=-1",
       "! error: unable to find specified revision -1 in history\n"},
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
       "match label selector \"\", field selector \"spec.replicas=2\": \"spec.replicas\" is not a "
       "known field selector: only \"metadata.name\", \"metadata.namespace\"\n"},
      {"get pods --field-selector spec.image=web",
       "! Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label "
       "selector \"\", field selector \"spec.image=web\": field label not supported: spec.image\n"},
      {"get pods --field-selector foo",
       "! Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label "
       "selector \"\", field selector \"foo\": invalid selector: 'foo'; can't understand 'foo'\n"},
      {"get pods --field-selector bar=x,foo",
       "! Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label "
       "selector \"\", field selector \"bar=x,foo\": invalid selector: 'bar=x,foo'; can't "
       "understand "
       "'foo'\n"},
  });
}

TEST_CASE("KC-40: what get prints of several types and names") {
  check({
      {"get sts,pods web-0 -o name --ignore-not-found", "pod/web-0\n"},
      {"get sts,pods web-0 --ignore-not-found",
       "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   0/1     Pending   0          0s\n"},
      {"get pods,po -o name", "pod/lonely\npod/web-0\n"},
      {"get sts,pvc,pods --no-headers",
       "statefulset.apps/web   0/2   0s\npod/lonely   0/1   Pending   0     0s\npod/web-0    0/1   "
       "Pending   0     0s\n"},
      {"get sts/web pod/web-0 sts/web",
       "NAME                   READY   AGE\nstatefulset.apps/web   0/2     0s\n\nNAME        READY "
       "  "
       "STATUS    RESTARTS   AGE\npod/web-0   0/1     Pending   0          0s\n\nNAME              "
       "   "
       "  READY   AGE\nstatefulset.apps/web   0/2     0s\n"},
      {"get pods web-0 lonely --sort-by=.metadata.name --no-headers",
       "web-0    0/1   Pending   0     0s\nlonely   0/1   Pending   0     0s\n"},
      {"get pods web-0 lonely --sort-by=.metadata.name -o name", "pod/lonely\npod/web-0\n"},
      {"get sts --sort-by=.spec.colour",
       "! error: couldn't find any field with path \"{.spec.colour}\" in the list of objects\n"},
      {"get pod nobody -n elsewhere",
       "! Error from server (NotFound): namespaces \"elsewhere\" not found\n"},
      {"get pods -o json --ignore-not-found -l app=none", ""},
      {"get pods --show-labels -o name",
       "! error: --show-labels option cannot be used with name printer\n"},
      {"get sts web --subresource=status --no-headers", "web   0/2   0s\n"},
      {"get sts --subresource=status",
       "! error: subresource cannot be used when bulk resources are specified\n"},
      {"get sts web --subresource=log",
       "! Error from server (NotFound): the server could not find the requested resource\n"},
  });
}

TEST_CASE("KC-4: forms of -o") {
  const std::string of_get =
      "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,"
      "jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml\n";
  const std::string of_others =
      "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,"
      "template,templatefile,yaml\n";
  check({
      {"get pods -o xml",
       "! error: unable to match a printer suitable for the output format \"xml\", allowed formats "
       "are: " +
           of_get},
      {"scale sts web --replicas=1 -o wide",
       "! error: unable to match a printer suitable for the output format \"wide\", allowed "
       "formats "
       "are: " +
           of_others},
      {"get pods -o NAME", "pod/lonely\npod/web-0\n"},
      {"get pods -o jsonpath", "! error: template format specified but no template given\n"},
      {"get pods -o custom-columns=",
       "! error: custom-columns format specified but no custom columns given\n"},
      {"get pods -o jsonpath --template={.items[*].metadata.name}", "lonely web-0"},
      {"get pods -o jsonpath-file=none",
       "! error: error reading --template none, open none: no such file or directory\n"},
      {"get pod nobody -o xml", "! Error from server (NotFound): pods \"nobody\" not found\n"},
  });
}

TEST_CASE("KC-4: templates in files") {
  User user({{"names.txt", "{range .items[*]}{.metadata.name},{end}"},
             {"columns.txt", "NAME           PHASE\n.metadata.name {.status.phase}\n"},
             {"few.txt", "NAME PHASE\n.metadata.name\n"},
             {"patch.yaml", "spec: {replicas: 3}"}});
  user.story.create_set("web", 1);
  user.story.settle();
  CHECK(user.run("get pods -o jsonpath-file=names.txt").out == "web-0,");
  CHECK(user.run("get pods -o custom-columns-file=columns.txt --no-headers").out ==
        "NAME    PHASE\nweb-0   Pending\n");
  CHECK(user.run("get pods -o custom-columns-file=few.txt").err ==
        "error: number of headers (2) and field specifications (1) don't match\n");
  CHECK(user.run("patch sts web --patch-file=patch.yaml").out == "statefulset.apps/web patched\n");
}

TEST_CASE("KC-52: events are described of a single object only") {
  User user;
  user.story.create_set("web", 1);
  user.story.create_set("db", 1);
  user.story.settle();
  const auto told = [&user](std::string_view line) {
    return user.run(line).out.find("Events:") != std::string::npos;
  };
  CHECK(told("describe sts web"));
  CHECK(!told("describe sts"));
  CHECK(!told("describe sts we"));
  CHECK(told("describe sts we --show-events"));
  CHECK(!told("describe sts web --show-events=false"));
  CHECK(user.run("describe sts we").out ==
        user.run("describe sts web --show-events=false").out + "\n");
  CHECK(user.run("describe sc").err == "No resources found in default namespace.\n");
}

TEST_CASE("KC-50: the events of a claim come from the persistentvolume-controller") {
  User user;
  user.story.create(
      R"({"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"data"},"spec":)"
      R"({"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}})");
  user.story.settle();
  CHECK(user.run("describe pvc data").out.find("  persistentvolume-controller  no persistent") !=
        std::string::npos);
}

TEST_CASE("KC-44: events of an object, or of a type") {
  User user;
  user.story.create_set("web", 1);
  user.story.settle();
  CHECK(user.run("events --for sts/web --no-headers").out ==
        "0s    Normal   SuccessfulCreate   StatefulSet/web   Create Pod web-0 in StatefulSet web "
        "successful\n");
  CHECK(user.run("events --for pod/web-0").err == "No events found in default namespace.\n");
  CHECK(user.run("events --types=Warning").err == "No events found in default namespace.\n");
  CHECK(user.run("events --types=Bad").err == "error: valid --types are Normal or Warning\n");
  CHECK(user.run("events --for web").err == "error: --for must be in resource/name form\n");
}

TEST_CASE("cordon and uncordon") {
  check({
      {"cordon node1", "node/node1 cordoned\n"},
      {"cordon node/node1", "node/node1 already cordoned\n"},
      {"get node node1 -o jsonpath={.spec.unschedulable}", "true"},
      {"uncordon node1 --dry-run=server", "node/node1 uncordoned (server dry run)\n"},
      {"uncordon node1", "node/node1 uncordoned\n"},
      {"uncordon node1", "node/node1 already uncordoned\n"},
      {"cordon node9", "! Error from server (NotFound): nodes \"node9\" not found\n"},
      {"cordon",
       "! error: USAGE: cordon NODE [flags]\nSee 'kubectl cordon -h' for help and examples\n"},
  });
}

TEST_CASE("taint: what somebody says of a node, and takes back") {
  check({
      {"taint nodes node1 dedicated=db:NoSchedule", "node/node1 tainted\n"},
      {"get node node1 -o jsonpath={.spec.taints}",
       "[{\"effect\":\"NoSchedule\",\"key\":\"dedicated\",\"value\":\"db\"}]"},
      {"taint node node1 dedicated=web:NoSchedule",
       "! error: node node1 already has dedicated taint(s) with same effect(s) and --overwrite is "
       "false\n"},
      {"taint node node1 dedicated=web:NoSchedule --overwrite", "node/node1 tainted\n"},
      {"taint node node1 dedicated- other:NoExecute", "node/node1 modified\n"},
      {"taint node node1 other:NoExecute-", "node/node1 untainted\n"},
      {"taint node node1 other-", "! error: taint \"other\" not found\n"},
      {"taint nodes --all a:PreferNoSchedule",
       "node/node1 tainted\nnode/node2 tainted\nnode/node3 tainted\n"},
      {"taint node node1 a=b:Never",
       "! error: invalid taint effect: Never, unsupported taint effect\n"},
      {"taint node node1", "! error: at least one taint update is required\n"},
      {"taint node node9 a:NoSchedule",
       "! Error from server (NotFound): nodes \"node9\" not found\n"},
  });
}

TEST_CASE("KC-15: --list and --resource-version") {
  check({
      {"label pod lonely tier=front", "pod/lonely labeled\n"},
      {"label pod lonely --list", "tier=front\n"},
      {"label pods --all --list",
       "Listing labels for Pod./lonely:\n tier=front\nListing labels for Pod./web-0:\n app=web\n "
       "apps.kubernetes.io/pod-index=0\n controller-revision-hash=web-799f7ff7c4\n "
       "statefulset.kubernetes.io/pod-name=web-0\n"},
      {"label pod lonely a=b --resource-version=1",
       "! Error from server (Conflict): Operation cannot be fulfilled on pods \"lonely\": the "
       "object "
       "has been modified; please apply your changes to the latest version and try again\n"},
      {"label pods --all a=b --resource-version=1",
       "! error: --resource-version may only be used with a single resource\n"},
      {"label pod lonely a=b=c", "! error: invalid label spec: a=b=c\n"},
      {"label pod lonely a=b lonely",
       "! error: all resources must be specified before label changes: lonely\n"},
      {"label pod lonely tier=x app=y --overwrite", "pod/lonely labeled\n"},
      {"label pod lonely tier=1 app=2",
       "! 'app' already has a value (y), and --overwrite is false\n'tier' already has a value (x), "
       "and --overwrite is false\n"},
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

TEST_CASE("KC-4: -o go-template is a template of Go over the object, or over a List") {
  check({
      {R"(get sts web -o go-template='{{.spec.replicas}} {{.metadata.name}}')", "2 web"},
      {R"(get sts web --template='{{ .spec.serviceName }}')", "web"},
      {R"(get pods -o go-template='{{range .items}}{{.metadata.name}}{{"\n"}}{{end}}')",
       "lonely\nweb-0\n"},
      {R"(get sts web -o go-template='{{.metadata.name')",
       "! error: error parsing template {{.metadata.name, template: output:1: unclosed action\n"},
      {R"(get sts web -o go-template='{{.spec.x.y}}')", "<no value>"},
      {R"(get sts web -o go-template-file=none)",
       "! error: error reading --template none, open none: no such file or directory\n"},
  });
}

TEST_CASE("KC-1: types of which this cluster has no objects") {
  check({
      {"get deploy", "! No resources found in default namespace.\n"},
      {"get deployments.apps,rs -A", "! No resources found\n"},
      {"get crd", "! No resources found\n"},
      {"get deploy,sts -o name", "statefulset.apps/web\n"},
      {"get job x", "! Error from server (NotFound): jobs.batch \"x\" not found\n"},
      {"get job/x sts/web -o name",
       "statefulset.apps/web\n! Error from server (NotFound): jobs.batch \"x\" not found\n"},
      {"get job x --ignore-not-found", ""},
      {"get deploy x -o json",
       "! Error from server (NotFound): deployments.apps \"x\" not found\n"},
      {"get sts/none deploy.v1.apps/x",
       "! Error from server (NotFound): statefulsets.apps \"none\" not found\nError from server "
       "(NotFound): deployments.apps \"x\" not found\n"},
      {"get deploy/x foo/y", "! error: the server doesn't have a resource type \"foo\"\n"},
      {"get deploy x -A",
       "! error: a resource cannot be retrieved by name across all namespaces\n"},
      {"get deploy lonely -o name",
       "! Error from server (NotFound): deployments.apps \"lonely\" not found\n"},
      {"describe deploy lone",
       "! Error from server (NotFound): deployments.apps \"lone\" not found\n"},
      {"get deploy -w", ""},
      {"delete deploy x", "! Error from server (NotFound): deployments.apps \"x\" not found\n"},
      {"delete deploy", "! error: resource(s) were provided, but no name was specified\n"},
      {"delete deploy --all", "No resources found\n"},
      {"delete deploy/x pod/lonely --wait=false",
       "pod \"lonely\" deleted from default namespace\n! Error from server (NotFound): "
       "deployments.apps \"x\" not found\n"},
  });
}

TEST_CASE("KC-17: rollout history -o shows the set at its revisions") {
  User user;
  user.story.create_set("web", 1);
  user.story.settle();
  user.run("set image sts/web web=web:v2");
  user.story.settle();
  const auto images = [&user](std::string_view line) {
    std::string out;
    std::istringstream lines(user.run(line).out);
    for (std::string text; std::getline(lines, text);) {
      if (text.find("image:") != std::string::npos || text == "---") {
        out += text.substr(text.find_first_not_of(' ')) + "\n";
      }
    }
    return out;
  };
  CHECK(images("rollout history sts web -o yaml") == "- image: web:v1\n---\n- image: web:v2\n");
  CHECK(images("rollout history sts web -o yaml --revision=1") == "- image: web:v1\n");
  CHECK(user.run("rollout history sts web -o yaml --revision=7").err ==
        "error: unable to find the specified revision\n");
}

TEST_CASE("KC-13: a patch that would move an object is refused") {
  check({
      {R"(patch sts web -p '{"metadata":{"name":"foo"}}')",
       "! Error from server (BadRequest): the name of the object (foo) does not match the name on "
       "the URL (web)\n"},
      {R"(patch sts web -p '{"metadata":{"namespace":"foo"}}')",
       "! Error from server (BadRequest): the namespace of the provided object does not match the "
       "namespace sent on the request\n"},
      {R"(patch sts web --type merge -p '{"metadata":{"name":null}}')",
       "! Error from server (BadRequest): the name of the object (web based on URL) was "
       "undeterminable: name must be provided\n"},
      {R"(patch sts web --type merge -p '{"metadata":{"namespace":null}}')",
       "statefulset.apps/web patched (no change)\n"},
      {R"(patch node node1 -p '{"metadata":{"namespace":"x"}}')",
       "node/node1 patched (no change)\n"},
      {R"(patch sts web --subresource=scale -p '{"metadata":{"name":"x"}}')",
       "! Error from server (BadRequest): the name of the object (x) does not match the name on "
       "the URL (web)\n"},
      {R"(patch sts web -p '{"metadata":{"uid":"foo"}}')",
       "! The StatefulSet \"web\" is invalid: metadata.uid: Invalid value: \"foo\": field is "
       "immutable\n"},
  });
}

TEST_CASE("VA-11: the ports on the nodes, and what goes with the type of a Service") {
  User user({{"s.yaml",
              "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: NodePort, ports: "
              "[{port: 80}], selector: {a: b}}\n"},
             {"t.yaml",
              "apiVersion: v1\nkind: Service\nmetadata: {name: t}\nspec: {type: NodePort, ports: "
              "[{port: 80, nodePort: 30086}], selector: {a: b}}\n"},
             {"u.yaml",
              "apiVersion: v1\nkind: Service\nmetadata: {name: u}\nspec: {type: NodePort, ports: "
              "[{port: 80, nodePort: 80}], selector: {a: b}}\n"}});
  const auto port = [&user] {
    return user
        .run(
            "get svc s -o jsonpath='{.spec.type} {.spec.ports[0].nodePort} "
            "{.spec.externalTrafficPolicy} {.spec.clusterIP}'")
        .out;
  };
  user.run("create -f s.yaml");
  CHECK(port() == "NodePort 30086 Cluster 10.0.0.2");
  CHECK(user.run("create -f t.yaml").err ==
        "The Service \"t\" is invalid: spec.ports[0].nodePort: Invalid value: 30086: provided port "
        "is already allocated\n");
  CHECK(user.run("create -f u.yaml").err ==
        "The Service \"u\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is "
        "not in the valid range. The range of valid ports is 30000-32767\n");
  user.run(R"(patch svc s -p '{"spec":{"selector":{"a":"c"}}}')");
  CHECK(port() == "NodePort 30086 Cluster 10.0.0.2");
  CHECK(user.run(R"(patch svc s -p '{"spec":{"type":"ClusterIP"}}')").out == "service/s patched\n");
  CHECK(port() == "ClusterIP   10.0.0.2");
  user.run(R"(patch svc s -p '{"spec":{"type":"ExternalName","externalName":"a.example"}}')");
  CHECK(port() == "ExternalName   ");
}

TEST_CASE("PV-4: who makes volumes has a qualified name") {
  const std::map<std::string, std::string> files{
      {"c.yaml",
       "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: c}\n"
       "provisioner: a b\n"}};
  User user(files);
  CHECK(user.run("create -f c.yaml")
            .err.starts_with(
                "The StorageClass \"c\" is invalid: provisioner: Invalid value: \"a b\": "
                "name part must consist of alphanumeric characters, "));
}

TEST_CASE("SS-250: what an earlier release has no field for is not sent to it") {
  const std::string volume = R"(apiVersion: v1
kind: PersistentVolume
metadata: {name: pv}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, nfs: {server: s, path: /p}}
)";
  User user(
      {{"pv.yaml", volume},
       {"pvc.yaml",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: "
        "[ReadWriteOnce], storageClassName: '', resources: {requests: {storage: 1Gi}}}\n"},
       {"larger.yaml", std::regex_replace(volume, std::regex("1Gi"), "2Gi")}});
  world::Settings settings;
  settings.features.release = {27, -1};
  user.story = test::Story(settings);
  user.run("apply -f pv.yaml");
  user.run("apply -f pvc.yaml");
  user.story.settle();
  CHECK(user.run("get pv pv -o jsonpath='{.status}'").out == R"({"phase":"Bound"})");
  const kubectl::Output patched =
      user.run(R"(patch pv pv -p '{"metadata":{"labels":{"a":"b"}}}' --dry-run=server)");
  CHECK(patched.out == "persistentvolume/pv patched (server dry run)\n");
  CHECK(patched.err.empty());
  CHECK(user.run(R"(patch pv pv -p '{"metadata":{"labels":{"a":"b"}}}')").err.empty());
  CHECK(user.run("apply -f larger.yaml").out == "persistentvolume/pv configured\n");
}
