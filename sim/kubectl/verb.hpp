#pragma once
// What the verbs of kubectl have in common: naming objects, reading manifests, printing errors.

#include "empty_types.hpp"
#include "flags.hpp"

#include <stsim/api/api_error.hpp>
#include <stsim/api/object.hpp>
#include <stsim/api/selector.hpp>
#include <stsim/api/well_known.hpp>
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
  std::string source{};           ///< the file that names it; empty for words
  const EmptyType* empty_type{};  ///< whose object it would be, in place of `kind`; or null
  /// Where it is stored; that of no object where its type has none.
  [[nodiscard]] api::ObjectKey key() const {
    return empty_type != nullptr ? api::ObjectKey{} : api::ObjectKey{kind, ns, name};
  }
};

/// One verb at work: its arguments, where it runs, what it prints.
class Command {
 public:
  Command(Session& in, std::string_view command, Arguments args)
      : session(in), verb(command), arguments(std::move(args)) {}

  Session& session;
  std::string_view verb;  ///< `get`, `rollout status`
  Arguments arguments;
  Output output;
  std::vector<Failure> failures;
  std::string change_cause;  ///< what --record notes of this command; empty if it notes nothing

  [[nodiscard]] world::Client& client() const { return session.client; }
  [[nodiscard]] Release release() const { return client().world().settings->features.release; }
  [[nodiscard]] std::string ns() const {
    return arguments.value("namespace", api::kDefaultNamespace);
  }

  void print(std::string_view line) { output.out.append(line).append("\n"); }
  void warn(std::string_view text) { output.err.append("Warning: ").append(text).append("\n"); }
  void fail(std::string text) { failures.emplace_back(ClientError{std::move(text), false}); }
  void fail(api::ApiError error) { failures.emplace_back(std::move(error)); }
  /// Fails with advice how to use the command.
  void misused(std::string_view text);
  /// Fails with several errors at once, none of which is marked as one.
  void fail_with_all(const std::vector<std::string>& texts);

  /// The output with its errors as kubectl prints them, and the exit status. Rules: KC-30 to KC-32.
  [[nodiscard]] Output finish();

  /// The objects that the words name: `TYPE NAME…`, `TYPE/NAME…`, or the files of `-f` in their
  /// place; `whole` tells types that were named without names. Errors: recorded as failures,
  /// nothing returned. Rule: KC-1.
  struct Targets {
    std::vector<Named> objects;
    std::vector<api::Kind> whole;
    bool by_slash{};
    std::vector<const EmptyType*> empty_types{};  ///< as `whole`, types that have no objects here
  };
  /// What a type named without names stands for: all its objects, or none unless `-l` or `--all`
  /// ask for them.
  enum class Bare : unsigned char { All, Refused };
  [[nodiscard]] std::optional<Targets> targets(std::span<const std::string> words, Bare bare);

  /// The objects of targets, `-l` and `--all` included, as they are now. Missing ones are failures.
  [[nodiscard]] std::vector<api::ObjectPtr> find(const Targets& targets);

  /// All objects of the types that targets name without names, as `-l` and `--field-selector`
  /// choose them. Errors: recorded.
  [[nodiscard]] std::vector<api::ObjectPtr> listed(const Targets& targets);

  /// What a read of an object that is not there says.
  [[nodiscard]] api::ApiError missing(const Named& named) const;

  /// Passes on what the server warns of in a read of Endpoints. Rule: KC-4.
  void warn_of_endpoints(const Targets& targets);

  /// The manifests of all `-f` and what they came from. Errors: recorded as failures; nothing is
  /// returned where a path is not there, and what can be read of files that are.
  struct Manifest {
    api::Json document;
    std::string source;  ///< the file, or `STDIN`
  };
  [[nodiscard]] std::optional<std::vector<Manifest>> manifests();

  /// The kind of a manifest. Errors: recorded as a failure. Rule: KC-33.
  [[nodiscard]] std::optional<api::Kind> kind_of(const Manifest& manifest);

  /// The selector of `-l`, which chooses everything if it is not given; nothing if it is wrong.
  [[nodiscard]] std::optional<api::Selector> selector() const;

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

  /// Notes what --record notes on an object, by a write of its own.
  void record_cause(const api::ObjectKey& key);
  /// Notes it in a document that is going to be written.
  void note_cause(api::Json& document) const;

  /// Says what became of an object: `statefulset.apps/web scaled`, or prints it as `-o` asks.
  void done(const api::Object& object, std::string_view what);
  void done(const api::Json& document, std::string_view what);

  /// Whether neither words nor files name anything.
  [[nodiscard]] bool names_nothing() const {
    return arguments.words.empty() && !arguments.has("filename");
  }

  /// Whether `-o` names a form that the verbs which change things know. Errors: recorded.
  [[nodiscard]] bool can_print();

  /// Prints a document in a form of `-o`; the printer of most verbs separates those in YAML.
  void show(const api::Json& document);
  bool separates{true};

  /// The deadline that `--timeout` sets, if any.
  [[nodiscard]] std::optional<SimTime> deadline() const;

  /// Ends a command that waits although nothing is left to happen.
  void would_wait_for_ever(std::string_view what);

 private:
  [[nodiscard]] std::optional<Targets> named_targets(std::span<const std::string> words);
  [[nodiscard]] bool allowed(const Targets& targets, Bare bare);
  [[nodiscard]] std::optional<Targets> targets_of_files(std::span<const std::string> words);
  void read_manifests(const std::string& file, const std::string& text, std::vector<Manifest>& out);

  void server_warning(const std::string& text);

  DryRun dry_run_{DryRun::None};
  std::set<std::string> warned_;  // by the server: each only once
  bool shown_yaml_{};
};

/// What a command says that needs a type and has none.
inline constexpr std::string_view kSeeTypes =
    "Use \"kubectl api-resources\" for a complete list of supported resources.";

/// `statefulset.apps/web`. Rule: KC-3.
[[nodiscard]] std::string object_name(api::Kind kind, std::string_view name);

/// The same of a document of whatever kind.
[[nodiscard]] std::string name_with_kind(const api::Json& document);

/// Prints documents in the form that `-o` names, sorted as `--sort-by` asks; `one` is false where
/// they are a list. Returns whether `-o` names one. Errors: recorded. Rule: KC-4.
[[nodiscard]] bool print_in_form(Command& command, std::vector<const api::Json*> objects, bool one);

/// `error when creating "web.yaml": ` in front of the server's words. Rule: KC-11.
[[nodiscard]] api::ApiError with_source(api::ApiError error,
                                        std::string_view doing,
                                        std::string_view source);

/// What the options of delete ask of the server. Errors: recorded. Rule: KC-21.
[[nodiscard]] std::optional<store::DeleteOptions> delete_options(Command& command);

/// Deletes objects, says so, and waits until they are gone. Errors: recorded. Rule: KC-21.
void delete_all(Command& command,
                const std::vector<Named>& all,
                const store::DeleteOptions& options,
                bool ignore_missing,
                bool wait);

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
inline constexpr Flag kRecord{"record", "", Flag::Type::Switch, ""};

/// A verb: its name, with that of a sub-command behind it; its options; what it does.
struct Verb {
  std::string_view name;
  std::vector<Flag> flags;
  void (*run)(Command& command);
};

void run_get(Command& command);
void run_describe(Command& command);
void run_explain(Command& command);
void run_apply(Command& command);
void run_create(Command& command);
void run_delete(Command& command);
void run_scale(Command& command);
void run_patch(Command& command);
void run_replace(Command& command);
void run_set_env(Command& command);
void run_set_image(Command& command);
void run_set_resources(Command& command);
void run_cordon(Command& command);
void run_uncordon(Command& command);
void run_taint(Command& command);
/// What a verb says whose sub-command is missing or unknown.
void run_nothing(Command& command);
void run_rollout(Command& command);
void run_wait(Command& command);
void run_exec(Command& command);
void run_label(Command& command);
void run_annotate(Command& command);
void run_events(Command& command);

}  // namespace stsim::kubectl
