// How kubectl is called: types, names, options, and what it says of those that are wrong.
#include "kubectl/said.hpp"
#include "kubectl/user.hpp"
#include "support/catch.hpp"

using namespace stsim;
using test::check;
using test::User;

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
