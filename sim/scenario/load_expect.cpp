// What an expectation may name. A member that no cluster ever has would fail at the end of a long
// run, or worse, hold for ever; so it is refused before anything runs.
#include "scenario/condition.hpp"
#include "scenario/load_parts.hpp"
#include "scenario/recorded_fields.hpp"

#include <fmt/format.h>
#include <stsim/api/kinds.hpp>
#include <stsim/check/watchdog.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

namespace stsim::scenario {

namespace {

/// The members of an expectation, in alphabetical order; those of one over time know of no step.
std::vector<std::string_view> top_keys(bool over_time) {
  std::vector<std::string_view> out{kCountsMember, kEndpointsMember, kResolvesMember};
  if (!over_time) {
    out.insert(out.end(), {"exit", "moved", "output", kHopesMember});
  }
  for (const RecordedKind& recorded : recorded_kinds()) {
    out.push_back(api::info(recorded.kind).plural);
  }
  std::ranges::sort(out);
  return out;
}

class ExpectChecker {
 public:
  ExpectChecker(Reader& reader, bool over_time, std::span<const std::string_view> others)
      : reader_(reader), others_(others), top_keys_(top_keys(over_time)) {}

  void check(const api::YamlNode& node) {
    if (!reader_.is_map(node, "an expectation")) {
      return;
    }
    bool nothing = true;
    for (const api::YamlEntry& entry : node.entries()) {
      if (std::ranges::find(others_, entry.key.text()) == others_.end()) {
        nothing = false;
        top_member(entry);
      }
    }
    if (nothing) {
      reader_.error(node, "this expects nothing", suggestion("", top_keys_));
    }
  }

 private:
  void top_member(const api::YamlEntry& entry) {
    const std::string& key = entry.key.text();
    const auto kinds = recorded_kinds();
    const auto kind = std::ranges::find_if(
        kinds, [&key](const RecordedKind& row) { return api::info(row.kind).plural == key; });
    if (std::ranges::find(top_keys_, key) == top_keys_.end()) {
      unknown_kind(entry.key);
    } else if (kind != kinds.end()) {
      objects(entry.value, *kind);
    } else if (key == kCountsMember) {
      counts(entry.value);
    } else if (key == kResolvesMember) {
      names(entry.value);
    } else if (key == kEndpointsMember) {
      endpoints(entry.value);
    } else if (key == kHopesMember) {
      hopes(entry.value);
    } else if (key == "exit") {
      reader_.integer(entry.value, "exit", 0);
    } else if (key == "output") {
      output(entry.value);
    } else {
      moved(entry.value);
    }
  }

  void number(const api::YamlNode& node, std::string_view what) {
    constexpr std::array<std::string_view, 2> kBounds{"least", "most"};
    if (!node.is_map()) {
      reader_.integer(node, what, 0);
    } else if (reader_.has_only(node, what, kBounds)) {
      for (const api::YamlEntry& entry : node.entries()) {
        reader_.integer(entry.value, entry.key.text(), 0);
      }
    }
  }

  void counts(const api::YamlNode& node) {
    constexpr std::array<std::string_view, 5> kWhat{
        "available", "images", "ready", "terminating", "total"};
    if (!reader_.is_map(node, "counts of an expectation")) {
      return;
    }
    for (const api::YamlEntry& set : node.entries()) {
      if (!reader_.has_only(set.value, "a set's counts", kWhat)) {
        continue;
      }
      for (const api::YamlEntry& entry : set.value.entries()) {
        if (entry.key.text() != "images") {
          number(entry.value, entry.key.text());
        } else if (reader_.is_map(entry.value, "images of a set")) {
          for (const api::YamlEntry& image : entry.value.entries()) {
            number(image.value, "the number of an image");
          }
        }
      }
    }
  }

  void hopes(const api::YamlNode& node) {
    std::vector<std::string_view> sources;
    for (const check::Watched& watched : check::watched()) {
      if (watched.promise != check::Promise::Guarantee) {
        sources.push_back(watched.source);
      }
    }
    std::ranges::sort(sources);
    if (reader_.has_only(node, "hopes of an expectation", sources)) {
      for (const api::YamlEntry& entry : node.entries()) {
        number(entry.value, "how often a hope was broken");
      }
    }
  }

  void names(const api::YamlNode& node) {
    if (reader_.is_map(node, "names that resolve")) {
      for (const api::YamlEntry& entry : node.entries()) {
        reader_.boolean(entry.value, fmt::format("whether {} resolves", entry.key.text()));
      }
    }
  }

  void unknown_kind(const api::YamlNode& key) {
    const auto kind = api::find_kind(key.text());
    const std::string_view plural = kind ? api::info(*kind).plural : "";
    if (std::ranges::find(top_keys_, plural) != top_keys_.end()) {
      reader_.error(key,
                    fmt::format("unknown key of an expectation {}", describe(key)),
                    did_you_mean(plural));
    } else {
      reader_.unknown(key, "key of an expectation", key.text(), top_keys_);
    }
  }

  void objects(const api::YamlNode& node, const RecordedKind& kind) {
    if (!reader_.is_map(node, fmt::format("{} of an expectation", api::info(kind.kind).plural))) {
      return;
    }
    for (const api::YamlEntry& entry : node.entries()) {
      reader_.text(entry.key, "an object's name");
      if (!entry.value.is_null()) {
        members(entry.value, kind.what, kind.fields);
      }
    }
  }

  template <class Field>
  void members(const api::YamlNode& node, std::string_view what, std::span<const Field> possible) {
    std::vector<std::string_view> names;
    for (const Member& member : possible) {
      names.push_back(member.name);
    }
    if (!reader_.has_only(node, what, names)) {
      return;
    }
    for (const api::YamlEntry& entry : node.entries()) {
      value(entry.value, *std::ranges::find(possible, entry.key.text(), &Field::name));
    }
  }

  void value(const api::YamlNode& node, const Member& member) {
    // What must not be there is null, whatever it is.
    if (node.is_null()) {
      return;
    }
    const std::string what(member.name);
    switch (member.type) {
      case MemberType::Text:
        reader_.any_text(node, what);
        break;
      case MemberType::Number:
        reader_.integer(node, what);
        break;
      case MemberType::Flag:
        reader_.boolean(node, what);
        break;
      case MemberType::Texts:
        texts(node, what);
        break;
      case MemberType::TextMap:
        if (reader_.is_map(node, what)) {
          for (const api::YamlEntry& entry : node.entries()) {
            reader_.text(entry.key, "a label");
            if (!entry.value.is_null()) {
              reader_.any_text(entry.value, "a label's value");
            }
          }
        }
        break;
      case MemberType::Status:
        members(node, "a stateful set's status", status_members());
        break;
    }
  }

  void texts(const api::YamlNode& node, std::string_view what) {
    if (reader_.is_list(node, what)) {
      for (const api::YamlNode& item : node.items()) {
        reader_.any_text(item, fmt::format("an entry of {}", what));
      }
    }
  }

  void endpoints(const api::YamlNode& node) {
    if (!reader_.is_map(node, "endpoints of an expectation")) {
      return;
    }
    for (const api::YamlEntry& entry : node.entries()) {
      reader_.text(entry.key, "a service's name");
      if (entry.value.is_null() || !reader_.is_list(entry.value, "endpoints of a service")) {
        continue;
      }
      for (const api::YamlNode& item : entry.value.items()) {
        members(item, "an endpoint", endpoint_fields());
      }
    }
  }

  void output(const api::YamlNode& node) {
    constexpr std::array<std::string_view, 4> kKeys{"contains", "lacks", "stderr", "stdout"};
    if (!reader_.has_only(node, "output", kKeys)) {
      return;
    }
    for (const api::YamlEntry& entry : node.entries()) {
      const std::string& key = entry.key.text();
      if ((key == "contains" || key == "lacks") && entry.value.is_sequence()) {
        texts(entry.value, key);
      } else {
        reader_.any_text(entry.value, key);
      }
    }
  }

  void moved(const api::YamlNode& node) {
    if (!reader_.is_list(node, "moved")) {
      return;
    }
    for (const api::YamlNode& item : node.items()) {
      if (!item.is_sequence() || item.items().size() != 2) {
        reader_.error(
            item, "an entry of moved must be a pod and what became of it", "[web-0, ready]");
      } else {
        texts(item, "moved");
      }
    }
  }

  Reader& reader_;
  std::span<const std::string_view> others_;
  std::vector<std::string_view> top_keys_;
};

}  // namespace

void check_expect(Reader& reader, const api::YamlNode& node) {
  ExpectChecker(reader, false, {}).check(node);
}

void check_condition(Reader& reader,
                     const api::YamlNode& node,
                     std::span<const std::string_view> others) {
  ExpectChecker(reader, true, others).check(node);
}

}  // namespace stsim::scenario
