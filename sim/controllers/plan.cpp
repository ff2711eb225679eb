#include <fmt/format.h>
#include <stsim/controllers/plan.hpp>

#include <algorithm>
#include <numeric>
#include <utility>

namespace stsim::controllers {

using api::Object;
using api::ObjectPtr;

namespace {

void apply(const Mutation& mutation, Object& object) {
  const auto drop = [&object](const api::Uid& uid) {
    object.owners.erase_if([&uid](const api::OwnerReference& owner) { return owner.uid == uid; });
  };
  if (const auto* add = std::get_if<AddOwner>(&mutation)) {
    drop(add->owner.uid);
    object.owners.push_back(add->owner);
  } else if (const auto* remove = std::get_if<RemoveOwner>(&mutation)) {
    drop(remove->owner);
  } else if (const auto* added = std::get_if<AddFinalizer>(&mutation)) {
    if (!object.has_finalizer(added->name)) {
      object.finalizers.push_back(added->name);
    }
  } else if (const auto* finalizer = std::get_if<RemoveFinalizer>(&mutation)) {
    object.finalizers.erase_if([&](const Text& name) { return name == finalizer->name; });
  }
}

}  // namespace

Call tell(EventText event) {
  Call out;
  out.verb = Call::Verb::Tell;
  out.success = std::move(event);
  return out;
}

store::WriteResult perform(const Call& call,
                           store::Store& store,
                           SimTime now,
                           std::uint64_t cause) {
  switch (call.verb) {
    case Call::Verb::Create:
      return store.create(*call.object, now, cause);
    case Call::Verb::Update:
      return store.update(*call.object, cause);
    case Call::Verb::UpdateStatus:
      return store.update_status(*call.object, cause);
    case Call::Verb::Delete:
      return store.remove(call.target, call.options, now, cause);
    case Call::Verb::Patch: {
      const ObjectPtr stored = store.find(call.target);
      if (!stored) {
        return tl::unexpected(api::not_found(call.target.kind, call.target.name));
      }
      Object patched = *stored;
      apply(*call.mutation, patched);
      return store.update(std::move(patched), cause);
    }
    case Call::Verb::Recheck: {
      const ObjectPtr stored = store.find(call.target);
      if (!stored || stored->uid != call.options.uid) {
        return tl::unexpected(api::not_found(call.target.kind, call.target.name));
      }
      if (stored->terminating()) {
        return tl::unexpected(api::bad_request(
            fmt::format("{}/{} has just been deleted", call.target.ns, call.target.name)));
      }
      return stored;
    }
    case Call::Verb::Fail:
    case Call::Verb::Tell:
      break;
  }
  return tl::unexpected(api::bad_request(call.error));
}

void shuffle_batches(Plan& plan, engine::Chooser& chooser, engine::ChoicePoint& draw) {
  std::vector<std::size_t> order(plan.groups.size());  // which group stands at a place
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    const int batch = plan.groups[begin].batch;
    for (end = begin + 1; end < order.size() && plan.groups[end].batch == batch; ++end) {
    }
    for (std::size_t left = batch == 0 ? 0 : end - begin; left > 1; --left, ++draw.n) {
      std::swap(order[begin + left - 1], order[begin + chooser.pick(left, draw)]);
    }
  }
  std::vector<Group> groups;
  std::vector<std::size_t> place(order.size());
  for (const std::size_t from : order) {
    place[from] = groups.size();
    groups.push_back(std::move(plan.groups[from]));
  }
  plan.groups = std::move(groups);
  if (plan.status) {
    for (CountChange& change : plan.status->changes) {
      change.group = place[change.group];
    }
  }
}

}  // namespace stsim::controllers
