#pragma once
// The StatefulSet controller at work by hand: sync after sync on a hand-made cluster, each plan
// carried out at once by a server that refuses a call when a test says so. The pods have no node,
// so that a deleted one is gone at once.

#include "support/cluster.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::test {

class Control : public Cluster {
 public:
  using Verb = controllers::Call::Verb;
  using Cluster::Cluster;

  /// From the nth such call on (counted from 1) the server fails once, with `text`.
  void fail(Verb verb, api::Kind kind, int nth = 1, std::string text = "API server failed");

  /// One sync of the set `web`. Returns why it failed, or "".
  std::string sync();

  /// How many such calls there were.
  [[nodiscard]] int calls_made(Verb verb, api::Kind kind) const;

  [[nodiscard]] api::ObjectPtr set();
  [[nodiscard]] const api::StatefulSetSpec& spec();
  [[nodiscard]] const api::StatefulSetStatus& status();
  /// Changes the set by a merge patch, as a user does.
  void change(std::string_view patch);
  /// Changes the pods' image.
  void change_image(std::string_view image);

  /// The pods that match the set's selector, in order of ordinal.
  [[nodiscard]] std::vector<api::ObjectPtr> pods();
  /// `web-0`, `web-1`.
  [[nodiscard]] std::vector<std::string> pod_names();
  [[nodiscard]] std::vector<std::string> images();
  [[nodiscard]] api::ObjectPtr pod(int ordinal);
  [[nodiscard]] api::ObjectPtr claim(int ordinal);
  /// What a kubelet reports.
  void report(int ordinal, api::PodPhase phase, bool ready, SimDuration ready_for = {});
  /// Takes an object away, whatever its finalizers.
  void take_away(const api::ObjectKey& key);
  /// Takes away the claims whose owner is gone.
  void collect_claims();

  /// What happens after the next decision, before it is carried out.
  std::function<void()> meanwhile;
  std::vector<std::string> events;  ///< `Normal SuccessfulCreate: Create Pod …`

 private:
  struct Fault {
    Verb verb{};
    api::Kind kind{};
    int calls_left{};
    std::string text;
  };
  store::WriteResult perform(const controllers::Call& call);
  std::optional<std::string> strike(Verb verb, api::Kind kind);
  /// Returns why it could not be written, or "".
  std::string write_status(const controllers::Plan& plan, const std::vector<bool>& succeeded);
  void tell(const std::vector<controllers::EventText>& told);

  std::vector<Fault> faults_;
  std::vector<std::pair<Verb, api::Kind>> made_;
};

/// A cluster with the set `web` and no pod yet.
[[nodiscard]] inline Control with_set(const SetSpec& spec) {
  Control out;
  out.make_set(spec);
  return out;
}

}  // namespace stsim::test
