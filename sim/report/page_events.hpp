#pragma once
// The events of a page: what is worth telling of a run, in order. Private to the module.

#include "report/page_columns.hpp"

#include <stsim/report/news.hpp>
#include <stsim/scenario/log.hpp>

#include <cstddef>
#include <map>
#include <vector>

namespace stsim::report {

/// Numbers of objects that events, lanes and reasons speak of.
class PageObjects {
 public:
  [[nodiscard]] std::size_t number(const api::ObjectKey& key);
  [[nodiscard]] api::Json to_json(PageStrings& strings) const;

 private:
  std::map<api::ObjectKey, std::size_t> numbers_;
  std::vector<api::ObjectKey> all_;
};

/// Picks events from the records of a run.
class PageEvents {
 public:
  /// Looks at all of them, and takes as many as fit: those of an instant all or none.
  PageEvents(const scenario::RunLog& log, std::size_t most);

  /// The last instant that is shown. Everything later is left out of the page.
  [[nodiscard]] SimTime end() const { return end_; }
  /// How many events there would be.
  [[nodiscard]] std::size_t in_all() const { return in_all_; }
  [[nodiscard]] std::size_t shown() const { return events_.size(); }

  /// The event that a record is, or else the one that led to it; -1 if there is none.
  [[nodiscard]] std::int64_t event_of(engine::TraceId record) const;

  void note(PageMoments& moments) const;
  [[nodiscard]] api::Json to_json(const PageMoments& moments,
                                  PageStrings& strings,
                                  PageObjects& objects) const;

 private:
  /// The event that led to a record, or -1.
  [[nodiscard]] std::int64_t cause_of(const engine::TraceRecord& record) const;

  std::vector<const engine::TraceRecord*> events_;
  std::vector<std::int64_t> of_record_;  ///< by id - 1
  std::size_t in_all_{};
  SimTime end_;
};

}  // namespace stsim::report
