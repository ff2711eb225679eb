// What verbs that change something print and how they end, line by line; what real clusters printed
// is compared by the recordings in tests/conformance.
#include "kubectl/said.hpp"
#include "kubectl/user.hpp"
#include "support/catch.hpp"

#include <regex>

using namespace stsim;
using test::check;
using test::User;

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
