#include "kubectl/yaml_scalar.hpp"

#include <stsim/kubectl/yaml.hpp>

#include <algorithm>

namespace stsim::kubectl {

namespace {

using api::Json;

constexpr std::size_t kIndent = 2;
// A key that is longer is written as `? key` and `: value` on lines of their own.
constexpr std::size_t kLongestSimpleKey = 128;

class YamlWriter {
 public:
  void write(const Json& value) {
    write_node(value, 0, Context::Root);
    if (!out_.ends_with('\n')) {
      out_ += '\n';
    }
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  enum class Context { Root, MapValue, ListItem };

  [[nodiscard]] std::size_t column() const {
    const std::size_t line_start = out_.rfind('\n') + 1;
    std::size_t count = 0;
    for (std::size_t i = line_start; i < out_.size(); ++i) {
      count += (static_cast<unsigned char>(out_[i]) & 0xC0U) != 0x80U ? 1U : 0U;
    }
    return count;
  }

  void start_line(std::size_t indent) {
    if (!out_.empty() && !out_.ends_with('\n')) {
      out_ += '\n';
    }
    out_.append(indent, ' ');
  }

  // `indent` is that of the surrounding mapping or list.
  void write_node(const Json& value, std::size_t indent, Context context) {
    if (value.is_object() && !value.empty()) {
      write_map(value, context == Context::Root ? 0 : indent + kIndent, context);
    } else if (value.is_array() && !value.empty()) {
      // Lists stand below their key without further indentation.
      write_list(value, context == Context::ListItem ? indent + kIndent : indent, context);
    } else {
      if (context != Context::Root) {
        out_ += ' ';
      }
      write_scalar(value, {column(), context == Context::Root ? kIndent : indent + kIndent, false});
    }
  }

  void write_scalar(const Json& value, ScalarPlace place) {
    if (value.is_string()) {
      out_ += yaml_string(value.get_ref<const std::string&>(), place);
    } else if (value.is_object()) {
      out_ += "{}";
    } else if (value.is_array()) {
      out_ += "[]";
    } else {
      out_ += value.dump();
    }
  }

  // The first entry of a collection in a list stands on the line of its dash.
  void start_entry(std::size_t indent, bool first, Context context) {
    if (first && context == Context::ListItem) {
      out_ += ' ';
    } else {
      start_line(indent);
    }
  }

  void write_map(const Json& map, std::size_t indent, Context context) {
    std::vector<Json::const_iterator> entries;
    for (auto it = map.begin(); it != map.end(); ++it) {
      entries.push_back(it);
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
      return yaml_key_less(a.key(), b.key());
    });
    bool first = true;
    for (const Json::const_iterator& entry : entries) {
      start_entry(indent, first, context);
      first = false;
      const std::string& key = entry.key();
      const bool simple = key.size() <= kLongestSimpleKey && key.find('\n') == std::string::npos;
      if (simple) {
        out_ += yaml_string(key, {column(), indent + kIndent, true});
      } else {
        out_ += "? ";
        out_ += yaml_string(key, {column(), indent + kIndent, false});
        start_line(indent);
      }
      out_ += ':';
      write_node(*entry, indent, Context::MapValue);
    }
  }

  void write_list(const Json& list, std::size_t indent, Context context) {
    bool first = true;
    for (const Json& item : list) {
      start_entry(indent, first, context);
      first = false;
      out_ += '-';
      write_node(item, indent, Context::ListItem);
    }
  }

  std::string out_;
};

void write_json(std::string& out, const Json& value, std::size_t depth) {
  constexpr std::size_t kJsonIndent = 4;
  if ((!value.is_object() && !value.is_array()) || value.empty()) {
    out += api::to_go_json(value);
    return;
  }
  const bool object = value.is_object();
  out += object ? '{' : '[';
  bool first = true;
  for (auto it = value.begin(); it != value.end(); ++it) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append((depth + 1) * kJsonIndent, ' ');
    if (object) {
      out += api::to_go_json(Json(it.key())) + ": ";
    }
    write_json(out, *it, depth + 1);
  }
  out += '\n';
  out.append(depth * kJsonIndent, ' ');
  out += object ? '}' : ']';
}

}  // namespace

std::string to_yaml(const Json& document) {
  YamlWriter writer;
  writer.write(document);
  return writer.take();
}

std::string to_indented_json(const Json& document) {
  std::string out;
  write_json(out, document, 0);
  return out + '\n';
}

Json list_of(const std::vector<const Json*>& objects) {
  Json items = Json::array();
  for (const Json* object : objects) {
    items.push_back(*object);
  }
  return Json{{"apiVersion", "v1"},
              {"items", std::move(items)},
              {"kind", "List"},
              {"metadata", {{"resourceVersion", ""}}}};
}

}  // namespace stsim::kubectl
