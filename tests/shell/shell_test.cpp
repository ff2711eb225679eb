// What lines do.
#include "shell/playing.hpp"
#include "support/catch.hpp"

#include <stsim/base/layout.hpp>

#include <atomic>

namespace stsim::test {

using shell::Reply;
using shell::Shell;

namespace {

SimDuration now_of(const Shell& shell) {
  return shell.session().world().now - kStartOfTime;
}

bool there(const Shell& shell, std::string_view pod) {
  return shell.session().world().store.find({api::Kind::Pod, "default", std::string(pod)}) !=
         nullptr;
}

}  // namespace

TEST_CASE("kubectl is typed with or without its name") {
  Shell shell = web_shell();
  const Reply with = shell.enter("kubectl get pods -o name");
  CHECK(with.out == "pod/web-0\npod/web-1\npod/web-2\n");
  CHECK(shell.enter("get pods -o name").out == with.out);
  CHECK(shell.enter("$ kubectl get pods -o name").out == with.out);
  const Reply missing = shell.enter("get pod nobody");
  CHECK(missing.exit == 1);
  CHECK(missing.err == "Error from server (NotFound): pods \"nobody\" not found\n");
  CHECK(contains(shell.enter("kubectl gte pods").err, "unknown command \"gte\" for \"kubectl\""));
  CHECK(contains(shell.enter("logs web-0").err, "kubectl logs is not simulated"));
}

TEST_CASE("time stands still while somebody types") {
  Shell shell = bare_shell();
  CHECK(shell.prompt() == "stsim +0.000s> ");
  shell.enter(web_step(1));
  CHECK(shell.prompt() == "stsim +0.002s> ");
  CHECK_FALSE(there(shell, "web-0"));
  shell.enter("get pods");
  CHECK(shell.prompt() == "stsim +0.002s> ");
  const Reply run = shell.enter("run 30s");
  CHECK(shell.prompt() == "stsim +30.002s> ");
  CHECK(contains(run.out, "create pods web-0: web-0 is missing  [SS-115]"));
  CHECK(there(shell, "web-0"));
}

TEST_CASE("run goes on until nothing is left to happen") {
  Shell shell = bare_shell();
  shell.enter(web_step(2));
  CHECK(shell.enter("run").exit == 0);
  CHECK(contains(shell.enter("get sts web").out, "2/2"));
  CHECK(contains(shell.enter("now").out, "nothing is left to happen"));
  CHECK(contains(shell.enter("run").out, "nothing happens"));
  CHECK(contains(shell.enter("run 30").err, "with its unit: 30s"));
  CHECK(contains(shell.enter("run -3s").err, "must be a length of time"));
  CHECK(contains(shell.enter("run 2000000h").err, "99 years"));
}

TEST_CASE("until waits for a state of an object") {
  Shell shell = bare_shell();
  shell.enter(web_step(3));
  CHECK(contains(shell.enter("until web-1 ready").out, "pod web-1 is ready"));
  CHECK(there(shell, "web-1"));
  // The third one comes only now: time has stood still where the second was ready.
  CHECK_FALSE(there(shell, "web-2"));
  CHECK(shell.enter("until web-2 created").exit == 0);
  CHECK(shell.enter("until sts/web complete").exit == 0);
  shell.enter("delete pod web-1 --wait=false");
  CHECK(shell.enter("until web-1 terminating").exit == 0);
  CHECK(shell.enter("until pod web-1 is gone").exit == 0);
  CHECK_FALSE(there(shell, "web-1"));
  CHECK(contains(shell.enter("until web-1 gone").out, "already"));
}

TEST_CASE("until ends where it would wait for ever") {
  Shell shell = web_shell();
  const Reply never = shell.enter("until web-7 ready");
  CHECK(never.exit == 1);
  CHECK(never.err == "nothing is left to happen; there is no pod web-7\n");
  const Reply time = shell.enter("until 1m30s");
  CHECK(time.exit == 0);
  CHECK(shell.prompt() == "stsim +90.000s> ");
  CHECK(contains(shell.enter("until 1m").err, "it is +90.000s already"));
  CHECK(contains(shell.enter("until web-1 redy").err, "did you mean \"ready\"?"));
  CHECK(
      contains(shell.enter("until statefulst web complete").err, "did you mean \"statefulset\"?"));
  CHECK(contains(shell.enter("until").err, "until web-2 ready"));
  shell.enter("pod web-1 becomes crashing");
  // Restarts go on for ever, and only repeat what was.
  CHECK(contains(shell.enter("until web-1 succeeded").err, "CrashLoopBackOff"));
}

TEST_CASE("single events are told whole") {
  Shell shell = bare_shell();
  shell.enter(web_step(1));
  std::string told;
  for (int i = 0; i < 40 && !there(shell, "web-0"); ++i) {
    told = shell.enter("step").out;
  }
  CHECK(contains(told, "create pods web-0: web-0 is missing  [SS-115]"));
  CHECK(now_of(shell) < std::chrono::milliseconds{20});
  CHECK(contains(shell.enter("step 0").err, "1 to 1000000"));
  CHECK(contains(shell.enter("step one").err, "1 to 1000000"));
  shell.enter("step 100000");
  shell.enter("run");
  CHECK(contains(shell.enter("step").out, "nothing is left to happen"));
}

TEST_CASE("back undoes what did something") {
  Shell shell = web_shell();
  const SimDuration before = now_of(shell);
  shell.enter("scale sts web --replicas=1");
  shell.enter("run");
  shell.enter("get pods");
  CHECK_FALSE(there(shell, "web-2"));
  CHECK(shell.enter("back").out == "undone: run\n");
  CHECK(there(shell, "web-2"));
  CHECK(shell.enter("back").out == "undone: scale sts web --replicas=1\n");
  CHECK(now_of(shell) == before);
  CHECK(shell.enter("get sts web -o jsonpath={.spec.replicas}").out == "3\n");
  CHECK(contains(shell.enter("back 100").out, "this is the beginning"));
  CHECK(now_of(shell) == SimDuration{});
  CHECK(contains(shell.enter("back").err, "nothing to undo"));
  CHECK(contains(shell.enter("back x").err, "how many lines"));
}

TEST_CASE("moments are kept, compared and gone to") {
  Shell shell = web_shell();
  CHECK(contains(shell.enter("fork").out, "no moment is kept"));
  shell.enter("fork all-well");
  CHECK(contains(shell.enter("diff all-well").out, "no object differs\n"));
  shell.enter("scale sts web --replicas=2");
  const std::string scaled = shell.enter("diff").out;
  CHECK(contains(scaled, "before scale sts web --replicas=2"));
  CHECK(contains(scaled, "spec.replicas: 3, then 2"));
  shell.enter("run");
  shell.enter("fork smaller");
  const std::string difference = shell.enter("diff all-well").out;
  CHECK(contains(difference, "from all-well"));
  CHECK(contains(difference, "pod web-2 is gone"));
  CHECK_FALSE(contains(difference, "web-1"));
  shell.enter("switch all-well");
  CHECK(there(shell, "web-2"));
  CHECK(contains(shell.enter("diff smaller").out, "pod web-2 is new: on node"));
  CHECK(contains(shell.enter("fork").out, "all-well"));
  shell.enter("back");
  CHECK_FALSE(there(shell, "web-2"));
  CHECK(contains(shell.enter("switch all-wel").err, "did you mean \"all-well\"?"));
  CHECK(contains(shell.enter("diff nothing").err, "no moment is kept under the name \"nothing\""));
  CHECK(shell.enter("fork a/b").exit == 1);
}

TEST_CASE("a fork behind a fault goes on with the fault") {
  Shell shell = web_shell();
  shell.enter("node node1 becomes down");
  shell.enter("node node2 becomes down");
  shell.enter("fork dark");
  shell.enter("node node1 becomes up");
  shell.enter("node node2 becomes up");
  shell.enter("run");
  CHECK(contains(shell.enter("get sts web").out, "3/3"));
  shell.enter("switch dark");
  shell.enter("run 2m");
  CHECK(contains(shell.enter("get nodes").out, "NotReady"));
}

TEST_CASE("what goes wrong has a name") {
  Shell shell = web_shell();
  const auto taken = [&shell] { return scenario::prompt_of(*shell.session().taken().back()); };
  const auto enters = [&](const std::string& line) {
    const Reply reply = shell.enter(line);
    INFO(line << ": " << reply.err);
    CHECK(reply.exit == 0);
    return taken();
  };
  CHECK(enters("pod web-1 becomes crashing") == "pod web-1 becomes crashing");
  CHECK(enters("pod web-1 becomes crashing crashAfter 7s exitCode 3") ==
        "pod web-1 becomes crashing");
  CHECK(enters("node node1 becomes cordoned") == "node node1 becomes cordoned");
  CHECK(enters("image web:v2 becomes unpullable") == "image web:v2 becomes unpullable");
  CHECK(enters("dns becomes stale") == "dns server 1 becomes stale");
  CHECK(enters("dns server 1 becomes fresh") == "dns server 1 becomes fresh");
  CHECK(enters("watch of statefulset-controller on pods becomes late by 30s") ==
        "watch of statefulset-controller on pods becomes late by 30s");
  CHECK(enters("watch of statefulset-controller becomes live") ==
        "watch of statefulset-controller becomes live");
  CHECK(enters("controller statefulset-controller becomes restarted") ==
        "statefulset-controller becomes restarted");
  CHECK(enters("statefulset-controller becomes restarted") ==
        "statefulset-controller becomes restarted");
  CHECK(enters("api answers quota to statefulset-controller verb create resource pods times 3") ==
        "api answers quota");
  CHECK(enters("api answers normally") == "api answers normally");
  CHECK(enters("scale: {statefulset: web, replicas: 4}") ==
        "kubectl scale statefulset/web --replicas=4");
  CHECK(enters("{pod: {name: web-2, becomes: gone}, name: an accident}") ==
        "pod web-2 becomes gone (an accident)");
  enters(
      "apply: {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, "
      "selector: {app: web}}}");
  enters("run 5s");
  CHECK(enters("lookup web-0.web from web-1 type a") == "lookup of A web-0.web from web-1");
}

TEST_CASE("what is wrong with a line is said with what is near") {
  Shell shell = web_shell();
  const std::size_t taken = shell.session().taken().size();
  const auto error = [&shell](const std::string& line) {
    const Reply reply = shell.enter(line);
    CHECK(reply.exit == 1);
    CHECK(reply.out.empty());
    return reply.err;
  };
  CHECK(contains(error("pod web-1 becomes crashng"), "did you mean \"crashing\"?"));
  CHECK(contains(error("pod web-1 turns crashing"), "usage: pod NAME becomes FATE"));
  CHECK(contains(error("pod web-1 becomes"), "\"becomes\" needs a word behind it"));
  CHECK(contains(error("node"), "usage: node NAME becomes FATE"));
  CHECK(contains(error("api answers quota to nobody"), "nobody"));
  CHECK(contains(error("scale: {statefulset: web, replica: 3}"), "did you mean \"replicas\"?"));
  CHECK(contains(error("scal: {statefulset: web, replicas: 3}"), "did you mean \"scale\"?"));
  CHECK(contains(error("expct: {}"), "did you mean \"expect\"?"));
  CHECK(contains(error("untl web-1 ready"), "did you mean \"until\"?"));
  CHECK(contains(error("descrbe pod web-0"), "did you mean \"describe\"?"));
  CHECK(contains(error("xyzzy"), "unknown command \"xyzzy\""));
  CHECK(contains(error("get pods 'web"), "unclosed ' quote"));
  CHECK(contains(error("apply: no/such/file.yaml"), "there is no file"));
  CHECK(shell.session().taken().size() == taken);
}

TEST_CASE("nonsense moves nothing") {
  Shell shell = web_shell();
  const auto world = shell.session().world();
  std::string binary;
  for (int i = 0; i < 256; ++i) {
    binary += static_cast<char>(i);
  }
  for (const std::string& line : {binary,
                                  std::string(300, '\xff'),
                                  std::string(2U << 20U, 'x'),
                                  std::string(50'000, '{'),
                                  std::string("a: ") + std::string(5'000, '['),
                                  std::string(100'000, '"'),
                                  std::string("{}"),
                                  std::string(":"),
                                  std::string("- "),
                                  std::string("<<EOF"),
                                  std::string("expect: &a [*a]"),
                                  std::string("run \0 30s", 9),
                                  std::string("<< << <<"),
                                  std::string("steps: []"),
                                  std::string("'"),
                                  std::string("switch"),
                                  std::string("save"),
                                  std::string("load"),
                                  std::string("load nothing.yaml"),
                                  std::string("why nobody"),
                                  std::string("help nothing"),
                                  std::string("until a b c d"),
                                  std::string("step 3 4"),
                                  std::string("advance"),
                                  std::string("fork a b"),
                                  std::string("watch sometimes")}) {
    const Reply reply = shell.enter(line);
    INFO(line.substr(0, 40));
    CHECK(reply.exit == 1);
    CHECK_FALSE(reply.err.empty());
    CHECK_FALSE(reply.quit);
    // What is shown is short, and does nothing to a terminal.
    CHECK(reply.err.size() < 2'000);
    CHECK(reply.err.find('\x1b') == std::string::npos);
  }
  CHECK(shell.enter("").exit == 0);
  CHECK(shell.enter("  # nothing").exit == 0);
  CHECK(world::same(world, shell.session().world()));
}

TEST_CASE("manifests follow their line") {
  Shell shell = bare_shell();
  CHECK(Shell::wants_more("kubectl apply -f - <<EOF"));
  CHECK(Shell::wants_more("apply -f - <<'EOF'\nkind: Service"));
  CHECK_FALSE(Shell::wants_more("apply -f - <<EOF\nkind: Service\nEOF"));
  CHECK(Shell::wants_more("patch sts web -p '{"));
  CHECK(Shell::wants_more("get pods \\"));
  CHECK_FALSE(Shell::wants_more("what's this"));
  CHECK_FALSE(Shell::wants_more("get pods"));
  const Reply reply = shell.enter(
      "kubectl apply -f - <<EOF\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: "
      "{clusterIP: None}\nEOF");
  CHECK(reply.out == "service/web created\n");
  CHECK(contains(shell.enter("apply -f - <<EOF\na: [\nEOF").err, "error parsing STDIN"));
  CHECK(contains(shell.enter("apply -f - <<EOF\nEOF").err, "no objects passed to apply"));
  CHECK(contains(shell.enter("replace -f - <<EOF\na: b\nEOF").err, "put them into a file"));
  CHECK(shell.enter("get svc web -o\\\n name").out == "service/web\n");
}

TEST_CASE("an expectation that does not hold ends nothing") {
  Shell shell = web_shell();
  CHECK(shell.enter("expect: {statefulsets: {web: {replicas: 3}}}").exit == 0);
  const std::size_t taken = shell.session().taken().size();
  const Reply wrong = shell.enter("expect: {statefulsets: {web: {replicas: 4}}}");
  CHECK(wrong.exit == 1);
  CHECK(contains(wrong.err, "statefulsets.web.replicas: expected 4, found 3"));
  CHECK(shell.session().taken().size() == taken);
  CHECK(shell.enter("scale sts web --replicas=4").exit == 0);
}

TEST_CASE("where nothing more can be done there is a way back") {
  Shell shell = web_shell();
  shell.enter("never: {pods: {web-2: null}}");
  shell.enter("scale sts web --replicas=2");
  const Reply failed = shell.enter("run");
  CHECK(failed.exit == 1);
  CHECK(contains(failed.err, "an expectation over time does not hold"));
  const Reply stuck = shell.enter("get pods");
  CHECK(stuck.exit == 1);
  CHECK(contains(stuck.err, "back undoes"));
  CHECK(contains(shell.enter("until web-9 ready").err, "back undoes"));
  CHECK(contains(shell.enter("step").err, "back undoes"));
  CHECK(shell.enter("back").exit == 0);
  CHECK(shell.enter("get pods").exit == 0);
}

TEST_CASE("what is expected over time is looked at while time passes by hand") {
  for (const std::string line : {"step 100000", "until sts web complete", "until web-9 ready"}) {
    DYNAMIC_SECTION(line) {
      Shell shell = web_shell();
      shell.enter("never: {pods: {web-2: null}}");
      shell.enter("scale sts web --replicas=1");
      shell.enter("step 2");
      const Reply failed = shell.enter(line);
      CHECK(failed.exit == 1);
      CHECK(contains(failed.err, "an expectation over time does not hold"));
      CHECK(contains(shell.enter("get pods").err, "back undoes"));
      shell.enter("back");
      CHECK(shell.enter("get pod web-2").exit == 0);
    }
  }
}

TEST_CASE("a session whose events are used up ends, and is undone") {
  shell::ShellOptions options;
  options.max_events = 30;
  Shell shell = bare_shell(options);
  shell.enter(web_step(5));
  const Reply ended = shell.enter("run");
  CHECK(ended.exit == 1);
  CHECK(contains(ended.err, "may not take more (--max-events)"));
  CHECK(contains(shell.enter("run").err, "as many events as it may"));
  CHECK(shell.enter("back").exit == 0);
  CHECK(shell.enter("until web-0 created").exit == 0);
}

TEST_CASE("why says what an object waits for, and leaves everything as it is") {
  Shell shell = web_shell();
  shell.enter("image web:v2 becomes unpullable");
  shell.enter("set image sts/web web=web:v2");
  shell.enter("run");
  const SimDuration before = now_of(shell);
  const Reply why = shell.enter("why web-1");
  CHECK(why.exit == 0);
  CHECK(contains(why.out, "web:v2"));
  CHECK(now_of(shell) == before);
  CHECK(shell.session().taken().size() == 5);
  CHECK(shell.enter("why nobody").exit == 1);
}

TEST_CASE("whatever goes wrong in a line, the session is where it was") {
  shell::ShellOptions options;
  bool lost = false;
  options.tells = [&lost](const engine::TraceRecord&) {
    return lost ? throw std::runtime_error("lost") : true;
  };
  Shell shell = web_shell(options);
  shell.enter("scale sts web --replicas=1");
  const SimDuration before = now_of(shell);
  lost = true;
  CHECK(contains(shell.enter("run").err, "could not be carried out: lost"));
  CHECK(now_of(shell) == before);
  lost = false;
  CHECK(shell.enter("run").exit == 0);
  CHECK(contains(shell.enter("get sts web").out, "1/1"));
}

TEST_CASE("retries that find the same are no news, and told to go on") {
  Shell shell = web_shell();
  shell.enter("image web:v2 becomes unpullable");
  shell.enter("set image sts/web web=web:v2");
  shell.enter("run");
  CHECK(contains(shell.enter("now").out, "nothing new is left to happen: only retries"));
  CHECK(contains(shell.enter("step").out, "only retries and routine looks go on, the next at +"));
}

TEST_CASE("of a rollback under way the pods still at the other revision are counted") {
  Shell shell = web_shell();
  shell.enter(
      R"(patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}')");
  shell.enter("set image sts/web web=web:v2");
  shell.enter("run");
  CHECK(contains(shell.enter("show").out, "3 of 3 pods ready, 3 available, 2 at web-"));
  shell.enter("rollout undo sts/web");
  shell.enter("run 10ms");
  const std::string shown = shell.enter("show").out;
  INFO(shown);
  CHECK(contains(shown, "available, 1 not at web-799f7ff7c4\n"));
}

TEST_CASE("somebody new is told once that any image can be pulled") {
  shell::ShellOptions options;
  options.hints = true;
  Shell shell = web_shell(options);
  CHECK_FALSE(contains(shell.enter("scale sts web --replicas=2").out, "can be pulled"));
  CHECK(contains(shell.enter("set image sts/web web=web:broken").out,
                 "image web:broken becomes unpullable"));
  CHECK_FALSE(contains(shell.enter("set image sts/web web=web:v3").out, "can be pulled"));
  Shell careful = web_shell(options);
  careful.enter("image web:broken becomes unpullable");
  CHECK_FALSE(contains(careful.enter("set image sts/web web=web:broken").out, "can be pulled"));
}

TEST_CASE("example makes something to begin with") {
  Shell shell = bare_shell();
  const Reply made = shell.enter("example");
  CHECK(made.exit == 0);
  CHECK(contains(made.out, "statefulset.apps/web created"));
  shell.enter("run");
  CHECK(contains(shell.enter("get sts web").out, "3/3"));
  CHECK(shell.enter("lookup web-0.web from web-1").exit == 0);
  CHECK(shell.enter("example twice").exit == 1);
}

TEST_CASE("who asks a verb for help is told what is known of it") {
  Shell shell = bare_shell();
  for (const char* line : {"kubectl create -h", "rollout --help", "kubectl apply -f x --help"}) {
    INFO(line);
    const Reply help = shell.enter(line);
    CHECK(help.exit == 0);
    CHECK(contains(help.out, "explain sts.spec"));
  }
  CHECK(contains(shell.enter("rollout -h").out, "kubectl rollout status:"));
  CHECK(contains(shell.enter("kubectl frobnicate -h").err, "unknown command \"frobnicate\""));
  CHECK(contains(shell.enter("kubectl --help").out, "rollout status"));
  CHECK(shell.session().taken().empty());
}

TEST_CASE("where the cluster comes to rest by itself, back undoes both at once") {
  shell::ShellOptions options;
  options.rests = true;
  Shell shell = bare_shell(options);
  shell.enter(web_step(2));
  CHECK(contains(shell.enter("get sts web").out, "2/2"));
  shell.enter("scale sts web --replicas=3");
  shell.enter("get pods");
  CHECK(shell.enter("back").out == "undone: scale sts web --replicas=3\n");
  CHECK(contains(shell.enter("get sts web").out, "2/2"));
  CHECK(shell.session().taken().size() == 4);
}

TEST_CASE("words are shown in their characters, and what moves a cursor is not") {
  Shell shell = bare_shell();
  CHECK(contains(shell.enter("再来").err, "unknown command \"再来\""));
  CHECK(contains(shell.enter("ein\xC3\xA4").err, "\"einä\""));
  CHECK(contains(shell.enter("a\xC2\x9B").err, "\\xc2\\x9b"));
  CHECK(contains(shell.enter("a\x1b[2J").err, "\\x1b"));
  CHECK(contains(shell.enter("a\xE2\x80\xAE").err, "\\xe2\\x80\\xae"));
  CHECK(contains(shell.enter("a\xFF\xE5").err, "\\xff\\xe5"));
  CHECK(contains(shell.enter("“提示”–…").err, "\"“提示”–…\""));
  CHECK(contains(shell.enter("a\xE0\x80\x9B").err, "\\xe0\\x80\\x9b"));
  CHECK(contains(shell.enter("a\xED\xA0\x80").err, "\\xed\\xa0\\x80"));
  CHECK(contains(shell.enter("a\xE2\x81\xA6").err, "\\xe2\\x81\\xa6"));
}

TEST_CASE("commands that help stay on one line, to be copied") {
  shell::ShellOptions options;
  options.width = 50;
  Shell shell = web_shell(options);
  shell.enter(
      R"(patch sts web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}}}}')");
  shell.enter("set image sts/web web=web:v2");
  shell.enter("run");
  CHECK(contains(shell.enter("why not web-1 updated").out,
                 "  kubectl patch sts web -p "
                 "'{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":1}}}}'\n"));
}

TEST_CASE("lines of the shell's own fit the width, those of commands stay") {
  shell::ShellOptions options;
  options.width = 60;
  Shell shell = web_shell(options);
  shell.enter("set image sts/web web=web:v2");
  const auto longest = [](const std::string& text) {
    std::size_t out = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      out = std::max(out, columns(text.substr(at, end - at)));
      at = end + 1;
    }
    return out;
  };
  for (const char* line : {"help", "run", "show", "why sts/web", "diff"}) {
    INFO(line);
    const std::string said = shell.enter(line).out;
    CHECK_FALSE(said.empty());
    CHECK(longest(said) <= 60);
  }
  CHECK(longest(shell.enter("get pods -o wide").out) > 60);
}

TEST_CASE("a run that is stopped leaves the session as it stands") {
  std::atomic<bool> interrupted{false};
  shell::ShellOptions options;
  options.interrupted = &interrupted;
  Shell shell = bare_shell(options);
  shell.enter(web_step(3));
  shell.enter("until web-1 created");
  const SimDuration before = now_of(shell);
  interrupted = true;
  const Reply stopped = shell.enter("run 100000h");
  CHECK(stopped.exit == 130);
  CHECK(contains(stopped.err, "stopped at +"));
  CHECK(now_of(shell) == before);
  CHECK(shell.enter("until web-2 ready").exit == 130);
  CHECK(shell.enter("step 5").exit == 130);
  interrupted = false;
  CHECK(shell.enter("run").exit == 0);
  CHECK(contains(shell.enter("get sts web").out, "3/3"));
}

TEST_CASE("words are completed") {
  Shell shell = web_shell();
  using Words = std::vector<std::string>;
  const auto has = [&shell](const std::string& text, const std::string& word) {
    const Words words = shell.completions(text);
    return std::ranges::find(words, word) != words.end();
  };
  CHECK(shell.completions("unt") == Words{"until"});
  CHECK(shell.completions("kubectl desc") == Words{"describe"});
  CHECK(shell.completions("desc") == Words{"describe"});
  CHECK(shell.completions("kubectl unti").empty());
  CHECK(shell.completions("get statefuls") == Words{"statefulset", "statefulsets"});
  CHECK(shell.completions("get pods web") == Words{"web-0", "web-1", "web-2"});
  CHECK(shell.completions("delete pod/web-2") == Words{"pod/web-2"});
  CHECK(shell.completions("get pods --sort") == Words{"--sort-by"});
  CHECK(shell.completions("rollout st") == Words{"status"});
  CHECK(shell.completions("kubectl rollout status sts/") == Words{"sts/web"});
  CHECK(shell.completions("pod web-1 becomes cras") == Words{"crashed", "crashing"});
  CHECK(shell.completions("until web-1 run") == Words{"running"});
  CHECK(shell.completions("until sts web comp") == Words{"complete"});
  CHECK(shell.completions("until pod/web-1 run") == Words{"running"});
  CHECK(has("why ", "not"));
  CHECK(has("why ", "web-0"));
  CHECK_FALSE(has("why not ", "not"));
  CHECK(shell.completions("why so ") == Words{"long"});
  CHECK(shell.completions("why so long ") == Words{"web"});
  CHECK(shell.completions("why not web-1 ") ==
        Words{"available", "created", "gone", "ready", "updated"});
  CHECK(shell.completions("why not sts web comp") == Words{"complete"});
  CHECK(shell.completions("why web-1 ").empty());
  CHECK(shell.completions("image ") == Words{"web:v1"});
  CHECK(shell.completions("image web:v1 ") == Words{"becomes"});
  CHECK(shell.completions("pod web-1 ") == Words{"becomes"});
  CHECK_FALSE(has("pod web-1 becomes ready ", "becomes"));
  CHECK(has("watch of ", "statefulset-controller"));
  CHECK(has("node ", "node3"));
  CHECK(has("", "fork"));
  shell.enter("fork here");
  CHECK(shell.completions("switch h") == Words{"here"});
  CHECK(shell.completions("switch here ").empty());
  CHECK(shell.completions("run ").empty());
  CHECK(has("why s", "so"));
  CHECK(has("why s", "sts/web"));
  CHECK_FALSE(has("why ", "configmaps"));
  const Folder folder;
  folder.write("manifests/set.yaml", "");
  shell::ShellOptions options;
  options.folder = folder / "";
  Shell elsewhere = bare_shell(options);
  CHECK(elsewhere.completions("apply -f man") == Words{"manifests/"});
  CHECK(elsewhere.completions("apply -f manifests/") == Words{"manifests/set.yaml"});
}

TEST_CASE("what happens is told or not") {
  Shell shell = bare_shell();
  shell.enter(web_step(1));
  CHECK(contains(shell.enter("watch off").out, "not told"));
  CHECK(shell.enter("run").out.empty());
  shell.enter("watch on");
  shell.enter("scale sts web --replicas=2");
  CHECK(contains(shell.enter("run").out, "create pods web-1"));
}

TEST_CASE("help knows every command") {
  Shell shell = bare_shell();
  const std::string all = shell.enter("help").out;
  for (const std::string& word : shell.completions("")) {
    INFO(word);
    CHECK(shell.enter("help " + word).exit == 0);
  }
  CHECK(contains(all, "until OBJECT STATE"));
  CHECK(contains(all, "pod NAME becomes FATE"));
  CHECK(shell.enter("quit").quit);
  CHECK(shell.enter("exit").quit);
}

TEST_CASE("what is told of a long text ends between its characters") {
  Shell shell = web_shell();
  std::string note;
  for (int i = 0; i < 40; ++i) {
    note += "修";
  }
  for (const char* before : {"", "a", "aa"}) {
    shell.enter(fmt::format("annotate sts web note={}{} --overwrite", before, note));
    const std::string told = shell.enter("diff").out;
    INFO(told);
    CHECK(contains(told, "修…"));
  }
}

TEST_CASE("the same lines lead to the same") {
  const auto play = [] {
    Shell shell = web_shell();
    std::string said;
    for (const char* line : {"set image sts/web web=web:v2",
                             "step 20",
                             "until web-2 gone",
                             "fork a",
                             "node node2 becomes down",
                             "run 90s",
                             "diff a",
                             "back",
                             "rollout status sts/web",
                             "get events"}) {
      const Reply reply = shell.enter(line);
      said += reply.out + reply.err;
    }
    return std::pair(said, world::to_json(shell.session().world(), world::Form::Exact).dump());
  };
  const auto [once, world] = play();
  const auto [twice, other] = play();
  CHECK(once == twice);
  CHECK(world == other);
}

}  // namespace stsim::test
