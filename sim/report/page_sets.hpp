#pragma once
// The StatefulSets of a run and what their pods are made from, over its length. Private to the
// module.

#include "report/page_columns.hpp"

#include <stsim/api/object.hpp>
#include <stsim/engine/trace.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stsim::report {

/// Numbers of revisions, in the order in which they were first seen, with the images of their pods.
class PageRevisions {
 public:
  [[nodiscard]] std::size_t number(std::string_view name);
  /// A pod of a revision.
  void see(std::string_view name, const api::Object& pod);
  [[nodiscard]] api::Json to_json() const;

 private:
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::vector<std::pair<std::string, std::string>> all_;  ///< name and images
};

/// How many pods sets want, from which ordinal on, at which partition and revision.
class PageSets {
 public:
  /// An object that was there before anything happened.
  void there(const api::Object& object);
  /// Pre: records come in order.
  void see(const engine::TraceRecord& record);

  /// The number of a set, or -1 where there never was one of that name.
  [[nodiscard]] std::int64_t number(std::string_view ns, std::string_view name) const;

  /// The pods that sets ever wanted, whether they came or not; of each set at most so many.
  [[nodiscard]] std::vector<std::pair<api::ObjectKey, std::int32_t>> wanted(std::size_t most) const;

  void note(PageMoments& moments) const;
  [[nodiscard]] api::Json to_json(const PageMoments& moments,
                                  PageStrings& strings,
                                  PageRevisions& revisions) const;

 private:
  /// What the page shows of a set at a time.
  struct Shape {
    bool there{};
    std::int64_t replicas{};
    std::int64_t first{};  ///< ordinal
    std::int64_t partition{};
    bool parallel{};
    api::UpdateStrategy strategy{};
    std::string current;
    std::string update;
    bool operator==(const Shape&) const = default;
  };
  struct Set {
    api::ObjectKey key;
    std::vector<std::pair<SimTime, Shape>> shapes;
  };
  void look(const api::ObjectKey& key, const Shape& shape, SimTime now);
  static Shape shape_of(const api::Object& set);

  std::map<api::ObjectKey, std::size_t> numbers_;
  std::vector<Set> all_;
};

}  // namespace stsim::report
