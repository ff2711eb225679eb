#include <stsim/report/observers.hpp>

#include <ostream>

namespace stsim::report {

namespace {

using api::Json;
using engine::TraceRecord;

class TraceLines : public scenario::RunObserver {
 public:
  explicit TraceLines(std::ostream& out) : out_(out) {}

  void record(const TraceRecord& record) override {
    Json line = {{"id", record.id},
                 {"time", to_rfc3339_micro(record.time)},
                 {"type", engine::to_string(record.type)},
                 {"actor", engine::name(record.actor)},
                 {"causes", record.causes.ids()}};
    const auto set = [&line](const char* key, std::string_view value) {
      if (!value.empty()) {
        line[key] = value;
      }
    };
    set("verb", record.verb);
    set("resource", record.resource);
    set("namespace", record.object.ns);
    set("reason", record.reason);
    set("text", record.text);
    set("rule", record.rule);
    if (!record.object.name.empty()) {
      line["object"] = record.object.text();
    }
    if (record.code != 0) {
      line["code"] = record.code;
    }
    if (record.repeated) {
      line["repeated"] = true;
    }
    out_ << line.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
  }
  void run_ends(const scenario::RunSummary&, const world::World&) override { out_.flush(); }

 private:
  std::ostream& out_;
};

}  // namespace

std::unique_ptr<scenario::RunObserver> trace_lines(std::ostream& out) {
  return std::make_unique<TraceLines>(out);
}

}  // namespace stsim::report
