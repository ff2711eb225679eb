#include "verb.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

namespace {

using Type = Flag::Type;

/// Every verb with the options that it knows besides -n.
const std::vector<Verb>& verbs() {
  static const Flag kIgnoreNotFound{"ignore-not-found", "", Type::Switch, ""};
  static const Flag kNoHeaders{"no-headers", "", Type::Switch, ""};
  static const Flag kOverwrite{"overwrite", "", Type::Switch, ""};
  static const std::vector<Verb> kVerbs{
      {"annotate",
       {kSelector, kAll, kFilename, kRecursive, kDryRun, kOutput, kOverwrite},
       run_annotate},
      {"apply", {kFilename, kRecursive, kDryRun, kOutput}, run_apply},
      {"create",
       {kFilename, kRecursive, kDryRun, kOutput, {"save-config", "", Type::Switch, ""}},
       run_create},
      {"delete",
       {kFilename,
        kRecursive,
        kSelector,
        kAll,
        kAllNamespaces,
        kTimeout,
        kDryRun,
        kOutput,
        kIgnoreNotFound,
        {"cascade", "", Type::Value, "background"},
        {"force", "", Type::Switch, ""},
        {"grace-period", "", Type::Number, ""},
        {"now", "", Type::Switch, ""},
        {"wait", "", Type::Switch, ""}},
       run_delete},
      {"describe",
       {kFilename, kRecursive, kSelector, kAllNamespaces, {"show-events", "", Type::Switch, ""}},
       run_describe},
      {"events", {kAllNamespaces, kNoHeaders}, run_events},
      {"exec",
       {{"container", "c", Type::Value, ""},
        {"stdin", "i", Type::Switch, ""},
        {"tty", "t", Type::Switch, ""},
        {"quiet", "q", Type::Switch, ""}},
       run_exec},
      {"explain", {{"recursive", "", Type::Switch, ""}}, run_explain},
      {"get",
       {kSelector,
        kFieldSelector,
        kFilename,
        kRecursive,
        kOutput,
        kAllNamespaces,
        kNoHeaders,
        kIgnoreNotFound,
        {"show-labels", "", Type::Switch, ""},
        {"label-columns", "L", Type::Value, ""},
        {"sort-by", "", Type::Value, ""},
        {"watch", "w", Type::Switch, ""},
        {"show-kind", "", Type::Switch, ""}},
       run_get},
      {"label", {kSelector, kAll, kFilename, kRecursive, kDryRun, kOutput, kOverwrite}, run_label},
      {"patch",
       {kFilename,
        kRecursive,
        kDryRun,
        kOutput,
        {"patch", "p", Type::Value, ""},
        {"patch-file", "", Type::Value, ""},
        {"type", "", Type::Value, ""},
        {"subresource", "", Type::Value, ""}},
       run_patch},
      {"rollout",
       {kFilename,
        kRecursive,
        kSelector,
        kTimeout,
        {"revision", "", Type::Number, ""},
        {"to-revision", "", Type::Number, ""},
        {"watch", "w", Type::Switch, ""}},
       run_rollout,
       true},
      {"scale",
       {kFilename,
        kRecursive,
        kSelector,
        kAll,
        kTimeout,
        kDryRun,
        kOutput,
        {"replicas", "", Type::Number, ""},
        {"current-replicas", "", Type::Number, ""},
        {"resource-version", "", Type::Value, ""}},
       run_scale},
      {"set",
       {kFilename,
        kRecursive,
        kSelector,
        kAll,
        kDryRun,
        kOutput,
        {"containers", "c", Type::Value, ""},
        {"limits", "", Type::Value, ""},
        {"requests", "", Type::Value, ""},
        {"list", "", Type::Switch, ""}},
       run_set,
       true},
      {"wait",
       {kFilename,
        kRecursive,
        kSelector,
        kAll,
        kAllNamespaces,
        kTimeout,
        {"for", "", Type::Value, ""}},
       run_wait},
  };
  return kVerbs;
}

/// Where the verb stands: behind options that may come before it.
std::size_t verb_position(const std::vector<std::string>& words) {
  std::size_t at = 0;
  while (at < words.size() && words[at].starts_with('-')) {
    const bool value_follows = words[at] == "-n" || words[at] == "--namespace" ||
                               words[at] == "-f" || words[at] == "--filename";
    at += value_follows ? 2 : 1;
  }
  return std::min(at, words.size());
}

}  // namespace

Output run(const std::vector<std::string>& words, Session& session) {
  const std::size_t at = verb_position(words);
  if (at == words.size()) {
    return {"", "error: no command given; kubectl knows get, describe, apply, scale and more\n", 1};
  }
  const auto verb = std::ranges::find(verbs(), words[at], &Verb::name);
  if (verb == verbs().end()) {
    return {"", fmt::format("error: unknown command \"{}\" for \"kubectl\"\n", words[at]), 1};
  }
  std::vector<std::string> rest(words);
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at));
  std::vector<Flag> flags = verb->flags;
  flags.push_back(kNamespace);
  std::string command(verb->name);
  if (verb->has_sub_commands && at < rest.size()) {
    command += " " + rest[at];
  }
  auto arguments = parse_flags(rest, flags, command);
  if (!arguments) {
    return {"", "error: " + arguments.error() + "\n", 1};
  }
  if (verb->run != run_exec) {
    auto& after = arguments->after_dash;
    arguments->words.insert(arguments->words.end(), after.begin(), after.end());
  }
  Command one(session, *std::move(arguments));
  verb->run(one);
  return one.finish();
}

}  // namespace stsim::kubectl
