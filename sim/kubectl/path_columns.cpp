// -o custom-columns= and --sort-by, which look at objects through JSONPath.

#include "kubectl/document.hpp"
#include "kubectl/go_sort.hpp"
#include "kubectl/go_text.hpp"

#include <fmt/format.h>
#include <stsim/api/quantity.hpp>
#include <stsim/kubectl/jsonpath.hpp>
#include <stsim/kubectl/tab_writer.hpp>

#include <optional>

namespace stsim::kubectl {

namespace {

using api::Json;
using Error = tl::unexpected<std::string>;

struct Column {
  std::string header;
  JsonPath path;
};

std::string escape_terminal(const std::string& text) {
  std::string result;
  for (const char c : text) {
    result += c == '\x1b' ? "^[" : c == '\r' ? "\\r" : std::string(1, c);
  }
  return result;
}

/// Headers with the paths of their columns.
using Spec = std::vector<std::pair<std::string, std::string>>;

Result<std::vector<Column>, std::string> parse_columns(const Spec& spec) {
  std::vector<std::string> paths;
  for (const auto& [header, text] : spec) {
    Result<std::string, std::string> path = relaxed_path(text);
    if (!path) {
      return Error(path.error());
    }
    paths.push_back(std::move(*path));
  }
  std::vector<Column> columns;
  for (std::size_t i = 0; i < spec.size(); ++i) {
    Result<JsonPath, std::string> path = JsonPath::parse(paths[i]);
    if (!path) {
      return Error(path.error());
    }
    columns.push_back({spec[i].first, std::move(*path)});
  }
  return columns;
}

/// `HEADER:PATH,…` taken apart.
Result<Spec, std::string> spec_of(std::string_view text) {
  if (text.empty()) {
    return Error("custom-columns format specified but no custom columns given");
  }
  Spec out;
  for (const std::string& part : split(text, ',')) {
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos) {
      return Error(fmt::format(
          "unexpected custom-columns spec: {}, expected <header>:<json-path-expr>", part));
    }
    out.emplace_back(part.substr(0, colon), part.substr(colon + 1));
  }
  return out;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> out;
  constexpr std::string_view kBlanks = " \t\r";
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    if (line.empty()) {
      return out;
    }
    out.emplace_back(line.substr(0, line.find_first_of(kBlanks)));
    line.remove_prefix(out.back().size());
  }
}

/// A line of headers and a line of as many paths.
Result<Spec, std::string> spec_of_file(std::string_view text) {
  std::vector<std::string> lines = split(text, '\n');
  if (lines.back().empty()) {
    lines.pop_back();
  }
  if (lines.size() < 2) {
    return Error(
        fmt::format("invalid template, missing {} line. Expected format is one line of space "
                    "separated headers, one line of space separated column specs.",
                    lines.empty() ? "header" : "spec"));
  }
  const std::vector<std::string> headers = words_of(lines[0]);
  const std::vector<std::string> paths = words_of(lines[1]);
  if (headers.size() != paths.size()) {
    return Error(fmt::format("number of headers ({}) and field specifications ({}) don't match",
                             headers.size(),
                             paths.size()));
  }
  Spec out;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    out.emplace_back(headers[i], paths[i]);
  }
  return out;
}

Result<std::string, std::string> cell_of(const Column& column, const Json& object) {
  const Result<FoundLists, std::string> lists = column.path.find(object);
  if (!lists) {
    return Error(lists.error());
  }
  std::vector<std::string> parts;
  if (lists->empty() || lists->front().empty()) {
    parts.emplace_back("<none>");
  }
  for (const std::vector<Found>& list : *lists) {
    for (const Found& found : list) {
      parts.push_back(escape_terminal(go_text(found.value())));
    }
  }
  return join(parts, ",");
}

// An object's place in the list and the value it is sorted by, null where it has none.
struct SortItem {
  const Json* object;
  std::optional<Found> key;
};

// Compares as kubectl does; the first pair that cannot be compared is remembered in `error`.
bool key_less(const SortItem& a, const SortItem& b, const std::string& path, std::string& error) {
  if (!a.key || !b.key) {
    return !a.key;
  }
  const Json& left = a.key->value();
  const Json& right = b.key->value();
  if (left.is_null() || right.is_null()) {
    return left.is_null() && !right.is_null();
  }
  if (left.is_number_integer() && right.is_number_integer()) {
    return left < right;
  }
  if (left.is_number_float() && right.is_number_float()) {
    return left < right;
  }
  if (left.is_string() && right.is_string()) {
    const auto x = api::Quantity::parse(left.get_ref<const std::string&>());
    const auto y = api::Quantity::parse(right.get_ref<const std::string&>());
    return x && y ? *x < *y : left < right;
  }
  if (error.empty()) {
    const bool comparable = left.is_number() || left.is_string();
    error = fmt::format(
        "Field {} in [][][]reflect.Value is an unsortable type: interface, err: {}",
        path,
        comparable ? "unsortable interface: interface" : "unsortable type: " + go_type(left));
  }
  return false;
}

}  // namespace

Result<std::string, std::string> relaxed_path(std::string_view path) {
  if (path.empty()) {
    return std::string();
  }
  std::string_view inside = path;
  if (inside.size() >= 2 && inside.front() == '{' && inside.back() == '}') {
    inside = inside.substr(1, inside.size() - 2);
  }
  if (inside.size() > 1 && inside.front() == '.') {
    inside.remove_prefix(1);
  }
  if (inside.empty() || inside.find_first_of("{}") != std::string_view::npos) {
    return Error(
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
        "'{.name1.name2}'");
  }
  return fmt::format("{{.{}}}", inside);
}

namespace {

Result<std::string, std::string> print_columns(const Result<Spec, std::string>& spec,
                                               const std::vector<const Json*>& objects,
                                               bool headers) {
  if (!spec) {
    return Error(spec.error());
  }
  const Result<std::vector<Column>, std::string> columns = parse_columns(*spec);
  if (!columns) {
    return Error(columns.error());
  }
  std::vector<std::string> cells;
  std::string lines;
  if (headers) {
    for (const Column& column : *columns) {
      cells.push_back(column.header);
    }
    lines += join(cells, "\t") + "\n";
  }
  for (const Json* object : objects) {
    cells.clear();
    for (const Column& column : *columns) {
      Result<std::string, std::string> cell = cell_of(column, *object);
      if (!cell) {
        return cell;
      }
      cells.push_back(std::move(*cell));
    }
    lines += join(cells, "\t") + "\n";
  }
  return align(kTableStyle, lines);
}

}  // namespace

Result<std::string, std::string> print_custom_columns(std::string_view spec,
                                                      const std::vector<const Json*>& objects,
                                                      bool headers) {
  return print_columns(spec_of(spec), objects, headers);
}

Result<std::string, std::string> print_column_file(std::string_view text,
                                                   const std::vector<const Json*>& objects) {
  return print_columns(spec_of_file(text), objects, true);
}

Result<void, std::string> sort_by(std::string_view path, std::vector<const Json*>& objects) {
  if (objects.empty()) {
    return {};
  }
  const std::string field = relaxed_path(path).value_or(std::string(path));
  const Result<JsonPath, std::string> parsed = JsonPath::parse(field);
  if (!parsed) {
    return Error(fmt::format("sorting error: {}", parsed.error()));
  }
  std::vector<SortItem> items;
  bool found_once = false;
  for (const Json* object : objects) {
    const Result<FoundLists, std::string> lists = parsed->find(*object);
    if (!lists) {
      return Error(lists.error());
    }
    std::optional<Found> key;
    if (!lists->empty() && !lists->front().empty()) {
      key = lists->front().front();
      found_once = true;
    }
    items.push_back({object, std::move(key)});
  }
  if (!found_once) {
    return Error(fmt::format("couldn't find any field with path {} in the list of objects",
                             go_quote(field)));
  }
  std::string error;
  go_sort(items,
          [&](const SortItem& a, const SortItem& b) { return key_less(a, b, field, error); });
  if (!error.empty()) {
    return Error(error);
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    objects[i] = items[i].object;
  }
  return {};
}

}  // namespace stsim::kubectl
