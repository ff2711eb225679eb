#pragma once
// Plays lessons by themselves, with right and wrong answers.

#include <stsim/lessons/lesson.hpp>

#include <string>
#include <vector>

namespace stsim::lessons {

/// What does not hold of a lesson, `file:line: …` each: a step whose expectation fails, a question
/// without an answer, a right answer that is refused, a wrong one that is accepted or not
/// explained, a solution that does not reach its goal, a wrong line that does, a goal that is
/// reached before anything is done.
[[nodiscard]] std::vector<std::string> check(const Lesson& lesson);

}  // namespace stsim::lessons
