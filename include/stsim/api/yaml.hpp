#pragma once
// YAML with places: scenarios and manifests as immutable trees in which every key and value knows
// where it stands, and their JSON form. Anchors share their node, merge keys (`<<`) are kept as
// written, repeated keys stay visible. Input is limited in depth and size, so that no file can
// bring the program down. Rules: KC-11, KC-33.

#include <stsim/api/json.hpp>
#include <stsim/base/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// What a text may grow to. A text beyond any of these is refused, never truncated.
struct YamlLimits {
  std::size_t bytes_max{4u << 20};          ///< length of the text
  std::size_t depth_max{100};               ///< nested lists and mappings, aliases followed
  std::size_t nodes_max{300'000};           ///< keys and values, aliases followed
  std::size_t aliased_nodes_max{100'000};   ///< those of them that only aliases add
  std::size_t aliased_bytes_max{1u << 20};  ///< length of all scalars that only aliases add
};

struct YamlEntry;
class YamlBuilder;

/// One value of a YAML document with its place. Cheap to copy: copies and aliases share the tree.
class YamlNode {
 public:
  /// What a value is.
  enum class Type : unsigned char { Null, Scalar, Sequence, Map };
  /// How a scalar was written, as far as it decides its type.
  enum class Style : unsigned char { Plain, Quoted };
  struct Data;

  /// An empty value without a place.
  YamlNode();

  /// Null is nothing at all, `~` or `null` without quotes.
  [[nodiscard]] Type type() const;
  [[nodiscard]] bool is_map() const { return type() == Type::Map; }
  [[nodiscard]] bool is_sequence() const { return type() == Type::Sequence; }
  [[nodiscard]] bool is_scalar() const { return type() == Type::Scalar; }
  [[nodiscard]] bool is_null() const { return type() == Type::Null; }

  /// Where it begins; an alias stands where its anchor does, a value left out where its key does.
  [[nodiscard]] SourceMark mark() const;

  /// The text of a scalar without its quotes; empty for others.
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] Style style() const;
  /// The members of a sequence; empty for others. Valid as long as the node is.
  [[nodiscard]] std::span<const YamlNode> items() const;

  /// The entries of a mapping in the order of the file, repeated keys included; empty for others.
  [[nodiscard]] std::span<const YamlEntry> entries() const;

  /// The value of the last entry with that key, or nullptr.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;

  /// The entries whose key stands in the mapping before, each the second or a later one; of this
  /// node and all below it, in the order of the file.
  [[nodiscard]] std::vector<const YamlEntry*> repeated_keys() const;

  /// The JSON form: plain scalars are resolved as YAML 1.1 has it in kubectl (`yes` is true, `0644`
  /// octal, `1e3` a number, times stay text), keys become text, the last of several equal keys
  /// wins, merge keys are carried out. Errors: the words of kubectl's YAML library, without place.
  [[nodiscard]] Result<Json, std::string> json() const;

  /// An error that points at this value, with its line.
  [[nodiscard]] UserError error(std::string message, std::string hint = "") const;

 private:
  friend class YamlBuilder;
  explicit YamlNode(std::shared_ptr<const Data> data);
  void add_repeated_keys(std::vector<const YamlEntry*>& found, std::set<const Data*>& seen) const;
  std::shared_ptr<const Data> data_;
};

/// A key of a mapping with its value.
struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

/// What a plain scalar of that text means in YAML 1.1 as kubectl reads it: null, boolean, number
/// (also infinite or no number at all) or else the text itself.
[[nodiscard]] Json resolve_plain_scalar(std::string_view text);

/// Reads all documents of `text`; `file` is only named in marks. An empty text has none.
/// Errors: the place and the reason why it is no YAML, or the limit that it exceeds.
[[nodiscard]] Result<std::vector<YamlNode>> load_yaml(std::string_view text,
                                                      std::string_view file,
                                                      const YamlLimits& limits = {});

/// The objects of a file that kubectl reads: those that stand before its first error, too.
struct Manifests {
  std::vector<Json> documents;  ///< in order; empty documents are left out
  std::string
      error;  ///< empty, or as kubectl has it: `error converting YAML to JSON: yaml: line 3: …`
};

/// Reads YAML or JSON as `kubectl apply -f` does: document by document, lines of an error counted
/// from the beginning of its document. Rule: KC-33.
[[nodiscard]] Manifests read_manifests(std::string_view text);

}  // namespace stsim::api
