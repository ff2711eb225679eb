#pragma once
// Steps as lessons show them: as `stsim run` does, but with what comes of a command below it and no
// word of `settle`. Private to the module.

#include <stsim/lessons/lesson.hpp>
#include <stsim/scenario/runner.hpp>

#include <memory>
#include <optional>
#include <sstream>
#include <string>

namespace stsim::lessons {

/// How steps are shown.
struct ShownAs {
  bool quiet{};  ///< only commands and what they print
  bool color{};
  bool endpoints{};  ///< whether it tells what the endpoints controllers do
  std::size_t width{};
  Language language{};
};

/// What lessons say nothing of, so that the order of things can be seen: how nodes prepare pods and
/// where those are placed, counts of the status, the steps of a binding but the last, and endpoints
/// (those of the older API in any case).
[[nodiscard]] bool is_noise(const engine::TraceRecord& record, bool endpoints);

/// Writes down what happens.
class Shown : public scenario::RunObserver {
 public:
  explicit Shown(const ShownAs& as);

  void record(const engine::TraceRecord& record) override;
  void step_begins(const scenario::Step& step,
                   const std::string& prompt,
                   const world::World& world) override;
  void step_ends(const scenario::Step& step,
                 const scenario::StepResult& result,
                 const world::World& world) override;

  /// All that was written down so far, with what the last step led to; empties it.
  [[nodiscard]] std::string take();

 private:
  /// A step that has ended, and whose consequences are still coming.
  struct Held {
    const scenario::Step* step;
    scenario::StepResult result;
    const world::World* world;
  };
  void let_go();

  ShownAs as_;
  std::ostringstream text_;
  std::unique_ptr<scenario::RunObserver> console_;
  std::optional<Held> held_;
};

}  // namespace stsim::lessons
