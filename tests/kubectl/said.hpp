#pragma once
// What kubectl says, line by line.

#include "kubectl/user.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

namespace stsim::test {

/// A line with all that it prints: what goes to standard error, if anything, stands behind `! `.
struct Said {
  std::string line;
  std::string text;
};

/// Runs lines one after the other against the set `web` and the pod `lonely`.
inline void check(const std::vector<Said>& story) {
  User user;
  user.story.create_set("web", 2);
  user.story.create_pod("lonely");
  user.story.settle();
  for (const auto& [line, text] : story) {
    CAPTURE(line);
    const kubectl::Output output = user.run(line);
    CHECK(output.out + (output.err.empty() ? "" : "! " + output.err) == text);
    const auto has_line = [&output](const std::string& start) {
      return output.err.starts_with(start) || output.err.find("\n" + start) != std::string::npos;
    };
    const bool complains = has_line("error: ") || has_line("Error") || has_line("The ") ||
                           has_line("'") || has_line("timed out");
    CHECK((output.exit != 0) == complains);
  }
}

}  // namespace stsim::test
