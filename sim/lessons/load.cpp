#include <fmt/format.h>
#include <stsim/api/kinds.hpp>
#include <stsim/api/well_known.hpp>
#include <stsim/base/characters.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/kubectl/words.hpp>
#include <stsim/lessons/load.hpp>
#include <stsim/scenario/files.hpp>
#include <stsim/scenario/parts.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace stsim::lessons {

using api::YamlEntry;
using api::YamlNode;
using scenario::describe;
using scenario::Reader;

namespace {

/// `NN-name.yaml`.
struct FileName {
  int number{};
  std::string name;
};

std::optional<FileName> parse_file_name(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const std::size_t dash = stem.find('-');
  FileName out;
  const char* end = stem.data() + (dash == std::string::npos ? 0 : dash);
  const auto [stop, error] = std::from_chars(stem.data(), end, out.number);
  if (error != std::errc() || stop != end || out.number < 1) {
    return std::nullopt;
  }
  out.name = stem.substr(dash + 1);
  return out;
}

class LessonLoader {
 public:
  explicit LessonLoader(const std::filesystem::path& file)
      : file_(file), reader_(file.parent_path()) {}

  Result<Lesson> load(const std::vector<YamlNode>& documents) {
    if (documents.size() > 1) {
      reader_.error(documents[1], "a lesson has one document only, here begins another one");
    }
    Lesson out = read(documents.front());
    if (reader_.failed()) {
      return tl::unexpected(reader_.take_errors());
    }
    return out;
  }

 private:
  Lesson read(const YamlNode& root) {
    constexpr std::array<std::string_view, 7> kKeys{
        "cluster", "endpoints", "lesson", "parts", "setup", "teaches", "title"};
    Lesson out;
    out.file = file_;
    for (const YamlEntry* entry : root.repeated_keys()) {
      reader_.error(entry->key,
                    fmt::format("the key {} stands twice in one mapping", describe(entry->key)),
                    "one of them would be lost");
    }
    if (!reader_.has_only(root, "a lesson", kKeys)) {
      return out;
    }
    read_name(root, out);
    if (const YamlNode* title = needed(root, "a lesson", "title")) {
      out.title = words(*title, "the title");
    }
    if (const YamlNode* teaches = root.find("teaches")) {
      out.teaches = texts(*teaches, "teaches", "a rule or a row of the museum");
    }
    if (const YamlNode* endpoints = root.find("endpoints")) {
      out.endpoints = reader_.boolean(*endpoints, "endpoints").value_or(false);
    }
    const YamlNode* cluster = root.find("cluster");
    auto head =
        scenario::load_head(reader_, cluster == nullptr ? YamlNode() : *cluster, file_.string());
    head.name = out.name;
    head.pause = {};  // steps are taken at their turn
    if (cluster != nullptr) {
      out.head = reader_.json(*cluster).value_or(api::Json::object());
    }
    if (!out.head.is_object()) {
      out.head = api::Json::object();  // what is wrong with it was said
    }
    out.head["scenario"] = out.name;
    out.cluster = std::make_shared<const scenario::Scenario>(std::move(head));
    if (const YamlNode* setup = root.find("setup")) {
      out.setup = steps(*setup);
    }
    const YamlNode* parts = needed(root, "a lesson", "parts");
    if (parts != nullptr && reader_.is_list(*parts, "parts")) {
      for (const YamlNode& item : parts->items()) {
        read_part(item, out);
      }
      if (parts->items().empty()) {
        reader_.error(*parts, "a lesson needs parts");
      }
    }
    return out;
  }

  void read_name(const YamlNode& root, Lesson& out) {
    const YamlNode* node = needed(root, "a lesson", "lesson");
    if (node == nullptr) {
      return;
    }
    out.name = reader_.text(*node, "the lesson's name").value_or("");
    const auto file_name = parse_file_name(file_);
    if (!file_name || file_name->name != out.name) {
      reader_.error(
          *node,
          fmt::format(
              "the file of the lesson {} is called {}", out.name, file_.filename().string()),
          fmt::format("call it NN-{}.yaml, with the number of the lesson", out.name));
      return;
    }
    out.number = file_name->number;
  }

  void read_part(const YamlNode& node, Lesson& out) {
    constexpr std::array<std::string_view, 4> kKinds{"goal", "predict", "run", "text"};
    if (!reader_.has_only(node, "a part", kKinds)) {
      return;
    }
    if (node.entries().size() != 1) {
      reader_.error(node, "a part does one thing", "make them several parts");
      return;
    }
    const YamlEntry& entry = node.entries().front();
    const std::string& key = entry.key.text();
    Part part{node.mark(), {}};
    if (key == "text") {
      part.content = TextPart{words(entry.value, "a text")};
    } else if (key == "run") {
      part.content = run_part(entry.value);
    } else if (key == "predict") {
      part.content = predict_part(entry.value);
    } else {
      part.content = goal_part(entry.value);
    }
    out.parts.push_back(std::move(part));
  }

  RunPart run_part(const YamlNode& node) {
    constexpr std::array<std::string_view, 2> kKeys{"quiet", "steps"};
    RunPart out;
    if (node.is_sequence()) {
      out.steps = steps(node);
    } else if (reader_.has_only(node, "a run", kKeys)) {
      out.steps = needed_steps(node, "a run");
      out.quiet = quiet(node);
    }
    return out;
  }

  PredictPart predict_part(const YamlNode& node) {
    constexpr std::array<std::string_view, 6> kKeys{
        "answer", "because", "choices", "question", "quiet", "steps"};
    PredictPart out;
    if (!reader_.has_only(node, "a question", kKeys)) {
      return out;
    }
    if (const YamlNode* question = needed(node, "a question", "question")) {
      out.question = words(*question, "a question");
    }
    out.steps = needed_steps(node, "a question");
    out.quiet = quiet(node);
    if (const YamlNode* because = node.find("because")) {
      out.because = words(*because, "because");
    }
    const YamlNode* answer = node.find("answer");
    const YamlNode* choices = node.find("choices");
    if ((answer == nullptr) == (choices == nullptr)) {
      reader_.error(node,
                    "a question has either an answer or choices",
                    "answer: {first: {verb: delete, resource: pods}}");
    } else if (answer != nullptr) {
      read_answer(*answer, out);
    } else {
      out.answer = read_choices(*choices);
    }
    return out;
  }

  void read_answer(const YamlNode& node, PredictPart& out) {
    constexpr std::array<std::string_view, 5> kKinds{"count", "first", "holds", "order", "value"};
    if (!reader_.has_only(node, "an answer", kKinds)) {
      return;
    }
    if (node.entries().size() != 1) {
      reader_.error(node, "an answer is one thing", suggestion("", kKinds));
      return;
    }
    const YamlEntry& entry = node.entries().front();
    const std::string& key = entry.key.text();
    if (key == "first") {
      out.answer = First{calls(entry.value)};
    } else if (key == "order") {
      out.answer = Order{calls(entry.value)};
    } else if (key == "count") {
      out.answer = Count{calls(entry.value)};
    } else if (key == "holds") {
      out.answer = Holds{condition(entry.value)};
    } else {
      out.answer = value(entry.value);
    }
  }

  Calls calls(const YamlNode& node) {
    constexpr std::array<std::string_view, 3> kKeys{"by", "resource", "verb"};
    constexpr std::array<std::string_view, 4> kVerbs{"create", "delete", "patch", "update"};
    Calls out;
    if (!reader_.has_only(node, "a call", kKeys)) {
      return out;
    }
    if (const YamlNode* verb = needed(node, "a call", "verb")) {
      if (const auto found = reader_.choice(*verb, "verb", kVerbs)) {
        out.verb = kVerbs[*found];
      }
    }
    if (const YamlNode* resource = needed(node, "a call", "resource")) {
      std::vector<std::string_view> known;
      for (const api::KindInfo& kind : api::kinds()) {
        known.push_back(kind.plural);
      }
      out.resource = reader_.text(*resource, "resource").value_or("");
      const std::string plural = out.resource.substr(0, out.resource.find('/'));
      if (std::ranges::find(known, std::string_view(plural)) == known.end()) {
        reader_.unknown(*resource, "resource", plural, known);
      }
    }
    if (const YamlNode* by = node.find("by")) {
      std::vector<std::string_view> known;
      for (std::size_t i = 0; i < engine::kActors; ++i) {
        known.push_back(engine::name(static_cast<engine::Actor>(i)));
      }
      if (const auto found = reader_.choice(*by, "by", known)) {
        out.by = known[*found];
      }
    }
    return out;
  }

  Value value(const YamlNode& node) {
    Value out;
    std::string path = reader_.text(node, "a value's path").value_or("");
    while (!path.empty()) {
      const std::size_t dot = std::min(path.find('.'), path.size());
      out.path.push_back(path.substr(0, dot));
      path.erase(0, dot + 1);
    }
    if (out.path.size() < 3) {
      reader_.error(node,
                    "a value's path names a kind, an object and a member of it",
                    "persistentvolumeclaims.data-web-0.volume");
    }
    return out;
  }

  Choices read_choices(const YamlNode& node) {
    constexpr std::array<std::string_view, 3> kKeys{"en", "when", "zh"};
    Choices out;
    if (!reader_.is_list(node, "choices")) {
      return out;
    }
    for (const YamlNode& item : node.items()) {
      if (!reader_.has_only(item, "a choice", kKeys)) {
        continue;
      }
      Choices::Choice choice;
      choice.text = both(item, "a choice");
      if (const YamlNode* when = needed(item, "a choice", "when")) {
        choice.when = condition(*when);
      }
      out.choices.push_back(std::move(choice));
    }
    if (node.items().size() < 2) {
      reader_.error(node, "there is nothing to choose from one choice");
    }
    return out;
  }

  GoalPart goal_part(const YamlNode& node) {
    constexpr std::array<std::string_view, 7> kKeys{
        "expect", "hints", "samePods", "settles", "solution", "task", "wrong"};
    GoalPart out;
    if (!reader_.has_only(node, "a goal", kKeys)) {
      return out;
    }
    if (const YamlNode* task = needed(node, "a goal", "task")) {
      out.task = words(*task, "a task");
    }
    if (const YamlNode* expect = needed(node, "a goal", "expect")) {
      out.expect = condition(*expect);
    }
    const YamlNode* hints = needed(node, "a goal", "hints");
    if (hints != nullptr && reader_.is_list(*hints, "hints")) {
      for (const YamlNode& hint : hints->items()) {
        out.hints.push_back(words(hint, "a hint"));
      }
    }
    if (const YamlNode* solution = needed(node, "a goal", "solution")) {
      out.solution = texts(*solution, "the solution", "a line");
    }
    if (const YamlNode* wrong = needed(node, "a goal", "wrong")) {
      out.wrong = texts(*wrong, "wrong", "a line");
    }
    if (const YamlNode* same = node.find("samePods")) {
      for (const std::string& name : texts(*same, "samePods", "a pod")) {
        out.same.push_back({api::Kind::Pod, api::kDefaultNamespace, name});
      }
    }
    if (const YamlNode* settles = node.find("settles")) {
      out.settles = reader_.boolean(*settles, "settles").value_or(true);
    }
    return out;
  }

  scenario::ExpectStep condition(const YamlNode& node) {
    return scenario::load_expectation(reader_, node).value_or(scenario::ExpectStep{});
  }

  Steps steps(const YamlNode& node) {
    Steps out;
    for (scenario::Step& step : scenario::load_step_list(reader_, node)) {
      out.push_back(std::make_shared<const scenario::Step>(std::move(step)));
    }
    return out;
  }
  Steps needed_steps(const YamlNode& node, std::string_view what) {
    const YamlNode* list = needed(node, what, "steps");
    return list == nullptr ? Steps{} : steps(*list);
  }
  bool quiet(const YamlNode& node) {
    const YamlNode* found = node.find("quiet");
    return found != nullptr && reader_.boolean(*found, "quiet").value_or(false);
  }

  /// A text in every language.
  Words words(const YamlNode& node, std::string_view what) {
    constexpr std::array<std::string_view, 2> kKeys{"en", "zh"};
    if (node.is_scalar()) {
      reader_.error(
          node, fmt::format("{} is said in every language", what), "{en: TEXT, zh: TEXT}");
      return {};
    }
    return reader_.has_only(node, what, kKeys) ? both(node, what) : Words{};
  }
  Words both(const YamlNode& node, std::string_view what) {
    Words out;
    for (const auto& [key, to] : {std::pair("en", &out.english), std::pair("zh", &out.chinese)}) {
      const YamlNode* text = node.find(key);
      if (text == nullptr) {
        reader_.error(node, fmt::format("{} lacks a language: {}", what, key));
      } else {
        *to = reader_.text(*text, fmt::format("{} in {}", what, key)).value_or("");
        while (to->ends_with('\n')) {
          to->pop_back();
        }
      }
    }
    return out;
  }

  std::vector<std::string> texts(const YamlNode& node, std::string_view what, std::string_view of) {
    std::vector<std::string> out;
    if (reader_.is_list(node, what)) {
      for (const YamlNode& item : node.items()) {
        out.push_back(reader_.text(item, of).value_or(""));
      }
      if (node.items().empty()) {
        reader_.error(node, fmt::format("{} is empty", what));
      }
    }
    return out;
  }

  const YamlNode* needed(const YamlNode& node, std::string_view what, std::string_view key) {
    const YamlNode* found = node.find(key);
    if (found == nullptr) {
      reader_.error(node, fmt::format("{} needs the key {}", what, key));
    }
    return found;
  }

  const std::filesystem::path& file_;
  Reader reader_;
};

UserErrors of_file(const std::filesystem::path& file, std::string message, std::string hint = "") {
  return {{{file.string(), 0, 0}, std::move(message), std::move(hint), ""}};
}

void check_unique(const std::vector<Lesson>& lessons, UserErrors& errors) {
  for (std::size_t i = 1; i < lessons.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (lessons[i].number == lessons[j].number || lessons[i].name == lessons[j].name) {
        errors.push_back({{lessons[i].file.string(), 0, 0},
                          fmt::format("{} has its number or its name", lessons[j].file.string()),
                          "",
                          ""});
      }
    }
  }
}

}  // namespace

Result<Lesson> load_lesson_text(std::string_view text, const std::filesystem::path& file) {
  const auto documents = api::load_yaml(text, file.string());
  if (!documents) {
    return tl::unexpected(documents.error());
  }
  if (documents->empty()) {
    return tl::unexpected(of_file(file, "the file is empty", "a lesson has a name and parts"));
  }
  return LessonLoader(file).load(*documents);
}

Result<Lesson> load_lesson(const std::filesystem::path& file) {
  const auto text = scenario::read_file(file);
  return text ? load_lesson_text(*text, file)
              : tl::unexpected(of_file(file, "the file cannot be read"));
}

Result<std::vector<Lesson>> load_lessons(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".yaml" && parse_file_name(at->path())) {
      files.push_back(at->path());
    }
  }
  std::ranges::sort(files);
  std::vector<Lesson> out;
  UserErrors errors;
  for (const std::filesystem::path& file : files) {
    auto loaded = load_lesson(file);
    if (loaded) {
      out.push_back(*std::move(loaded));
    } else {
      errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
    }
  }
  check_unique(out, errors);
  if (files.empty()) {
    errors = of_file(folder, "there is no lesson in this folder");
  }
  if (!errors.empty()) {
    return tl::unexpected(std::move(errors));
  }
  std::ranges::stable_sort(out, {}, &Lesson::number);
  return out;
}

}  // namespace stsim::lessons
