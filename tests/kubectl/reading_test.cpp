// What verbs that only read print, in all forms.
#include "kubectl/said.hpp"
#include "kubectl/user.hpp"
#include "support/catch.hpp"

#include <sstream>

using namespace stsim;
using test::check;
using test::User;

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
