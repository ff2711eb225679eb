#pragma once
// An interactive cluster without its terminal: lines as they are typed, and what comes of each.
// Nothing but lines moves it, so that the same lines lead to the same.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>
#include <stsim/diagnosis/why.hpp>
#include <stsim/engine/trace.hpp>
#include <stsim/scenario/scenario.hpp>
#include <stsim/scenario/session.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::shell {

/// What came of a line.
struct Reply {
  std::string out;
  std::string err;
  int exit{};   ///< 0: done; 1: refused, wrong or without effect; 130: stopped in its middle
  bool quit{};  ///< the user wants to leave
};

/// What a shell can be told beside its cluster.
struct ShellOptions {
  bool color{};
  bool watch{true};  ///< whether what happens is told behind each line
  /// Which of what happens is told, of what is news; usually all.
  std::function<bool(const engine::TraceRecord& record)> tells{};
  /// Whether the cluster comes to rest behind what is done to it; `back` undoes both.
  bool rests{};
  /// Whether `back` also undoes the scenario's own steps.
  bool undoes_steps{true};
  bool hopes{true};  ///< whether it is told when a hope is broken
  bool hints{};      ///< whether somebody new is told, once each, what is good to know
  /// How an answer of `why` is put into words; usually as it is.
  std::function<std::string(const diagnosis::Answer& answer)> tell_why{};
  /// Columns that lines of the shell's own are folded to; what commands print stays as it is.
  std::size_t width{std::numeric_limits<std::size_t>::max()};
  /// Where paths that are typed begin; usually the scenario's folder.
  std::optional<std::filesystem::path> folder{};
  /// How many of the scenario's own steps are taken at first; usually all.
  std::optional<std::size_t> steps{};
  std::optional<std::uint64_t> max_events{};  ///< Settings::most_events
  /// Once true, whatever goes on stops where it is. It has to outlive the shell; who sets it sets
  /// it back before the next line.
  const std::atomic<bool>* interrupted{};
  /// The cluster as a document, for `save`; usually read from the scenario's file.
  api::Json head{};
};

/// What a shell keeps; private to the module.
class State;

/// A cluster that stands still until a line is entered. Each line that does something starts from
/// the moment where the one before has left it; moments can be gone back to, kept and compared.
class Shell {
 public:
  /// Takes the scenario's own steps, too. What that said: beginning().
  Shell(std::shared_ptr<const scenario::Scenario> cluster, ShellOptions options);
  Shell(Shell&& other) noexcept;
  Shell& operator=(Shell&& other) noexcept;
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;
  ~Shell();

  /// What came of the scenario's own steps.
  [[nodiscard]] const Reply& beginning() const;

  /// Carries a line out. Manifests may follow it: `apply -f - <<EOF`, lines, `EOF`. Whatever
  /// stands there, the shell goes on; after what cannot be carried out it is where it was.
  Reply enter(std::string_view line);

  /// The cluster as it is now, and what was done to it.
  [[nodiscard]] const scenario::Session& session() const;

  /// `stsim +17.006s> `.
  [[nodiscard]] std::string prompt() const;

  /// What the last word before the cursor may become, in order; each in full, as it would stand in
  /// its place.
  [[nodiscard]] std::vector<std::string> completions(std::string_view up_to_cursor) const;

  /// Whether a text is the beginning of a line only: its manifests, the end of a quotation or what
  /// a backslash at its end announces are still to come.
  [[nodiscard]] static bool wants_more(std::string_view text);

 private:
  std::unique_ptr<State> state_;
};

/// A scenario to play with, its steps' paths relative to `folder` and not to its own. Errors: those
/// of loading it.
[[nodiscard]] Result<scenario::Scenario> load_cluster(const std::filesystem::path& file,
                                                      const std::filesystem::path& folder = {});

}  // namespace stsim::shell
