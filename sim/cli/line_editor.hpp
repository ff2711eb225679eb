#pragma once
// Lines typed at a terminal, with editing, history and completion. Private to the module.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::cli {

/// What the user of a terminal types.
class LineEditor {
 public:
  /// What the last word before the cursor may become.
  using Complete = std::function<std::vector<std::string>(std::string_view up_to_cursor)>;

  /// `history`: where lines are kept from one time to the next; empty for nowhere. A file that
  /// cannot be read or written is none.
  LineEditor(Complete complete, std::filesystem::path history);
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;
  ~LineEditor();

  /// A line that was typed.
  struct Typed {
    std::string line;
    bool given_up{};  ///< by Ctrl-C
  };
  /// Reads a line, without its end. Nothing: there are no more.
  std::optional<Typed> read(const std::string& prompt);

  /// Puts a line into the history.
  void remember(const std::string& line);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// Where this program keeps what it remembers of its user; empty if there is no such place.
/// https://specifications.freedesktop.org/basedir-spec
[[nodiscard]] std::filesystem::path state_folder();

}  // namespace stsim::cli
