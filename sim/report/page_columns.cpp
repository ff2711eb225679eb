#include "report/page_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::report {

std::size_t PageStrings::number(std::string_view text) {
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) {
    return found->second;
  }
  numbers_.emplace(text, all_.size());
  all_.emplace_back(text);
  return all_.size() - 1;
}

void PageMoments::count() {
  std::ranges::sort(all_);
  all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
}

std::int64_t PageMoments::number(SimTime time) const {
  return std::ranges::lower_bound(all_, time) - all_.begin();
}

api::Json PageMoments::list() const {
  api::Json out = api::Json::array();
  SimTime before = kStartOfTime;
  for (const SimTime time : all_) {
    out.push_back((time - before).count());
    before = time;
  }
  return out;
}

api::Json PageMoments::column(const std::vector<SimTime>& times) const {
  api::Json out = api::Json::array();
  std::int64_t before = 0;
  for (const SimTime time : times) {
    const std::int64_t now = number(time);
    out.push_back(now - before);
    before = now;
  }
  return out;
}

std::string with_age(std::string_view before, SimTime since, std::string_view behind) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since - kStartOfTime).count();
  return fmt::format("{}\x01{}\x02{}", before, seconds, behind);
}

}  // namespace stsim::report
