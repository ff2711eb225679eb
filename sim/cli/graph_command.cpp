// `stsim graph`.
#include "cli/commands.hpp"
#include "cli/graphviz.hpp"
#include "cli/pictures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/report/graph.hpp>
#include <stsim/scenario/runner.hpp>

#include <algorithm>
#include <array>
#include <ostream>
#include <set>

namespace stsim::cli {

namespace {

constexpr std::array<std::string_view, 4> kKinds{"owners", "bindings", "causes", "rollout"};
constexpr std::array<std::string_view, 3> kEndings{".dot", ".svg", ".mmd"};

/// What is to be drawn.
struct GraphRequest {
  std::string kind;
  std::filesystem::path output;  ///< empty: the standard output
  report::Instant at;
  std::string object;           ///< of `causes`: as given
  std::optional<api::Kind> of;  ///< the kind in it
};

class GraphParser {
 public:
  GraphParser()
      : arguments_(
            "stsim graph",
            "Draws a run as a graph. owners: who owns whom. bindings: pods, claims, volumes, "
            "servers and nodes. causes: what led to the state of an object. rollout: in "
            "which order pods came to a revision, and what each waited for.",
            "a scenario"),
        variant_(arguments_) {
    arguments_.positionals("FILE", files, "The scenario", true);
    arguments_.text("--kind", kind_, "owners|bindings|causes|rollout", "What is drawn");
    arguments_.text("-o,--output",
                    output_,
                    "FILE",
                    "Where it is written: X.dot (Graphviz), X.mmd (Mermaid), X.svg (a picture, "
                    "drawn by Graphviz' dot); without it to standard output, as X.dot");
    arguments_.text("--at", at_, "TIME", "As it was then, from the beginning on: 17s, 1m30s");
    arguments_.text("--object",
                    object_,
                    "KIND/NAME",
                    "Of causes: whose state, such as pod/web-3; usually the pod that the story "
                    "ended with");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }
  const VariantOptions& variant() const { return variant_; }

  Result<GraphRequest, UserError> request() const {
    GraphRequest out;
    out.kind = kind_;
    out.output = output_;
    out.object = object_;
    if (!arguments_.given("--kind")) {
      return tl::unexpected(
          wrong("stsim graph needs a --kind", "one of owners, bindings, causes, rollout"));
    }
    if (std::ranges::find(kKinds, std::string_view(kind_)) == kKinds.end()) {
      return tl::unexpected(wrong(fmt::format("--kind: unknown kind of graph \"{}\"", kind_),
                                  suggestion(kind_, kKinds)));
    }
    const std::string ending = out.output.extension().string();
    if (!output_.empty() &&
        std::ranges::find(kEndings, std::string_view(ending)) == kEndings.end()) {
      return tl::unexpected(
          wrong(fmt::format("-o: \"{}\" does not say in which language to write", output_),
                "it ends with .dot, .svg or .mmd"));
    }
    if (arguments_.given("--at")) {
      auto at = read_instant("--at", at_);
      if (!at) {
        return tl::unexpected(std::move(at.error()));
      }
      out.at = *at;
    }
    if (arguments_.given("--object")) {
      if (kind_ != "causes") {
        return tl::unexpected(
            wrong("--object: only the graph of causes is about one object", "--kind causes"));
      }
      const std::size_t slash = object_.find('/');
      out.of = api::find_kind(object_.substr(0, slash));
      if (slash == std::string::npos || slash + 1 == object_.size() || !out.of) {
        return tl::unexpected(wrong(fmt::format("--object: \"{}\" is no kind with a name", object_),
                                    "for instance pod/web-0 or sts/web"));
      }
    }
    return out;
  }

  std::vector<std::string> files;

 private:
  std::string kind_;
  std::string output_;
  std::string at_;
  std::string object_;
  Arguments arguments_;
  VariantOptions variant_;
};

/// The object that was named, of all that a run tells of.
Result<api::ObjectKey, UserError> find_object(const scenario::RunLog& log,
                                              const GraphRequest& request) {
  const std::string name = request.object.substr(request.object.find('/') + 1);
  std::set<std::string, std::less<>> names;
  for (const engine::TraceRecord& record : log.records()) {
    if (record.type != engine::TraceRecord::Type::Call || record.object.kind != *request.of) {
      continue;
    }
    if (record.object.name == name) {
      return record.object;
    }
    names.emplace(record.object.name);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string near = closest(name, known);
  return tl::unexpected(
      wrong(fmt::format("--object: there was never a {} \"{}\" in this run",
                        api::info(*request.of).singular,
                        name),
            !near.empty()   ? did_you_mean(near)
            : known.empty() ? fmt::format("there was no {} at all", api::info(*request.of).singular)
                            : "possible: " + fmt::format("{}", fmt::join(known, ", "))));
}

Result<report::Graph, UserError> graph_of(const scenario::RunLog& log,
                                          const GraphRequest& request) {
  if (request.kind == "owners") {
    return report::owners_graph(log, request.at);
  }
  if (request.kind == "bindings") {
    return report::bindings_graph(log, request.at);
  }
  if (request.kind == "rollout") {
    return report::rollout_graph(log, request.at);
  }
  if (request.of) {
    auto object = find_object(log, request);
    if (!object) {
      return tl::unexpected(std::move(object.error()));
    }
    return report::causes_graph(log, *object, request.at);
  }
  if (const auto object = report::last_changed(log, request.at)) {
    return report::causes_graph(log, *object, request.at);
  }
  report::Graph nothing;
  nothing.title = "Nothing was changed";
  return nothing;
}

int write_svg(const Streams& streams,
              const std::filesystem::path& dot,
              const std::string& graph,
              const std::filesystem::path& output) {
  if (!draw_svg(dot, graph, output)) {
    streams.err << fmt::format("{}: {} could not draw it\n", output.string(), dot.string());
    return kExitFailed;
  }
  streams.out << fmt::format("{}: written\n", output.string());
  return kExitOk;
}

}  // namespace

int graph_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(GraphParser(), arguments, streams, [&streams](const GraphParser& parser) {
    const auto request = parser.request();
    if (!request) {
      return refuse(streams, request.error());
    }
    const std::string ending = request->output.extension().string();
    std::optional<std::filesystem::path> dot;
    if (ending == ".svg") {
      dot = find_program("dot");
      if (!dot) {
        return refuse(streams,
                      wrong("-o: a picture needs Graphviz' program dot, which is not installed",
                            "install the package graphviz, or write X.dot or X.mmd"));
      }
    }
    const auto scenario =
        load_for_picture(parser.files, "graph", parser.variant(), request->output);
    if (!scenario) {
      return refuse(streams, scenario.error());
    }
    scenario::RunLog log;
    static_cast<void>(scenario::run(*scenario, log));
    const auto graph = graph_of(log, *request);
    if (!graph) {
      return refuse(streams, graph.error());
    }
    const int written =
        dot ? write_svg(streams, *dot, report::to_dot(*graph), request->output)
            : write_picture(streams,
                            request->output,
                            ending == ".mmd" ? report::to_mermaid(*graph) : report::to_dot(*graph));
    return written == kExitOk ? exit_status_of(streams, log) : written;
  });
}

std::string graph_help() {
  return GraphParser().help();
}

}  // namespace stsim::cli
