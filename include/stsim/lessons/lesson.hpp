#pragma once
// A lesson as plain data: a cluster, and parts that tell, show, ask and set a task. No answer
// stands in a lesson: a question says which steps answer it and what of their run is the answer.

#include <stsim/api/json.hpp>
#include <stsim/lessons/language.hpp>
#include <stsim/scenario/scenario.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace stsim::lessons {

/// Steps of a scenario, shared with the sessions that take them.
using Steps = std::vector<std::shared_ptr<const scenario::Step>>;

/// API calls that took effect: `{verb: delete, resource: pods, by: statefulset-controller}`.
struct Calls {
  std::string verb;
  std::string resource;  ///< `pods`, `pods/status`
  std::string by;        ///< an actor's name; empty for all of them
};

/// The answer is the name of the first object for which such a call is made, or that there is none.
struct First {
  Calls calls;
};
/// The answer are the names of the objects for which such calls are made, in the order of the first
/// call of each.
struct Order {
  Calls calls;
};
/// The answer is for how many objects such a call is made.
struct Count {
  Calls calls;
};
/// The answer is what stands at a path of scenario::snapshot() when the steps are done:
/// `persistentvolumeclaims.data-web-0.volume`, `pods.web-1.images.0`.
struct Value {
  std::vector<std::string> path;
};
/// The answer is whether an expectation holds when the steps are done.
struct Holds {
  scenario::ExpectStep condition;
};
/// The answer is the choice whose expectation holds when the steps are done.
struct Choices {
  /// One of them.
  struct Choice {
    Words text;
    scenario::ExpectStep when;
  };
  std::vector<Choice> choices;
};

/// What of a run is the answer.
using Answer = std::variant<First, Order, Count, Value, Holds, Choices>;

/// Something to read. Paragraphs have empty lines between them; what is indented stays as it is.
struct TextPart {
  Words text;
};
/// Something to watch.
struct RunPart {
  Steps steps;
  bool quiet{};  ///< only commands and what they print
};
/// Something to guess before it is seen.
struct PredictPart {
  Words question;
  Steps steps;
  bool quiet{};
  Answer answer;
  std::optional<Words> because;  ///< what the lesson adds to the explanation
};
/// Something to do in the shell.
struct GoalPart {
  Words task;
  scenario::ExpectStep expect;
  /// Objects that have to be those that were there when the goal was set.
  std::vector<api::ObjectKey> same{};
  std::vector<Words> hints;
  std::vector<std::string> solution;  ///< lines that reach it
  std::vector<std::string> wrong;     ///< lines each of which, alone, does not
  /// Whether the cluster comes to rest after each line; else time passes as lines say.
  bool settles{true};
};

/// A part of a lesson.
struct Part {
  SourceMark mark;
  std::variant<TextPart, RunPart, PredictPart, GoalPart> content;
};

/// A lesson.
struct Lesson {
  std::filesystem::path file;
  int number{};      ///< as its file's name begins
  std::string name;  ///< `canary`
  Words title;
  std::vector<std::string> teaches;  ///< rules and rows of the museum: `SS-125`, `R1`
  bool endpoints{};                  ///< whether it tells what the endpoints controllers do
  std::shared_ptr<const scenario::Scenario> cluster;
  api::Json head = api::Json::object();  ///< the same as a document, without steps
  Steps setup;
  std::vector<Part> parts;
};

}  // namespace stsim::lessons
