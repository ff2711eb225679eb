#pragma once
// Errors that a user of stsim makes: a wrong scenario file or command line. They are values, are
// collected so that one run shows several, and carry the place they came from. What the API server
// of the story refuses is not an error of this kind but part of the story: see api/api_error.hpp.

#include <tl/expected.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim {

/// A place in a file. Units: line and column count from 1; 0 where there is no such place
/// (the file as a whole, or the command line).
struct SourceMark {
  std::string file;
  int line{};
  int column{};
  bool operator==(const SourceMark&) const = default;
};

/// One thing that is wrong with what the user wrote.
struct UserError {
  SourceMark mark;
  std::string message;
  std::string hint;         ///< what to do about it; may be empty
  std::string source_line;  ///< the line that mark points at; may be empty
  bool operator==(const UserError&) const = default;
};

/// All that is wrong with one input, in the order of places.
using UserErrors = std::vector<UserError>;

/// A value or the user's errors.
template <class T, class E = UserErrors>
using Result = tl::expected<T, E>;

/// `file:line:column: error: message`, the line, a caret below the column and the hint, each where
/// there is one; ends with a newline.
[[nodiscard]] std::string to_string(const UserError& error);

/// All of them, one after the other.
[[nodiscard]] std::string to_string(const UserErrors& errors);

/// How many letters have to be put in, left out or changed to make one word the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that `word` was probably meant to be (fewest edits, at most a third of the word),
/// or "" where nothing is close. Ties go to the first candidate.
[[nodiscard]] std::string closest(std::string_view word,
                                  std::span<const std::string_view> candidates);

/// The hint `did you mean "word"?`, or "" without a word.
[[nodiscard]] std::string did_you_mean(std::string_view word);

/// The hint that goes with a word that is none of those possible: the closest of them, or all.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> possible);

/// Ends the program after printing what was broken: for errors of the programmer only.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace stsim

/// Checks what must hold whatever the input; on in every build.
#define STSIM_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::stsim::assertion_failed(#condition, __FILE__, __LINE__))
