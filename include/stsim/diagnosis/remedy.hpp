#pragma once
// What would help, proven: each remedy was carried out on a copy of the cluster.

#include <stsim/diagnosis/chain.hpp>
#include <stsim/scenario/session.hpp>

#include <optional>
#include <vector>

namespace stsim::diagnosis {

/// What becomes of a wish if some things are done, or nothing is.
struct Trial {
  std::vector<Act> acts;         ///< one after the other
  std::optional<SimTime> comes;  ///< when it comes true to stay so; nothing: it does not
};

/// What was tried.
struct Trials {
  Trial nothing;            ///< what happens if nobody does anything
  std::vector<Trial> help;  ///< remedies that help, the smallest first; no part of one does
  std::vector<Trial>
      in_vain;            ///< acts that help neither alone nor, where they were tried, together
  std::size_t untried{};  ///< acts beyond those that are tried
};

/// Tries on copies of the session what may help, single acts first, then two, then three together:
/// those of a size are tried only where no smaller remedy was found. What kubectl cannot do is
/// tried alone, and with one act of kubectl's where nothing else helps; it does not keep from
/// looking for what kubectl can. Where the wish comes true by itself nothing else is tried. Where
/// only steps move pods, all of them are moved behind each. An expectation of the story that has
/// failed does not matter. Pre: no guarantee is broken, and events are left.
[[nodiscard]] Trials remedies_of(const scenario::Session& session,
                                 const Wish& wish,
                                 const Chain& chain);

}  // namespace stsim::diagnosis
