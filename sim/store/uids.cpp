#include "uids.hpp"

#include <stsim/base/hash.hpp>

namespace stsim::store {

api::Uid make_uid(std::uint64_t seed, const api::ObjectKey& key, std::uint64_t write) {
  const std::uint64_t name =
      fnv1a_64(key.name, fnv1a_64(key.ns, fnv1a_64(api::info(key.kind).name)));
  const std::uint64_t high = mix64(mix64(seed) ^ name) + mix64(write);
  const std::uint64_t low = mix64(high ^ name);
  return {(high & 0xffff'ffff'ffff'0fffu) | 0x4000u,
          (low & 0x3fff'ffff'ffff'ffffu) | 0x8000'0000'0000'0000u};
}

}  // namespace stsim::store
