#include "verb.hpp"

#include <fmt/format.h>

namespace stsim::kubectl {

namespace {

using Type = Flag::Type;

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> kVerbs{
      {"annotate",
       {kNamespace,
        kSelector,
        kAll,
        kFilename,
        {"overwrite", "", Type::Switch, ""},
        {"resource-version", "", Type::Value, ""}},
       run_annotate},
      {"apply",
       {kNamespace,
        kFilename,
        kOutput,
        {"dry-run", "", Type::Value, "unchanged"},
        {"server-side", "", Type::Switch, ""},
        {"validate", "", Type::Value, "strict"},
        {"wait", "", Type::Switch, ""}},
       run_apply},
      {"create",
       {kNamespace,
        kFilename,
        kOutput,
        {"save-config", "", Type::Switch, ""},
        {"dry-run", "", Type::Value, "unchanged"},
        {"validate", "", Type::Value, "strict"}},
       run_create},
      {"delete",
       {kNamespace,
        kFilename,
        kSelector,
        kAll,
        kAllNamespaces,
        kTimeout,
        kOutput,
        {"cascade", "", Type::Value, "background"},
        {"force", "", Type::Switch, ""},
        {"grace-period", "", Type::Number, ""},
        {"ignore-not-found", "", Type::Switch, ""},
        {"now", "", Type::Switch, ""},
        {"wait", "", Type::Switch, ""}},
       run_delete},
      {"describe",
       {kNamespace, kFilename, kSelector, kAllNamespaces, {"show-events", "", Type::Switch, ""}},
       run_describe},
      {"exec",
       {kNamespace,
        {"container", "c", Type::Value, ""},
        {"stdin", "i", Type::Switch, ""},
        {"tty", "t", Type::Switch, ""},
        {"quiet", "q", Type::Switch, ""}},
       run_exec},
      {"explain",
       {{"recursive", "", Type::Switch, ""}, {"api-version", "", Type::Value, ""}},
       run_explain},
      {"get",
       {kNamespace,
        kSelector,
        kFilename,
        kOutput,
        kAllNamespaces,
        {"no-headers", "", Type::Switch, ""},
        {"show-labels", "", Type::Switch, ""},
        {"label-columns", "L", Type::Value, ""},
        {"sort-by", "", Type::Value, ""},
        {"ignore-not-found", "", Type::Switch, ""},
        {"show-kind", "", Type::Switch, ""},
        {"field-selector", "", Type::Value, ""}},
       run_get},
      {"label",
       {kNamespace,
        kSelector,
        kAll,
        kFilename,
        {"overwrite", "", Type::Switch, ""},
        {"resource-version", "", Type::Value, ""}},
       run_label},
      {"patch",
       {kNamespace,
        kFilename,
        kOutput,
        {"patch", "p", Type::Value, ""},
        {"patch-file", "", Type::Value, ""},
        {"type", "", Type::Value, ""},
        {"subresource", "", Type::Value, ""}},
       run_patch},
      {"rollout",
       {kNamespace,
        kFilename,
        kSelector,
        kTimeout,
        {"revision", "", Type::Number, ""},
        {"to-revision", "", Type::Number, ""},
        {"watch", "w", Type::Switch, ""}},
       run_rollout},
      {"scale",
       {kNamespace,
        kFilename,
        kSelector,
        kAll,
        kTimeout,
        kOutput,
        {"replicas", "", Type::Number, ""},
        {"current-replicas", "", Type::Number, ""},
        {"resource-version", "", Type::Value, ""}},
       run_scale},
      {"set",
       {kNamespace,
        kFilename,
        kSelector,
        kAll,
        kOutput,
        {"containers", "c", Type::Value, ""},
        {"limits", "", Type::Value, ""},
        {"requests", "", Type::Value, ""},
        {"list", "", Type::Switch, ""},
        {"env", "e", Type::Value, ""}},
       run_set},
      {"wait",
       {kNamespace,
        kFilename,
        kSelector,
        kAll,
        kAllNamespaces,
        kTimeout,
        {"for", "", Type::Value, ""}},
       run_wait},
  };
  return kVerbs;
}

}  // namespace

Output run(const std::vector<std::string>& words, Session& session) {
  if (words.empty()) {
    return {"", "error: no command given; kubectl knows get, describe, apply, scale and more\n", 1};
  }
  for (const Verb& verb : verbs()) {
    if (verb.name != words.front()) {
      continue;
    }
    auto arguments = parse_flags(std::span(words).subspan(1), verb.flags, verb.name);
    if (!arguments) {
      return {"", "error: " + arguments.error() + "\n", 1};
    }
    Command command(session, *std::move(arguments));
    verb.run(command);
    return command.finish();
  }
  return {"", fmt::format("error: unknown command \"{}\" for \"kubectl\"\n", words.front()), 1};
}

}  // namespace stsim::kubectl
