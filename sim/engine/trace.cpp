#include <stsim/engine/trace.hpp>

#include <algorithm>

namespace stsim::engine {

void Causes::add(TraceId id) {
  const auto known = ids();
  if (id == 0 || std::ranges::find(known, id) != known.end()) {
    return;
  }
  std::shift_right(ids_.begin(), ids_.end(), 1);
  ids_[0] = id;
  count_ = static_cast<std::uint8_t>(std::min<std::size_t>(count_ + 1u, kMost));
}

void Causes::add(const Causes& others) {
  for (std::size_t i = others.count_; i > 0; --i) {
    add(others.ids_[i - 1]);
  }
}

std::string_view to_string(TraceRecord::Type type) {
  switch (type) {
    case TraceRecord::Type::Start:
      return "start";
    case TraceRecord::Type::Step:
      return "step";
    case TraceRecord::Type::Sync:
      return "sync";
    case TraceRecord::Type::Call:
      return "call";
    case TraceRecord::Type::Wait:
      return "wait";
    case TraceRecord::Type::ApiEvent:
      return "event";
    case TraceRecord::Type::Kubelet:
      return "kubelet";
  }
  return "";
}

}  // namespace stsim::engine
