#pragma once
// The part of a walk over a world that deals with objects: what each one is, and what tells it from
// others like it. See walk.hpp, which also says what an output is.

#include "numbers.hpp"
#include "particulars.hpp"

#include <stsim/base/digest.hpp>
#include <stsim/world/world.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace stsim::world {

/// Walks through objects of one world, one by one, and knows those that it has met before.
template <class Output>
class ObjectWalk {
 public:
  using Value = typename Output::Value;
  using List = typename Output::List;

  ObjectWalk(const World& world, bool exact) : world_(world), exact_(exact) {
    if (exact_) {
      return;
    }
    for (const api::Kind kind : kOrderedByCreation) {
      world_.store.for_each(
          kind, [this](const api::ObjectPtr& stored) { creations_.push_back(stored->created); });
    }
    std::sort(creations_.begin(), creations_.end());
    creations_.erase(std::unique(creations_.begin(), creations_.end()), creations_.end());
  }

  Value time(SimTime time) const {
    return exact_ ? Output::of(to_rfc3339_micro(time)) : Output::of((time - world_.now).count());
  }
  Value uid(const api::Uid& uid) {
    if (exact_) {
      return Output::of(uid.text());
    }
    return uid.empty() ? Output::none() : Output::of(uids_.of(uid.low));
  }

  /// The particulars of an object that is not, or not yet, stored as it is.
  Value particulars(const api::Object& object) {
    List out;
    each_particular(object, See{*this, out, current(object)});
    return out.value();
  }

  /// Adds what an object is, and then its particulars, of which there are as many as follows from
  /// what it is.
  void add(List& out, const api::Object& object, api::ResourceVersion current) {
    out.add(Output::object(object, false));
    each_particular(object, See{*this, out, current});
  }

  /// An object of which somebody has taken a copy.
  Value held(const api::ObjectPtr& held) {
    if (held == nullptr) {
      return Output::none();
    }
    if (exact_) {
      return Output::object(*held, true);
    }
    List out;
    add(out, *held, current(*held));
    return out.value();
  }

 private:
  /// Sees an object's particulars, and adds them to a list.
  struct See {
    ObjectWalk& walk;
    List& list;
    api::ResourceVersion current;  ///< as current() says
    void identity(const api::Uid& uid) { met(walk.uids_, uid.low, uid.empty()); }
    void identity(api::ResourceVersion version) {
      if (version.value == 0) {
        list.add(Output::of(-1));  // whatever is stored, or nothing
      } else {
        met(walk.versions_, version.value, version == current);
      }
    }
    void identity(const Text& address) {
      Digest digest;
      address.add_to(digest);
      met(walk.addresses_, digest.low(), address.empty());
    }
    /// One that is met for the first time has the next number, whichever that is.
    template <std::size_t kFew>
    void met(Numbers<kFew>& numbers, std::uint64_t thing, bool usual) {
      const std::size_t known = numbers.met();
      const std::uint64_t number = usual ? 0 : numbers.of(thing);
      if (numbers.met() != known) {
        list.skip();
      } else {
        list.add(Output::of(number));
      }
    }
    void creation(SimTime created) {
      // One that is not stored any more may have been made between two that are.
      const auto& all = walk.creations_;
      const auto found = std::lower_bound(all.begin(), all.end(), created);
      const bool with_it = found != all.end() && *found == created;
      list.add(Output::of(2 * (found - all.begin()) + (with_it ? 1 : 0)));
    }
    void time(SimTime time) {
      if (time == SimTime{}) {
        list.skip();
      } else {
        list.add(walk.time(time));
      }
    }
    void shown(SimTime) {}
    void shown(const std::optional<SimTime>&) {}
  };

  /// The version in which an object is stored now; none if it is not, or if `object` leaves open
  /// which version it is.
  [[nodiscard]] api::ResourceVersion current(const api::Object& object) const {
    if (object.resource_version.value == 0) {
      return {};
    }
    const api::ObjectPtr stored = world_.store.find(object.key);
    return stored == nullptr ? api::ResourceVersion{} : stored->resource_version;
  }

  const World& world_;
  bool exact_;
  std::vector<SimTime> creations_;  ///< of kinds that are ordered by them
  Numbers<64> uids_;
  Numbers<16> versions_;
  Numbers<16> addresses_;
};

}  // namespace stsim::world
