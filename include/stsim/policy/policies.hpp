#pragma once
// The policies that can be chosen: built-in ones by name, others as shared libraries.

#include <stsim/base/error.hpp>
#include <stsim/base/version.hpp>
#include <stsim/policy/policy.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stsim::policy {

/// A policy that can be asked. It lives as long as the process, is shared by all that use it, and
/// is not changed by being asked: what it remembers of a set is kept by whoever asks.
class Policy {
 public:
  Policy() = default;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// As it is chosen: `upstream-1.34`, `./libmine.so`.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// A line that describes it.
  [[nodiscard]] virtual std::string_view description() const = 0;
  /// Whose rules hold for what it does not decide itself; nothing: those of the cluster's release.
  [[nodiscard]] virtual std::optional<Release> release() const = 0;
  /// Whether it is one of built_in(), and so not watched while it decides.
  [[nodiscard]] virtual bool is_built_in() const = 0;
  /// stsim_policy::own_order.
  [[nodiscard]] virtual bool has_own_order() const = 0;
  /// Decides once. Errors: those that it gives to `plan`; a process that has ended or does not
  /// answer in time is one of them. May be called from several threads.
  virtual void decide(const stsim_view& view, const stsim_plan& plan) const = 0;
};

/// The built-in ones, in the order in which they are listed. The first is that of the cluster's
/// release, which holds where nothing else is said.
[[nodiscard]] std::span<const Policy* const> built_in();

/// From here on each library that find_policy() loads decides in a process of its own, whose end is
/// survived. For the program's start.
void isolate_libraries();

/// The policy of a name or, with a slash in it, of a shared library, relative to `folder`. Loaded
/// once a process. Errors: an unknown name, with those that there are; what is wrong with the
/// library.
[[nodiscard]] Result<const Policy*, UserError> find_policy(
    const std::string& name, const std::filesystem::path& folder = {});

/// What a rule of the contract asks for, in a few words: of `POL-4` `no two pods of one identity`.
/// Errors: "" for what is no such rule.
[[nodiscard]] std::string_view contract(std::string_view rule);

/// What a process that isolates a library runs: it answers on the socket that it was started with,
/// until that is closed. Gives the exit status.
int serve_isolated(const std::string& library);

/// With this argument and a library the program has to call serve_isolated(): that is how a process
/// for a policy is started.
inline constexpr std::string_view kServeIsolated = "--serve-isolated-policy";

}  // namespace stsim::policy
