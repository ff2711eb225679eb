#pragma once
// The inside of a shell: moments, and what lines do with them. Private to the module.

#include "shell/typed_step.hpp"

#include <stsim/report/news.hpp>
#include <stsim/scenario/runner.hpp>
#include <stsim/shell/shell.hpp>
#include <stsim/world/world.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::shell {

/// Reply::exit of what was stopped in its middle.
inline constexpr int kStopped = 130;

/// What a session begins from.
struct Origin {
  std::shared_ptr<const scenario::Scenario> cluster;   ///< as it was given, with its own steps
  std::shared_ptr<const scenario::Scenario> scenario;  ///< the same with a clock that stands still
  api::Json head;                                      ///< ShellOptions::head
  std::shared_ptr<const world::Settings> settings;
};

/// A moment of a cluster, and how it came to it. A value.
struct Moment {
  std::shared_ptr<const Origin> origin;
  scenario::Session session;
  std::vector<std::string> comments;  ///< of Session::taken()
  /// The moment from which on single events were let happen, where this one is in the middle of an
  /// instant; the last step stands for them.
  std::shared_ptr<const Moment> stepping;
};

/// Something that can be undone.
struct Done {
  Moment before;
  std::string line;
  bool look{};  ///< it changed nothing
};

/// A line with its words.
struct Line {
  std::string text;
  std::vector<std::string> words;
};

/// Takes down what happens, up to a length at which nobody reads it any more.
class Listener : public scenario::RunObserver {
 public:
  /// `all`: also what is no news.
  Listener(report::News& news, bool color, bool all = false)
      : news_(news), color_(color), all_(all) {}
  /// What the options say is told.
  Listener(report::News& news, const ShellOptions& options)
      : news_(news), color_(options.color), tells_(options.tells) {}

  void record(const engine::TraceRecord& record) override;

  /// A line each.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool empty() const { return head_.empty(); }

 private:
  report::News& news_;
  bool color_;
  bool all_{};
  std::function<bool(const engine::TraceRecord& record)> tells_;
  std::vector<std::string> head_;
  std::deque<std::string> tail_;
  std::size_t left_out_{};
};

class State {
 public:
  State(std::shared_ptr<const scenario::Scenario> cluster, ShellOptions options);

  [[nodiscard]] const Reply& beginning() const { return beginning_; }
  [[nodiscard]] const Moment& now() const { return now_; }
  [[nodiscard]] const ShellOptions& options() const { return options_; }
  [[nodiscard]] const std::map<std::string, Moment, std::less<>>& forks() const { return forks_; }
  [[nodiscard]] std::filesystem::path typed_folder() const;

  /// Carries a line out; whatever goes wrong in it, the shell is where it was.
  Reply enter(std::string_view typed);

  // --- What commands do: each row of the table in commands.cpp is one of these.
  Reply run(const Line& line);
  Reply until(const Line& line);
  Reply step(const Line& line);
  Reply back(const Line& line);
  Reply fork(const Line& line);
  Reply switch_to(const Line& line);
  Reply diff(const Line& line);
  Reply why(const Line& line);
  Reply tell_now(const Line& line);
  Reply show(const Line& line);
  Reply example(const Line& line);
  Reply watch(const Line& line);
  Reply save(const Line& line);
  Reply load(const Line& line);
  Reply reset(const Line& line);
  Reply help(const Line& line);
  Reply quit(const Line& line);

 private:
  /// What became of one step.
  struct Outcome {
    Reply reply;
    bool keep{true};  ///< false: the moment before it counts
    bool goes_on{true};
  };
  /// How far time was let go on.
  enum class Stop : unsigned char { Done, Rest, Budget, Day, Asked, Broken };

  Reply carry_out(std::string_view typed);
  Reply enter_manifests(const std::string& command, const std::string& body);
  Reply kubectl(const Line& line);
  /// What is known of a verb, asked for by --help.
  [[nodiscard]] Reply help_of_verb(const Line& line);
  /// Takes steps one after the other, as one line.
  Reply take(const std::vector<StepPtr>& steps, const Line& line, const std::string& comment = "");
  Reply take_document(api::Json document, const Line& line);
  Reply pass_time(SimDuration length, const Line& line, const std::string& comment);

  /// A step of a line, and what a file says above it.
  struct Entered {
    StepPtr step;
    const std::string& typed;
    std::string comment;
  };
  Outcome take_one(Moment& moment, const Entered& entered, Listener& told);
  Outcome interrupted(Moment& moment, const Moment& before, const Entered& entered, Listener& told);
  Reply reply_of(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const Moment& before,
                 const Moment& after) const;
  /// The step before which single events were let happen, and what is left of their instant.
  void finish_instant(Moment& moment, scenario::RunObserver& told) const;
  /// A step of no length, behind which time is let go on by hand; then it gets its length.
  void begin_passing(Moment& moment, const std::string& comment, Listener& told) const;
  /// Gives the step its length. Where a guarantee was broken meanwhile, or something is expected
  /// over time, the way is gone once more: only the end of a step tells of it.
  Outcome end_passing(Moment& moment, const Moment& before, SimTime begun) const;

  Moment first_moment(const std::shared_ptr<const Origin>& origin);
  std::shared_ptr<const Origin> origin_of(std::shared_ptr<const scenario::Scenario> cluster,
                                          api::Json head) const;
  /// Begins anew, with the cluster's own steps.
  Reply begin(const std::shared_ptr<const Origin>& origin, std::optional<std::size_t> steps);
  /// The same, undone as one line.
  Reply anew(const std::shared_ptr<const Origin>& origin,
             std::optional<std::size_t> steps,
             const Line& line);
  void commit(Moment next, const Line& line, bool look);
  /// What is said where nothing can be done any more.
  [[nodiscard]] std::optional<Reply> stuck() const;
  [[nodiscard]] bool asked() const;
  [[nodiscard]] std::string dim(std::string_view text) const;
  /// Lines folded to the width, behind the first two blanks further in; where there are commands
  /// among them, those stay as they are, so that they can be copied.
  [[nodiscard]] std::string fitted(std::string_view text, bool commands = false) const;
  [[nodiscard]] std::string happened(const Listener& told) const;
  [[nodiscard]] bool can_be_pulled(const std::string& image) const;
  [[nodiscard]] std::string hint();
  [[nodiscard]] Reply unknown(const Line& line) const;

  ShellOptions options_;
  std::shared_ptr<const Origin> origin_;
  report::News news_;
  Moment now_;
  std::vector<Done> past_;
  std::map<std::string, Moment, std::less<>> forks_;
  bool watch_{true};
  bool hinted_of_time_{};
  bool hinted_of_images_{};
  Reply beginning_;
};

/// A command of the shell's own.
struct CommandRow {
  std::string_view name;
  std::string_view usage;
  std::string_view help;
  Reply (State::*carry_out)(const Line& line);
};
[[nodiscard]] std::span<const CommandRow> command_rows();

/// Something that is not done: `error: …`, with what to do about it.
[[nodiscard]] Reply refused(std::string_view message, std::string_view hint = "");
[[nodiscard]] Reply refused(const LineError& error);

/// What is behind a `<<EOF` at the end of a line.
struct HereDocument {
  std::string command;  ///< without it
  std::string body;     ///< up to the line that ends it
  bool complete{};
};
/// Errors: nothing where there is none.
[[nodiscard]] std::optional<HereDocument> here_document(std::string_view text);

/// What the last word before a cursor may become.
[[nodiscard]] std::vector<std::string> completions_of(const State& state, std::string_view text);

}  // namespace stsim::shell
