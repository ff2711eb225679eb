#include "support/catch.hpp"

#include <stsim/api/kinds.hpp>
#include <stsim/kubectl/explain.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>

using namespace stsim;
using kubectl::explain;

namespace {

constexpr Release kNewest{36};

std::string text(std::string_view path, bool recursive = false, Release release = kNewest) {
  const auto result = explain(path, release, recursive);
  REQUIRE(result);
  return *result;
}

std::string error(std::string_view path) {
  const auto result = explain(path, kNewest, false);
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("KC-60: a field without fields of its own") {
  CHECK(text("sts.spec.updateStrategy.rollingUpdate.partition") ==
        "GROUP:      apps\n"
        "KIND:       StatefulSet\n"
        "VERSION:    v1\n"
        "\n"
        "FIELD: partition <integer>\n"
        "\n"
        "\n"
        "DESCRIPTION:\n"
        "    Lowest ordinal that is updated: pods with a smaller one keep the old\n"
        "    revision, even when they are created anew. 0 updates all, replicas or more\n"
        "    updates none.\n"
        "    \n"
        "\n");
}

TEST_CASE("KC-60: values of a field stand one on a line, and in a list of fields on one line") {
  CHECK(text("sts.spec.updateStrategy") ==
        "GROUP:      apps\n"
        "KIND:       StatefulSet\n"
        "VERSION:    v1\n"
        "\n"
        "FIELD: updateStrategy <StatefulSetUpdateStrategy>\n"
        "\n"
        "\n"
        "DESCRIPTION:\n"
        "    How pods get a changed template.\n"
        "    Whether pods are replaced by themselves after a change of the template, and\n"
        "    which of them.\n"
        "    \n"
        "FIELDS:\n"
        "  rollingUpdate\t<RollingUpdateStatefulSetStrategy>\n"
        "    Settings of RollingUpdate.\n"
        "\n"
        "  type\t<string>\n"
        "  enum: OnDelete, RollingUpdate\n"
        "    RollingUpdate replaces pods by itself, from the highest ordinal down.\n"
        "    OnDelete waits for somebody to delete a pod and creates it anew from the\n"
        "    changed template. RollingUpdate if left out.\n"
        "\n"
        "\n");
  const std::string type = text("sts.spec.podManagementPolicy");
  CHECK(type.find("FIELD: podManagementPolicy <string>\n"
                  "ENUM:\n"
                  "    OrderedReady\n"
                  "    Parallel\n"
                  "\n"
                  "DESCRIPTION:\n") != std::string::npos);
}

TEST_CASE("KC-60: a list of values is cut after four, and an empty value is shown") {
  const std::string source = text("pod.spec.volumes.hostPath");
  CHECK(source.find("  enum: \"\", BlockDevice, CharDevice, Directory, ....\n") !=
        std::string::npos);
}

TEST_CASE("KC-60: a kind, with the core group left out") {
  const std::string pod = text("po");
  CHECK(pod.starts_with("KIND:       Pod\nVERSION:    v1\n\nDESCRIPTION:\n    "));
  CHECK(pod.find("FIELDS:\n  apiVersion\t<string>\n    ") != std::string::npos);
  CHECK(pod.find("\n\n  metadata\t<ObjectMeta>\n") != std::string::npos);
  CHECK(text("sts").starts_with("GROUP:      apps\nKIND:       StatefulSet\nVERSION:    v1\n\n"));
}

TEST_CASE("KC-60: no description is wider than 80") {
  for (const std::string_view path :
       {"sts.spec", "pod.spec", "pod.spec.containers", "pvc.spec", "pv.spec", "svc.spec"}) {
    std::istringstream lines(text(path));
    for (std::string line; std::getline(lines, line);) {
      INFO(path << ": " << line);
      CHECK((line.size() <= 80 || line.find("\t<") != std::string::npos));
    }
  }
}

TEST_CASE("KC-60: recursively, two spaces a level and no descriptions") {
  const std::string set = text("sts", true);
  CHECK(set.find("\n  spec\t<StatefulSetSpec>\n"
                 "    minReadySeconds\t<integer>\n"
                 "    ordinals\t<StatefulSetOrdinals>\n"
                 "      start\t<integer>\n"
                 "    persistentVolumeClaimRetentionPolicy\t"
                 "<StatefulSetPersistentVolumeClaimRetentionPolicy>\n"
                 "      whenDeleted\t<string>\n"
                 "      whenScaled\t<string>\n"
                 "    podManagementPolicy\t<string>\n"
                 "    enum: OrderedReady, Parallel\n"
                 "    replicas\t<integer>\n") != std::string::npos);
  CHECK(set.find("\n    volumeClaimTemplates\t<[]PersistentVolumeClaim>\n"
                 "      apiVersion\t<string>\n") != std::string::npos);
  CHECK(set.ends_with("    updatedReplicas\t<integer>\n\n"));
}

TEST_CASE("KC-61: types") {
  const std::string spec = text("sts.spec");
  CHECK(spec.find("  selector\t<LabelSelector> -required-\n") != std::string::npos);
  CHECK(spec.find("  template\t<PodTemplateSpec> -required-\n") != std::string::npos);
  CHECK(spec.find("  volumeClaimTemplates\t<[]PersistentVolumeClaim>\n") != std::string::npos);
  CHECK(spec.find("  serviceName\t<string>\n") != std::string::npos);
  CHECK(text("sts.metadata").find("  labels\t<map[string]string>\n") != std::string::npos);
  CHECK(text("sts.metadata").find("  creationTimestamp\t<string>\n") != std::string::npos);
  CHECK(text("pv.spec").find("  capacity\t<map[string]Quantity>\n") != std::string::npos);
  CHECK(text("sts.spec.updateStrategy.rollingUpdate").find("  maxUnavailable\t<IntOrString>\n") !=
        std::string::npos);
  CHECK(text("ep.subsets").find("  ports\t<[]EndpointPort>\n") != std::string::npos);
}

TEST_CASE("KC-61: a path leads through lists, and the description is that of field and type") {
  const std::string containers = text("pod.spec.containers");
  CHECK(containers.find("FIELD: containers <[]Container>\n") != std::string::npos);
  CHECK(containers.find("    The containers, at least one. None can be added or removed later.\n"
                        "    One program of a pod, run from an image.\n"
                        "    \n"
                        "FIELDS:\n"
                        "  args\t<[]string>\n") != std::string::npos);
  CHECK(text("pod.spec.containers.ports.containerPort").find("FIELD: containerPort <integer>\n") !=
        std::string::npos);
  CHECK(text("pv.spec.capacity").find("FIELDS:") == std::string::npos);
}

TEST_CASE("KC-62: fields of an older release") {
  CHECK(text("sts.spec", false, Release{32}).find("  serviceName\t<string> -required-\n") !=
        std::string::npos);
  CHECK(text("sts.spec", false, Release{25}).find("ordinals") == std::string::npos);
  CHECK(text("pvc.spec", false, Release{28}).find("  resources\t<ResourceRequirements>\n") !=
        std::string::npos);
}

TEST_CASE("KC-1: words for a kind, and the group after the full name only") {
  const std::string spec = text("sts.spec");
  CHECK(text("statefulset.spec") == spec);
  CHECK(text("StatefulSet.spec") == spec);
  CHECK(text("statefulsets.apps.spec") == spec);
  CHECK(text("sts.spec.") == spec);
  CHECK(text("statefulsets.apps") == text("sts"));
  CHECK(error("sts.apps.spec") == "error: field \"spec\" does not exist");
}

TEST_CASE("KC-61: what does not exist") {
  CHECK(error("sts.foo") == "error: field \"foo\" does not exist");
  CHECK(error("sts.spec.foo.bar") == "error: field \"bar\" does not exist");
  CHECK(error("sts.spec.replicas.bar") == "error: field \"bar\" does not exist");
  CHECK(error("sts.spec.Replicas") == "error: field \"Replicas\" does not exist");
  CHECK(error("foo") == "error: the server doesn't have a resource type \"foo\"");
  CHECK(error("foo.spec") == "error: the server doesn't have a resource type \"foo\"");
  CHECK(error("pod.spec.containers[0]") ==
        "error: invalid jsonpath syntax, first node must be field node");
}

TEST_CASE("every kind can be explained, recursively too") {
  for (const api::KindInfo& kind : api::kinds()) {
    INFO(kind.name);
    CHECK(explain(kind.plural, kNewest, false));
    CHECK(explain(kind.plural, kNewest, true));
  }
}
