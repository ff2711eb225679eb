// Steps are taken, and time is let go on.
#include "shell/condition.hpp"
#include "shell/moments.hpp"
#include "shell/state.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/base/layout.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/retelling.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace stsim::shell {

namespace {

using scenario::Step;
using scenario::StepResult;

/// The longest pause that the scenario language knows.
constexpr SimDuration kLongestAdvance = std::chrono::hours{24 * 365 * 10};
/// Longer than this in all, no file could hold the session.
constexpr SimDuration kEndOfTime = std::chrono::hours{24 * 365 * 99};
/// How many events `until` lets happen before it asks to be told again.
constexpr std::uint64_t kBudget = 5'000'000;
constexpr SimDuration kDay = std::chrono::hours{24};

/// A step that lets time pass. Pre: no longer than kLongestAdvance.
StepPtr pause_of(SimDuration length) {
  Step step;
  step.source = {{"advance", to_go_string(length)}};
  step.action = scenario::AdvanceStep{length};
  return std::make_shared<const Step>(std::move(step));
}

StepPtr settle_step() {
  Step step;
  step.source = {{"settle", api::Json::object()}};
  step.action = scenario::SettleStep{};
  return std::make_shared<const Step>(std::move(step));
}

/// Whether a step only looks, and has taken no time.
bool is_look(const Step& step, const Moment& before, const Moment& after) {
  if (before.session.world().now != after.session.world().now) {
    return false;
  }
  if (std::holds_alternative<scenario::ExpectStep>(step.action) ||
      std::holds_alternative<scenario::HistoryStep>(step.action)) {
    return true;
  }
  const auto* line = std::get_if<scenario::KubectlStep>(&step.action);
  if (line == nullptr) {
    return false;
  }
  constexpr std::array<std::string_view, 4> kLooks{"describe", "events", "explain", "get"};
  const std::string& verb = line->words.front();
  return std::ranges::find(kLooks, std::string_view(verb)) != kLooks.end() ||
         (verb == "rollout" && line->words.size() > 1 && line->words[1] == "history");
}

/// Whether a command line does nothing but wait.
bool only_waits(const scenario::KubectlStep& step) {
  const std::string& verb = step.words.front();
  return verb == "wait" || verb == "get" || verb == "events" ||
         (verb == "rollout" && step.words.size() > 1 && step.words[1] == "status");
}

std::string with_line_end(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) {
    text += '\n';
  }
  return text;
}

/// The step that does the same and does not wait; nothing where there is none.
StepPtr without_waiting(const Step& step, const std::filesystem::path& folder) {
  api::Json document = step.source;
  if (const auto* line = std::get_if<scenario::KubectlStep>(&step.action)) {
    if (line->words.front() != "delete") {
      return nullptr;
    }
    document["kubectl"] = document["kubectl"].get<std::string>() + " --wait=false";
  } else if (const auto* deletion = std::get_if<scenario::DeleteStep>(&step.action)) {
    if (deletion->cascade == scenario::Cascade::Ordered) {
      return nullptr;
    }
    document["delete"]["wait"] = false;
  } else {
    return nullptr;
  }
  auto out = step_of(document, folder);
  return out ? *out : nullptr;
}

}  // namespace

void Listener::record(const engine::TraceRecord& record) {
  using Type = engine::TraceRecord::Type;
  const bool news = news_.tell(record);
  const bool user = record.type == Type::Step || record.type == Type::Start;
  if ((!news && (!all_ || user)) || (tells_ && !tells_(record))) {
    return;
  }
  constexpr std::size_t kHead = 200;
  constexpr std::size_t kTail = 800;
  engine::TraceRecord shown = record;
  if (record.type == Type::Sync && record.text.empty()) {
    shown.text = "is looked at";
  }
  std::string line = report::telling(shown, color_);
  if (head_.size() < kHead) {
    head_.push_back(std::move(line));
    return;
  }
  tail_.push_back(std::move(line));
  if (tail_.size() > kTail) {
    tail_.pop_front();
    ++left_out_;
  }
}

std::string Listener::text() const {
  std::string out;
  for (const std::string& line : head_) {
    out += line + "\n";
  }
  if (left_out_ > 0) {
    out += fmt::format("  … {} more …\n", left_out_);
  }
  for (const std::string& line : tail_) {
    out += line + "\n";
  }
  return out;
}

std::string State::dim(std::string_view text) const {
  return report::styled(report::Style::Dim, folded(text, options_.width, 0), options_.color) + "\n";
}

std::string State::fitted(std::string_view text, bool commands) const {
  std::string out;
  bool document = false;  // behind a <<EOF
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string_view words = trimmed(line);
    const bool begins = words.starts_with("kubectl ") && words.ends_with("<<EOF");
    const bool stays = commands && (document || words.starts_with("kubectl "));
    document = (document || begins) && words != "EOF";
    const std::size_t blanks = std::min(line.find_first_not_of(' '), line.size());
    out += stays ? std::string(line) : folded(line, options_.width, blanks + 2);
    out += "\n";
  }
  return out;
}

std::string State::happened(const Listener& told) const {
  return watch_ ? report::fit(told.text(), options_.width) : "";
}

bool State::asked() const {
  return options_.interrupted != nullptr && *options_.interrupted;
}

std::optional<Reply> State::stuck() const {
  const scenario::RunSummary& summary = now_.session.summary();
  if (now_.session.goes_on()) {
    return std::nullopt;
  }
  if (!summary.broken.empty()) {
    return refused("a guarantee is broken: nothing more can be done here",
                   "back undoes what broke it");
  }
  if (summary.cut_short) {
    return refused("the session has taken as many events as it may: nothing more can be done here",
                   "back undoes the last line; --max-events allows more");
  }
  return refused("an expectation over time has failed: nothing more can be done here",
                 "back undoes what it failed by");
}

bool State::can_be_pulled(const std::string& image) const {
  const world::World& world = now_.session.world();
  const auto pulled = [](const node::Behaviour& behaviour) {
    return behaviour.never != node::Never::Pull;
  };
  if (const node::BehaviourNow* now = world.nodes.images_now.find(image)) {
    return pulled(now->behaviour);
  }
  const auto said = world.settings->timing.images.find(image);
  return said == world.settings->timing.images.end() || pulled(said->second);
}

std::string State::hint() {
  if (!options_.hints) {
    return "";
  }
  std::string out;
  if (!hinted_of_time_ && !world::at_rest(now_.session.world())) {
    hinted_of_time_ = true;
    out += dim(
        "(time stands still while you type: run lets everything happen, step a single thing, run "
        "30s and until web-0 ready as much as they say)");
  }
  const std::set<std::string> known = images_of(past_.back().before.session.world());
  for (const std::string& image : images_of(now_.session.world())) {
    if (!hinted_of_images_ && !known.empty() && !known.contains(image) && can_be_pulled(image)) {
      hinted_of_images_ = true;
      out +=
          dim(fmt::format("(every image can be pulled here, whatever its name: image {} becomes "
                          "unpullable makes it one that cannot)",
                          image));
    }
  }
  return out;
}

void State::commit(Moment next, const Line& line, bool look) {
  past_.push_back({std::move(now_), line.text, look});
  now_ = std::move(next);
}

void State::finish_instant(Moment& moment, scenario::RunObserver& told) const {
  if (!moment.stepping) {
    return;
  }
  moment.session.stop_at({});
  moment.session.pass(moment.session.world().now, told);
  if (moment.origin->scenario->kubelet == scenario::KubeletMode::Stepped) {
    moment.session.rest(told);
  }
  moment.stepping.reset();
}

void State::begin_passing(Moment& moment, const std::string& comment, Listener& told) const {
  moment.session.stop_at({});
  moment.session.take(pause_of({}), told);
  moment.comments.push_back(comment);
}

State::Outcome State::end_passing(Moment& moment, const Moment& before, SimTime begun) const {
  const StepPtr pause = pause_of(moment.session.world().now - begun);
  moment.session.call_last(pause);
  Outcome out;
  const auto& taken = moment.session.taken();
  const bool expecting = std::ranges::any_of(taken, [](const StepPtr& step) {
    return std::holds_alternative<scenario::TimedExpectStep>(step->action);
  });
  if (!moment.session.world().spent && !expecting) {
    return out;
  }
  scenario::Unobserved nobody;
  Moment again = before;
  again.session.stop_at({});
  const StepResult result = again.session.take(pause, nobody);
  again.comments.push_back(moment.comments.back());
  if (!again.session.goes_on()) {
    out.reply = reply_of(*pause, result, before, again);
    out.reply.err += "back undoes it\n";
    out.goes_on = false;
    moment = std::move(again);
  }
  return out;
}

Reply State::reply_of(const Step& step,
                      const StepResult& result,
                      const Moment& before,
                      const Moment& after) const {
  Reply out;
  if (result.output) {
    out.out = with_line_end(result.output->out);
    out.err = with_line_end(result.output->err);
    out.exit = result.output->exit == 0 ? 0 : 1;
  }
  for (const std::string& note : result.notes) {
    out.out += dim("  " + note);
  }
  if (!result.error.empty()) {
    out.err += with_line_end(after.session.goes_on() ? "no effect: " + result.error : result.error);
    out.exit = 1;
  }
  if (!result.differences.empty()) {
    out.err += std::holds_alternative<scenario::ExpectStep>(step.action)
                   ? "the expectation does not hold:\n"
                   : "an expectation over time does not hold:\n";
    for (const std::string& difference : result.differences) {
      out.err += fmt::format("  {}\n", difference);
    }
    out.exit = 1;
  }
  const auto& known = before.session.summary().others;
  for (const auto& [source, repeated] : after.session.summary().others) {
    if (options_.hopes && !known.contains(source)) {
      out.out += dim(report::telling(source, repeated));
    }
  }
  return out;
}

State::Outcome State::take_one(Moment& moment, const Entered& entered, Listener& told) {
  const Moment before = moment;
  moment.session.stop_at({SimTime::max(), options_.interrupted});
  const StepResult result = moment.session.take(entered.step, told);
  if (moment.session.stopped()) {
    return interrupted(moment, before, entered, told);
  }
  moment.session.stop_at({});
  moment.comments.push_back(entered.comment);
  Outcome out;
  out.reply = reply_of(*entered.step, result, before, moment);
  out.goes_on = moment.session.goes_on();
  out.keep = out.goes_on || !std::holds_alternative<scenario::ExpectStep>(entered.step->action);
  if (!out.goes_on) {
    out.reply.err +=
        out.keep ? "back undoes it\n" : "the session goes on as if it had not been asked\n";
  }
  return out;
}

State::Outcome State::interrupted(Moment& moment,
                                  const Moment& before,
                                  const Entered& entered,
                                  Listener& told) {
  const SimTime begun = before.session.world().now;
  const SimTime stopped_at = moment.session.world().now;
  Outcome out;
  out.goes_on = false;
  out.reply.exit = kStopped;
  out.reply.err = fmt::format("stopped at {}\n", report::clock(stopped_at));
  const std::string comment = fmt::format("{}, stopped", entered.typed);
  const bool began = moment.session.taken().size() > before.session.taken().size();
  if (began && scenario::passes_time(*entered.step)) {
    // The cluster is as if so much time had been asked for.
    moment.session.stop_at({});
    moment.session.pass(stopped_at, told);
    moment.comments.push_back(comment);
    const Outcome end = end_passing(moment, before, begun);
    out.reply.out += end.reply.out;
    out.reply.err += end.reply.err;
    return out;
  }
  // Somebody waits no more. What was asked for goes on; what comes of it is found on a way that a
  // file can hold: the same without waiting, then so much time.
  const auto* line = std::get_if<scenario::KubectlStep>(&entered.step->action);
  const StepPtr first =
      began ? without_waiting(*entered.step, moment.origin->scenario->folder) : StepPtr();
  if (began && !first && (line == nullptr || !only_waits(*line))) {
    out.keep = false;
    out.reply.err += "nothing of this line has happened\n";
    return out;
  }
  scenario::Unobserved nobody;
  moment = before;
  moment.session.stop_at({});
  if (first) {
    moment.session.take(first, nobody);
    moment.comments.push_back(comment);
  }
  const SimDuration rest = std::max(stopped_at - moment.session.world().now, SimDuration{});
  if (!first || rest > SimDuration{}) {
    moment.session.take(pause_of(rest), nobody);
    moment.comments.push_back(first ? "" : comment);
  }
  return out;
}

Reply State::take(const std::vector<StepPtr>& steps, const Line& line, const std::string& comment) {
  if (auto reply = stuck()) {
    return *std::move(reply);
  }
  Moment next = now_;
  Listener told(news_, options_);
  finish_instant(next, told);
  Reply reply;
  bool look = true;
  for (const StepPtr& step : steps) {
    const Moment before = next;
    const bool first = step == steps.front();
    const Outcome one = take_one(next, {step, line.text, first ? comment : ""}, told);
    reply.out += one.reply.out;
    reply.err += one.reply.err;
    reply.exit = std::max(reply.exit, one.reply.exit);
    if (!one.keep) {
      next = before;
      break;
    }
    look = look && is_look(*step, before, next);
    if (!one.goes_on) {
      break;
    }
  }
  const bool to_rest = options_.rests && !look && !asked() && next.session.goes_on() &&
                       !scenario::passes_time(*next.session.taken().back()) &&
                       !world::at_rest(next.session.world());
  if (to_rest) {
    const Outcome rest = take_one(next, {settle_step(), line.text, ""}, told);
    reply.err += rest.reply.err;
    reply.out += rest.reply.out;
    reply.exit = std::max(reply.exit, rest.reply.exit);
  }
  reply.out += happened(told);
  const bool moved = next.session.taken().size() != now_.session.taken().size();
  if (moved) {
    const bool passes = scenario::passes_time(*steps.front());
    if (passes && next.session.world().events == now_.session.world().events) {
      reply.out += dim("nothing happens");
    }
    commit(std::move(next), line, look);
    if (!look && !passes && reply.exit == 0) {
      reply.out += hint();
    }
  }
  return reply;
}

Reply State::pass_time(SimDuration length, const Line& line, const std::string& comment) {
  if (now_.session.world().now - kStartOfTime + length > kEndOfTime) {
    return refused("a session cannot go on for more than 99 years", "");
  }
  std::vector<StepPtr> steps;
  do {
    const SimDuration part = std::min(length, kLongestAdvance);
    steps.push_back(pause_of(part));
    length -= part;
  } while (length > SimDuration{});
  return take(steps, line, comment);
}

Reply State::run(const Line& line) {
  std::vector<std::string> words(line.words.begin() + 1, line.words.end());
  std::erase(words, "for");
  if (words.empty() && line.words.front() != "advance") {
    return take({settle_step()}, line);
  }
  const auto length = words.size() == 1 ? parse_duration(words[0]) : std::nullopt;
  if (!length || *length < SimDuration{}) {
    const bool number = words.size() == 1 && std::ranges::all_of(words[0], is_digit);
    return refused(fmt::format("{} must be a length of time, not \"{}\"",
                               line.words.front(),
                               shown(words.empty() ? "" : words[0])),
                   number ? fmt::format("with its unit: {}s", shown(words[0]))
                          : "for instance 500ms, 30s, 1m30s or 2h; alone it goes on until nothing "
                            "new is left to happen");
  }
  return pass_time(*length, line, "");
}

Reply State::until(const Line& line) {
  std::vector<std::string> words(line.words.begin() + 1, line.words.end());
  if (words.size() == 1) {
    const std::string_view text = std::string_view(words[0]).substr(words[0].starts_with('+'));
    if (const auto time = parse_duration(text)) {
      const SimDuration left = kStartOfTime + *time - now_.session.world().now;
      return left < SimDuration{}
                 ? refused(fmt::format("it is {} already", report::clock(now_.session.world().now)),
                           "back undoes what was typed last; run 30s lets so much time pass")
                 : pass_time(left, line, line.text);
    }
  }
  const auto condition = condition_of(words);
  if (!condition) {
    return refused(condition.error());
  }
  if (auto reply = stuck()) {
    return *std::move(reply);
  }
  Moment next = now_;
  Listener told(news_, options_);
  finish_instant(next, told);
  const scenario::Session& session = next.session;
  const world::World& world = session.world();
  const Release release = world.settings->features.release;
  const auto holds = [&] { return condition->holds(world.store.find(condition->of), release); };
  if (holds()) {
    return {dim(fmt::format("{} already", condition->in_words)), "", 0, false};
  }
  const Moment before = next;
  const SimTime begun = world.now;
  const std::uint64_t last_event = world.events + kBudget;
  begin_passing(next, line.text, told);
  Stop stop = Stop::Done;
  world::RestWatch rest(world);
  for (std::uint64_t changes = world.changes;;) {
    // What happens at one instant belongs together.
    const bool ended = world.queue.empty() || world.queue.next().time > world.now;
    if (ended && changes != world.changes) {
      changes = world.changes;
      if (holds()) {
        break;
      }
    }
    stop = asked()                                  ? Stop::Asked
           : rest.at_rest()                         ? Stop::Rest
           : world.events >= last_event             ? Stop::Budget
           : world.queue.next().time > begun + kDay ? Stop::Day
                                                    : Stop::Done;
    if (stop != Stop::Done) {
      break;
    }
    if (!next.session.take_event(told)) {
      stop = Stop::Broken;
      break;
    }
  }
  next.session.pass(world.now, told);
  Outcome end = end_passing(next, before, begun);
  Reply reply = std::move(end.reply);
  reply.out += happened(told);
  const std::string standing = standing_of(condition->of, next.session.world());
  const auto unfinished = [&](std::string_view why) {
    reply.err += fmt::format("{}; {}\n", why, standing);
    reply.exit = 1;
  };
  switch (stop) {
    case Stop::Done:
      reply.out += dim(fmt::format("{}", condition->in_words));
      break;
    case Stop::Rest:
      unfinished(rest_in_words(next.session.world()));
      break;
    case Stop::Budget:
      unfinished(fmt::format("{} events have happened (type it again to go on)", kBudget));
      break;
    case Stop::Day:
      unfinished("nothing of it within a day (type it again to go on)");
      break;
    case Stop::Asked:
      reply.err += fmt::format("stopped at {}\n", report::clock(next.session.world().now));
      reply.exit = kStopped;
      break;
    case Stop::Broken:
      break;  // the end of the step has told of it
  }
  commit(std::move(next), line, false);
  return reply;
}

Reply State::step(const Line& line) {
  constexpr std::int64_t kMost = 1'000'000;
  std::int64_t count = 1;
  if (line.words.size() > 1) {
    const std::string& word = line.words[1];
    const bool number = line.words.size() == 2 && !word.empty() && word.size() <= 7 &&
                        std::ranges::all_of(word, is_digit);
    count = number ? std::stoll(word) : 0;
    if (count < 1 || count > kMost) {
      return refused("step takes how many simulation events shall happen, 1 to 1000000",
                     "for a length of time: run 30s");
    }
  }
  if (auto reply = stuck()) {
    return *std::move(reply);
  }
  Moment next = now_;
  Listener told(news_, options_.color, true);
  const world::World& world = next.session.world();
  if (world::at_rest(world)) {
    return {dim(rest_in_words(world) + " (run 30s lets time pass)"), "", 0, false};
  }
  // Several lines may step through one pause: what counts is the moment before the first.
  if (!next.stepping) {
    next.stepping = std::make_shared<const Moment>(now_);
    begin_passing(next, "step by step", told);
  }
  const std::shared_ptr<const Moment> before = next.stepping;
  const std::uint64_t first = world.events;
  bool stopped = false;
  for (std::int64_t i = 0; i < count; ++i) {
    stopped = asked();
    if (stopped || !next.session.take_event(told)) {
      break;
    }
  }
  Reply reply = end_passing(next, *before, before->session.world().now).reply;
  const std::uint64_t happened_now = next.session.world().events - first;
  reply.out += told.empty() ? dim(fmt::format("{}: {} {}, and nothing to tell",
                                              report::clock(next.session.world().now),
                                              happened_now,
                                              happened_now == 1 ? "event" : "events"))
                            : report::fit(told.text(), options_.width);
  if (stopped) {
    reply.err += fmt::format("stopped at {}\n", report::clock(next.session.world().now));
    reply.exit = kStopped;
  }
  commit(std::move(next), line, false);
  return reply;
}

}  // namespace stsim::shell
