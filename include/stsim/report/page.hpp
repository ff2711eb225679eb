#pragma once
// The page of a run: one HTML file, complete in itself, that plays the run in a browser. What it
// shows is worked out here, by the same code that prints tables and answers DNS questions; the
// page's own program (sim/report/web) only picks what holds at an instant and draws it.

#include <stsim/api/json.hpp>
#include <stsim/api/object.hpp>
#include <stsim/base/time.hpp>
#include <stsim/scenario/log.hpp>
#include <stsim/scenario/scenario.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::report {

/// A ready-made explanation of how things stand, which holds for a while.
struct PageExplanation {
  SimTime from;
  SimTime to;                           ///< SimTime::max(): to the end
  std::vector<api::ObjectKey> objects;  ///< that it is about
  std::string text;                     ///< lines
};

/// How many events a page holds if nothing else is said: those of a page of some 8 MB.
inline constexpr std::size_t kMostPageEvents = 120'000;

/// What goes into a page beside the run.
struct PageOptions {
  /// A longer run is shown up to the last instant that fits whole, and the page says what is left
  /// out. At least the first instant is shown.
  std::size_t most_events{kMostPageEvents};
  std::vector<PageExplanation> why{};  ///< in any order
  std::string about{};  ///< what is said of the run where the scenario has no description
};

/// The program of the page, as it was built from sim/report/web: HTML with a place for the data.
[[nodiscard]] std::string_view page_program();

/// What the page shows, in the form that sim/report/web/src/data.ts reads. Columns of numbers;
/// texts stand once in `strings`, and instants in `moments`, each as microseconds since the one
/// before. Grows with what happened, not with what is there at each instant. Pre: `log` is of a run
/// of `scenario`, with the settings that the scenario asks for.
[[nodiscard]] api::Json page_data(const scenario::Scenario& scenario,
                                  const scenario::RunLog& log,
                                  const PageOptions& options = {});

/// The whole page. The same run gives the same bytes.
[[nodiscard]] std::string page(const scenario::Scenario& scenario,
                               const scenario::RunLog& log,
                               const PageOptions& options = {});

}  // namespace stsim::report
