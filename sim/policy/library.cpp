#include "policy/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstddef>

namespace stsim::policy {

namespace {

class InProcess : public LibraryPolicy {
 public:
  InProcess(std::string name, const Library& library)
      : LibraryPolicy(std::move(name), library.about), policy_(library.policy) {}

  void decide(const stsim_view& view, const stsim_plan& plan) const override {
    policy_->decide(&view, &plan);
  }

 private:
  const stsim_policy* policy_;
};

std::string last_error() {
  const char* error = dlerror();
  return error == nullptr ? "it cannot be opened" : error;
}

/// What is wrong with what a library exports, "" if nothing is.
std::string flaw(const stsim_policy* policy) {
  if (policy == nullptr) {
    return fmt::format("it was built for another version of the contract than {}",
                       STSIM_POLICY_ABI);
  }
  if (policy->abi != STSIM_POLICY_ABI) {
    return fmt::format("it was built for version {} of the contract, and this is {}",
                       policy->abi,
                       STSIM_POLICY_ABI);
  }
  if (policy->struct_size < offsetof(stsim_policy, decide) + sizeof policy->decide ||
      policy->decide == nullptr || policy->name == nullptr || policy->description == nullptr) {
    return "its policy has no name, no description or no function";
  }
  if (policy->release != nullptr && !parse_release(policy->release)) {
    return fmt::format(
        "it goes by release \"{}\"; possible: {}", policy->release, possible_releases());
  }
  return "";
}

}  // namespace

Result<Library, std::string> open_library(const std::string& path) {
  // It stays open: what it has handed out is used until the end.
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return tl::unexpected(last_error());
  }
  void* const symbol = dlsym(handle, STSIM_POLICY_ENTRY);
  if (symbol == nullptr) {
    return tl::unexpected(fmt::format("it exports no {}", STSIM_POLICY_ENTRY));
  }
  using Entry = const stsim_policy* (*)(std::uint32_t);
  const stsim_policy* const policy = reinterpret_cast<Entry>(symbol)(STSIM_POLICY_ABI);
  if (std::string wrong = flaw(policy); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  About about;
  about.description = policy->description;
  if (policy->release != nullptr) {
    about.release = parse_release(policy->release);
  }
  about.own_order = policy->own_order != 0;
  return Library{policy, std::move(about)};
}

std::unique_ptr<const Policy> in_process(std::string name, const Library& library) {
  return std::make_unique<InProcess>(std::move(name), library);
}

}  // namespace stsim::policy
