#include "document.hpp"
#include "suggest.hpp"
#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

namespace {

using Type = Flag::Type;

/// The options of every command; only -n changes anything here.
const std::vector<Flag>& common_flags() {
  static const std::vector<Flag> kFlags{
      kNamespace, {"request-timeout", "", Type::Value, ""}, {"v", "v", Type::Value, ""}};
  return kFlags;
}

std::vector<Flag> operator+(std::vector<Flag> a, const std::vector<Flag>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Every verb with the options that it knows besides the common ones.
const std::vector<Verb>& verbs() {
  using Flags = std::vector<Flag>;
  static const Flag kIgnoreNotFound{"ignore-not-found", "", Type::Switch, ""};
  static const Flag kNoHeaders{"no-headers", "", Type::Switch, ""};
  static const Flag kOverwrite{"overwrite", "", Type::Switch, ""};
  static const Flag kChunkSize{"chunk-size", "", Type::Number, ""};
  static const Flag kList{"list", "", Type::Switch, ""};
  static const Flag kWatch{"watch", "w", Type::Switch, ""};
  static const Flag kResourceVersion{"resource-version", "", Type::Value, ""};
  static const Flag kContainers{"containers", "c", Type::Value, ""};
  static const Flag kRevision{"revision", "", Type::Number, ""};
  static const Flags kFiles{kFilename, kRecursive};
  static const Flags kPrint{kOutput,
                            {"template", "", Type::Value, ""},
                            {"allow-missing-template-keys", "", Type::Switch, ""},
                            {"show-managed-fields", "", Type::Switch, ""}};
  static const Flags kWrite{kDryRun, {"field-manager", "", Type::Value, ""}};
  static const Flags kValidate{{"validate", "", Type::Value, "strict"}};
  static const Flags kDelete{{"cascade", "", Type::Value, "background"},
                             {"force", "", Type::Switch, ""},
                             {"grace-period", "", Type::Number, ""},
                             {"wait", "", Type::Switch, ""},
                             kTimeout};
  static const Flags kMetadata = kFiles + kPrint + kWrite +
                                 Flags{kSelector,
                                       kFieldSelector,
                                       kAll,
                                       kAllNamespaces,
                                       kOverwrite,
                                       kList,
                                       kResourceVersion,
                                       kRecord};
  static const Flags kSet = kFiles + kPrint + kWrite + Flags{kSelector, kAll};
  static const Flags kRollout = kFiles + Flags{kSelector};
  static const Flags kFieldManager{{"field-manager", "", Type::Value, ""}};
  static const std::vector<Verb> kVerbs{
      {"annotate", kMetadata, run_annotate},
      {"apply",
       kFiles + kPrint + kWrite + kValidate + kDelete +
           Flags{kSelector, kOverwrite, kRecord, {"openapi-patch", "", Type::Switch, ""}},
       run_apply},
      {"cordon", {kSelector, kDryRun}, run_cordon},
      {"create",
       kFiles + kPrint + kWrite + kValidate +
           Flags{kSelector, kRecord, {"save-config", "", Type::Switch, ""}},
       run_create},
      {"delete",
       kFiles + kDelete +
           Flags{kSelector,
                 kFieldSelector,
                 kAll,
                 kAllNamespaces,
                 kDryRun,
                 kOutput,
                 kIgnoreNotFound,
                 {"now", "", Type::Switch, ""}},
       run_delete},
      {"describe",
       kFiles + Flags{kSelector, kAllNamespaces, kChunkSize, {"show-events", "", Type::Switch, ""}},
       run_describe},
      {"events",
       kPrint + Flags{kAllNamespaces,
                      kNoHeaders,
                      kChunkSize,
                      {"for", "", Type::Value, ""},
                      {"types", "", Type::Value, ""}},
       run_events},
      {"exec",
       {{"container", "c", Type::Value, ""},
        {"stdin", "i", Type::Switch, ""},
        {"tty", "t", Type::Switch, ""},
        {"quiet", "q", Type::Switch, ""}},
       run_exec},
      {"explain", {{"recursive", "", Type::Switch, ""}}, run_explain},
      {"get",
       kFiles + kPrint +
           Flags{kSelector,
                 kFieldSelector,
                 kAllNamespaces,
                 kNoHeaders,
                 kIgnoreNotFound,
                 kChunkSize,
                 kWatch,
                 {"show-labels", "", Type::Switch, ""},
                 {"label-columns", "L", Type::Value, ""},
                 {"sort-by", "", Type::Value, ""},
                 {"subresource", "", Type::Value, ""},
                 {"server-print", "", Type::Switch, ""},
                 {"show-kind", "", Type::Switch, ""}},
       run_get},
      {"label", kMetadata, run_label},
      {"patch",
       kFiles + kPrint + kWrite +
           Flags{kRecord,
                 {"patch", "p", Type::Value, ""},
                 {"patch-file", "", Type::Value, ""},
                 {"type", "", Type::Value, ""},
                 {"subresource", "", Type::Value, ""}},
       run_patch},
      {"replace",
       kFiles + kPrint + kWrite + kValidate + kDelete +
           Flags{kRecord, {"save-config", "", Type::Switch, ""}},
       run_replace},
      {"rollout", {}, run_nothing},
      {"rollout history", kRollout + kPrint + Flags{kRevision}, run_rollout},
      {"rollout pause", kRollout + kPrint + kFieldManager, run_rollout},
      {"rollout restart", kRollout + kPrint + kFieldManager, run_rollout},
      {"rollout resume", kRollout + kPrint + kFieldManager, run_rollout},
      {"rollout status", kRollout + Flags{kTimeout, kRevision, kWatch}, run_rollout},
      {"rollout undo",
       kRollout + kPrint + Flags{kDryRun, {"to-revision", "", Type::Number, ""}},
       run_rollout},
      {"scale",
       kFiles + kPrint +
           Flags{kSelector,
                 kAll,
                 kTimeout,
                 kDryRun,
                 kResourceVersion,
                 kRecord,
                 {"replicas", "", Type::Number, ""},
                 {"current-replicas", "", Type::Number, ""}},
       run_scale},
      {"set", {}, run_nothing},
      {"set env",
       kSet + Flags{kContainers, kList, kOverwrite, {"env", "e", Type::Value, ""}},
       run_set_env},
      {"set image", kSet + Flags{kRecord}, run_set_image},
      {"set resources",
       kSet + Flags{kContainers,
                    kRecord,
                    {"limits", "", Type::Value, ""},
                    {"requests", "", Type::Value, ""}},
       run_set_resources},
      {"taint", {kSelector, kAll, kOverwrite, kDryRun}, run_taint},
      {"uncordon", {kSelector, kDryRun}, run_uncordon},
      {"wait",
       kFiles + kPrint +
           Flags{kSelector,
                 kFieldSelector,
                 kAll,
                 kAllNamespaces,
                 kTimeout,
                 {"for", "", Type::Value, ""}},
       run_wait},
  };
  return kVerbs;
}

const Verb* find_verb(std::string_view name) {
  const auto verb = std::ranges::find(verbs(), name, &Verb::name);
  return verb == verbs().end() ? nullptr : &*verb;
}

/// Where the next word stands that is no option, at `at` or behind it.
std::size_t word_position(const std::vector<std::string>& words, std::size_t at) {
  while (at < words.size() && words[at].starts_with('-')) {
    const bool value_follows = words[at] == "-n" || words[at] == "--namespace" ||
                               words[at] == "-f" || words[at] == "--filename" ||
                               words[at] == "-l" || words[at] == "--selector";
    at += value_follows ? 2 : 1;
  }
  return std::min(at, words.size());
}

/// What --record notes: the words, and behind them the options in full.
std::string change_cause(const std::vector<std::string>& verb, const Arguments& arguments) {
  std::string out = "kubectl";
  for (const std::vector<std::string>& words : {verb, arguments.words}) {
    for (const std::string& word : words) {
      out += " " + word;
    }
  }
  for (const auto& [name, value] : arguments.in_order) {
    out += fmt::format(" --{}={}", name, value);
  }
  return out;
}

}  // namespace

std::vector<std::string> verb_names() {
  std::vector<std::string> out;
  for (const Verb& verb : verbs()) {
    out.emplace_back(verb.name);
  }
  return out;
}

std::vector<std::string> option_names(std::string_view verb) {
  std::vector<std::string> out;
  if (const Verb* found = find_verb(verb)) {
    for (const Flag& flag : common_flags() + found->flags) {
      out.push_back(fmt::format("--{}", flag.name));
    }
  }
  std::ranges::sort(out);
  return out;
}

void run_nothing(Command& command) {
  const std::vector<std::string>& words = command.arguments.words;
  if (!words.empty()) {
    command.misused(fmt::format("unknown command \"{}\"", join(words, " ")));
    return;
  }
  std::vector<std::string> subs;
  for (const Verb& verb : verbs()) {
    if (verb.name.starts_with(fmt::format("{} ", command.verb))) {
      subs.emplace_back(verb.name.substr(command.verb.size() + 1));
    }
  }
  command.fail(fmt::format("kubectl {} needs one of {}", command.verb, join(subs, ", ")));
}

Output run(const std::vector<std::string>& words, Session& session) {
  const std::size_t at = word_position(words, 0);
  if (at == words.size()) {
    return {"", "error: no command given; kubectl knows get, describe, apply, scale and more\n", 1};
  }
  const Verb* verb = find_verb(words[at]);
  if (verb == nullptr) {
    const std::string why = is_command(words[at])
                                ? fmt::format("kubectl {} is not simulated", words[at])
                                : unknown_command(words[at]);
    return {"", fmt::format("error: {}{}", why, why.ends_with('\n') ? "" : "\n"), 1};
  }
  std::vector<std::string> rest(words);
  std::vector<std::string> path{words[at]};
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
  if (const std::size_t next = word_position(rest, at); next < rest.size()) {
    if (const Verb* sub = find_verb(fmt::format("{} {}", words[at], rest[next]))) {
      verb = sub;
      path.push_back(rest[next]);
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(next));
    }
  }
  auto arguments = parse_flags(rest, common_flags() + verb->flags, verb->name);
  if (!arguments) {
    return {"", "error: " + arguments.error() + "\n", 1};
  }
  if (verb->run != run_exec) {
    auto& after = arguments->after_dash;
    arguments->words.insert(arguments->words.end(), after.begin(), after.end());
  }
  Command one(session, verb->name, *std::move(arguments));
  if (one.arguments.has(kRecord.name)) {
    one.output.err += "Flag --record has been deprecated, --record will be removed in the future\n";
    one.change_cause = one.arguments.on(kRecord.name) ? change_cause(path, one.arguments) : "";
  }
  verb->run(one);
  return one.finish();
}

}  // namespace stsim::kubectl
