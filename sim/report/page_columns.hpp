#pragma once
// How a page's data are written down in few bytes. Private to the module.

#include <stsim/api/json.hpp>
#include <stsim/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::report {

/// Texts, each of which stands once and has a number.
class PageStrings {
 public:
  [[nodiscard]] std::size_t number(std::string_view text);
  [[nodiscard]] api::Json list() const { return all_; }

 private:
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<std::string> all_;
};

/// The instants at which something in the page changes. They are first noted, then counted.
class PageMoments {
 public:
  void note(SimTime time) { all_.push_back(time); }
  /// From now on number() is known.
  void count();
  /// Pre: the instant was noted, and count() called.
  [[nodiscard]] std::int64_t number(SimTime time) const;
  /// Microseconds since the instant before; the first since the beginning of virtual time.
  [[nodiscard]] api::Json list() const;
  /// Numbers of instants, each less the one before.
  [[nodiscard]] api::Json column(const std::vector<SimTime>& times) const;

 private:
  std::vector<SimTime> all_;
};

/// A text with an age in it, which the page works out at each instant: `since` in whole seconds,
/// between two marks that no text has.
[[nodiscard]] std::string with_age(std::string_view before, SimTime since, std::string_view behind);

}  // namespace stsim::report
