#include <stsim/base/error.hpp>
#include <stsim/base/hash.hpp>
#include <stsim/base/int128.hpp>
#include <stsim/engine/chooser.hpp>

namespace stsim::engine {

std::uint64_t SeededChooser::pick(std::uint64_t count, const ChoicePoint& why) {
  STSIM_ASSERT(count > 0);
  const std::uint64_t key = fnv1a_64(why.object, fnv1a_64("/", fnv1a_64(why.point)));
  const std::uint64_t draw = mix64(mix64(mix64(seed_) ^ key) ^ why.n);
  // The high half of the product is a number below count, each as likely to within 2^-64 * count.
  return static_cast<std::uint64_t>(static_cast<UInt128>(draw) * count >> 64);
}

}  // namespace stsim::engine
