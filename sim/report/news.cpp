#include <stsim/report/news.hpp>

namespace stsim::report {

using engine::TraceRecord;

bool News::tell(const TraceRecord& record) {
  switch (record.type) {
    case TraceRecord::Type::Sync: {
      Told& told = told_[{record.actor, record.object}];
      told.before = std::exchange(told.now, {});
      looks_.erase(told.look);
      told.look = record.id;
      looks_.emplace(record.id, &told);
      return false;
    }
    case TraceRecord::Type::Start:
    case TraceRecord::Type::Step:
      return false;
    case TraceRecord::Type::Call:
      return record.actor != engine::Actor::User;
    case TraceRecord::Type::Wait: {
      const auto ids = record.causes.ids();
      const auto look = ids.empty() ? looks_.end() : looks_.find(ids.front());
      if (look == looks_.end()) {
        return true;
      }
      look->second->now.emplace(record.object, record.text);
      return !look->second->before.contains({record.object, record.text});
    }
    case TraceRecord::Type::ApiEvent:
      return record.verb == "Warning" && !record.repeated;
    case TraceRecord::Type::Kubelet:
    case TraceRecord::Type::Fault:
      return true;
  }
  return false;
}

}  // namespace stsim::report
