#include "report/page_tables.hpp"

#include <stsim/kubectl/columns.hpp>

#include <algorithm>
#include <array>

namespace stsim::report {

namespace {

using api::Kind;
using api::Object;

struct Shown {
  Kind kind;
  const char* command;
};
/// In the order in which the page shows them.
constexpr std::array kShownTables{
    Shown{Kind::StatefulSet, "kubectl get statefulsets"},
    Shown{Kind::Pod, "kubectl get pods"},
    Shown{Kind::PersistentVolumeClaim, "kubectl get pvc"},
    Shown{Kind::PersistentVolume, "kubectl get pv"},
    Shown{Kind::ControllerRevision, "kubectl get controllerrevisions"},
    Shown{Kind::Service, "kubectl get services"},
    Shown{Kind::Node, "kubectl get nodes"}};

/// When a container of a pod last ended and was started again. Rule: PN-95.
SimTime last_restart(const Object& pod) {
  SimTime last;
  for (const api::ContainerStatus& container : pod.as<api::Pod>().status.containers) {
    last = std::max(last, container.last_state->finished_at);
  }
  return last;
}

/// A cell as the page keeps it: what says how long ago something was is worked out there.
std::string kept(const std::string& header, std::string cell, const Object& object) {
  constexpr std::string_view kAgo = " ago)";
  if (header == "AGE") {
    return with_age("", object.created, "");
  }
  if (header == "RESTARTS" && cell.ends_with(kAgo)) {
    return with_age(cell.substr(0, cell.find('(') + 1), last_restart(object), kAgo);
  }
  return cell;
}

kubectl::Table table_with(Kind kind,
                          const std::vector<const api::Json*>& objects,
                          SimTime now,
                          Release release,
                          bool wide) {
  kubectl::TableOptions options;
  options.wide = wide;
  options.now = now;
  options.release = release;
  return kubectl::table_of(kind, objects, options);
}

}  // namespace

void PageTable::add_column(std::string header, bool wide) {
  columns_.push_back({std::move(header), wide, {}, {}});
}

std::size_t PageTable::row(const api::ObjectKey& key) {
  const auto [found, is_new] = numbers_.emplace(key, rows_.size());
  if (is_new) {
    rows_.push_back(key);
  }
  return found->second;
}

void PageTable::begin(const api::ObjectKey& key, SimTime now) {
  const std::size_t number = row(key);
  if (alive_.emplace(number, lives_.size()).second) {
    lives_.push_back({number, now, {}});
  }
}

void PageTable::end(const api::ObjectKey& key, SimTime now) {
  const auto found = alive_.find(row(key));
  if (found != alive_.end()) {
    lives_[found->second].end = now;
    alive_.erase(found);
  }
}

void PageTable::set(const api::ObjectKey& key, std::size_t column, std::size_t text, SimTime now) {
  Column& to = columns_[column];
  const std::size_t number = row(key);
  const auto [last, is_new] = to.last.emplace(number, text);
  if (!is_new && last->second == text) {
    return;
  }
  last->second = text;
  to.changes.push_back({now, number, text});
}

void PageTable::note(PageMoments& moments) const {
  for (const Column& column : columns_) {
    for (const Change& change : column.changes) {
      moments.note(change.time);
    }
  }
  for (const Life& life : lives_) {
    moments.note(life.begin);
    if (life.end) {
      moments.note(*life.end);
    }
  }
}

api::Json PageTable::to_json(const PageMoments& moments, PageStrings& strings) const {
  api::Json out = {{"command", command_},
                   {"names", api::Json::array()},
                   {"namespaces", api::Json::array()},
                   {"columns", api::Json::array()},
                   {"lives", {{"row", api::Json::array()}, {"end", api::Json::array()}}}};
  for (const api::ObjectKey& key : rows_) {
    out["names"].push_back(std::string(key.name));
    out["namespaces"].push_back(strings.number(std::string(key.ns)));
  }
  for (const Column& column : columns_) {
    std::vector<SimTime> times;
    api::Json rows = api::Json::array();
    api::Json texts = api::Json::array();
    for (const Change& change : column.changes) {
      times.push_back(change.time);
      rows.push_back(change.row);
      texts.push_back(change.text);
    }
    out["columns"].push_back({{"header", column.header},
                              {"wide", column.wide},
                              {"at", moments.column(times)},
                              {"row", std::move(rows)},
                              {"text", std::move(texts)}});
  }
  std::vector<SimTime> begins;
  for (const Life& life : lives_) {
    begins.push_back(life.begin);
    out["lives"]["row"].push_back(life.row);
    out["lives"]["end"].push_back(life.end ? moments.number(*life.end) : -1);
  }
  out["lives"]["begin"] = moments.column(begins);
  return out;
}

PageTables::PageTables(Release release, PageStrings& strings)
    : release_(release), strings_(strings) {
  for (const Shown& shown : kShownTables) {
    PageTable table(shown.command);
    const auto narrow = table_with(shown.kind, {}, kStartOfTime, release, false).columns;
    const auto all = table_with(shown.kind, {}, kStartOfTime, release, true).columns;
    for (std::size_t i = 1; i < all.size(); ++i) {
      table.add_column(all[i], std::ranges::find(narrow, all[i]) == narrow.end());
    }
    tables_.emplace(shown.kind, std::move(table));
  }
}

void PageTables::there(const Object& object) {
  const auto table = tables_.find(object.key.kind);
  if (table != tables_.end()) {
    table->second.begin(object.key, kStartOfTime);
    look(table->second, object, kStartOfTime);
  }
}

void PageTables::see(const engine::TraceRecord& record) {
  const auto table = tables_.find(record.object.kind);
  if (record.type != engine::TraceRecord::Type::Call || record.before == record.after ||
      table == tables_.end()) {
    return;
  }
  const bool another = record.before && record.after && record.before->uid != record.after->uid;
  if (!record.after || another) {
    table->second.end(record.object, record.time);
  }
  if (record.after) {
    table->second.begin(record.after->key, record.time);
    look(table->second, *record.after, record.time);
  }
}

void PageTables::look(PageTable& table, const Object& object, SimTime now) {
  const api::Json document = api::to_json(object, release_);
  kubectl::Table printed = table_with(object.key.kind, {&document}, now, release_, true);
  for (std::size_t i = 1; i < printed.columns.size(); ++i) {
    const std::string cell =
        kept(printed.columns[i], kubectl::printable_cell(printed.rows.front()[i]), object);
    table.set(object.key, i - 1, strings_.number(cell), now);
  }
}

void PageTables::note(PageMoments& moments) const {
  for (const auto& [kind, table] : tables_) {
    table.note(moments);
  }
}

api::Json PageTables::to_json(const PageMoments& moments, PageStrings& strings) const {
  api::Json out = api::Json::array();
  for (const Shown& shown : kShownTables) {
    out.push_back(tables_.at(shown.kind).to_json(moments, strings));
  }
  return out;
}

}  // namespace stsim::report
