#pragma once
// Private to the module.

#include <stsim/scenario/runner.hpp>

namespace stsim::lessons {

/// An observer who does not look.
class Nobody : public scenario::RunObserver {
 public:
  void record(const engine::TraceRecord& /*record*/) override {}
};

}  // namespace stsim::lessons
