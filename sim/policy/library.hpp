#pragma once
// A policy in a shared library. Private to the module.

#include <stsim/policy/policies.hpp>

#include <memory>
#include <string>

namespace stsim::policy {

/// What a policy says of itself.
struct About {
  std::string description;
  std::optional<Release> release;
  bool own_order{};
};

/// A library that was opened, for as long as the process lives.
struct Library {
  const stsim_policy* policy{};
  About about;
};

/// Opens a library and checks that it is what policy.h says. Errors: in words, without the path.
[[nodiscard]] Result<Library, std::string> open_library(const std::string& path);

/// A policy of a library that decides in this process.
[[nodiscard]] std::unique_ptr<const Policy> in_process(std::string name, const Library& library);

/// A policy that decides in processes of its own. Errors: the library is none, or no process can be
/// started.
[[nodiscard]] Result<std::unique_ptr<const Policy>, std::string> isolated(std::string name,
                                                                          std::string library);

/// What all policies of libraries have in common.
class LibraryPolicy : public Policy {
 public:
  LibraryPolicy(std::string name, About about) : name_(std::move(name)), about_(std::move(about)) {}

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string_view description() const override { return about_.description; }
  [[nodiscard]] std::optional<Release> release() const override { return about_.release; }
  [[nodiscard]] bool is_built_in() const override { return false; }
  [[nodiscard]] bool has_own_order() const override { return about_.own_order; }

 private:
  std::string name_;
  About about_;
};

}  // namespace stsim::policy
