#pragma once
// What kubectl's tables say over the length of a run, cell by cell. Private to the module.

#include "report/page_columns.hpp"

#include <stsim/api/object.hpp>
#include <stsim/base/version.hpp>
#include <stsim/engine/trace.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stsim::report {

/// Rows that come and go, with cells that change.
class PageTable {
 public:
  /// `command` prints it.
  explicit PageTable(std::string command) : command_(std::move(command)) {}

  /// A column behind the name; `wide` ones are shown with -o wide only.
  void add_column(std::string header, bool wide = false);
  [[nodiscard]] std::size_t columns() const { return columns_.size(); }

  /// From now on a row is there.
  void begin(const api::ObjectKey& row, SimTime now);
  /// From now on it is not.
  void end(const api::ObjectKey& row, SimTime now);
  /// From now on a cell says this. Pre: `now` is not before that of an earlier call.
  void set(const api::ObjectKey& row, std::size_t column, std::size_t text, SimTime now);

  void note(PageMoments& moments) const;
  [[nodiscard]] api::Json to_json(const PageMoments& moments, PageStrings& strings) const;

 private:
  struct Change {
    SimTime time;
    std::size_t row{};
    std::size_t text{};
  };
  struct Column {
    std::string header;
    bool wide{};
    std::vector<Change> changes;
    std::map<std::size_t, std::size_t> last;  ///< by row its text
  };
  struct Life {
    std::size_t row{};
    SimTime begin;
    std::optional<SimTime> end;
  };
  std::size_t row(const api::ObjectKey& key);

  std::string command_;
  std::vector<api::ObjectKey> rows_;
  std::map<api::ObjectKey, std::size_t> numbers_;
  std::vector<Column> columns_;
  std::vector<Life> lives_;
  std::map<std::size_t, std::size_t> alive_;  ///< by row its life
};

/// The tables of the kinds that a page shows.
class PageTables {
 public:
  PageTables(Release release, PageStrings& strings);

  /// An object that was there before anything happened.
  void there(const api::Object& object);
  /// Pre: records come in order.
  void see(const engine::TraceRecord& record);

  void note(PageMoments& moments) const;
  [[nodiscard]] api::Json to_json(const PageMoments& moments, PageStrings& strings) const;

 private:
  void look(PageTable& table, const api::Object& object, SimTime now);

  Release release_;
  PageStrings& strings_;
  std::map<api::Kind, PageTable> tables_;
};

}  // namespace stsim::report
