// Any bytes as lines of kubectl against a small running cluster: each line ends with words and an
// exit status. A line `<` takes the rest as the manifest that `-f -` reads.
#include <stsim/api/yaml.hpp>
#include <stsim/kubectl/kubectl.hpp>
#include <stsim/kubectl/words.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace stsim;

namespace {

class Silent : public engine::TraceSink {
 public:
  void record(const engine::TraceRecord&) override {}
};

constexpr std::string_view kStart = R"(
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv0}
spec: {accessModes: [ReadWriteOnce], capacity: {storage: 2Gi}, nfs: {server: s, path: /v0}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80, name: http}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "web:v1", volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
)";

/// A cluster with a set of which one pod runs, and the other waits for a volume.
world::World make_cluster() {
  Silent silent;
  engine::SeededChooser chooser(0);
  auto settings = std::make_shared<world::Settings>();
  settings->most_objects = 200;    // so that `scale --replicas=1000000` ends soon
  settings->most_events = 10'000;  // so that years of waiting do, too
  world::World world = world::make_world(settings, silent);
  world::Client user(world, chooser, silent, engine::Actor::User, 1);
  kubectl::Session session{user, nullptr, nullptr, api::read_manifests(kStart).documents};
  const kubectl::Output output = kubectl::run({"apply", "-f", "-"}, session);
  STSIM_ASSERT(output.exit == 0);
  user.run_to_rest();
  return world;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const world::World kCluster = make_cluster();
  constexpr int kMostLines = 8;
  world::World world = kCluster;
  Silent silent;
  engine::SeededChooser chooser(0);
  world::Client user(world, chooser, silent, engine::Actor::User, 1);
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<api::Json> manifests;
  if (const std::size_t at = text.find("\n<\n"); at != std::string_view::npos) {
    manifests = api::read_manifests(text.substr(at + 3)).documents;
    text = text.substr(0, at);
  }
  for (int i = 0; i < kMostLines && !text.empty(); ++i) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto words = kubectl::split_words(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (words && !words->empty()) {
      const auto read = [](const std::string&) -> Result<std::string, std::string> {
        return tl::unexpected(std::string("no files here"));
      };
      const auto itself = [](const std::string& path, bool) { return std::vector{path}; };
      kubectl::Session session{user, read, itself, manifests};
      const kubectl::Output output = kubectl::run(*words, session);
      STSIM_ASSERT(output.exit != 0 || output.err.find("error: ") != 0);
    }
  }
  return 0;
}
