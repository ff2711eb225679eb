// `stsim why`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"

#include <fmt/format.h>
#include <stsim/diagnosis/ask.hpp>

#include <memory>
#include <optional>
#include <ostream>
#include <span>

namespace stsim::cli {

namespace {

class WhyParser {
 public:
  WhyParser()
      : arguments_(
            "stsim why",
            "Says what an object waits for, as a chain that ends in something that somebody can do "
            "something about, and which commands would help: each was carried out on a copy of the "
            "cluster. `why FILE web-3` asks why it is not as it should be; `why not FILE web-3 "
            "ready` (created, ready, available, updated, bound, complete, gone) why it is not in a "
            "state; `why so long FILE [sts/web]` what a change waited for from its command to its "
            "end, with the share of each cause. Exits with 1 where an object is stuck.",
            "a scenario and an object"),
        variant_(arguments_) {
    arguments_.positionals("FILE OBJECT",
                           words_,
                           "The scenario, and the object: web-3, sts/web, pvc/data-web-0",
                           true);
    arguments_.text("-n,--namespace",
                    namespace_,
                    "NAME",
                    "The namespace of the object; usually the only one that has it, or default");
    arguments_.text("--at",
                    at_,
                    "TIME",
                    "The instant, counted from the beginning: 17s, 1m30s; usually the end");
  }

  std::string help() const { return arguments_.help(); }

  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    auto help = arguments_.parse(arguments);
    if (!words_.empty() && words_[0] == "so" && (words_.size() == 1 || words_[1] != "long")) {
      return tl::unexpected(wrong("stsim why so: what can be asked is why so long",
                                  "stsim why so long FILE [sts/web]"));
    }
    const bool is_not = words_.size() > 1 && words_[0] == "not";
    const bool is_so_long = words_.size() > 2 && words_[0] == "so" && words_[1] == "long";
    const std::ptrdiff_t place = is_not ? 1 : is_so_long ? 2 : 0;
    question = words_;
    if (!question.empty()) {
      file = question[static_cast<std::size_t>(place)];
      question.erase(question.begin() + place);
    }
    if (arguments_.given("--namespace")) {
      question.insert(question.end(), {"--namespace", namespace_});
    }
    return help;
  }

  /// The scenario as it is asked about.
  Result<std::shared_ptr<const scenario::Scenario>> scenario() const {
    auto variant = variant_.read();
    if (!variant) {
      return tl::unexpected(UserErrors{std::move(variant.error())});
    }
    auto loaded = load_one({file}, "why");
    if (!loaded) {
      return tl::unexpected(std::move(loaded.error()));
    }
    return std::make_shared<const scenario::Scenario>(
        experiment::varied(*std::move(loaded), *variant));
  }

  /// The instant that is asked about.
  Result<std::optional<SimTime>, UserError> at() const {
    if (!arguments_.given("--at")) {
      return std::optional<SimTime>();
    }
    return read_instant("--at", at_).map([](SimTime at) { return std::optional(at); });
  }

  std::string file;
  std::vector<std::string> question;  ///< as diagnosis::ask() takes it

 private:
  std::vector<std::string> words_;
  std::string namespace_;
  std::string at_;
  Arguments arguments_;
  VariantOptions variant_;
};

int carry_out(const WhyParser& parser, const Streams& streams) {
  const auto scenario = parser.scenario();
  if (!scenario) {
    return refuse(streams, scenario.error());
  }
  const auto at = parser.at();
  if (!at) {
    return refuse(streams, at.error());
  }
  const scenario::Session session = diagnosis::session_at(*scenario, *at);
  const auto told = diagnosis::ask(session, parser.question);
  if (!told) {
    return refuse(streams, told.error());
  }
  streams.out << told->text << std::flush;
  return told->stuck || !streams.out ? kExitFailed : kExitOk;
}

}  // namespace

int why_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(WhyParser(), arguments, streams, [&streams](const WhyParser& parser) {
    return carry_out(parser, streams);
  });
}

std::string why_help() {
  return WhyParser().help();
}

}  // namespace stsim::cli
