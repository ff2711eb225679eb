// Scenarios that are wrong: the whole of what the user is told. One file shows all its errors.
#include "support/catch.hpp"
#include "support/paths.hpp"

#include <stsim/scenario/load.hpp>

#include <filesystem>
#include <string>

using namespace stsim;
using namespace stsim::scenario;

namespace {

std::string errors_of(std::string_view text) {
  const auto loaded = load_scenario_text(text, "s.yaml", test::kScenarios);
  return loaded ? "" : to_string(loaded.error());
}

/// Errors of a scenario with that one step, without the head of the file.
std::string step_errors(const std::string& step) {
  return errors_of("scenario: s\nsteps:\n- " + step + "\n");
}

}  // namespace

TEST_CASE("all errors of a file are shown in one run, in its order") {
  CHECK(errors_of("scenario: two words\n"
                  "kubernets: \"1.36\"\n"
                  "kubelet: steped\n"
                  "seed: -1\n"
                  "steps:\n"
                  "- kubctl: get pods\n"
                  "- advance: 30\n") ==
        "s.yaml:1:11: error: the scenario's name may have letters, digits and dashes only\n"
        "  scenario: two words\n"
        "            ^\n"
        "s.yaml:2:1: error: unknown key of a scenario \"kubernets\"\n"
        "  kubernets: \"1.36\"\n"
        "  ^\n"
        "  did you mean \"kubernetes\"?\n"
        "s.yaml:3:10: error: kubelet cannot be \"steped\"\n"
        "  kubelet: steped\n"
        "           ^\n"
        "  did you mean \"stepped\"?\n"
        "s.yaml:4:7: error: seed must be a whole number from 0 on, not \"-1\"\n"
        "  seed: -1\n"
        "        ^\n"
        "s.yaml:6:3: error: unknown key of a step \"kubctl\"\n"
        "  - kubctl: get pods\n"
        "    ^\n"
        "  did you mean \"kubectl\"?\n"
        "s.yaml:7:12: error: advance must be a length of time, not \"30\"\n"
        "  - advance: 30\n"
        "             ^\n"
        "  with its unit: 30s\n");
}

TEST_CASE("a repeated key is an error wherever it stands") {
  CHECK(errors_of("scenario: s\nseed: 1\nsteps:\n- apply: {kind: A, kind: B}\nseed: 2\n") ==
        "s.yaml:4:20: error: the key \"kind\" stands twice in one mapping\n"
        "  - apply: {kind: A, kind: B}\n"
        "                     ^\n"
        "  one of them would be lost\n"
        "s.yaml:5:1: error: the key \"seed\" stands twice in one mapping\n"
        "  seed: 2\n"
        "  ^\n"
        "  one of them would be lost\n");
}

TEST_CASE("what is missing is said at the beginning of the mapping that misses it") {
  CHECK(errors_of("description: x\n") ==
        "s.yaml:1:1: error: a scenario needs the key scenario\n"
        "  description: x\n"
        "  ^\n"
        "  scenario: NAME\n"
        "s.yaml:1:1: error: a scenario needs the key steps\n"
        "  description: x\n"
        "  ^\n"
        "  steps: [{kubectl: get pods}]\n");
  CHECK(errors_of("") ==
        "s.yaml: error: the file is empty\n  a scenario has at least a name and steps\n");
  CHECK(errors_of("- a\n") ==
        "s.yaml:1:1: error: a scenario must be a mapping, not a list\n  - a\n  ^\n");
  CHECK(errors_of("scenario: a\nsteps: []\n---\nscenario: b\n") ==
        "s.yaml:4:1: error: a scenario file has one document only, here begins another one\n"
        "  scenario: b\n"
        "  ^\n");
}

TEST_CASE("releases and gates that do not exist are refused") {
  CHECK(errors_of("scenario: s\nkubernetes: 1.24\nsteps: []\n") ==
        "s.yaml:2:13: error: \"1.24\" is no release of Kubernetes that can be simulated\n"
        "  kubernetes: 1.24\n"
        "              ^\n"
        "  possible: 1.25 to 1.36, 1.35.0, and 1.37 as a preview\n");
  CHECK(errors_of("scenario: s\nfeatureGates: {MaxUnavailableStatefulset: yes, PodIndexLabel: 1}\n"
                  "steps: []\n") ==
        "s.yaml:2:16: error: unknown feature gate \"MaxUnavailableStatefulset\"\n"
        "  featureGates: {MaxUnavailableStatefulset: yes, PodIndexLabel: 1}\n"
        "                 ^\n"
        "  did you mean \"MaxUnavailableStatefulSet\"?\n"
        "s.yaml:2:63: error: feature gate PodIndexLabel must be true or false, not \"1\"\n"
        "  featureGates: {MaxUnavailableStatefulset: yes, PodIndexLabel: 1}\n"
        "                                                                ^\n");
}

TEST_CASE("the cluster, its times and its images are checked") {
  CHECK(errors_of("scenario: s\ncluster: {nodes: []}\nsteps: []\n") ==
        "s.yaml:2:18: error: a cluster needs a node\n"
        "  cluster: {nodes: []}\n"
        "                   ^\n"
        "  leave `nodes` out for node1, node2, node3\n");
  CHECK(errors_of("scenario: s\ncluster: {nodes: [{name: a, labels: {zone: a b}}]}\nsteps: []\n")
            .starts_with(
                "s.yaml:2:19: error: node \"a\": metadata.labels: Invalid value: \"a b\": "));
  CHECK(errors_of("scenario: s\ncluster: {nodes: [a, a]}\nsteps: []\n") ==
        "s.yaml:2:22: error: there are two nodes called \"a\"\n"
        "  cluster: {nodes: [a, a]}\n"
        "                       ^\n");
  CHECK(errors_of("scenario: s\ntiming: {imagepull: 1s, ready: {uniform: [4s, 1s]}, stop: -1s}\n"
                  "steps: []\n") ==
        "s.yaml:2:10: error: unknown key of the timing \"imagepull\"\n"
        "  timing: {imagepull: 1s, ready: {uniform: [4s, 1s]}, stop: -1s}\n"
        "           ^\n"
        "  did you mean \"imagePull\"?\n");
  CHECK(errors_of("scenario: s\ntiming: {ready: {uniform: [4s, 1s]}, stop: -1s}\nsteps: []\n") ==
        "s.yaml:2:32: error: the range of ready ends before it begins\n"
        "  timing: {ready: {uniform: [4s, 1s]}, stop: -1s}\n"
        "                                 ^\n"
        "s.yaml:2:44: error: stop must be between 0s and ten years\n"
        "  timing: {ready: {uniform: [4s, 1s]}, stop: -1s}\n"
        "                                             ^\n");
  CHECK(errors_of("scenario: s\nimages: {\"web:v1\": {never: run}}\nsteps: []\n") ==
        "s.yaml:2:28: error: never cannot be \"run\"\n"
        "  images: {\"web:v1\": {never: run}}\n"
        "                             ^\n"
        "  possible: pull, start, ready\n");
}

TEST_CASE("a distribution that is none is refused, and says what it needs") {
  /// The messages and hints of a timing with that one entry.
  const auto wrong = [](const std::string& entry) {
    const auto loaded =
        load_scenario_text("scenario: s\ntiming: {" + entry + "}\nsteps: []\n", "s.yaml", ".");
    std::string out;
    if (!loaded) {
      for (const UserError& error : loaded.error()) {
        out += error.message + (error.hint.empty() ? "" : " (" + error.hint + ")") + "\n";
      }
    }
    return out;
  };
  CHECK(wrong("stop: {lognormal: {median: 2s}}") == "the lognormal of stop needs p95\n");
  CHECK(wrong("stop: {lognormal: {median: 2s, p95: 1s}}") ==
        "the p95 of stop must be at least its median and at most 1000 times that, and neither be "
        "zero (one in twenty takes longer than p95)\n");
  CHECK(wrong("stop: {lognormal: {median: 0s, p95: 0s}}").starts_with("the p95 of stop must"));
  CHECK(wrong("stop: {normal: {mean: 3s, deviation: 1s}, max: 2s, min: 5s}") ==
        "the max of stop is less than its min\n");
  CHECK(wrong("stop: {exponential: {mean: 5s, deviation: 1s}}") ==
        "unknown key of the exponential of stop \"deviation\" (possible: mean)\n");
  CHECK(wrong("stop: {empirical: []}") ==
        "the lengths of stop must be a list of lengths of time (for instance {empirical: [1s, 1s, "
        "2s, 9s]})\n");
  CHECK(wrong("stop: {uniform: [1s]}") ==
        "the range of stop must be a list of two lengths of time (for instance {uniform: [1s, "
        "4s]})\n");
  CHECK(wrong("stop: {gauss: [1s, 2s]}") ==
        "unknown key of stop \"gauss\" (possible: constant, empirical, exponential, lognormal, "
        "normal, uniform)\n");
  CHECK(wrong("stop: {}") ==
        "stop needs a distribution (for instance 3s or {uniform: [1s, 4s]})\n");
  CHECK(wrong("stop: {uniform: [1s, 2s], max: 5s}") ==
        "unknown key of stop \"max\" (possible: uniform)\n");
  CHECK(wrong("binderResync: {uniform: [1s, 2s]}") ==
        "binderResync must be a length of time, not a mapping (for instance 500ms, 3s, 1m30s or "
        "2h)\n");
  CHECK(wrong("binderResync: 0s") == "binderResync must take some time (for instance 10s)\n");
  CHECK(wrong("nodes: {node4: {stop: 2s}}") ==
        "unknown node of the cluster \"node4\" (did you mean \"node1\"?)\n");
  CHECK(wrong("nodes: {node1: {placement: 2s}}") ==
        "unknown key of node \"node1\" \"placement\" (possible: containerStart, imageCheck, "
        "imagePull, ready, stop, volumeMount)\n");
  CHECK(wrong("pods: {web-0: {never: run}}") ==
        "never cannot be \"run\" (possible: pull, start, ready)\n");
}

TEST_CASE("a step about containers says what they become, and no more than goes with it") {
  CHECK(step_errors("image: {name: w, becomes: ready}") ==
        "s.yaml:3:29: error: becomes cannot be \"ready\"\n"
        "  - image: {name: w, becomes: ready}\n"
        "                              ^\n"
        "  possible: unpullable, crashing, stuck, fine\n");
  CHECK(step_errors("pod: {name: web-1, becomes: stuck, crashAfter: 2s}") ==
        "s.yaml:3:50: error: crashAfter says something of what is crashing only\n"
        "  - pod: {name: web-1, becomes: stuck, crashAfter: 2s}\n"
        "                                                   ^\n");
  CHECK(step_errors("pod: {name: web-1, becomes: ready, exitCode: 2}").find("unknown key") !=
        std::string::npos);
  CHECK(step_errors("image: {name: w, becomes: crashing, exitCode: 256}").find("at most 255") !=
        std::string::npos);
}

TEST_CASE("a step does one thing") {
  CHECK(step_errors("settle") ==
        "s.yaml:3:3: error: a step must be a mapping, not \"settle\"\n"
        "  - settle\n"
        "    ^\n"
        "  write settle: {}\n");
  CHECK(step_errors("{settle: {}, advance: 1s}") ==
        "s.yaml:3:16: error: a step does one thing, here both settle and advance\n"
        "  - {settle: {}, advance: 1s}\n"
        "                 ^\n"
        "  make them two steps\n");
  CHECK(step_errors("name: x") ==
        "s.yaml:3:3: error: this step does nothing\n"
        "  - name: x\n"
        "    ^\n"
        "  possible: advance, always, api, apply, controller, create, delete, dns, eventually, "
        "expect, history, image, kubectl, lookup, never, nfs, node, order, patch, pod, scale, "
        "set-image, settle, watch\n");
}

TEST_CASE("files that a step names must be there") {
  CHECK(step_errors("apply: manifests/pv-dmo.yaml") ==
        "s.yaml:3:10: error: there is no file \"manifests/pv-dmo.yaml\"\n"
        "  - apply: manifests/pv-dmo.yaml\n"
        "           ^\n"
        "  did you mean \"manifests/pv-demo.yaml\"?\n");
  // What a command line names is the story's own.
  CHECK(step_errors("kubectl: apply -f manifests/nosuch.yaml").empty());
  CHECK(step_errors("apply: [manifests/pv-demo.yaml, {kind: A}]") ==
        "s.yaml:3:35: error: paths and manifests cannot stand in one list\n"
        "  - apply: [manifests/pv-demo.yaml, {kind: A}]\n"
        "                                    ^\n"
        "  make them two steps\n");
}

TEST_CASE("a command line whose quotes do not close is an error of the file") {
  CHECK(step_errors("kubectl: patch sts web -p '{}") ==
        "s.yaml:3:12: error: unclosed ' quote at character 18\n"
        "  - kubectl: patch sts web -p '{}\n"
        "             ^\n"
        "  the line is split into words as a shell does it\n");
}

TEST_CASE("members of steps are checked") {
  CHECK(step_errors("scale: {statefulset: web, replica: 3}") ==
        "s.yaml:3:29: error: unknown key of a scale step \"replica\"\n"
        "  - scale: {statefulset: web, replica: 3}\n"
        "                              ^\n"
        "  did you mean \"replicas\"?\n");
  CHECK(step_errors("scale: {statefulset: web, replicas: two}") ==
        "s.yaml:3:39: error: replicas must be a whole number, not \"two\"\n"
        "  - scale: {statefulset: web, replicas: two}\n"
        "                                        ^\n");
  CHECK(step_errors("delete: {cascade: orphan}") ==
        "s.yaml:3:11: error: a delete step does not say of what\n"
        "  - delete: {cascade: orphan}\n"
        "            ^\n"
        "  statefulset: NAME\n");
  CHECK(step_errors("delete: {sts: web, cascade: foregroud}") ==
        "s.yaml:3:31: error: cascade cannot be \"foregroud\"\n"
        "  - delete: {sts: web, cascade: foregroud}\n"
        "                                ^\n"
        "  did you mean \"foreground\"?\n");
  CHECK(step_errors("pod: {name: web-0, becomes: redy}") ==
        "s.yaml:3:31: error: becomes cannot be \"redy\"\n"
        "  - pod: {name: web-0, becomes: redy}\n"
        "                                ^\n"
        "  did you mean \"ready\"?\n");
  CHECK(step_errors("pod: {name: web-0}") ==
        "s.yaml:3:8: error: a pod step needs becomes\n"
        "  - pod: {name: web-0}\n"
        "         ^\n"
        "  {name: NAME, becomes: ready}\n");
  CHECK(step_errors("patch: {sts: web, type: json, patch: {a: 1}}") ==
        "s.yaml:3:40: error: a patch of type json must be a list, not a mapping\n"
        "  - patch: {sts: web, type: json, patch: {a: 1}}\n"
        "                                         ^\n");
}

TEST_CASE("expectations that could never hold are refused") {
  CHECK(step_errors("expect: {pvc: {}}") ==
        "s.yaml:3:12: error: unknown key of an expectation \"pvc\"\n"
        "  - expect: {pvc: {}}\n"
        "             ^\n"
        "  did you mean \"persistentvolumeclaims\"?\n");
  CHECK(step_errors("expect: {pods: {web-0: {phse: Running, ready: 1}}}") ==
        "s.yaml:3:27: error: unknown key of a pod \"phse\"\n"
        "  - expect: {pods: {web-0: {phse: Running, ready: 1}}}\n"
        "                            ^\n"
        "  did you mean \"phase\"?\n");
  CHECK(step_errors("expect: {statefulsets: {web: {status: {readyReplicas: all}}}}") ==
        "s.yaml:3:57: error: readyReplicas must be a whole number, not \"all\"\n"
        "  - expect: {statefulsets: {web: {status: {readyReplicas: all}}}}\n"
        "                                                          ^\n");
}

TEST_CASE("files that cannot be read are refused") {
  const auto missing = load_scenario(test::kScenarios / "walkthrogh.yaml");
  REQUIRE_FALSE(missing.has_value());
  CHECK(to_string(missing.error()) == (test::kScenarios / "walkthrogh.yaml").string() +
                                          ": error: no such file\n"
                                          "  did you mean \"walkthrough.yaml\"?\n");
  const std::vector<std::filesystem::path> arguments{test::kScenarios / "manifests",
                                                     test::kScenarios / "nosuch-folder"};
  const auto found = find_scenarios(arguments);
  REQUIRE_FALSE(found.has_value());
  CHECK(to_string(found.error()) ==
        arguments[0].string() + ": error: there is no scenario in this folder\n" +
            arguments[1].string() + ": error: no such file or folder\n");
}

TEST_CASE("a file of nothing but errors is refused soon and briefly") {
  std::string text = "scenario: s\nsteps:\n";
  for (int i = 0; i < 20'000; ++i) {
    text += "- {}\n";
  }
  const auto loaded = load_scenario_text(text, "s.yaml", test::kScenarios);
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().size() == 51);
  CHECK(to_string(UserErrors{loaded.error().back()}) == "s.yaml: error: there are more errors\n");
}

TEST_CASE("steps about what lies between the actors say what they lack, and what is possible") {
  struct Case {
    const char* step;
    const char* error;
  };
  const auto [step, error] = GENERATE(
      Case{"watch: {becomes: broken}", "a watch step does not say whose watch"},
      Case{"watch: {of: kubelet}", "a watch step needs becomes"},
      Case{"watch: {of: user, becomes: broken}", "of cannot be \"user\""},
      Case{"watch: {of: kubelet, becomes: late}", "a watch that becomes late needs by"},
      Case{"watch: {of: kubelet, becomes: live, by: 3s}", "by says something of a watch that"},
      Case{"watch: {of: kubelet, kind: podz, becomes: broken}", "did you mean \"pods\"?"},
      Case{"controller: {name: kubelet, becomes: down}", "name cannot be \"kubelet\""},
      Case{"controller: {name: node-controller}", "a controller step needs becomes"},
      Case{"api: {to: user}", "an api step does not say what the API server answers"},
      Case{"api: {answers: normally, to: user}", "it does so for all calls"},
      Case{"api: {answers: quota, to: kubelet}", "to cannot be \"kubelet\""},
      Case{"api: {answers: quota, resource: podz/status}", "did you mean \"pods\"?"},
      Case{"api: {answers: quota, verb: list}", "verb cannot be \"list\""},
      Case{"api: {answers: quota, times: 0}", "times must be at least 1"},
      Case{"nfs: {becomes: down}", "an nfs step does not say which server"},
      Case{"nfs: {server: s}", "an nfs step needs becomes"},
      Case{"dns: {becomes: stale, server: 0}", "server must be at least 1"},
      Case{"history: {}", "a volume's name"},
      Case{"lookup: {name: web, from: web-0, type: ptr}", "PTR records are those of an address"},
      Case{"lookup: {name: web, from: web-0, type: mx}", "type cannot be \"mx\""},
      Case{"expect: {hopes: {R99: 1}}", "possible: N2, PV-60, PV-84, R14, R4, R6, S10"},
      Case{"always: {hopes: {R4: 1}}", "unknown key of an expectation \"hopes\""});
  CAPTURE(step);
  CHECK(step_errors(step).find(error) != std::string::npos);
}
