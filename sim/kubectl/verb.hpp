#pragma once
// What the verbs of kubectl have in common: naming objects, reading manifests, printing errors.

#include "flags.hpp"

#include <stsim/api/api_error.hpp>
#include <stsim/api/object.hpp>
#include <stsim/api/selector.hpp>
#include <stsim/kubectl/kubectl.hpp>

#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace stsim::kubectl {

/// An error of kubectl's own (`error: <text>`, or without that word if `plain`), or of the server.
struct ClientError {
  std::string text;
  bool plain{};
};
using Failure = std::variant<ClientError, api::ApiError>;

/// One object that a command line or file names.
struct Named {
  api::Kind kind{};
  std::string ns;
  std::string name;
  [[nodiscard]] api::ObjectKey key() const { return {kind, ns, name}; }
};

/// One verb at work: its arguments, where it runs, what it prints.
class Command {
 public:
  Command(Session& in, Arguments args) : session(in), arguments(std::move(args)) {}

  Session& session;
  Arguments arguments;
  Output output;
  std::vector<Failure> failures;

  [[nodiscard]] world::Client& client() const { return session.client; }
  [[nodiscard]] Release release() const { return client().world().settings->features.release; }
  [[nodiscard]] std::string ns() const { return arguments.value("namespace", "default"); }

  void print(std::string_view line) { output.out.append(line).append("\n"); }
  void warn(std::string_view text) { output.err.append("Warning: ").append(text).append("\n"); }
  void fail(std::string text) { failures.emplace_back(ClientError{std::move(text), false}); }
  void fail(api::ApiError error) { failures.emplace_back(std::move(error)); }

  /// The output with its errors as kubectl prints them, and the exit status. Rules: KC-30 to KC-32.
  [[nodiscard]] Output finish();

  /// The objects that the words name: `TYPE NAME…`, `TYPE/NAME…`, or the files of `-f` in their
  /// place; `whole` tells types that were named without names. Errors: recorded as failures,
  /// nothing returned. Rule: KC-1.
  struct Targets {
    std::vector<Named> objects;
    std::vector<api::Kind> whole;
    bool by_slash{};
  };
  /// What a type named without names stands for: all its objects, or none unless `-l` or `--all`
  /// ask for them.
  enum class Bare : unsigned char { All, Refused };
  [[nodiscard]] std::optional<Targets> targets(std::span<const std::string> words, Bare bare);

  /// The objects of targets, `-l` and `--all` included, as they are now. Missing ones are failures.
  [[nodiscard]] std::vector<api::ObjectPtr> find(const Targets& targets);

  /// The manifests of all `-f` and what they came from. Errors: recorded as failures.
  struct Manifest {
    api::Json document;
    std::string source;  ///< the file, or `STDIN`
  };
  [[nodiscard]] std::vector<Manifest> manifests();

  /// The kind of a manifest. Errors: recorded as a failure. Rule: KC-33.
  [[nodiscard]] std::optional<api::Kind> kind_of(const Manifest& manifest);

  /// The selector of `-l`, if given. Errors: recorded as a failure.
  [[nodiscard]] std::optional<api::Selector> selector();

  /// How `--dry-run` asks for a change.
  enum class DryRun : unsigned char { None, Client, Server };
  [[nodiscard]] DryRun dry_run() const { return dry_run_; }
  /// Reads `--dry-run`. Errors: recorded, and false.
  [[nodiscard]] bool read_dry_run();
  /// ` (dry run)`, ` (server dry run)` or nothing.
  [[nodiscard]] std::string_view dry_run_suffix() const;

  /// Passes on the server's warnings of unknown fields.
  void warn_of_unknown(const std::vector<std::string>& fields);

  /// Passes on what the server warns of in a write that made `object` of the document `old`, which
  /// is null where it created it. Rule: SS-8.
  void pass_warnings(const api::Object& object, const api::Json& old);

  /// Changes an object through the API server, whose warnings are passed on; on a dry run nothing
  /// stays of it.
  [[nodiscard]] store::WriteResult change(const api::ObjectKey& key,
                                          const world::Client::DocumentChange& change,
                                          std::string subresource = "");

  /// Says what became of an object: `statefulset.apps/web scaled`, or prints it as `-o` asks.
  void done(const api::Object& object, std::string_view what);

  /// The deadline that `--timeout` sets, if any.
  [[nodiscard]] std::optional<SimTime> deadline() const;

  /// Ends a command that waits although nothing is left to happen.
  void would_wait_for_ever(std::string_view what);

 private:
  [[nodiscard]] std::optional<Targets> named_targets(std::span<const std::string> words);
  [[nodiscard]] bool allowed(const Targets& targets, Bare bare);
  [[nodiscard]] std::optional<Targets> targets_of_files(std::span<const std::string> words);
  void read_manifests(const std::string& file, std::vector<Manifest>& out);

  void server_warning(const std::string& text);

  DryRun dry_run_{DryRun::None};
  std::set<std::string> warned_;  // by the server: each only once
};

/// `statefulset.apps/web`. Rule: KC-3.
[[nodiscard]] std::string object_name(api::Kind kind, std::string_view name);

/// Prints documents in the form that `-o` names, sorted as `--sort-by` asks; `one` is false where
/// they are a list. Returns whether `-o` names one. Errors: recorded.
[[nodiscard]] bool print_in_form(Command& command, std::vector<const api::Json*> objects, bool one);

/// `error when creating "web.yaml": ` in front of the server's words. Rule: KC-11.
[[nodiscard]] api::ApiError with_source(api::ApiError error,
                                        std::string_view doing,
                                        std::string_view source);

/// The options that every verb knows.
inline constexpr Flag kNamespace{"namespace", "n", Flag::Type::Value, ""};
inline constexpr Flag kSelector{"selector", "l", Flag::Type::Value, ""};
inline constexpr Flag kFilename{"filename", "f", Flag::Type::Value, ""};
inline constexpr Flag kRecursive{"recursive", "R", Flag::Type::Switch, ""};
inline constexpr Flag kOutput{"output", "o", Flag::Type::Value, ""};
inline constexpr Flag kAllNamespaces{"all-namespaces", "A", Flag::Type::Switch, ""};
inline constexpr Flag kTimeout{"timeout", "", Flag::Type::Duration, ""};
inline constexpr Flag kAll{"all", "", Flag::Type::Switch, ""};
inline constexpr Flag kDryRun{"dry-run", "", Flag::Type::Value, "client"};
inline constexpr Flag kFieldSelector{"field-selector", "", Flag::Type::Value, ""};

/// A verb: its name, its options, what it does, whether its first word is a verb of its own.
struct Verb {
  std::string_view name;
  std::vector<Flag> flags;
  void (*run)(Command& command);
  bool has_sub_commands{};
};

void run_get(Command& command);
void run_describe(Command& command);
void run_explain(Command& command);
void run_apply(Command& command);
void run_create(Command& command);
void run_delete(Command& command);
void run_scale(Command& command);
void run_patch(Command& command);
void run_set(Command& command);
void run_rollout(Command& command);
void run_wait(Command& command);
void run_exec(Command& command);
void run_label(Command& command);
void run_annotate(Command& command);
void run_events(Command& command);

}  // namespace stsim::kubectl
