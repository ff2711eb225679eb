// What real clusters printed, replayed from documents that the same recordings hold.

#include "kubectl/documents.hpp"
#include "support/catch.hpp"

#include <stsim/api/yaml.hpp>
#include <stsim/kubectl/describe.hpp>
#include <stsim/kubectl/rollout.hpp>
#include <stsim/kubectl/table.hpp>
#include <stsim/kubectl/yaml.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace stsim::kubectl {
namespace {

using api::Json;
using api::Kind;

// What a recording's kubectl steps printed, by command line; the first of several equal ones.
std::map<std::string, std::string> printed_in(const std::filesystem::path& file) {
  std::map<std::string, std::string> result;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    const Json record = Json::parse(line);
    const Json& step = record.at("step");
    if (step.is_object() && step.contains("kubectl") && record.contains("output")) {
      result.emplace(step.at("kubectl").get<std::string>(),
                     record.at("output").at("stdout").get<std::string>());
    }
  }
  return result;
}

std::filesystem::path recording(const std::string& release, const std::string& name) {
  return std::filesystem::path(STSIM_RECORDED) / release / (name + ".jsonl");
}

Json document(const std::string& yaml) {
  const api::Manifests manifests = api::read_manifests(yaml);
  REQUIRE(manifests.error.empty());
  REQUIRE(manifests.documents.size() == 1);
  return manifests.documents.front();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

// Where the columns of a table begin, from its header: columns are at least three spaces apart.
std::vector<std::size_t> column_starts(const std::string& header) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 3; i < header.size(); ++i) {
    if (header[i] != ' ' && header.compare(i - 3, 3, "   ") == 0) {
      starts.push_back(i);
    }
  }
  return starts;
}

std::vector<std::string> cells_of(const std::string& line, const std::vector<std::size_t>& starts) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : line.size();
    std::string cell = starts[i] < line.size() ? line.substr(starts[i], end - starts[i]) : "";
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
  }
  return cells;
}

TEST_CASE("KC-40: recorded tables are laid out alike") {
  std::size_t tables = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(STSIM_RECORDED)) {
    if (entry.path().extension() != ".jsonl") {
      continue;
    }
    for (const auto& [command, text] : printed_in(entry.path())) {
      const bool table = command.starts_with("get ") && text.starts_with("NAME") &&
                         command.find("custom-columns") == std::string::npos;
      if (!table) {
        continue;
      }
      INFO(entry.path() << ": " << command);
      std::string printed;
      Table block;
      std::vector<std::size_t> starts;
      std::vector<std::string> lines = lines_of(text);
      lines.emplace_back();
      for (const std::string& line : lines) {
        if (line.empty()) {
          printed += (printed.empty() ? "" : "\n") + to_text(block);
          block = {};
          ++tables;
        } else if (block.columns.empty()) {
          starts = column_starts(line);
          block.columns = cells_of(line, starts);
        } else {
          block.rows.push_back(cells_of(line, starts));
        }
      }
      CHECK(printed == text);
    }
  }
  CHECK(tables > 100);
}

TEST_CASE("VA-13: recorded YAML is written again as it was") {
  const auto release = GENERATE(as<std::string>(), "1.26", "1.34", "1.36");
  const auto name = GENERATE(as<std::string>(), "full-objects", "rich-template");
  if (!std::filesystem::exists(recording(release, name))) {
    return;
  }
  for (const auto& [command, text] : printed_in(recording(release, name))) {
    INFO(release << " " << name << ": " << command);
    if (command.ends_with("-o yaml")) {
      CHECK(to_yaml(document(text)) == text);
    } else if (command.ends_with("-o json")) {
      CHECK(to_indented_json(Json::parse(text)) == text);
      const auto yaml = printed_in(recording(release, name)).at("get sts web -o yaml");
      CHECK(to_yaml(Json::parse(text)) == yaml);
    }
  }
}

TEST_CASE("KC-52 to KC-54: recorded descriptions of pod, claim, volume and service") {
  const auto release = GENERATE(as<std::string>(), "1.26", "1.34", "1.36");
  const auto printed = printed_in(recording(release, "full-objects"));
  const Json pod = document(printed.at("get pod web-0 -o yaml"));
  const Json slice = parse(R"({"ports":[{"name":"http","port":80,"protocol":"TCP"}],
      "endpoints":[{"addresses":["10.244.0.10"],"conditions":{"ready":true}}]})");
  DescribeContext context;
  context.pods = {&pod};
  context.endpoint_slices = {&slice};
  CHECK(describe(Kind::Pod, pod, context) == printed.at("describe pod web-0"));
  CHECK(describe(Kind::PersistentVolumeClaim,
                 document(printed.at("get pvc data-web-0 -o yaml")),
                 context) == printed.at("describe pvc data-web-0"));
  CHECK(describe(Kind::PersistentVolume, document(printed.at("get pv pv001 -o yaml")), context) ==
        printed.at("describe pv pv001"));
  CHECK(describe(Kind::Service, document(printed.at("get svc web-svc -o yaml")), context) ==
        printed.at("describe svc web-svc"));
}

// The set of the recording after its image was changed.
Json rich_set(const std::map<std::string, std::string>& printed) {
  Json set = document(printed.at("get sts web -o yaml"));
  set["spec"]["template"]["spec"]["containers"][0]["image"] = "web:v2";
  return set;
}

TEST_CASE("KC-50: recorded description of a set with a rich template") {
  const auto printed = printed_in(recording("1.36", "rich-template"));
  const Json set = rich_set(printed);
  Json pod = {{"metadata", {{"name", "web-0"}, {"labels", {{"app", "web"}}}}},
              {"status", {{"phase", "Running"}}}};
  pod["metadata"]["ownerReferences"] = {{{"controller", true}, {"uid", set["metadata"]["uid"]}}};
  const auto event =
      [](const char* reason, const char* message, int count, const char* first, const char* last) {
        return Json{{"type", "Normal"},
                    {"reason", reason},
                    {"message", message},
                    {"count", count},
                    {"firstTimestamp", first},
                    {"lastTimestamp", last},
                    {"source", {{"component", "statefulset-controller"}}}};
      };
  const Json created = event("SuccessfulCreate",
                             "Create Pod web-0 in StatefulSet web successful",
                             2,
                             "2026-01-01T00:00:00Z",
                             "2026-01-01T00:00:04Z");
  const Json deleted = event("SuccessfulDelete",
                             "Delete Pod web-0 in StatefulSet web successful",
                             1,
                             "2026-01-01T00:00:03Z",
                             "2026-01-01T00:00:03Z");
  DescribeContext context;
  context.now = after(6);
  context.pods = {&pod};
  context.events = {&created, &deleted};
  CHECK(describe(Kind::StatefulSet, set, context) == printed.at("describe sts web"));
}

TEST_CASE("KC-17: recorded pod template of a revision") {
  const auto printed = printed_in(recording("1.36", "rich-template"));
  const Json set = rich_set(printed);
  const Json revision = {{"revision", 2},
                         {"data", {{"spec", {{"template", set["spec"]["template"]}}}}}};
  CHECK(rollout_history_of(set, {&revision}, 2).value() ==
        printed.at("rollout history sts/web --revision=2"));
}

}  // namespace
}  // namespace stsim::kubectl
