#pragma once
// Chance is outside the world: whatever is undecided is asked of a chooser. Draws are keyed, not
// sequential: a value is a function of (seed, point, object, n-th draw there), so that one decision
// that differs does not shift every later one.

#include <cstdint>
#include <string_view>

namespace stsim::engine {

/// Where a choice is made.
struct ChoicePoint {
  std::string_view point;  ///< `imagePull`
  /// Who draws, where that matters, and about what: `kubelet/Pod/default/web-0`.
  std::string_view object;
  std::uint64_t n{};  ///< the how-manieth draw there
};

/// Decides what the model leaves open.
class Chooser {
 public:
  virtual ~Chooser() = default;
  /// One of 0 … count-1. Pre: count > 0.
  virtual std::uint64_t pick(std::uint64_t count, const ChoicePoint& why) = 0;
};

/// Draws that are a function of a seed.
class SeededChooser : public Chooser {
 public:
  explicit SeededChooser(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t pick(std::uint64_t count, const ChoicePoint& why) override;

 private:
  std::uint64_t seed_;
};

}  // namespace stsim::engine
