// The shell's own commands.
#include "shell/moments.hpp"
#include "shell/saving.hpp"
#include "shell/state.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>
#include <stsim/base/layout.hpp>
#include <stsim/diagnosis/ask.hpp>
#include <stsim/experiment/account.hpp>
#include <stsim/experiment/shrink.hpp>
#include <stsim/kubectl/commands.hpp>
#include <stsim/kubectl/yaml.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/world/rest.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>
#include <utility>

namespace stsim::shell {

namespace {

constexpr std::array kRows{
    CommandRow{"run",
               "run [30s]",
               "let so much time pass; alone until nothing new is left to happen",
               &State::run},
    CommandRow{"until",
               "until OBJECT STATE | TIME",
               "let time pass until web-2 ready (created, running, terminating, gone, …), sts web "
               "complete, pvc data-web-0 bound, or it is 1m30s",
               &State::until},
    CommandRow{"step",
               "step [N]",
               "let N simulation events happen, and tell of all that is in them; before the next "
               "line that is no step the rest of their instant happens, too",
               &State::step},
    CommandRow{"back", "back [N]", "undo the last N lines that did something", &State::back},
    CommandRow{"fork",
               "fork [NAME]",
               "keep this moment under a name; alone list those that are kept",
               &State::fork},
    CommandRow{"switch", "switch NAME", "go to a moment that was kept", &State::switch_to},
    CommandRow{"diff",
               "diff [NAME]",
               "what differs from a moment that was kept, or from before the last line that did "
               "something",
               &State::diff},
    CommandRow{
        "why",
        "why OBJECT",
        "what an object waits for and what would help; also why not OBJECT STATE, and why so "
        "long [SET]",
        &State::why},
    CommandRow{"now", "now", "what time it is, and when something happens next", &State::tell_now},
    CommandRow{"show", "show", "how sets, pods, claims and volumes stand", &State::show},
    CommandRow{"example",
               "example",
               "make a Service and a StatefulSet web of three pods, to begin with",
               &State::example},
    CommandRow{"watch", "watch on|off", "whether what happens is told", &State::watch},
    CommandRow{"save",
               "save FILE [--force]",
               "write what was typed as a scenario, which stsim run replays to the same",
               &State::save},
    CommandRow{"load", "load FILE", "begin anew with a scenario and its steps", &State::load},
    CommandRow{
        "reset", "reset", "begin anew with the cluster and steps of the beginning", &State::reset},
    CommandRow{"help", "help [COMMAND]", "say what can be typed", &State::help},
    CommandRow{"quit", "quit", "leave; also exit, or the end of the input", &State::quit},
    CommandRow{"exit", "", "", &State::quit},
    CommandRow{"settle", "", "", &State::run},
    CommandRow{"advance", "", "", &State::run},
};

/// A step of a file, at the time at which `stsim run` takes it.
StepPtr timed(const scenario::Step& step, SimTime turn) {
  scenario::Step out = step;
  const SimDuration at = std::max(turn - kStartOfTime, step.at.value_or(SimDuration{}));
  out.at = at;
  out.source["at"] = to_go_string(at);
  return std::make_shared<const scenario::Step>(std::move(out));
}

std::string plural(std::size_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

}  // namespace

std::span<const CommandRow> command_rows() {
  return kRows;
}

State::State(std::shared_ptr<const scenario::Scenario> cluster, ShellOptions options)
    : options_(std::move(options)),
      origin_(origin_of(std::move(cluster), options_.head)),
      now_(first_moment(origin_)),
      watch_(options_.watch) {
  beginning_ = begin(origin_, options_.steps);
  if (!options_.undoes_steps) {
    past_.clear();
  }
}

std::shared_ptr<const Origin> State::origin_of(std::shared_ptr<const scenario::Scenario> cluster,
                                               api::Json head) const {
  scenario::Scenario still = *cluster;
  still.steps.clear();
  still.pause = {};
  Origin out{std::move(cluster),
             std::make_shared<const scenario::Scenario>(std::move(still)),
             std::move(head),
             {}};
  auto settings = std::make_shared<world::Settings>(*scenario::settings_of(*out.scenario));
  settings->most_events = options_.max_events.value_or(settings->most_events);
  out.settings = std::move(settings);
  return std::make_shared<const Origin>(std::move(out));
}

Moment State::first_moment(const std::shared_ptr<const Origin>& origin) {
  news_ = report::News();
  Listener told(news_, options_.color);
  return {origin, scenario::Session(origin->scenario, origin->settings, told), {}, nullptr};
}

Reply State::begin(const std::shared_ptr<const Origin>& origin, std::optional<std::size_t> steps) {
  now_ = first_moment(origin);
  const bool hints = std::exchange(options_.hints, false);
  const bool rests = std::exchange(options_.rests, false);
  Reply reply;
  const auto& all = origin->cluster->steps;
  const std::size_t count = std::min(steps.value_or(all.size()), all.size());
  for (std::size_t i = 0; i < count; ++i) {
    const scenario::Step& step = all[i];
    const bool waits = i > 0 && scenario::takes_time(step);
    const StepPtr taken = waits ? timed(step, now_.session.world().now + origin->cluster->pause)
                                : std::make_shared<const scenario::Step>(step);
    const std::string prompt = scenario::prompt_of(*taken);
    const Reply one = take({taken}, {prompt, {}});
    reply.out += report::styled(report::Style::Prompt, "$ " + prompt, options_.color) + "\n";
    reply.out += one.err + one.out;
    if (!now_.session.goes_on() || one.exit > 1 ||
        (one.exit == 1 && std::holds_alternative<scenario::ExpectStep>(step.action))) {
      const std::size_t left = count - i - 1;
      reply.exit = one.exit;
      reply.err = left == 0 ? ""
                            : fmt::format("{} of the scenario {} not taken\n",
                                          plural(left, "more step"),
                                          left == 1 ? "is" : "are");
      break;
    }
  }
  options_.hints = hints;
  options_.rests = rests;
  return reply;
}

Reply State::back(const Line& line) {
  std::size_t count = 1;
  if (line.words.size() > 1) {
    const std::string& word = line.words[1];
    const bool number = line.words.size() == 2 && !word.empty() && word.size() <= 6 &&
                        std::ranges::all_of(word, is_digit);
    count = number ? std::stoull(word) : 0;
    if (count == 0) {
      return refused("back takes how many lines shall be undone", "back 2");
    }
  }
  Reply reply;
  std::size_t undone = 0;
  std::optional<Moment> to;
  while (undone < count && !past_.empty()) {
    Done& last = past_.back();
    // Looks have changed nothing: with them alone, nobody would see that something was undone.
    undone += last.look ? 0 : 1;
    if (!last.look) {
      reply.out += fmt::format("undone: {}\n", shown(last.line));
    }
    to = std::move(last.before);
    past_.pop_back();
  }
  if (!to) {
    return refused("this is the beginning: there is nothing to undo");
  }
  now_ = *std::move(to);
  news_ = report::News();
  if (undone < count) {
    reply.out += "this is the beginning\n";
    reply.exit = undone == 0 || line.words.size() > 1 ? 1 : 0;
  }
  return reply;
}

Reply State::fork(const Line& line) {
  if (line.words.size() > 2) {
    return refused("fork takes one name");
  }
  if (line.words.size() == 1) {
    Reply reply;
    for (const auto& [name, moment] : forks_) {
      reply.out += fmt::format("{:<16} {:>12}  {}\n",
                               name,
                               report::clock(moment.session.world().now),
                               plural(moment.session.taken().size(), "step"));
    }
    if (forks_.empty()) {
      reply.out = "no moment is kept yet: fork NAME keeps this one\n";
    }
    return reply;
  }
  const std::string& name = line.words[1];
  const bool good = std::ranges::all_of(
      name, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
  if (!good || name.empty()) {
    return refused("a name of a moment has letters, digits, dashes and dots only");
  }
  const bool known = forks_.contains(name);
  forks_.insert_or_assign(name, now_);
  return {fmt::format("{} is {}{}\n",
                      name,
                      report::clock(now_.session.world().now),
                      known ? ", and no more what it was" : ""),
          "",
          0,
          false};
}

Reply State::switch_to(const Line& line) {
  const auto found = line.words.size() == 2 ? forks_.find(line.words[1]) : forks_.end();
  if (found == forks_.end()) {
    std::vector<std::string_view> names;
    for (const auto& [name, moment] : forks_) {
      names.push_back(name);
    }
    const std::string word = line.words.size() == 2 ? line.words[1] : "";
    return refused(line.words.size() == 2
                       ? fmt::format("no moment is kept under the name \"{}\"", shown(word))
                       : std::string("switch takes the name of a moment"),
                   names.empty() ? "fork NAME keeps one" : suggestion(word, names));
  }
  commit(found->second, line, false);
  news_ = report::News();
  return {};
}

Reply State::diff(const Line& line) {
  if (line.words.size() > 2) {
    return refused("diff takes the name of one moment", "kubectl diff is not simulated");
  }
  const Moment* from = nullptr;
  std::string name;
  if (line.words.size() == 2) {
    const auto found = forks_.find(line.words[1]);
    if (found == forks_.end()) {
      return refused(fmt::format("no moment is kept under the name \"{}\"", shown(line.words[1])),
                     "fork lists those that are");
    }
    from = &found->second;
    name = found->first;
  } else {
    const auto last =
        std::find_if(past_.rbegin(), past_.rend(), [](const Done& done) { return !done.look; });
    if (last == past_.rend()) {
      return refused("nothing has been done yet that something could differ by",
                     "diff NAME compares with a moment that fork NAME has kept");
    }
    from = &last->before;
    name = fmt::format("before {}", shown(last->line));
  }
  return {fitted(moments_difference(from->session.world(), name, now_.session.world(), "here")),
          "",
          0,
          false};
}

Reply State::why(const Line& line) {
  if (auto reply = stuck()) {
    return *std::move(reply);
  }
  Moment whole = now_;
  report::News unheard;
  Listener told(unheard, false);
  finish_instant(whole, told);
  whole.session.stop_at({SimTime::max(), options_.interrupted});
  const std::span<const std::string> words(line.words);
  const auto answer = diagnosis::ask(whole.session, words.subspan(1));
  if (!answer) {
    return refused(answer.error().message, answer.error().hint);
  }
  Reply reply;
  if (asked()) {
    reply.err = "stopped: not everything was tried\n";
    reply.exit = kStopped;
  }
  reply.out = fitted(options_.tell_why ? options_.tell_why(*answer) : answer->text, true);
  return reply;
}

Reply State::tell_now(const Line&) {
  const world::World& world = now_.session.world();
  return {fmt::format("{} ({}), {} taken; {}\n",
                      report::clock(world.now),
                      to_rfc3339(world.now),
                      plural(now_.session.taken().size(), "step"),
                      world::at_rest(world)
                          ? rest_in_words(world)
                          : fmt::format("next is {}", report::clock(world.queue.next().time))),
          "",
          0,
          false};
}

Reply State::show(const Line& line) {
  if (line.words.size() == 2 && (line.words[1] == "on" || line.words[1] == "off")) {
    return watch(line);
  }
  if (line.words.size() > 1) {
    return refused("show takes no words", "kubectl get and describe show what they name");
  }
  Reply reply;
  for (const experiment::Standing& standing : experiment::standings(now_.session.world())) {
    reply.out += standing.line + "\n";
  }
  if (reply.out.empty()) {
    reply.out = "there are no sets, pods, claims and volumes\n";
  }
  reply.out = fitted(reply.out);
  return reply;
}

Reply State::example(const Line& line) {
  if (line.words.size() > 1) {
    return refused("example takes no words");
  }
  const api::Json labels = {{"app", "web"}};
  const api::Json service = {{"apiVersion", "v1"},
                             {"kind", "Service"},
                             {"metadata", {{"name", "web"}}},
                             {"spec",
                              {{"clusterIP", "None"},
                               {"selector", labels},
                               {"ports", {{{"name", "http"}, {"port", 80}}}}}}};
  const api::Json container = {{"name", "web"}, {"image", "nginx:1.27"}};
  const api::Json set = {
      {"apiVersion", "apps/v1"},
      {"kind", "StatefulSet"},
      {"metadata", {{"name", "web"}}},
      {"spec",
       {{"serviceName", "web"},
        {"replicas", 3},
        {"selector", {{"matchLabels", labels}}},
        {"template",
         {{"metadata", {{"labels", labels}}}, {"spec", {{"containers", {container}}}}}}}}};
  Reply out = take_document({{"apply", {service, set}}}, line);
  const auto shown = [this](const api::Json& manifest) {
    std::string yaml = kubectl::to_yaml(manifest);
    yaml.pop_back();
    return report::styled(report::Style::Dim, yaml, options_.color) + "\n";
  };
  out.out = shown(service) + "---\n" + shown(set) + out.out;
  return out;
}

Reply State::watch(const Line& line) {
  if (line.words.size() == 2 && (line.words[1] == "on" || line.words[1] == "off")) {
    watch_ = line.words[1] == "on";
  } else if (line.words.size() > 1) {
    return refused(fmt::format("watch is on or off, not \"{}\"", shown(line.words[1])),
                   "of an actor: watch of statefulset-controller becomes late by 30s");
  }
  return {fmt::format("what happens is {}told\n", watch_ ? "" : "not "), "", 0, false};
}

Reply State::save(const Line& line) {
  std::vector<std::string> words(line.words.begin() + 1, line.words.end());
  const bool force = std::erase(words, "--force") > 0;
  if (words.size() != 1 || words[0].empty()) {
    return refused("save takes the name of a file", "save scenario.yaml");
  }
  const std::filesystem::path file = typed_folder() / words[0];
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    return refused(fmt::format("{} is a folder", shown(words[0])), "name a file in it");
  }
  if (std::filesystem::exists(file, error) && !force) {
    return refused(fmt::format("{} is there already", shown(words[0])),
                   "save FILE --force writes over it");
  }
  const std::filesystem::path folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
    return refused(fmt::format("there is no folder {}", shown(folder.string())),
                   "make it first, or choose another place");
  }
  const scenario::Scenario& cluster = *now_.origin->cluster;
  Saving saving;
  saving.name = file.stem().string();
  saving.cluster = &cluster;
  saving.head = now_.origin->head;
  saving.steps_folder = now_.origin->scenario->folder;
  saving.head_folder = saving.steps_folder;
  saving.folder = folder;
  if (saving.head.is_null() && std::filesystem::exists(cluster.file, error)) {
    auto document = experiment::document_of(cluster.file);
    if (!document) {
      return refused(fmt::format("{} is no scenario any more", cluster.file.string()),
                     document.error().front().message);
    }
    saving.head = *std::move(document);
    saving.head_folder = cluster.file.parent_path();
  }
  for (std::size_t i = 0; i < now_.session.taken().size(); ++i) {
    saving.steps.push_back({now_.session.taken()[i], now_.comments[i]});
  }
  const std::string text = scenario_text(saving);
  std::ofstream stream(file, std::ios::binary);
  stream << text << std::flush;
  if (!stream) {
    return refused(fmt::format("{} could not be written", shown(words[0])), "choose another place");
  }
  stream.close();
  const auto again = scenario::load_scenario(file);
  if (!again) {
    return refused(fmt::format(
        "{} is written, but cannot be run: {}", shown(words[0]), again.error().front().message));
  }
  return {fmt::format("{} is written: {}\n", shown(words[0]), plural(saving.steps.size(), "step")),
          "",
          0,
          false};
}

Reply State::load(const Line& line) {
  if (line.words.size() != 2) {
    return refused("load takes the name of a scenario", "load scenario.yaml");
  }
  auto loaded = load_cluster(typed_folder() / line.words[1], typed_folder());
  if (!loaded) {
    Reply reply;
    reply.err = to_string(loaded.error());
    reply.exit = 1;
    return reply;
  }
  return anew(origin_of(std::make_shared<const scenario::Scenario>(*std::move(loaded)), {}),
              std::nullopt,
              line);
}

Reply State::reset(const Line& line) {
  if (line.words.size() > 1) {
    return refused("reset takes no words");
  }
  return anew(origin_, options_.steps, line);
}

Reply State::anew(const std::shared_ptr<const Origin>& origin,
                  std::optional<std::size_t> steps,
                  const Line& line) {
  // Its steps are not undone one by one, but the line as a whole.
  Moment before = now_;
  std::vector<Done> past = std::move(past_);
  past_.clear();
  Reply reply = begin(origin, steps);
  past_ = std::move(past);
  past_.push_back({std::move(before), line.text, false});
  return reply;
}

Reply State::help(const Line& line) {
  Reply reply;
  if (line.words.size() > 1) {
    const std::string& word = line.words[1];
    std::vector<std::string_view> names;
    for (const CommandRow& row : kRows) {
      names.push_back(row.name);
      if (row.name == word && !row.usage.empty()) {
        reply.out += fmt::format("{}\n  {}\n", row.usage, row.help);
      }
    }
    for (const WordForm& form : word_forms()) {
      names.push_back(form.key);
      if (form.key == word) {
        reply.out += fmt::format("{}\n  {}\n", form.usage, form.help);
      }
    }
    if (reply.out.empty() && (word == "kubectl" || kubectl::is_command(word))) {
      reply.out = "kubectl is as usual, with or without its name; it knows:\n ";
      for (const std::string& verb : kubectl::verb_names()) {
        reply.out += " " + verb + ",";
      }
      reply.out.back() = '\n';
    }
    return reply.out.empty() ? refused(fmt::format("there is no command \"{}\"", shown(word)),
                                       suggestion(word, names))
                             : reply;
  }
  constexpr std::size_t kHelpBegins = 32;
  const auto add = [this, &reply](std::string_view usage, std::string_view help) {
    reply.out +=
        folded(
            fmt::format("  {:<{}}{}", usage, kHelpBegins - 2, help), options_.width, kHelpBegins) +
        "\n";
  };
  reply.out =
      fitted("What kubectl knows, with or without its name; `apply -f - <<EOF` takes lines. And:");
  for (const CommandRow& row : kRows) {
    if (!row.usage.empty()) {
      add(row.usage, row.help);
    }
  }
  reply.out += "What goes wrong, and other steps of scenarios:\n";
  for (const WordForm& form : word_forms()) {
    const bool wide = form.usage.size() > 28;
    add(form.usage, wide ? "" : form.help);
    if (wide) {
      reply.out.erase(reply.out.find_last_not_of(" \n") + 1);
      reply.out += "\n";
      add("", form.help);
    }
  }
  add("expect: {pods: …}", "any step as a scenario has it, on one line");
  return reply;
}

Reply State::quit(const Line&) {
  return {"", "", 0, true};
}

}  // namespace stsim::shell
