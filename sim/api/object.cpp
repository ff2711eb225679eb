#include <fmt/format.h>
#include <stsim/api/object.hpp>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <bit>
#include <charconv>

namespace stsim::api {

std::string Uid::text() const {
  if (empty()) {
    return "";
  }
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                     high >> 32,
                     high >> 16 & 0xffff,
                     high & 0xffff,
                     low >> 48,
                     low & 0xffff'ffff'ffff);
}

Uid parse_uid(std::string_view text) {
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) {
    return {};
  }
  Uid uid;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') {
      continue;
    }
    std::uint64_t value{};
    const auto [end, error] = std::from_chars(&c, &c + 1, value, 16);
    if (error != std::errc{} || digits >= 32) {
      return {};
    }
    std::uint64_t& half = digits < 16 ? uid.high : uid.low;
    half = half << 4 | value;
    ++digits;
  }
  return digits == 32 ? uid : Uid{};
}

std::uint64_t short_digest(const ObjectKey& key) {
  return digest(key).low();
}

bool ClaimReference::operator==(const ClaimReference& other) const {
  const bool same_document =
      document == other.document || (document && other.document && *document == *other.document);
  return same_document && ns == other.ns && name == other.name && uid == other.uid &&
         version == other.version;
}

Digest digest(const ObjectKey& key) {
  Digest out;
  out.add(key.kind);
  key.ns.add_to(out);
  key.name.add_to(out);
  return out;
}

std::string ObjectKey::text() const {
  return fmt::format("{}/{}", info(kind).name, name);
}

Boxed<Explanation> explained(Text reason, Text message) {
  return reason.empty() && message.empty() ? Boxed<Explanation>()
                                           : Explanation{std::move(reason), std::move(message)};
}

// There are millions of these.
static_assert(sizeof(PodCondition) == 8);
static_assert(sizeof(Body) == 8);

const Explanation& PodExplanations::at(std::size_t of) const {
  static const Explanation kNone{};
  const auto* found = std::ranges::find(all_, of, &One::of);
  return found == all_.end() ? kNone : found->why;
}

void PodExplanations::set(std::size_t of, Explanation why) {
  const auto* place = std::ranges::lower_bound(all_, of, {}, &One::of);
  const auto index = static_cast<std::size_t>(place - all_.begin());
  const bool known = place != all_.end() && place->of == of;
  if (why == Explanation{}) {
    if (known) {
      all_.erase(index);
    }
  } else if (!known) {
    all_.insert(index, {of, std::move(why)});
  } else if (place->why != why) {
    all_.edit()[index].why = std::move(why);
  }
}

SimTime PodCondition::last_transition() const {
  const std::uint64_t upper = std::uint64_t{transition} << 2U;
  return SimTime{std::chrono::seconds{static_cast<std::int64_t>(upper) >> 2U}};
}

void PodCondition::set_last_transition(SimTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  constexpr std::uint64_t kBits = (std::uint64_t{1} << 62U) - 1;
  transition = static_cast<std::uint64_t>(seconds) & kBits;
}

void PodStatus::set_condition(
    PodConditionType type, bool status, SimTime now, Text new_reason, Text new_message) {
  PodCondition& c = conditions[static_cast<std::size_t>(type)];
  if (!c.present || c.status != status) {
    c.set_last_transition(now);
  }
  c.present = true;
  c.status = status;
  why.set(type, {std::move(new_reason), std::move(new_message)});
}

int AccessModes::count() const {
  return std::popcount(bits);
}

std::string AccessModes::text() const {
  std::string out;
  for (std::size_t i = 0; i < kAccessModeNames.size(); ++i) {
    if ((bits >> i & 1) != 0) {
      out += (out.empty() ? "" : ",") + std::string(kAccessModeNames[i].abbreviation);
    }
  }
  return out;
}

AccessModes access_modes(const Json& list) {
  AccessModes out;
  for (const Json& mode : list) {
    for (std::size_t i = 0; i < kAccessModeNames.size(); ++i) {
      if (mode.is_string() && mode.get_ref<const std::string&>() == kAccessModeNames[i].name) {
        out.bits = static_cast<std::uint8_t>(out.bits | 1u << i);
      }
    }
  }
  return out;
}

std::string_view Object::label(std::string_view name) const {
  const Text* value = labels.find(name);
  return value == nullptr ? std::string_view() : value->view();
}

const OwnerReference* Object::controller() const {
  for (const OwnerReference& owner : owners) {
    if (owner.controller) {
      return &owner;
    }
  }
  return nullptr;
}

bool Object::has_finalizer(std::string_view name) const {
  return std::ranges::any_of(finalizers, [name](const Text& own) { return own == name; });
}

std::string_view hostname(const Object& pod) {
  const PodSpec& spec = *pod.as<Pod>().spec;
  return spec.of_set ? pod.key.name.view() : std::string_view(spec.hostname);
}

std::string_view host_name(const Object& pod) {
  const std::string_view name = hostname(pod);
  return name.empty() ? pod.key.name.view() : name;
}

std::vector<ClaimVolume> claims(const Object& pod) {
  const PodSpec& spec = *pod.as<Pod>().spec;
  std::vector<ClaimVolume> out = spec.claims;
  for (ClaimVolume& volume : out) {
    if (volume.claim.empty()) {
      volume.claim.append(volume.volume).append("-").append(pod.key.name.view());
    }
  }
  return out;
}

bool mounts(const Object& pod, const ObjectKey& claim) {
  const auto is_it = [&claim](const ClaimVolume& volume) { return volume.claim == claim.name; };
  return pod.key.ns == claim.ns && std::ranges::any_of(claims(pod), is_it);
}

ParentAndOrdinal parent_and_ordinal(std::string_view pod_name) {
  const std::size_t dash = pod_name.rfind('-');
  if (dash == std::string_view::npos || dash + 1 == pod_name.size()) {
    return {};
  }
  const std::string_view digits = pod_name.substr(dash + 1);
  for (const char c : digits) {
    if (!is_digit(c)) {
      return {};
    }
  }
  ParentAndOrdinal out{pod_name.substr(0, dash), -1};
  std::int32_t ordinal{};
  if (std::from_chars(digits.data(), digits.data() + digits.size(), ordinal).ec == std::errc{}) {
    out.ordinal = ordinal;
  }
  return out;
}

bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto number = [](std::string_view text, std::size_t& at) {
        while (at + 1 < text.size() && text[at] == '0' && is_digit(text[at + 1])) {
          ++at;
        }
        const std::size_t start = at;
        while (at < text.size() && is_digit(text[at])) {
          ++at;
        }
        return text.substr(start, at - start);
      };
      const std::string_view x = number(a, i);
      const std::string_view y = number(b, j);
      if (x.size() != y.size()) {
        return x.size() < y.size();
      }
      if (x != y) {
        return x < y;
      }
    } else {
      if (a[i] != b[j]) {
        return a[i] < b[j];
      }
      ++i;
      ++j;
    }
  }
  if (i == a.size() && j == b.size()) {
    return a < b;  // differ in leading zeros only
  }
  return i == a.size();
}

std::string_view to_string(PodPhase phase) {
  switch (phase) {
    case PodPhase::None:
      return "";
    case PodPhase::Pending:
      return "Pending";
    case PodPhase::Running:
      return "Running";
    case PodPhase::Succeeded:
      return "Succeeded";
    case PodPhase::Failed:
      return "Failed";
    case PodPhase::Unknown:
      return "Unknown";
  }
  return "";
}

std::string_view to_string(ClaimPhase phase) {
  switch (phase) {
    case ClaimPhase::Pending:
      return "Pending";
    case ClaimPhase::Bound:
      return "Bound";
    case ClaimPhase::Lost:
      return "Lost";
  }
  return "";
}

std::string_view to_string(VolumePhase phase) {
  switch (phase) {
    case VolumePhase::None:
      return "";
    case VolumePhase::Pending:
      return "Pending";
    case VolumePhase::Available:
      return "Available";
    case VolumePhase::Bound:
      return "Bound";
    case VolumePhase::Released:
      return "Released";
    case VolumePhase::Failed:
      return "Failed";
  }
  return "";
}

std::string_view to_string(PodConditionType type) {
  constexpr std::array<std::string_view, kPodConditionTypes> kNames{"PodReadyToStartContainers",
                                                                    "PodScheduled",
                                                                    "Initialized",
                                                                    "ContainersReady",
                                                                    "Ready",
                                                                    "DisruptionTarget"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace stsim::api
