// What an expectation may name. A member that no cluster ever has would fail at the end of a long
// run, or worse, hold for ever; so it is refused before anything runs.
#include "scenario/load_parts.hpp"

#include <fmt/format.h>
#include <stsim/api/kinds.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace stsim::scenario {

namespace {

enum class Value : unsigned char { Text, Number, Flag, Texts, TextMap, Status };

struct Member {
  std::string_view name;
  Value value;
};

using Members = std::span<const Member>;

constexpr std::array kStatefulSet{Member{"deleting", Value::Flag},
                                  Member{"generation", Value::Number},
                                  Member{"replicas", Value::Number},
                                  Member{"status", Value::Status}};
constexpr std::array kStatus{Member{"availableReplicas", Value::Number},
                             Member{"collisionCount", Value::Number},
                             Member{"currentReplicas", Value::Number},
                             Member{"currentRevision", Value::Text},
                             Member{"observedGeneration", Value::Number},
                             Member{"readyReplicas", Value::Number},
                             Member{"replicas", Value::Number},
                             Member{"updateRevision", Value::Text},
                             Member{"updatedReplicas", Value::Number}};
constexpr std::array kPod{Member{"claims", Value::Texts},
                          Member{"hostname", Value::Text},
                          Member{"images", Value::Texts},
                          Member{"labels", Value::TextMap},
                          Member{"owners", Value::Texts},
                          Member{"phase", Value::Text},
                          Member{"ready", Value::Flag},
                          Member{"revision", Value::Text},
                          Member{"subdomain", Value::Text},
                          Member{"terminating", Value::Flag}};
constexpr std::array kClaim{Member{"labels", Value::TextMap},
                            Member{"owners", Value::Texts},
                            Member{"phase", Value::Text},
                            Member{"terminating", Value::Flag},
                            Member{"volume", Value::Text}};
constexpr std::array kVolume{Member{"claim", Value::Text}, Member{"phase", Value::Text}};
constexpr std::array kRevision{Member{"owners", Value::Texts}, Member{"revision", Value::Number}};
constexpr std::array kEndpoint{Member{"hostname", Value::Text},
                               Member{"pod", Value::Text},
                               Member{"ready", Value::Flag},
                               Member{"serving", Value::Flag},
                               Member{"terminating", Value::Flag}};

/// A kind of objects in recordings, by the name that it has there.
struct ObjectKind {
  std::string_view name;
  std::string_view what;  ///< one of them, for messages
  Members members;
};

constexpr std::array kKinds{
    ObjectKind{"controllerrevisions", "a controller revision", kRevision},
    ObjectKind{"persistentvolumeclaims", "a persistent volume claim", kClaim},
    ObjectKind{"persistentvolumes", "a persistent volume", kVolume},
    ObjectKind{"pods", "a pod", kPod},
    ObjectKind{"statefulsets", "a stateful set", kStatefulSet},
};

constexpr std::array<std::string_view, 9> kTopKeys{"controllerrevisions",
                                                   "endpoints",
                                                   "exit",
                                                   "moved",
                                                   "output",
                                                   "persistentvolumeclaims",
                                                   "persistentvolumes",
                                                   "pods",
                                                   "statefulsets"};

class ExpectChecker {
 public:
  explicit ExpectChecker(Reader& reader) : reader_(reader) {}

  void check(const api::YamlNode& node) {
    if (!reader_.is_map(node, "an expectation")) {
      return;
    }
    if (node.entries().empty()) {
      reader_.error(node, "this expects nothing", suggestion("", kTopKeys));
    }
    for (const api::YamlEntry& entry : node.entries()) {
      top_member(entry);
    }
  }

 private:
  void top_member(const api::YamlEntry& entry) {
    const std::string& key = entry.key.text();
    const auto* const kind =
        std::ranges::find_if(kKinds, [&key](const ObjectKind& row) { return row.name == key; });
    if (kind != kKinds.end()) {
      objects(entry.value, *kind);
    } else if (key == "endpoints") {
      endpoints(entry.value);
    } else if (key == "exit") {
      reader_.integer(entry.value, "exit", 0);
    } else if (key == "output") {
      output(entry.value);
    } else if (key == "moved") {
      moved(entry.value);
    } else {
      unknown_kind(entry.key);
    }
  }

  void unknown_kind(const api::YamlNode& key) {
    const auto kind = api::find_kind(key.text());
    const std::string_view plural = kind ? api::info(*kind).plural : "";
    if (std::ranges::find(kTopKeys, plural) != kTopKeys.end()) {
      reader_.error(key,
                    fmt::format("unknown key of an expectation {}", describe(key)),
                    fmt::format("did you mean \"{}\"?", plural));
    } else {
      reader_.unknown(key, "key of an expectation", key.text(), kTopKeys);
    }
  }

  void objects(const api::YamlNode& node, const ObjectKind& kind) {
    if (!reader_.is_map(node, fmt::format("{} of an expectation", kind.name))) {
      return;
    }
    for (const api::YamlEntry& entry : node.entries()) {
      reader_.text(entry.key, "an object's name");
      if (!entry.value.is_null()) {
        members(entry.value, kind.what, kind.members);
      }
    }
  }

  void members(const api::YamlNode& node, std::string_view what, Members possible) {
    std::vector<std::string_view> names;
    for (const Member& member : possible) {
      names.push_back(member.name);
    }
    if (!reader_.has_only(node, what, names)) {
      return;
    }
    for (const api::YamlEntry& entry : node.entries()) {
      const auto* const member = std::ranges::find_if(possible, [&entry](const Member& row) {
                                   return row.name == entry.key.text();
                                 }).base();
      value(entry.value, *member);
    }
  }

  void value(const api::YamlNode& node, const Member& member) {
    // What must not be there is null, whatever it is.
    if (node.is_null()) {
      return;
    }
    const std::string what(member.name);
    switch (member.value) {
      case Value::Text:
        reader_.any_text(node, what);
        break;
      case Value::Number:
        reader_.integer(node, what);
        break;
      case Value::Flag:
        reader_.boolean(node, what);
        break;
      case Value::Texts:
        texts(node, what);
        break;
      case Value::TextMap:
        if (reader_.is_map(node, what)) {
          for (const api::YamlEntry& entry : node.entries()) {
            reader_.text(entry.key, "a label");
            if (!entry.value.is_null()) {
              reader_.any_text(entry.value, "a label's value");
            }
          }
        }
        break;
      case Value::Status:
        members(node, "a stateful set's status", kStatus);
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
        members(item, "an endpoint", kEndpoint);
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
};

}  // namespace

void check_expect(Reader& reader, const api::YamlNode& node) {
  ExpectChecker(reader).check(node);
}

}  // namespace stsim::scenario
