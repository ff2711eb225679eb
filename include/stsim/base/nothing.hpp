#pragma once
// A type for what is not there.

namespace stsim {

/// Stands where a type is asked for and nothing is meant. It takes no memory as a member that says
/// so.
struct Nothing {
  bool operator==(const Nothing&) const = default;
};

}  // namespace stsim
