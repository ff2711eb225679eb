// `stsim shell`.
#include "cli/commands.hpp"
#include "cli/line_editor.hpp"
#include "cli/loading.hpp"

#include <fmt/format.h>
#include <stsim/base/layout.hpp>
#include <stsim/report/telling.hpp>
#include <stsim/scenario/load.hpp>
#include <stsim/shell/shell.hpp>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <istream>
#include <ostream>

namespace stsim::cli {

namespace {

class ShellParser {
 public:
  ShellParser()
      : arguments_("stsim shell",
                   "A cluster to play with: kubectl lines as usual, time that passes when you say "
                   "so, faults by name, a way back, and what was typed as a scenario. With a FILE "
                   "in its cluster, behind its steps. `help` lists what can be typed. Lines come "
                   "from a terminal or a pipe.",
                   ""),
        variant_(arguments_) {
    arguments_.positionals("FILE", files_, "A scenario to begin with", false);
    arguments_.text("--steps", steps_, "N", "Take only the first N of its steps");
    arguments_.text("--max-events", max_events_, "N", "How many simulation events there may be");
    arguments_.flag("-q,--quiet", quiet_, "Tell only what commands print: watch off");
    arguments_.flag(
        "--strict", strict_, "From a pipe: exit status 1 if a line was refused or wrong");
    arguments_.flag("--no-color", no_color_, "No colour on terminals either");
  }

  std::string help() const { return arguments_.help(); }
  Result<std::optional<std::string>, UserError> parse(std::span<const std::string> arguments) {
    return arguments_.parse(arguments);
  }

  [[nodiscard]] bool strict() const { return strict_; }

  Result<std::shared_ptr<const scenario::Scenario>> cluster() const {
    auto variant = variant_.read();
    if (!variant) {
      return tl::unexpected(UserErrors{std::move(variant.error())});
    }
    if (files_.size() > 1) {
      return tl::unexpected(UserErrors{wrong("stsim shell takes one scenario")});
    }
    auto loaded = files_.empty()
                      ? scenario::load_scenario_text("scenario: shell\nsteps: []\n", "", "")
                      : shell::load_cluster(files_.front());
    if (!loaded) {
      return tl::unexpected(std::move(loaded.error()));
    }
    return std::make_shared<const scenario::Scenario>(
        experiment::varied(*std::move(loaded), *variant));
  }

  Result<shell::ShellOptions, UserError> options() const {
    shell::ShellOptions out;
    out.color = wants_color(!no_color_);
    out.watch = !quiet_;
    if (arguments_.given("--steps")) {
      auto steps = read_number("--steps", steps_);
      if (!steps) {
        return tl::unexpected(std::move(steps.error()));
      }
      out.steps = *steps;
    }
    if (arguments_.given("--max-events")) {
      auto events = read_number("--max-events", max_events_, 1);
      if (!events) {
        return tl::unexpected(std::move(events.error()));
      }
      out.max_events = *events;
    }
    return out;
  }

 private:
  std::vector<std::string> files_;
  std::string steps_;
  std::string max_events_;
  bool quiet_{};
  bool strict_{};
  bool no_color_{};
  Arguments arguments_;
  VariantOptions variant_;
};

/// What Ctrl-C asks for. Handlers of signals reach nothing else.
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void interrupt(int /*signal*/) {
  interrupted = true;
}

/// What is wrong comes last: it is not to scroll away.
void say(const shell::Reply& reply, bool color, const Streams& streams) {
  streams.out << reply.out << std::flush;
  if (!reply.err.empty()) {
    std::string text = reply.err;
    if (text.ends_with('\n')) {
      text.pop_back();
    }
    streams.err << report::styled(report::Style::Bad, text, color) << "\n" << std::flush;
  }
}

/// A line as the output shows it: without what a terminal would take for something else.
std::string shown_line(std::string_view line) {
  std::string out;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr unsigned char kDelete = 0x7f;
    out += (byte < ' ' && c != '\t') || byte == kDelete ? fmt::format("\\x{:02x}", byte)
                                                        : std::string(1, c);
  }
  return out;
}

int from_pipe(shell::Shell& shell, bool strict, const Streams& streams) {
  bool failed = shell.beginning().exit != 0;
  std::string line;
  while (std::getline(std::cin, line)) {
    streams.out << "$ " << shown_line(line) << "\n";
    std::string text = line;
    while (shell::Shell::wants_more(text) && std::getline(std::cin, line)) {
      streams.out << "> " << shown_line(line) << "\n";
      text += "\n" + line;
    }
    const shell::Reply reply = shell.enter(text);
    say(reply, false, streams);
    failed = failed || reply.exit != 0;
    if (reply.quit) {
      break;
    }
  }
  if (!streams.out) {
    streams.err << "stsim: the output could not be written to its end\n";
    return kExitFailed;
  }
  return strict && failed ? kExitFailed : kExitOk;
}

int from_terminal(shell::Shell& shell, bool color, const Streams& streams) {
  const std::filesystem::path folder = state_folder();
  LineEditor editor([&shell](std::string_view text) { return shell.completions(text); },
                    folder.empty() ? folder : folder / "history");
  while (true) {
    auto typed = editor.read(shell.prompt());
    if (!typed) {
      streams.out << "\n";
      return kExitOk;
    }
    std::string text = typed->line;
    while (!typed->given_up && shell::Shell::wants_more(text)) {
      typed = editor.read("> ");
      if (!typed) {
        streams.out << "\n";
        break;
      }
      text += "\n" + typed->line;
    }
    if (typed && typed->given_up) {
      continue;
    }
    editor.remember(text);
    interrupted = false;
    const shell::Reply reply = shell.enter(text);
    say(reply, color, streams);
    if (reply.quit || !typed) {
      return kExitOk;
    }
  }
}

int play(const ShellParser& parser, const Streams& streams) {
  auto cluster = parser.cluster();
  if (!cluster) {
    return refuse(streams, cluster.error());
  }
  auto options = parser.options();
  if (!options) {
    return refuse(streams, options.error());
  }
  const bool typed = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  const bool color = options->color;
  options->hints = typed;
  if (typed) {
    options->width = terminal_width().value_or(options->width);
    struct sigaction action = {};
    action.sa_handler = interrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    options->interrupted = &interrupted;
    streams.out << report::styled(
                       report::Style::Dim,
                       folded(fmt::format("A cluster of Kubernetes {}, whose time stands still "
                                          "while you type. help says what can be typed{}.",
                                          to_string((*cluster)->kubernetes),
                                          (*cluster)->steps.empty()
                                              ? "; example makes a StatefulSet to begin with"
                                              : ""),
                              options->width,
                              0),
                       color)
                << "\n"
                << std::flush;
  }
  shell::Shell shell(*std::move(cluster), *std::move(options));
  say(shell.beginning(), color, streams);
  return typed ? from_terminal(shell, color, streams) : from_pipe(shell, parser.strict(), streams);
}

}  // namespace

int shell_command(std::span<const std::string> arguments, const Streams& streams) {
  return with_arguments(ShellParser(), arguments, streams, [&streams](const ShellParser& parser) {
    return play(parser, streams);
  });
}

std::string shell_help() {
  return ShellParser().help();
}

}  // namespace stsim::cli
