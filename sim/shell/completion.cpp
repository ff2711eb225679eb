// What the last word of a line may become.
#include "shell/condition.hpp"
#include "shell/moments.hpp"
#include "shell/state.hpp"

#include <fmt/format.h>
#include <stsim/api/well_known.hpp>
#include <stsim/diagnosis/wish.hpp>
#include <stsim/engine/actor.hpp>
#include <stsim/kubectl/commands.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

namespace stsim::shell {

namespace {

using api::Kind;
using Words = std::vector<std::string>;

/// The words before the last one, which may be empty. Quotes are not looked at: nothing in quotes
/// is completed.
Words split(std::string_view text) {
  Words out{""};
  for (const char c : text) {
    if (c == ' ' || c == '\t') {
      if (!out.back().empty()) {
        out.emplace_back();
      }
    } else {
      out.back() += c;
    }
  }
  return out;
}

bool is(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, std::string_view(word)) != words.end();
}

class Completing {
 public:
  Completing(const State& state, std::string_view text)
      : state_(state), words_(split(text)), last_(words_.back()) {
    words_.pop_back();
    if (!words_.empty() && words_.front() == "kubectl") {
      words_.erase(words_.begin());
      only_kubectl_ = true;
    }
  }

  std::vector<std::string> all() {
    if (words_.empty()) {
      first_words();
    } else if (!only_kubectl_ && is_own(words_.front())) {
      own_command();
    } else if (only_kubectl_ || kubectl::is_command(words_.front())) {
      kubectl_command();
    }
    return {found_.begin(), found_.end()};
  }

 private:
  static bool is_own(std::string_view word) {
    const auto forms = word_forms();
    const auto rows = command_rows();
    return std::ranges::find(rows, word, &CommandRow::name) != rows.end() ||
           std::ranges::find(forms, word, &WordForm::key) != forms.end();
  }

  void add(std::string_view word) {
    if (word.starts_with(last_)) {
      found_.emplace(word);
    }
  }

  void first_words() {
    for (const std::string& verb : kubectl::verb_names()) {
      add(verb.substr(0, verb.find(' ')));
    }
    if (only_kubectl_) {
      return;
    }
    add("kubectl");
    for (const CommandRow& row : command_rows()) {
      if (!row.usage.empty()) {
        add(row.name);
      }
    }
    for (const WordForm& form : word_forms()) {
      add(form.key);
    }
  }

  void objects(Kind kind) {
    constexpr std::size_t kMost = 1000;
    std::size_t count = 0;
    state_.now().session.world().store.for_each(kind, [&](const api::ObjectPtr& object) {
      const bool here = object->key.ns.empty() || object->key.ns == api::kDefaultNamespace;
      if (here && count < kMost && object->key.name.view().starts_with(last_)) {
        found_.emplace(object->key.name.view());
        ++count;
      }
    });
  }

  void kinds() {
    for (const api::KindInfo& info : api::kinds()) {
      for (const std::string_view word : {info.plural, info.singular, info.short_name}) {
        if (!word.empty() && !last_.empty()) {
          add(word);
        }
      }
      if (last_.empty()) {
        add(info.plural);
      }
    }
  }

  /// `sts/web`.
  void object_with_kind() {
    const std::size_t slash = last_.find('/');
    const auto kind = api::find_kind(last_.substr(0, slash));
    if (!kind) {
      return;
    }
    const std::string prefix = last_.substr(0, slash + 1);
    std::set<std::string> before;
    std::swap(before, found_);
    last_ = last_.substr(slash + 1);
    objects(*kind);
    for (const std::string& name : found_) {
      before.insert(prefix + name);
    }
    found_ = std::move(before);
  }

  void files() {
    const std::size_t slash = last_.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : last_.substr(0, slash + 1);
    const std::string begin = last_.substr(folder.size());
    const std::filesystem::path root = state_.typed_folder() / folder;
    std::error_code error;
    for (std::filesystem::directory_iterator it(root.empty() ? "." : root, error), end;
         !error && it != end;
         it.increment(error)) {
      const std::string name = it->path().filename().string();
      std::error_code ignored;
      if (name.starts_with(begin) && (!name.starts_with('.') || begin.starts_with('.'))) {
        found_.insert(folder + name + (it->is_directory(ignored) ? "/" : ""));
      }
    }
  }

  void actors() {
    for (std::size_t i = 0; i < engine::kActors; ++i) {
      add(engine::name(static_cast<engine::Actor>(i)));
    }
  }

  void list(std::string_view words) {
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      add(words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
  }

  void own_command() {
    const std::string& command = words_.front();
    if (is(command, {"switch", "diff"})) {
      for (const auto& [name, moment] : state_.forks()) {
        if (words_.size() == 1) {
          add(name);
        }
      }
    } else if (is(command, {"save", "load"})) {
      files();
    } else if (command == "help") {
      words_.clear();
      first_words();
    } else if (command == "until") {
      until();
    } else if (command == "why") {
      why();
    } else if (command == "watch" && words_.size() == 1) {
      list("on off of");
    } else {
      step();
    }
  }

  void until() {
    if (const auto kind = behind_object(1)) {
      for (const std::string& word : condition_words(*kind)) {
        add(word);
      }
    }
  }

  void why() {
    if (words_.size() > 1 && words_[1] == "so") {
      if (words_.size() == 2) {
        add("long");
      } else {
        objects(Kind::StatefulSet);
      }
      return;
    }
    const bool negated = words_.size() > 1 && words_[1] == "not";
    if (words_.size() == 1) {
      list("not so");
    }
    const auto kind = behind_object(negated ? 2 : 1);
    if (kind && negated) {
      for (const diagnosis::State state : diagnosis::states_of(*kind)) {
        add(diagnosis::to_string(state));
      }
    }
  }

  /// An object named from the word of that number on: a pod's name, a kind and a name, or both with
  /// a slash. Completes it; where it is whole, gives its kind.
  std::optional<Kind> behind_object(std::size_t first) {
    if (words_.size() == first) {
      if (last_.find('/') != std::string::npos) {
        object_with_kind();
        return std::nullopt;
      }
      objects(Kind::Pod);
      with_kind(Kind::StatefulSet, "sts/");
      with_kind(Kind::PersistentVolumeClaim, "pvc/");
      if (!last_.empty()) {
        kinds();
      }
      return std::nullopt;
    }
    const std::string& word = words_[first];
    const std::size_t slash = word.find('/');
    const auto kind = api::find_kind(word.substr(0, slash));
    if (kind && slash == std::string::npos && words_.size() == first + 1) {
      objects(*kind);
      return std::nullopt;
    }
    const std::size_t last = first + (kind && slash == std::string::npos ? 1 : 0);
    return words_.size() == last + 1 ? std::optional(kind.value_or(Kind::Pod)) : std::nullopt;
  }

  /// Objects of a kind as `sts/web`.
  void with_kind(Kind kind, std::string_view prefix) {
    std::set<std::string> before;
    std::swap(before, found_);
    const std::string last = std::exchange(last_, "");
    objects(kind);
    last_ = last;
    for (const std::string& name : std::exchange(found_, std::move(before))) {
      add(fmt::format("{}{}", prefix, name));
    }
  }

  /// Steps typed as words.
  void step() {
    const std::string& key = words_.front();
    const std::string& before = words_.back();
    const auto forms = word_forms();
    const auto form = std::ranges::find(forms, std::string_view(key), &WordForm::key);
    if (form == forms.end()) {
      return;
    }
    if (before == "becomes") {
      list(key == "pod"     ? "ready running unready crashed failed succeeded evicted gone "
                              "unpullable crashing stuck fine"
           : key == "image" ? "unpullable crashing stuck fine"
           : key == "node"  ? "down unreachable up cordoned uncordoned drained out-of-service "
                              "in-service gone"
           : key == "watch" ? "late broken live"
           : key == "nfs"   ? "down full up"
           : key == "dns"   ? "stale fresh"
                            : "down up restarted");
    } else if (before == "answers") {
      list("conflict quota denied unavailable timeout lost normally");
    } else if (is(before, {"of", "to"}) || (key == "controller" && words_.size() == 1)) {
      actors();
    } else if (is(before, {"on", "kind", "resource"})) {
      kinds();
    } else if (before == "verb") {
      list("create delete patch update");
    } else if (before == "from" || (key == "pod" && words_.size() == 1)) {
      objects(Kind::Pod);
    } else if (key == "node" && words_.size() == 1) {
      objects(Kind::Node);
    } else if (key == "history" && words_.size() == 1) {
      objects(Kind::PersistentVolume);
    } else if (key == "image" && words_.size() == 1) {
      for (const std::string& image : images_of(state_.now().session.world())) {
        add(image);
      }
    } else if (is(key, {"pod", "image", "node", "controller"}) && words_.size() == 2) {
      add("becomes");
    } else {
      members(form->members);
    }
  }

  /// Names of what can still be said of a step.
  void members(std::string_view names) {
    const std::set<std::string> said(words_.begin(), words_.end());
    while (!names.empty()) {
      const std::size_t end = std::min(names.find(' '), names.size());
      if (!said.contains(std::string(names.substr(0, end)))) {
        add(names.substr(0, end));
      }
      names.remove_prefix(std::min(end + 1, names.size()));
    }
  }

  void kubectl_command() {
    std::string verb = words_.front();
    std::size_t behind = 1;
    for (const std::string& name : kubectl::verb_names()) {
      const std::size_t blank = name.find(' ');
      if (blank != std::string::npos && name.substr(0, blank) == verb) {
        if (words_.size() == 1) {
          add(name.substr(blank + 1));
        } else if (words_[1] == name.substr(blank + 1)) {
          verb = name;
          behind = 2;
          break;
        }
      }
    }
    if (is(words_.front(), {"rollout", "set"}) && behind == 1) {
      return;
    }
    const std::string& before = words_.back();
    if (last_.starts_with('-')) {
      for (const std::string& option : kubectl::option_names(verb)) {
        add(option);
      }
    } else if (is(before, {"-f", "--filename", "--patch-file"})) {
      files();
    } else if (is(before, {"-o", "--output"})) {
      list("json jsonpath= name wide yaml");
    } else if (verb == "exec" && words_.size() == 1) {
      objects(Kind::Pod);
    } else if (is(verb, {"cordon", "uncordon"})) {
      objects(Kind::Node);
    } else if (last_.find('/') != std::string::npos) {
      object_with_kind();
    } else {
      kind_or_name(behind);
    }
  }

  /// Behind the verb comes a kind, and behind that a name.
  void kind_or_name(std::size_t behind) {
    std::optional<Kind> kind;
    for (std::size_t i = behind; i < words_.size(); ++i) {
      if (!words_[i].starts_with('-') && !kind) {
        kind = api::find_kind(words_[i]);
      }
    }
    if (kind) {
      objects(*kind);
    } else {
      kinds();
    }
  }

  const State& state_;
  Words words_;
  std::string last_;
  bool only_kubectl_{};
  std::set<std::string> found_;
};

}  // namespace

std::vector<std::string> completions_of(const State& state, std::string_view text) {
  return Completing(state, text).all();
}

}  // namespace stsim::shell
