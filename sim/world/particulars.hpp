#pragma once
// What of an object differs between situations that go on alike: identities and times. Either may
// stand for many values, of which only the relations among each other decide anything.

#include <stsim/api/object.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <span>
#include <string_view>
#include <type_traits>

namespace stsim::world {

/// The kinds of which decisions read which of two was made first: revisions of the same number, and
/// classes that are both the default. Rules: SS-84, PV-2.
inline constexpr std::array kOrderedByCreation{api::Kind::ControllerRevision,
                                               api::Kind::StorageClass};

/// Shows the particulars of `object` (an api::Object, const or not), always in the same order:
/// `see.identity` is called with each Uid, ResourceVersion and Text (an address), `see.creation`
/// with the time of creation of kinds that are ordered by it, `see.time` with each SimTime that
/// decisions read, and `see.shown` with those that are only shown to users. All are references;
/// what they are set to is then in the object.
template <class Object, class See>
void each_particular(Object& object, See&& see);

/// Whether a member of a volume's claimRef is none of its particulars.
inline bool is_shape_of_claim_ref(std::string_view member) {
  return member != "uid" && member != "resourceVersion";
}

namespace detail {

/// What a box holds, to be read or to be changed as the box is.
template <class T>
const T& inside(const Boxed<T>& box) {
  return *box;
}
template <class T>
T& inside(Boxed<T>& box) {
  return box.edit();
}
/// Likewise of a list.
template <class T>
const SharedVector<T>& inside(const SharedVector<T>& list) {
  return list;
}
template <class T>
std::span<T> inside(SharedVector<T>& list) {
  return list.edit();
}

/// Likewise of an object's body.
template <class Visit>
void visit_body(const api::Body& body, const Visit& visit) {
  body.visit(visit);
}
template <class Visit>
void visit_body(api::Body& body, const Visit& visit) {
  body.visit_to_edit(visit);
}

/// The particulars of each kind's body, for each_particular.
template <class See>
struct BodyParticulars {
  See& see;

  template <class Body>
  void operator()(Body& body) const {
    using Plain = std::remove_const_t<Body>;
    if constexpr (std::same_as<Plain, api::Pod>) {
      pod(body.status);
    } else if constexpr (std::same_as<Plain, api::Volume>) {
      if (body.claim_ref) {
        see.identity(body.claim_ref->uid);
      }
      see.shown(body.last_phase_transition);
    } else if constexpr (requires { body.endpoints; }) {
      for (auto& endpoint : body.endpoints) {
        see.identity(endpoint.pod_uid);
        see.identity(endpoint.address);
      }
    }
  }

 private:
  template <class Status>
  void pod(Status& status) const {
    for (std::size_t i = 0; i < api::kPodConditionTypes; ++i) {
      auto& condition = status.conditions[i];
      SimTime since = condition.last_transition();
      if (static_cast<api::PodConditionType>(i) == api::PodConditionType::Ready) {
        see.time(since);
      } else {
        see.shown(since);
      }
      if constexpr (!std::is_const_v<Status>) {
        condition.set_last_transition(since);
      }
    }
    for (auto& container : inside(status.containers)) {
      state(container.state);
      if (container.last_state->type != api::ContainerState::Type::None) {
        state(inside(container.last_state));
      }
    }
    see.shown(status.start_time);
    see.identity(status.pod_ip);
  }
  template <class State>
  void state(State& state) const {
    see.time(state.finished_at);
    see.shown(state.started_at);
  }
};

}  // namespace detail

template <class Object, class See>
void each_particular(Object& object, See&& see) {
  see.identity(object.uid);
  see.identity(object.resource_version);
  if (std::ranges::find(kOrderedByCreation, object.key.kind) != kOrderedByCreation.end()) {
    see.creation(object.created);
  } else {
    see.shown(object.created);
  }
  if (object.terminating()) {
    see.time(detail::inside(object.seldom).deletion->timestamp);
  }
  if (!object.owners.empty()) {
    for (auto& owner : detail::inside(object.owners)) {
      see.identity(owner.uid);
    }
  }
  detail::visit_body(object.body, detail::BodyParticulars<std::remove_reference_t<See>>{see});
}

}  // namespace stsim::world
