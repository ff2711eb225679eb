#include "report/page_sets.hpp"

#include <fmt/format.h>

#include <set>

namespace stsim::report {

using api::Kind;
using api::Object;

std::size_t PageRevisions::number(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) {
    return found->second;
  }
  numbers_.emplace(name, all_.size());
  all_.emplace_back(name, "");
  return all_.size() - 1;
}

void PageRevisions::see(std::string_view name, const Object& pod) {
  std::string& images = all_[number(name)].second;
  if (!images.empty()) {
    return;
  }
  for (const api::ContainerSpec& container : pod.as<api::Pod>().spec->containers) {
    images += (images.empty() ? "" : ", ") + container.image;
  }
}

api::Json PageRevisions::to_json() const {
  api::Json out = api::Json::array();
  for (const auto& [name, images] : all_) {
    out.push_back({{"name", name}, {"images", images}});
  }
  return out;
}

PageSets::Shape PageSets::shape_of(const Object& set) {
  const auto& [spec, status] = set.as<api::StatefulSet>();
  return {true,
          spec->replicas,
          spec->start_ordinal,
          spec->partition,
          spec->parallel,
          spec->strategy,
          status.current_revision,
          status.update_revision};
}

void PageSets::look(const api::ObjectKey& key, const Shape& shape, SimTime now) {
  const auto [found, is_new] = numbers_.emplace(key, all_.size());
  if (is_new) {
    all_.push_back({key, {}});
  }
  auto& shapes = all_[found->second].shapes;
  if (!shapes.empty() && shapes.back().first == now) {
    shapes.back().second = shape;
  } else if (shapes.empty() || shapes.back().second != shape) {
    shapes.emplace_back(now, shape);
  }
}

void PageSets::there(const Object& object) {
  if (object.key.kind == Kind::StatefulSet) {
    look(object.key, shape_of(object), kStartOfTime);
  }
}

void PageSets::see(const engine::TraceRecord& record) {
  if (record.object.kind == Kind::StatefulSet && record.type == engine::TraceRecord::Type::Call &&
      record.before != record.after) {
    look(record.after ? record.after->key : record.before->key,
         record.after ? shape_of(*record.after) : Shape{},
         record.time);
  }
}

std::int64_t PageSets::number(std::string_view ns, std::string_view name) const {
  const auto found = numbers_.find({Kind::StatefulSet, ns, name});
  return found == numbers_.end() ? -1 : static_cast<std::int64_t>(found->second);
}

std::vector<std::pair<api::ObjectKey, std::int32_t>> PageSets::wanted(std::size_t most) const {
  std::vector<std::pair<api::ObjectKey, std::int32_t>> out;
  for (const Set& set : all_) {
    std::set<std::int64_t> ordinals;
    for (const auto& [time, shape] : set.shapes) {
      const std::int64_t end = shape.first + shape.replicas;
      for (std::int64_t i = shape.first; i < end && ordinals.size() < most; ++i) {
        ordinals.insert(i);
      }
    }
    for (const std::int64_t ordinal : ordinals) {
      out.emplace_back(
          api::ObjectKey{Kind::Pod, set.key.ns, fmt::format("{}-{}", set.key.name, ordinal)},
          static_cast<std::int32_t>(ordinal));
    }
  }
  return out;
}

void PageSets::note(PageMoments& moments) const {
  for (const Set& set : all_) {
    for (const auto& [time, shape] : set.shapes) {
      moments.note(time);
    }
  }
}

api::Json PageSets::to_json(const PageMoments& moments,
                            PageStrings& strings,
                            PageRevisions& revisions) const {
  api::Json out = api::Json::array();
  for (const Set& set : all_) {
    api::Json shapes = api::Json::array();
    for (const auto& [time, shape] : set.shapes) {
      api::Json one = {{"at", moments.number(time)}, {"there", shape.there}};
      if (shape.there) {
        one["replicas"] = shape.replicas;
        one["first"] = shape.first;
        one["partition"] = shape.partition;
        one["parallel"] = shape.parallel;
        one["strategy"] = shape.strategy == api::UpdateStrategy::OnDelete   ? "OnDelete"
                          : shape.strategy == api::UpdateStrategy::Recreate ? "Recreate"
                                                                            : "RollingUpdate";
        one["current"] =
            shape.current.empty() ? -1 : static_cast<std::int64_t>(revisions.number(shape.current));
        one["update"] =
            shape.update.empty() ? -1 : static_cast<std::int64_t>(revisions.number(shape.update));
      }
      shapes.push_back(std::move(one));
    }
    out.push_back({{"name", std::string(set.key.name)},
                   {"namespace", strings.number(std::string(set.key.ns))},
                   {"shapes", std::move(shapes)}});
  }
  return out;
}

}  // namespace stsim::report
