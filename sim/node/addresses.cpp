#include <fmt/format.h>
#include <stsim/node/kubelet.hpp>

#include <algorithm>

namespace stsim::node {

namespace {

/// The place of a node among all; a node that is not known counts as the one after the last.
std::size_t index_of(std::string_view node, std::span<const std::string> nodes) {
  return static_cast<std::size_t>(std::ranges::find(nodes, node) - nodes.begin());
}

}  // namespace

std::string host_address(std::string_view node, std::span<const std::string> nodes) {
  constexpr std::size_t kPerBlock = 254;
  const std::size_t index = index_of(node, nodes);
  return fmt::format("10.1.{}.{}", index / kPerBlock % 256, 1 + index % kPerBlock);
}

std::string pod_address(std::string_view node, std::span<const std::string> nodes, int given) {
  // 10.244.0.0/16 has a block for each of 256 nodes; .0, .1 (the bridge) and .255 are not given
  // out. A node whose block is used up goes on in the networks above, so that long runs stay
  // unambiguous.
  constexpr std::size_t kPerBlock = 253;
  constexpr std::size_t kBlocks = 256;
  constexpr std::size_t kNetworks = 12;
  const auto count = static_cast<std::size_t>(given);
  const std::size_t index = index_of(node, nodes);
  const std::size_t network = (index / kBlocks + count / kPerBlock) % kNetworks;
  return fmt::format("10.{}.{}.{}", 244 + network, index % kBlocks, 2 + count % kPerBlock);
}

}  // namespace stsim::node
