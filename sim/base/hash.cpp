#include <stsim/base/hash.hpp>

namespace stsim {

std::uint32_t fnv1_32(std::string_view data, std::uint32_t state) {
  for (const char c : data) {
    state *= 16777619u;
    state ^= static_cast<unsigned char>(c);
  }
  return state;
}

std::uint64_t fnv1a_64(std::string_view data, std::uint64_t state) {
  for (const char c : data) {
    state ^= static_cast<unsigned char>(c);
    state *= 1099511628211u;
  }
  return state;
}

std::uint64_t mix64(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15u;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

std::string name_suffix(std::uint64_t draw) {
  constexpr std::size_t kLength = 5;
  return (safe_encode(static_cast<std::uint32_t>(draw)) + "bcdfg").substr(0, kLength);
}

std::string safe_encode(std::uint32_t value) {
  constexpr std::string_view kAlphabet = "bcdfghjklmnpqrstvwxz2456789";
  std::string out = std::to_string(value);
  for (char& c : out) {
    c = kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
  }
  return out;
}

}  // namespace stsim
