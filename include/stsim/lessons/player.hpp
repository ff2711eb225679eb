#pragma once
// Plays a lesson with somebody.

#include <stsim/lessons/lesson.hpp>
#include <stsim/scenario/session.hpp>

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::lessons {

/// What the last word before the cursor may become.
using Complete = std::function<std::vector<std::string>(std::string_view up_to_cursor)>;

/// Where what is typed comes from.
class Learner {
 public:
  virtual ~Learner() = default;
  /// The next line, without its end; nothing where no more is coming. `complete` may be empty.
  virtual std::optional<std::string> line(const std::string& prompt, const Complete& complete) = 0;
};

/// How a lesson looks.
struct Looks {
  Language language{};
  std::size_t width{80};  ///< columns
  bool color{};
  bool terminal{};  ///< somebody sits there: prompts, and pauses to read
};

/// How far a lesson went.
enum class Ending : unsigned char {
  Done,
  Left,    ///< by `quit`, or no more input came
  Broken,  ///< the lesson does not hold: `stsim learn --check` says what
};

/// Called with the part that is about to begin, so that it can be kept.
using Reached = std::function<void(std::size_t part)>;

/// Plays a lesson from a part on; those before it are run in silence, goals by their solutions.
/// `out` gets everything that is shown.
Ending play(const Lesson& lesson,
            std::size_t from,
            const Looks& looks,
            Learner& learner,
            std::ostream& out,
            const Reached& reached);

}  // namespace stsim::lessons
