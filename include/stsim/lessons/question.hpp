#pragma once
// Questions: what is right is found by running their steps, what was typed is read, and what was
// wrong is explained from the trace.

#include <stsim/engine/trace.hpp>
#include <stsim/lessons/lesson.hpp>
#include <stsim/scenario/session.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::lessons {

/// Takes steps one after the other. Returns whether all of them were taken and all that they expect
/// holds.
bool take(const Steps& steps, scenario::Session& session, scenario::RunObserver& observer);

/// A question whose steps were run.
class Question {
 public:
  /// Runs the steps on a copy of the session. What is referred to outlives the result.
  Question(const PredictPart& part, const scenario::Session& session);

  /// What is right, in the form in which read() gives a guess; nothing where the lesson is wrong,
  /// as a value is missing or not exactly one choice holds.
  [[nodiscard]] const std::optional<std::string>& right() const { return right_; }
  /// The same for people.
  [[nodiscard]] std::string shown(const std::string& guess, Language language) const;

  /// What a typed line means: a name, also by its number alone; a list of names; a number; a text;
  /// yes or no; a choice by its number or its words. Nothing where it is no answer to this.
  [[nodiscard]] std::optional<std::string> read(std::string_view typed) const;
  /// How to answer, in a few words.
  [[nodiscard]] std::string how_to_answer(Language language) const;
  /// Guesses that are not right, for those who check lessons.
  [[nodiscard]] std::vector<std::string> wrong() const;

  /// What happened instead of what was guessed, by which rule, and why: lines for people.
  /// Pre: right().
  [[nodiscard]] std::string explain(const std::string& guess, Language language) const;

 private:
  class Telling;

  /// What stands at a path of the cluster as the steps have left it; null for nothing.
  [[nodiscard]] const api::Json& value_at(const std::vector<std::string>& path) const;
  void find_right();
  [[nodiscard]] std::vector<const engine::TraceRecord*> first_calls(const Calls& calls) const;
  [[nodiscard]] std::vector<std::string> candidates() const;
  [[nodiscard]] std::optional<std::string> name_of(std::string_view word) const;

  const PredictPart& part_;
  std::vector<engine::TraceRecord> records_;
  scenario::Session after_;
  api::Json before_;
  api::Json found_;
  std::optional<std::string> right_;
};

}  // namespace stsim::lessons
