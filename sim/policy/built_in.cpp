// The table of the built-in policies.
#include "policy/built_in.hpp"

#include <stsim/policy/policies.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace stsim::policy {

namespace {

/// A policy that is linked in.
class BuiltIn : public Policy {
 public:
  BuiltIn(std::string name,
          std::string description,
          std::optional<Release> release,
          bool own_order,
          void (*function)(const View&, Plan&))
      : name_(std::move(name)),
        description_(std::move(description)),
        release_(release),
        own_order_(own_order),
        decide_(function) {}

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string_view description() const override { return description_; }
  [[nodiscard]] std::optional<Release> release() const override { return release_; }
  [[nodiscard]] bool is_built_in() const override { return true; }
  [[nodiscard]] bool has_own_order() const override { return own_order_; }
  void decide(const stsim_view& view, const stsim_plan& plan) const override {
    decide_safely(decide_, &view, &plan);
  }

 private:
  std::string name_;
  std::string description_;
  std::optional<Release> release_;
  bool own_order_;
  void (*decide_)(const View&, Plan&);
};

std::vector<std::unique_ptr<const Policy>> make_all() {
  std::vector<std::unique_ptr<const Policy>> out;
  const auto add = [&](auto&&... parts) {
    out.push_back(std::make_unique<BuiltIn>(std::forward<decltype(parts)>(parts)...));
  };
  add("upstream",
      "Kubernetes' own, of the cluster's release",
      std::nullopt,
      false,
      decide_upstream);
  const auto add_release = [&](Release release, const std::string& words) {
    add("upstream-" + to_string(release), words, release, false, decide_upstream);
  };
  for (const Release release : releases()) {
    add_release(release, "Kubernetes' own, of release " + to_string(release));
  }
  add_release(kPreview, "Kubernetes' own, of release " + to_string(kPreview) + ", as a preview");
  add("openkruise",
      "OpenKruise's Advanced StatefulSet, with its own fields in an annotation of the set",
      Release{27},
      true,
      decide_openkruise);
  add("delete-slots",
      "PingCAP's advanced-statefulset, with its annotations",
      Release{25},
      true,
      decide_delete_slots);
  return out;
}

}  // namespace

std::span<const Policy* const> built_in() {
  static const auto kAll = make_all();
  static const auto kPointers = [] {
    std::vector<const Policy*> out;
    for (const auto& policy : kAll) {
      out.push_back(policy.get());
    }
    return out;
  }();
  return kPointers;
}

}  // namespace stsim::policy
