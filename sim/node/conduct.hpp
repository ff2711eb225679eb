#pragma once
// What holds for one container, of all that is said of pods, images and nodes.

#include <stsim/node/kubelet.hpp>

namespace stsim::node {

/// The narrowest that says something decides: the pod, then the image, the node, and what is usual.
/// Holds references: for the length of one reaction.
class Conduct {
 public:
  /// Pre: the pod has that container.
  Conduct(const Timing& timing, const Nodes& nodes, const api::Object& pod, std::size_t container);

  [[nodiscard]] const engine::Latency& takes(Takes what) const;
  /// Null where only what is usual says it.
  [[nodiscard]] const engine::Latency* said(Takes what) const;
  /// Null where it does not end by itself.
  [[nodiscard]] const engine::Latency* crash_after() const;
  [[nodiscard]] int exit_code() const;
  [[nodiscard]] bool never(Never what) const;
  /// What it needs of other pods; null where that is nothing.
  [[nodiscard]] const Needs* needs() const;
  /// How often something has happened to what it does, as far as it makes a timer void: that others
  /// keep it from its work does not keep it from ending by itself.
  [[nodiscard]] std::uint32_t changes(engine::PodTimer::What timer) const {
    return timer == engine::PodTimer::What::Crash ? changes_ : changes_ + hampered_.changes;
  }

 private:
  /// Whether others keep it from being ready, or from staying up.
  [[nodiscard]] bool hampered_in(Never what) const;
  /// What says what it never does, and whether it ends by itself.
  [[nodiscard]] const Behaviour& decisive() const;

  const Timing& timing_;
  Hampered hampered_;
  bool probed_;  ///< of one that waits for a server: it has a readiness probe
  std::uint32_t changes_;
  const Behaviour& pod_;
  const Behaviour& image_;
  const Lengths& node_;
};

}  // namespace stsim::node
