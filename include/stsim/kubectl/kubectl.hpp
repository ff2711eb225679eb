#pragma once
// kubectl as a user types it: command lines against the simulated API server, with kubectl 1.36's
// own words. Rules: KC-1 to KC-33.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>
#include <stsim/world/client.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// What a command printed and how it ended.
struct Output {
  std::string out;
  std::string err;
  int exit{};
  std::vector<std::string> notes{};  ///< what lies behind it: of look-ups, who answered
  bool operator==(const Output&) const = default;
};

/// Where a command runs. Holds references: for the length of one command.
struct Session {
  world::Client& client;
  /// The text of a file. Errors: the words after `error: `.
  std::function<Result<std::string, std::string>(const std::string& path)> read_file;
  /// The files for which a path of `-f` stands: the path itself, or of a folder the manifests in it
  /// (.json, .yaml, .yml) in order of name, with `recursive` those in folders below it, too.
  std::function<std::vector<std::string>(const std::string& path, bool recursive)> files_of;
  std::vector<api::Json> standard_input;  ///< what `-f -` reads
};

/// Runs one command line without the word kubectl in front. Whatever stands there, it ends: a
/// command that would wait for ever stops when nothing is left to happen, and says so.
[[nodiscard]] Output run(const std::vector<std::string>& words, Session& session);

}  // namespace stsim::kubectl
