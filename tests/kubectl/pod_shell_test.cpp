#include "support/catch.hpp"

#include <stsim/kubectl/pod_shell.hpp>

namespace stsim::kubectl {

using api::Json;
using api::Kind;
using api::Object;

namespace {

/// The set myapp with pods on NFS volumes, behind myapp-svc; web-ip is a Service with an address.
class Story {
 public:
  explicit Story(std::string image = "ikubernetes/myapp:v1", int minor = 36)
      : store_(features(minor), 1), image_(std::move(image)) {
    put(api::from_json(Kind::Namespace, {{"metadata", {{"name", "default"}}}}));
    service("myapp-svc", "None");
    service("web-ip", "10.0.0.20");
    for (int i = 0; i < 3; ++i) {
      pod(i);
    }
    slices();
  }

  /// Runs a command in a pod and keeps what it has written.
  ExecResult run(int pod, const std::vector<std::string>& argv) {
    const api::ObjectPtr found =
        store_.find({Kind::Pod, "default", "myapp-" + std::to_string(pod)});
    ExecResult out = run_in_pod({*found, 0, store_, nodes, kStartOfTime, {}}, argv);
    for (const FileWrite& write : out.writes) {
      if (write.text) {
        files.set(write.key, *write.text);
      } else {
        files.erase(write.key);
      }
    }
    return out;
  }

  ExecResult sh(const std::string& script, int pod = 0) { return run(pod, {"sh", "-c", script}); }

  /// The pod is made anew, as another one of the same name.
  void replace(int pod_number) {
    const api::ObjectKey key{Kind::Pod, "default", "myapp-" + std::to_string(pod_number)};
    REQUIRE(store_.remove(key, {0, {}, {}}, kStartOfTime, 0).has_value());
    pod(pod_number);
  }

  node::Nodes nodes;
  PersistentMap<node::FileKey, std::string>& files{nodes.files};

 private:
  static api::Features features(int minor) {
    api::Features out;
    out.release = {minor, -1};
    return out;
  }

  void put(Object object) {
    const auto made = store_.create(object, kStartOfTime, 0);
    REQUIRE(made.has_value());
    if (object.key.kind == Kind::Pod) {
      Object running = **made;
      running.body = object.body;
      REQUIRE(store_.update_status(std::move(running), 0).has_value());
    }
  }

  void service(const std::string& name, const std::string& address) {
    put(api::from_json(
        Kind::Service,
        {{"metadata", {{"name", name}, {"namespace", "default"}}},
         {"spec",
          {{"clusterIP", address},
           {"selector", {{"app", "myapp"}}},
           {"ports",
            {{{"name", "http"}, {"port", 80}, {"targetPort", 80}, {"protocol", "TCP"}}}}}}}));
  }

  void pod(int number) {
    const std::string name = "myapp-" + std::to_string(number);
    const std::string volume = "pv" + std::to_string(number);
    if (!store_.find({Kind::PersistentVolume, "", volume})) {
      put(api::from_json(
          Kind::PersistentVolume,
          {{"metadata", {{"name", volume}}},
           {"spec",
            {{"capacity", {{"storage", "1Gi"}}},
             {"accessModes", {"ReadWriteOnce"}},
             {"nfs", {{"server", "node2"}, {"path", "/data/volumes/" + volume}}}}}}));
      Object claim =
          api::from_json(Kind::PersistentVolumeClaim,
                         {{"metadata", {{"name", "html-" + name}, {"namespace", "default"}}},
                          {"spec",
                           {{"accessModes", {"ReadWriteOnce"}},
                            {"resources", {{"requests", {{"storage", "1Gi"}}}}}}}});
      claim.as<api::Claim>().volume_name = volume;
      claim.as<api::Claim>().phase = api::ClaimPhase::Bound;
      put(std::move(claim));
    }
    Object out = api::from_json(
        Kind::Pod,
        {{"metadata", {{"name", name}, {"namespace", "default"}, {"labels", {{"app", "myapp"}}}}},
         {"spec",
          {{"hostname", name},
           {"subdomain", "myapp-svc"},
           {"volumes",
            {{{"name", "html"}, {"persistentVolumeClaim", {{"claimName", "html-" + name}}}}}},
           {"containers",
            {{{"name", "myapp"},
              {"image", image_},
              {"env",
               {{{"name", "WHO"}, {"valueFrom", {{"fieldRef", {{"fieldPath", "metadata.name"}}}}}},
                {{"name", "GREETING"}, {"value", "hello $(WHO)"}}}},
              {"volumeMounts", {{{"name", "html"}, {"mountPath", "/usr/share/nginx/html"}}}}}}}}}});
    api::Pod& body = out.as<api::Pod>();
    body.node_name = "node1";
    body.status.phase = api::PodPhase::Running;
    body.status.pod_ip = "10.244.0." + std::to_string(2 + number);
    body.status.containers.resize(1);
    body.status.containers.edit()[0].state.type = api::ContainerState::Type::Running;
    body.status.set_condition(api::PodConditionType::Ready, number != 2, kStartOfTime);
    put(std::move(out));
  }

  void slices() {
    for (const char* service : {"myapp-svc", "web-ip"}) {
      api::EndpointSlice body{service, {{"http", "TCP", 80}}, {}};
      for (int i = 0; i < 3; ++i) {
        api::Endpoint& endpoint = body.endpoints.emplace_back();
        endpoint.pod = "myapp-" + std::to_string(i);
        endpoint.hostname = std::string(service) == "myapp-svc" ? endpoint.pod : "";
        endpoint.address = "10.244.0." + std::to_string(2 + i);
        endpoint.ready = i != 2;
      }
      Object slice;
      slice.key = {Kind::EndpointSlice, "default", std::string(service) + "-abcde"};
      slice.body = std::move(body);
      put(std::move(slice));
    }
  }

  store::Store store_;
  std::string image_;
};

}  // namespace

TEST_CASE("SD-10: hostname in a pod of a set") {
  Story story;
  CHECK(story.run(0, {"hostname"}).out == "myapp-0\n");
  CHECK(story.run(0, {"hostname", "-f"}).out == "myapp-0.myapp-svc.default.svc.cluster.local\n");
  CHECK(story.run(1, {"hostname", "-i"}).out == "10.244.0.3\n");
  CHECK(story.run(1, {"cat", "/etc/hostname"}).out == "myapp-1\n");
}

TEST_CASE("Files under a claim's mount are on the volume and outlive the pod, others do not") {
  Story story;
  const ExecResult written = story.sh("echo $(hostname) > /usr/share/nginx/html/index.html");
  CHECK(written.exit == 0);
  CHECK(written.writes ==
        std::vector<FileWrite>{{{"node2:/data/volumes/pv0", "index.html"}, "myapp-0\n"}});
  story.sh("echo mine > /tmp/note");
  CHECK(story.run(0, {"cat", "/tmp/note"}).out == "mine\n");
  story.replace(0);
  CHECK(story.run(0, {"cat", "/usr/share/nginx/html/index.html"}).out == "myapp-0\n");
  const ExecResult lost = story.run(0, {"cat", "/tmp/note"});
  CHECK(lost.err == "cat: can't open '/tmp/note': No such file or directory\n");
  CHECK(lost.exit == 1);
  CHECK(story.run(1, {"ls", "/usr/share/nginx/html"}).out.empty());
}

TEST_CASE("A volume hides what the image has at its mount path") {
  Story story;
  const ExecResult refused = story.run(0, {"wget", "-qO-", "http://myapp-1.myapp-svc"});
  CHECK(refused.out.empty());
  CHECK(refused.err == "wget: server returned error: HTTP/1.1 403 Forbidden\n");
  CHECK(refused.exit == 1);
  CHECK(story.run(0, {"wget", "-qO-", "myapp-1.myapp-svc/hostname.html"}).out == "myapp-1\n");
  CHECK(story.run(0, {"wget", "-q", "-O", "-", "10.244.0.3/none.html"}).err ==
        "wget: server returned error: HTTP/1.1 404 Not Found\n");
  story.sh("echo page of $(hostname) > /usr/share/nginx/html/index.html", 1);
  CHECK(story.run(0, {"wget", "-qO-", "http://myapp-1.myapp-svc/"}).out == "page of myapp-1\n");
  CHECK(story.run(1, {"curl", "-s", "http://localhost"}).out == "page of myapp-1\n");
}

TEST_CASE("wget to Services, and to what cannot be reached") {
  Story story;
  story.sh("echo first > /usr/share/nginx/html/index.html", 0);
  const auto wget = [&story](const std::string& url) {
    return story.run(1, {"wget", "-qO-", url});
  };
  CHECK(wget("http://myapp-svc").out == "first\n");
  CHECK(wget("http://web-ip").out == "first\n");
  CHECK(wget("http://myapp-7.myapp-svc").err == "wget: bad address 'myapp-7.myapp-svc'\n");
  CHECK(wget("http://myapp-2.myapp-svc").err == "wget: bad address 'myapp-2.myapp-svc'\n");
  CHECK(wget("10.244.0.2:81").err ==
        "wget: can't connect to remote host (10.244.0.2): Connection refused\n");
  CHECK(wget("10.244.0.99").err ==
        "wget: can't connect to remote host (10.244.0.99): No route to host\n");
  CHECK(wget("web-ip:8080").err ==
        "wget: can't connect to remote host (10.0.0.20): Connection refused\n");
  const ExecResult loud = story.run(1, {"wget", "-O", "/tmp/page", "http://myapp-0.myapp-svc"});
  CHECK(loud.err ==
        "Connecting to myapp-0.myapp-svc (10.244.0.2:80)\nsaving to '/tmp/page'\n'/tmp/page' "
        "saved\n");
  CHECK(story.run(1, {"cat", "/tmp/page"}).out == "first\n");
}

TEST_CASE("SD-40: nslookup as busybox 1.28 prints it") {
  Story story;
  const std::string server =
      "Server:    10.0.0.10\nAddress 1: 10.0.0.10 kube-dns.kube-system.svc.cluster.local\n\n";
  CHECK(story.run(0, {"nslookup", "myapp-1.myapp-svc"}).out ==
        server +
            "Name:      myapp-1.myapp-svc\n"
            "Address 1: 10.244.0.3 myapp-1.myapp-svc.default.svc.cluster.local\n");
  CHECK(story.run(0, {"nslookup", "myapp-svc"}).out ==
        server +
            "Name:      myapp-svc\n"
            "Address 1: 10.244.0.2 myapp-0.myapp-svc.default.svc.cluster.local\n"
            "Address 2: 10.244.0.3 myapp-1.myapp-svc.default.svc.cluster.local\n");
  const ExecResult missing = story.run(0, {"nslookup", "myapp-2.myapp-svc"});
  CHECK(missing.out == server);
  CHECK(missing.err == "nslookup: can't resolve 'myapp-2.myapp-svc'\n");
  CHECK(missing.exit == 1);
}

TEST_CASE("SD-31, SD-41: newer busybox images print the answers about A and AAAA") {
  Story story("busybox:1.36");
  const std::string server = "Server:\t\t10.0.0.10\nAddress:\t10.0.0.10:53\n\n";
  const ExecResult found =
      story.run(0, {"nslookup", "myapp-1.myapp-svc.default.svc.cluster.local"});
  CHECK(found.out ==
        server +
            "Name:\tmyapp-1.myapp-svc.default.svc.cluster.local\nAddress: 10.244.0.3\n\n"
            "*** Can't find myapp-1.myapp-svc.default.svc.cluster.local: No answer\n\n");
  const ExecResult missing = story.run(0, {"nslookup", "myapp-1.myapp-svc"});
  CHECK(missing.out == server +
                           "** server can't find myapp-1.myapp-svc: NXDOMAIN\n\n"
                           "** server can't find myapp-1.myapp-svc: NXDOMAIN\n\n");
  CHECK(missing.exit == 1);
}

TEST_CASE("SD-42: nslookup as dnsutils images print it") {
  Story story("registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3");
  const std::string server = "Server:\t\t10.0.0.10\nAddress:\t10.0.0.10#53\n\n";
  CHECK(story.run(0, {"nslookup", "myapp-1.myapp-svc"}).out ==
        server + "Name:\tmyapp-1.myapp-svc.default.svc.cluster.local\nAddress: 10.244.0.3\n\n");
  CHECK(story.run(0, {"nslookup", "-type=srv", "myapp-svc"}).out ==
        server +
            "myapp-svc.default.svc.cluster.local\tservice = 0 50 80 "
            "myapp-0.myapp-svc.default.svc.cluster.local.\n"
            "myapp-svc.default.svc.cluster.local\tservice = 0 50 80 "
            "myapp-1.myapp-svc.default.svc.cluster.local.\n\n");
  const ExecResult missing = story.run(0, {"nslookup", "myapp-7.myapp-svc"});
  CHECK(missing.out == server + "** server can't find myapp-7.myapp-svc: NXDOMAIN\n\n");
  CHECK(missing.exit == 1);
}

TEST_CASE("KC-23: a program that the image does not have is not found, with exit code 127") {
  Story story;
  const ExecResult missing = story.run(0, {"foo", "bar"});
  CHECK(missing.err == "sh: foo: not found\n");
  CHECK(missing.exit == 127);
  const ExecResult in_shell = story.sh("foo");
  CHECK(in_shell.err == "sh: foo: not found\n");
  CHECK(in_shell.exit == 127);
}

TEST_CASE("The shell's lists, quotes and exit statuses") {
  struct Case {
    const char* script;
    const char* out;
    int exit;
  };
  const Case c = GENERATE(values<Case>({
      {"echo a; echo b", "a\nb\n", 0},
      {"true && echo yes || echo no", "yes\n", 0},
      {"false && echo yes || echo no", "no\n", 0},
      {"false; echo $?", "1\n", 0},
      {"exit 3; echo no", "", 3},
      {"false", "", 1},
      {"echo 'a  b'  c", "a  b c\n", 0},
      {"echo \"$HOSTNAME is `hostname`\"", "myapp-0 is myapp-0\n", 0},
      {"echo '$HOSTNAME'", "$HOSTNAME\n", 0},
      {"echo \\$HOSTNAME", "$HOSTNAME\n", 0},
      {"echo ${HOSTNAME}x", "myapp-0x\n", 0},
      {"X=1; echo $X$Y-", "1-\n", 0},
      {"echo \"$(echo \"in side\")\"", "in side\n", 0},
      {"echo $GREETING", "hello myapp-0\n", 0},
      {"echo -n a; echo b", "ab\n", 0},
      {"echo 2>&1 a", "a\n", 0},
      {"foo 2>&1", "sh: foo: not found\n", 127},
      {"foo 2>/dev/null || echo gone", "gone\n", 0},
      {"cat /dev/null && cat < /dev/null && ls /dev", "null\n", 0},
      {"echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f", "a\nb\n", 0},
      {"printf 'a\\nb\\nc\\n' | grep -v b | wc -l", "2\n", 0},
      {"echo one\necho two", "one\ntwo\n", 0},
      {"echo a # not this", "a\n", 0},
      {"cat /nowhere 2>/dev/null; echo $?", "1\n", 0},
      {"mkdir -p /tmp/d/e && echo x > /tmp/d/e/f && ls /tmp/d/e", "f\n", 0},
      {"echo x > /tmp/g && rm /tmp/g && ls /tmp", "", 0},
  }));
  CAPTURE(c.script);
  Story story;
  const ExecResult result = story.sh(c.script);
  CHECK(result.out == c.out);
  CHECK(result.exit == c.exit);
}

TEST_CASE("What the shell refuses") {
  Story story;
  CHECK(story.sh("echo a > /no/such").err == "sh: can't create /no/such: nonexistent directory\n");
  CHECK(story.sh("echo 'a").exit == 2);
  CHECK(story.sh("echo a; && b").err == "sh: syntax error: unexpected \"&&\"\n");
  CHECK(story.sh("for i in 1 2; do echo $i; done").exit == 2);
  CHECK(story.run(0, {"ls", "/nowhere"}).err == "ls: /nowhere: No such file or directory\n");
}

TEST_CASE("A script can neither call itself nor grow without end") {
  Story story;
  const ExecResult itself = story.sh("echo 'sh /tmp/f' > /tmp/f; sh /tmp/f");
  CHECK(itself.err == "sh: too many scripts inside each other\n");
  CHECK(itself.exit == 2);
  std::string nested;
  std::string doubled = "x=aaaaaaaa; ";
  std::string copied = "echo aaaaaaaa > /tmp/f; ";
  for (int i = 0; i < 60; ++i) {
    nested += "$(";
    doubled += "x=$x$x; ";
    copied += "cat /tmp/f /tmp/f > /tmp/g; cat /tmp/g /tmp/g > /tmp/f; ";
  }
  CHECK(story.sh("echo " + nested).exit == 2);
  CHECK(story.sh(doubled).err == "sh: out of memory\n");
  CHECK(story.sh(copied).err.find("out of memory") != std::string::npos);
  CHECK(story.sh("echo aaaaaaaaaaaaaaaa > /tmp/f; wc -c /tmp/f").exit == 0);
}

TEST_CASE("SD-40: an image with an empty tag is one without") {
  CHECK(Story("busybox:").sh("nslookup myapp-1.myapp-svc").out ==
        Story("busybox").sh("nslookup myapp-1.myapp-svc").out);
}

TEST_CASE("A redirection outside of a shell is only a word") {
  Story story;
  const ExecResult result = story.run(0, {"echo", "a", ">", "/tmp/f"});
  CHECK(result.out == "a > /tmp/f\n");
  CHECK(result.writes.empty());
}

TEST_CASE("The time in a pod is that of the cluster") {
  Story story;
  CHECK(story.run(0, {"date"}).out == "Thu Jan  1 00:00:00 UTC 2026\n");
}

}  // namespace stsim::kubectl
