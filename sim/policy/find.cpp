// Policies by name or by file.
#include "policy/library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace stsim::policy {

namespace {

UserError not_found(const std::string& name) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Policy* policy : built_in()) {
    names.push_back(policy->name());
    all += fmt::format("{}{}", all.empty() ? "" : ", ", policy->name());
  }
  const std::string near = closest(name, names);
  return {{},
          fmt::format("there is no policy \"{}\"", name),
          near.empty()
              ? fmt::format("possible: {}; of a library its path, such as ./libmine.so", all)
              : did_you_mean(near),
          ""};
}

std::atomic<bool> isolates{false};

Result<std::unique_ptr<const Policy>, std::string> load(const std::string& name,
                                                        const std::string& path) {
  if (isolates) {
    return isolated(name, path);
  }
  auto library = open_library(path);
  if (!library) {
    return tl::unexpected(std::move(library.error()));
  }
  return in_process(name, *library);
}

}  // namespace

std::string_view contract(std::string_view rule) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kRules{{
      {"POL-1", "a decision ends with success or gives its error"},
      {"POL-2", "a decision asks so many questions and no more"},
      {"POL-3", "the same view leads to the same plan"},
      {"POL-4", "no two pods of one identity"},
      {"POL-5", "what a plan names is there"},
      {"POL-6", "words are words"},
  }};
  const auto* const found =
      std::ranges::find(kRules, rule, [](const auto& row) { return row.first; });
  return found == kRules.end() ? std::string_view() : found->second;
}

void isolate_libraries() {
  isolates = true;
}

Result<const Policy*, UserError> find_policy(const std::string& name,
                                             const std::filesystem::path& folder) {
  if (name.find('/') == std::string::npos) {
    for (const Policy* policy : built_in()) {
      if (policy->name() == name) {
        return policy;
      }
    }
    std::error_code ignored;
    UserError error = not_found(name);
    if (std::filesystem::exists(folder / name, ignored)) {
      error.hint = fmt::format("a library is named by its path: ./{}", name);
    }
    return tl::unexpected(std::move(error));
  }
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>, std::unique_ptr<const Policy>> loaded;
  std::error_code error;
  const std::filesystem::path path = std::filesystem::canonical(folder / name, error);
  if (error) {
    return tl::unexpected(UserError{
        {}, fmt::format("the policy {} cannot be read: {}", name, error.message()), "", ""});
  }
  const std::lock_guard lock(mutex);
  auto& known = loaded[{name, path.string()}];  // a policy is called as it was asked for
  if (!known) {
    auto made = load(name, path.string());
    if (!made) {
      return tl::unexpected(UserError{{},
                                      fmt::format("{} is no policy: {}", name, made.error()),
                                      "see stsim/policy/policy.h for what a library has to export",
                                      ""});
    }
    known = *std::move(made);
  }
  return known.get();
}

}  // namespace stsim::policy
