// `stsim why`.
#include "cli/commands.hpp"
#include "cli/loading.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/diagnosis/so_long.hpp>
#include <stsim/diagnosis/why.hpp>

#include <memory>
#include <optional>
#include <ostream>
#include <span>

namespace stsim::cli {

namespace {

/// What is asked.
enum class Question : unsigned char { Why, WhyNot, WhySoLong };

/// Takes the words of the question off those behind `why`.
Question take_question(std::span<const std::string>& words) {
  if (words.size() > 1 && words[0] == "not") {
    words = words.subspan(1);
    return Question::WhyNot;
  }
  if (words.size() > 1 && words[0] == "so" && words[1] == "long") {
    words = words.subspan(2);
    return Question::WhySoLong;
  }
  return Question::Why;
}

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
    arguments_.text("--at",
                    at_,
                    "TIME",
                    "The instant, counted from the beginning: 17s, 1m30s; usually the end");
  }

  std::string help() const { return arguments_.help(); }

  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    auto help = arguments_.parse(arguments);
    std::span<const std::string> left = words_;
    question = take_question(left);
    if (!left.empty()) {
      file = left.front();
      object.assign(left.begin() + 1, left.end());
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
    const auto length = parse_duration(at_.starts_with('+') ? at_.substr(1) : at_);
    if (!length || *length < SimDuration{}) {
      return tl::unexpected(
          wrong(fmt::format("--at: \"{}\" is no time", at_), "for instance --at 1m30s"));
    }
    return kStartOfTime + *length;
  }

  Question question{Question::Why};
  std::string file;
  std::vector<std::string> object;  ///< and the state, with WhyNot

 private:
  std::vector<std::string> words_;
  std::string at_;
  Arguments arguments_;
  VariantOptions variant_;
};

std::string states_in_words(api::Kind kind) {
  std::vector<std::string_view> words;
  for (const diagnosis::State state : diagnosis::states_of(kind)) {
    words.push_back(diagnosis::to_string(state));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

/// The answer about an object of a cluster as it stands.
Result<diagnosis::Answer, UserError> answer(Question question,
                                            std::vector<std::string> words,
                                            const scenario::Session& session) {
  std::string state_word;
  if (question == Question::WhyNot) {
    if (words.size() < 2) {
      return tl::unexpected(
          wrong("why not: an object and a state are needed", "stsim why not FILE web-3 ready"));
    }
    state_word = words.back();
    words.pop_back();
  }
  const auto object = diagnosis::find_object(session.world(), words);
  if (!object) {
    return tl::unexpected(wrong(object.error()));
  }
  if (question == Question::Why) {
    return diagnosis::why(session, *object);
  }
  const auto state = diagnosis::parse_state(state_word, object->kind);
  if (!state) {
    return tl::unexpected(wrong(
        fmt::format("\"{}\" is no state of a {}", state_word, api::info(object->kind).singular),
        "one of " + states_in_words(object->kind)));
  }
  return diagnosis::why_not(session, *object, *state);
}

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
  if (parser.question == Question::WhySoLong) {
    const auto told = diagnosis::why_so_long(session, parser.object);
    if (!told) {
      return refuse(streams, wrong(told.error()));
    }
    streams.out << *told << std::flush;
    return streams.out ? kExitOk : kExitFailed;
  }
  const auto told = answer(parser.question, parser.object, session);
  if (!told) {
    return refuse(streams, told.error());
  }
  streams.out << told->text << std::flush;
  return told->stuck || !streams.out ? kExitFailed : kExitOk;
}

}  // namespace

Result<std::string, UserError> answer_why(const scenario::Session& session,
                                          std::span<const std::string> words) {
  const Question question = take_question(words);
  const std::vector<std::string> object(words.begin(), words.end());
  if (question == Question::WhySoLong) {
    auto told = diagnosis::why_so_long(session, object);
    return told ? Result<std::string, UserError>(*std::move(told))
                : tl::unexpected(wrong(told.error()));
  }
  auto told = answer(question, object, session);
  if (!told) {
    return tl::unexpected(std::move(told.error()));
  }
  return std::move(told->text);
}

int why_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(WhyParser(), arguments, streams, [&streams](const WhyParser& parser) {
    return carry_out(parser, streams);
  });
}

std::string why_help() {
  return WhyParser().help();
}

}  // namespace stsim::cli
