#include <stsim/api/decode.hpp>

#include <algorithm>
#include <array>

namespace stsim::api {

namespace {

/// The life of a gate in minor releases. Rules: SS-240, SS-250, OP-2, OP-20.
struct Gate {
  std::string_view name;
  int since;   ///< the first release that knows it
  int on;      ///< from here on it is on unless set otherwise
  int locked;  ///< from here on the behaviour is there whatever was set
};

constexpr int kNever = 99;

// In bytewise order of name.
constexpr std::array<Gate, 8> kGates{{
    {"MaxUnavailableStatefulSet", 24, 37, kNever},
    {"PodIndexLabel", 28, 28, 32},
    {"StaleControllerConsistencyStatefulSet", 36, 36, kNever},
    {"StatefulSetAutoDeletePVC", 23, 27, 32},
    {"StatefulSetMinReadySeconds", 22, 23, 25},
    {"StatefulSetRecreateStrategy", 37, kNever, kNever},
    {"StatefulSetSemanticRevisionComparison", 34, 34, kNever},
    {"StatefulSetStartOrdinal", 26, 27, 31},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kGates.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    names[i] = kGates[i].name;
  }
  return names;
}();

}  // namespace

bool Features::enabled(std::string_view gate) const {
  const auto* found = std::ranges::find(kGates, gate, &Gate::name);
  if (found == kGates.end() || !release.at_least(found->since)) {
    return false;
  }
  if (release.at_least(found->locked)) {
    return true;
  }
  if (const auto set = gates.find(gate); set != gates.end()) {
    return set->second;
  }
  // The first 1.35 alone had it on; later patches of 1.35 and 1.36 switched it off again.
  if (gate == "MaxUnavailableStatefulSet" && release == Release{35, 0}) {
    return true;
  }
  return release.at_least(found->on);
}

std::span<const std::string_view> known_gates() {
  return kNames;
}

}  // namespace stsim::api
