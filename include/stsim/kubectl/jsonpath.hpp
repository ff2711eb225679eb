#pragma once
// JSONPath templates as kubectl understands them, and what is built on them: -o jsonpath=,
// -o custom-columns= and --sort-by. One evaluator serves all three. Rule: KC-4.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// A value that a template found. It points into the document that was searched, or owns a text or
/// number that stands in the template itself.
class Found {
 public:
  explicit Found(const api::Json& value) : value_(&value) {}
  explicit Found(std::shared_ptr<const api::Json> owned)
      : value_(owned.get()), owned_(std::move(owned)) {}
  [[nodiscard]] const api::Json& value() const { return *value_; }

 private:
  const api::Json* value_;
  std::shared_ptr<const api::Json> owned_;
};

/// What each part of a template found, in order: one list for each `{…}` and each text between
/// them.
using FoundLists = std::vector<std::vector<Found>>;

struct PathTemplate;

/// A parsed template: `{range .items[*]}{.metadata.name}{"\n"}{end}`. Copies share the parse tree.
class JsonPath {
 public:
  /// Reads a template. Errors: kubectl's words without what it puts in front of them.
  [[nodiscard]] static Result<JsonPath, std::string> parse(std::string_view text);

  /// What the template finds in `document`, which must outlive the result. Missing keys find
  /// nothing. Errors: the words of kubectl's evaluator (`array index out of bounds: index 5, length
  /// 2`).
  [[nodiscard]] Result<FoundLists, std::string> find(const api::Json& document) const;

  /// The text that -o jsonpath= prints: results of one part joined with spaces, lists and maps as
  /// JSON. Nothing is added at the end. Errors: as find().
  [[nodiscard]] Result<std::string, std::string> print(const api::Json& document) const;

  /// As print() for -o jsonpath-as-json=: each part's results as an indented JSON list.
  [[nodiscard]] Result<std::string, std::string> print_as_json(const api::Json& document) const;

 private:
  explicit JsonPath(std::shared_ptr<const PathTemplate> tree) : tree_(std::move(tree)) {}
  std::shared_ptr<const PathTemplate> tree_;
};

/// A value as Go prints it: strings without quotes, `map[a:1 b:2]`, `[1 2]`, `<nil>`.
[[nodiscard]] std::string go_text(const api::Json& value);

/// What `-o jsonpath=TEMPLATE` (`as_json`: `-o jsonpath-as-json=`) prints for one object, or a List
/// of several (see list_of()).
/// Errors: all that kubectl says after `error: `.
[[nodiscard]] Result<std::string, std::string> print_jsonpath(std::string_view path_template,
                                                              const api::Json& document,
                                                              bool as_json = false);

/// A path as users write it (`metadata.name`, `.metadata.name`, `{.metadata.name}`) as a template.
/// Errors: kubectl's words about a path of another form.
[[nodiscard]] Result<std::string, std::string> relaxed_path(std::string_view path);

/// What `-o custom-columns=SPEC` prints, SPEC being `HEADER:PATH,…`; missing values are `<none>`.
/// Headers are printed also where there are no objects, unless `headers` is false.
/// Errors: all that kubectl says after `error: `.
[[nodiscard]] Result<std::string, std::string> print_custom_columns(
    std::string_view spec, const std::vector<const api::Json*>& objects, bool headers = true);

/// What `-o custom-columns-file=FILE` prints, `text` being that of the file: a line of headers and
/// below it a line of paths. Errors: as above.
[[nodiscard]] Result<std::string, std::string> print_column_file(
    std::string_view text, const std::vector<const api::Json*>& objects);

/// Puts `objects` into the order of `--sort-by=PATH`: numbers by value, quantities by value where
/// both texts are quantities, other texts bytewise, objects without the field first. Objects that
/// are equal in this change places as they do under Go's sort.
/// Errors: all that kubectl says after `error: `; the order is then unchanged.
[[nodiscard]] Result<void, std::string> sort_by(std::string_view path,
                                                std::vector<const api::Json*>& objects);

}  // namespace stsim::kubectl
