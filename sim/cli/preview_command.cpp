// `stsim preview`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"

#include <stsim/experiment/preview.hpp>

#include <ostream>

namespace stsim::cli {

namespace {

class PreviewParser {
 public:
  PreviewParser()
      : arguments_("stsim preview",
                   "Says what would happen to a live cluster if manifests were applied: the order "
                   "of pods and the revision each ends at, how long it takes and how few pods are "
                   "available, what becomes of claims, and what gets stuck and why. The last -f is "
                   "the changed manifest; those before it are the cluster as it is, written by "
                   "kubectl get sts,pods,pvc,pv,svc,controllerrevisions,nodes -o yaml. Exits with "
                   "0 where all goes through, and with 1 where it does not.",
                   "a live cluster and a changed manifest"),
        variant_(arguments_) {
    arguments_.texts("-f,--filename",
                     files_,
                     "FILE",
                     "The cluster as it is; the last one: what is to be applied");
    arguments_.text("-n,--namespace",
                    namespace_,
                    "NS",
                    "Where what names no namespace belongs; usually that of the cluster's sets");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }

  /// What is to be run.
  Result<scenario::Scenario> scenario() const {
    if (files_.size() < 2) {
      return tl::unexpected(UserErrors{
          wrong("stsim preview needs two files", "stsim preview -f live.yaml -f new.yaml")});
    }
    auto variant = variant_.read();
    if (!variant) {
      return tl::unexpected(UserErrors{std::move(variant.error())});
    }
    return experiment::preview_of(
        {files_.begin(), files_.end() - 1}, {files_.back()}, namespace_, *variant);
  }

 private:
  std::vector<std::string> files_;
  std::string namespace_;
  Arguments arguments_;
  VariantOptions variant_;
};

}  // namespace

int preview_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(
      PreviewParser(), arguments, streams, [&streams](const PreviewParser& parser) {
        const auto scenario = parser.scenario();
        if (!scenario) {
          return refuse(streams, scenario.error());
        }
        const experiment::Outcome outcome = experiment::preview(*scenario);
        streams.out << outcome.text << std::flush;
        return outcome.complete && !outcome.refused && streams.out ? kExitOk : kExitFailed;
      });
}

std::string preview_help() {
  return PreviewParser().help();
}

}  // namespace stsim::cli
