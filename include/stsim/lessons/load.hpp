#pragma once
// From files to lessons.

#include <stsim/base/error.hpp>
#include <stsim/lessons/lesson.hpp>

#include <filesystem>
#include <string_view>
#include <vector>

namespace stsim::lessons {

/// Reads a lesson's file, `NN-name.yaml`. Errors: as of scenarios, and texts that lack a language.
[[nodiscard]] Result<Lesson> load_lesson(const std::filesystem::path& file);

/// The same from a text. `file` gives number and name; what the lesson names is looked for beside.
[[nodiscard]] Result<Lesson> load_lesson_text(std::string_view text,
                                              const std::filesystem::path& file);

/// All lessons of a folder, in order of number. Errors: those of each, a folder without lessons,
/// and two lessons of one number or name.
[[nodiscard]] Result<std::vector<Lesson>> load_lessons(const std::filesystem::path& folder);

}  // namespace stsim::lessons
