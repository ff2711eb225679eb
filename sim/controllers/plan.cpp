#include <fmt/format.h>
#include <stsim/controllers/plan.hpp>

namespace stsim::controllers {

using api::Object;
using api::ObjectPtr;

namespace {

void apply(const Mutation& mutation, Object& object) {
  const auto drop = [&object](const api::Uid& uid) {
    std::erase_if(object.owners,
                  [&uid](const api::OwnerReference& owner) { return owner.uid == uid; });
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
    std::erase(object.finalizers, finalizer->name);
  }
}

}  // namespace

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
      break;
  }
  return tl::unexpected(api::bad_request(call.error));
}

}  // namespace stsim::controllers
