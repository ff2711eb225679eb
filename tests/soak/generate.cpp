#include "soak/generate.hpp"

#include "support/choices.hpp"

#include <fmt/format.h>
#include <stsim/engine/actor.hpp>

#include <array>
#include <functional>
#include <span>
#include <string_view>

namespace stsim::soak {

namespace {

using Words = std::span<const std::string_view>;

/// Writes one scenario, picking by chance.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : seed_(seed), choices_(seed, 1) {
    static_cast<void>(choices_.next());
  }

  std::string write() {
    parallel_ = choices_.flag();
    has_claims_ = one_in(2);
    start_ = one_in(4) ? number(1, 3) : 0;
    accidents_ = one_in(2);
    head();
    apply(true);
    for (int left = number(6, 18); left > 0; --left) {
      if (accidents_ && one_in(2)) {
        accident();
      } else {
        step();
      }
    }
    heal();
    out_ +=
        "- settle: {}\n"
        "- {kubectl: get sts -o wide}\n"
        "- {kubectl: 'get pods -L controller-revision-hash,apps.kubernetes.io/pod-index'}\n"
        "- {kubectl: 'get pvc,pv'}\n"
        "- {kubectl: get controllerrevisions}\n";
    return std::move(out_);
  }

 private:
  bool one_in(std::size_t many) { return choices_.pick(many) == 0; }
  int number(int least, int most) {
    return least + static_cast<int>(choices_.pick(static_cast<std::size_t>(most - least + 1)));
  }
  std::string_view of(Words words) { return choices_.of(words); }

  void head() {
    static constexpr std::array<std::string_view, 8> kReleases{
        "1.26", "1.27", "1.28", "1.31", "1.33", "1.34", "1.35", "1.36"};
    gated_ = one_in(3);
    out_ += fmt::format("scenario: soak-{}\nkubernetes: '{}'\nkubelet: {}\n",
                        seed_,
                        of(kReleases),
                        accidents_ || one_in(8) ? "auto" : "stepped");
    out_ += "brokenImages: ['web:broken']\n";
    if (gated_) {
      out_ += "featureGates: {MaxUnavailableStatefulSet: true}\n";
    }
    out_ += "steps:\n";
  }

  void apply(bool first) {
    out_ += "- apply:\n";
    if (first) {
      out_ += R"(  - apiVersion: v1
    kind: Service
    metadata: {name: web-svc}
    spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}
)";
      for (int i = has_claims_ ? number(2, 7) : 0; i > 0; --i) {
        volume();
      }
    }
    out_ += fmt::format(R"(  - apiVersion: apps/v1
    kind: StatefulSet
    metadata: {{name: web}}
    spec:
      serviceName: web-svc
      replicas: {}
      podManagementPolicy: {}
      selector: {{matchLabels: {{app: web}}}}
      updateStrategy: {}
      template:
        metadata: {{labels: {{app: web}}}}
        spec: {{containers: [{{name: web, image: 'web:v1'{}}}]}}
)",
                        number(0, 5),
                        parallel_ ? "Parallel" : "OrderedReady",
                        strategy(),
                        has_claims_ ? ", volumeMounts: [{name: data, mountPath: /data}]" : "");
    if (start_ > 0) {
      out_ += fmt::format("      ordinals: {{start: {}}}\n", start_);
    }
    if (one_in(3)) {
      out_ += fmt::format("      revisionHistoryLimit: {}\n", number(-1, 3));
    }
    if (one_in(6)) {
      out_ += fmt::format("      minReadySeconds: {}\n", number(1, 40));
    }
    if (has_claims_) {
      claim_template();
    }
  }

  void volume() {
    static constexpr std::array<std::string_view, 4> kModes{
        "ReadWriteOnce", "ReadWriteMany", "ReadWriteOnce, ReadWriteMany", "ReadOnlyMany"};
    static constexpr std::array<std::string_view, 4> kPolicies{
        "Retain", "Retain", "Delete", "Recycle"};
    out_ += fmt::format(R"(  - apiVersion: v1
    kind: PersistentVolume
    metadata: {{name: pv{0:02}}}
    spec: {{capacity: {{storage: {1}Mi}}, accessModes: [{2}], persistentVolumeReclaimPolicy: {3}, nfs: {{server: node2, path: /v{0}}}}}
)",
                        volumes_,
                        1024 * number(1, 5) + volumes_,
                        of(kModes),
                        of(kPolicies));
    ++volumes_;
  }

  void claim_template() {
    out_ += fmt::format(
        "      volumeClaimTemplates: [{{metadata: {{name: data}}, spec: {{accessModes: "
        "[ReadWriteOnce], resources: {{requests: {{storage: {}Gi}}}}}}}}]\n",
        number(1, 4));
    if (one_in(2)) {
      static constexpr std::array<std::string_view, 2> kPolicies{"Retain", "Delete"};
      out_ += fmt::format(
          "      persistentVolumeClaimRetentionPolicy: {{whenScaled: {}, whenDeleted: {}}}\n",
          of(kPolicies),
          of(kPolicies));
    }
  }

  std::string strategy() {
    if (one_in(4)) {
      return "{type: OnDelete}";
    }
    if (one_in(3)) {
      return "{type: RollingUpdate}";
    }
    return fmt::format("{{type: RollingUpdate, rollingUpdate: {{{}}}}}", rolling_update());
  }

  std::string rolling_update() {
    std::string out;
    if (!one_in(3)) {
      out = fmt::format(R"("partition": {})", number(0, 6));
    }
    if (gated_ && !one_in(3)) {
      static constexpr std::array<std::string_view, 5> kBudgets{
          "1", "2", "3", "\"50%\"", "\"25%\""};
      out += fmt::format(R"({}"maxUnavailable": {})", out.empty() ? "" : ", ", of(kBudgets));
    }
    return out.empty() ? R"("partition": 0)" : out;
  }

  void kubectl(std::string_view line) {
    std::string quoted;
    for (const char c : line) {
      quoted += c == '\'' ? std::string("''") : std::string(1, c);
    }
    out_ += fmt::format("- {{kubectl: '{}'}}\n", quoted);
  }

  std::string pod() { return fmt::format("web-{}", start_ + number(0, 5)); }

  void step() {
    if (one_in(4)) {
      out_ += one_in(4) ? "- {advance: 40s}\n" : "- settle: {}\n";
    } else if (one_in(4)) {
      static constexpr std::array<std::string_view, 7> kFates{
          "ready", "running", "unready", "crashed", "failed", "succeeded", "gone"};
      out_ += fmt::format("- pod: {{name: {}, becomes: {}}}\n", pod(), of(kFates));
    } else if (one_in(6)) {
      delete_something();
    } else {
      change_the_set();
    }
  }

  void change_the_set() {
    static constexpr std::array<std::string_view, 5> kImages{
        "web:v1", "web:v2", "web:v3", "web:broken", "web:v2"};
    switch (choices_.pick(9)) {
      case 0:
      case 1:
      case 2:
        kubectl(fmt::format("scale sts web --replicas={}", number(0, 6)));
        break;
      case 3:
      case 4:
        kubectl(fmt::format("set image sts/web web={}", of(kImages)));
        break;
      case 5:
        kubectl(fmt::format(
            R"(patch sts web -p '{{"spec":{{"updateStrategy":{{"type":"RollingUpdate","rollingUpdate":{{{}}}}}}}}}')",
            rolling_update()));
        break;
      case 6:
        kubectl(one_in(2) ? "rollout undo sts/web" : "rollout restart sts/web");
        break;
      case 7:
        change_a_pod_or_claim();
        break;
      default:
        apply(false);
    }
  }

  void change_a_pod_or_claim() {
    static constexpr std::array<std::string_view, 4> kLabels{
        "app=other --overwrite", "app=web --overwrite", "app-", "tier=front --overwrite"};
    if (one_in(3) && has_claims_) {
      kubectl(fmt::format("annotate pvc data-{} note={} --overwrite", pod(), number(0, 9)));
    } else {
      kubectl(fmt::format("label pod {} {}", pod(), of(kLabels)));
    }
  }

  /// Whose watches may fail: everybody's but the user's. The first ones are controllers, which may
  /// stop.
  static constexpr std::size_t kActors = engine::kActors - 1;
  static constexpr std::size_t kControllers = 10;
  static std::string_view actor_at(std::size_t index) {
    return engine::name(static_cast<engine::Actor>(index + 1));
  }
  std::string_view actor(std::size_t of) { return actor_at(one_in(2) ? 0 : choices_.pick(of)); }

  /// Something goes wrong, or is right again.
  void accident() {
    static constexpr std::array<std::string_view, 11> kNodes{"down",
                                                             "unreachable",
                                                             "up",
                                                             "up",
                                                             "drained",
                                                             "out-of-service",
                                                             "in-service",
                                                             "cordoned",
                                                             "uncordoned",
                                                             "gone",
                                                             "up"};
    static constexpr std::array<std::string_view, 4> kConducts{
        "unpullable", "crashing", "stuck", "fine"};
    static constexpr std::array<std::string_view, 4> kPods{"evicted", "crashing", "stuck", "fine"};
    static constexpr std::array<std::string_view, 3> kServers{"down", "full", "up"};
    static constexpr std::array<std::string_view, 4> kControllerFates{
        "down", "up", "restarted", "restarted"};
    switch (choices_.pick(8)) {
      case 0:
        out_ += fmt::format("- node: {{name: node{}, becomes: {}}}\n", number(1, 3), of(kNodes));
        break;
      case 1:
        out_ +=
            fmt::format("- image: {{name: 'web:v{}', becomes: {}}}\n", number(1, 3), of(kConducts));
        break;
      case 2:
        out_ += fmt::format("- pod: {{name: {}, becomes: {}}}\n", pod(), of(kPods));
        break;
      case 3:
        watch();
        break;
      case 4:
        out_ += fmt::format(
            "- controller: {{name: {}, becomes: {}}}\n", actor(kControllers), of(kControllerFates));
        break;
      case 5:
        api();
        break;
      case 6:
        out_ += fmt::format("- nfs: {{server: node2, becomes: {}}}\n", of(kServers));
        break;
      default:
        out_ += fmt::format("- dns: {{becomes: {}}}\n", one_in(2) ? "stale" : "fresh");
    }
    if (one_in(3)) {
      out_ += fmt::format("- advance: {}s\n", number(1, 90));
    }
  }

  void watch() {
    static constexpr std::array<std::string_view, 5> kKinds{"",
                                                            ", kind: pods",
                                                            ", kind: statefulsets",
                                                            ", kind: persistentvolumeclaims",
                                                            ", kind: controllerrevisions"};
    static constexpr std::array<std::string_view, 4> kFates{
        "broken", "live", "late, by: 700ms", "late, by: 20s"};
    out_ +=
        fmt::format("- watch: {{of: {}{}, becomes: {}}}\n", actor(kActors), of(kKinds), of(kFates));
  }

  void api() {
    static constexpr std::array<std::string_view, 7> kAnswers{
        "conflict", "quota", "denied", "unavailable", "timeout", "lost", "normally"};
    static constexpr std::array<std::string_view, 6> kWhich{", verb: create, resource: pods",
                                                            ", resource: pods",
                                                            ", resource: statefulsets/status",
                                                            ", resource: persistentvolumeclaims",
                                                            ", verb: delete",
                                                            ""};
    const std::string_view answer = of(kAnswers);
    if (answer == "normally") {
      out_ += "- api: {answers: normally}\n";
      return;
    }
    out_ += fmt::format("- api: {{answers: {}{}{}{}}}\n",
                        answer,
                        one_in(4) ? "" : ", to: statefulset-controller",
                        of(kWhich),
                        one_in(4) ? "" : fmt::format(", times: {}", number(1, 3)));
  }

  /// In the end all is well, so that the last rest is one.
  void heal() {
    if (!accidents_) {
      return;
    }
    out_ += "- api: {answers: normally}\n- nfs: {server: node2, becomes: up}\n";
    for (std::size_t i = 0; i < kActors; ++i) {
      out_ += fmt::format("- watch: {{of: {}, becomes: live}}\n", actor_at(i));
      if (i < kControllers) {
        out_ += fmt::format("- controller: {{name: {}, becomes: up}}\n", actor_at(i));
      }
    }
    for (int i = 1; i <= 3; ++i) {
      out_ += fmt::format("- node: {{name: node{}, becomes: up}}\n", i);
    }
  }

  void delete_something() {
    static constexpr std::array<std::string_view, 3> kCascades{
        "background", "foreground", "orphan"};
    switch (choices_.pick(6)) {
      case 0:
        kubectl(fmt::format("delete sts web --cascade={} --wait=false", of(kCascades)));
        apply(false);
        break;
      case 1:
        kubectl(fmt::format("delete pvc data-{} --wait=false", pod()));
        break;
      case 2:
        kubectl(fmt::format("delete pv pv{:02} --wait=false", number(0, 6)));
        break;
      case 3:
        kubectl(fmt::format("delete pod {} --force", pod()));
        break;
      case 4:
        kubectl("delete pods -l app=web --wait=false");
        break;
      default:
        kubectl(fmt::format("delete pod {} --wait=false", pod()));
    }
  }

  std::uint64_t seed_;
  test::Choices choices_;
  std::string out_;
  bool parallel_{};
  bool has_claims_{};
  bool gated_{};
  bool accidents_{};
  int start_{};
  int volumes_{};
};

}  // namespace

std::string scenario_text(std::uint64_t seed) {
  return Writer(seed).write();
}

}  // namespace stsim::soak
