#pragma once
// Hashes that are the same on every machine and compiler.

#include <cstdint>
#include <string>
#include <string_view>

namespace stsim {

/// FNV-1 of 32 bits (multiply, then xor), continuing from `state`. Rule: SS-81.
[[nodiscard]] std::uint32_t fnv1_32(std::string_view data, std::uint32_t state = 2166136261u);

/// FNV-1a of 64 bits, continuing from `state`. For keys and fingerprints, never for ordering.
[[nodiscard]] std::uint64_t fnv1a_64(std::string_view data,
                                     std::uint64_t state = 14695981039346656037u);

/// A well-mixed function of its argument (the finaliser of splitmix64).
[[nodiscard]] std::uint64_t mix64(std::uint64_t value);

/// Five letters and digits, as Kubernetes puts behind generated names; a function of `draw`.
[[nodiscard]] std::string name_suffix(std::uint64_t draw);

/// Text in which Kubernetes' SafeEncodeString writes a number's decimal digits. Rule: SS-81.
[[nodiscard]] std::string safe_encode(std::uint32_t value);

}  // namespace stsim
