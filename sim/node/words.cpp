#include "words.hpp"

#include <fmt/format.h>
#include <stsim/base/hash.hpp>

namespace stsim::node {

namespace {

/// An invented but lasting size: between 20 and 180 million bytes.
std::uint64_t image_size(std::string_view image) {
  return 20'000'000 + mix64(fnv1a_64(image)) % 160'000'000;
}

/// The whole name of an image, as the runtime completes it: `docker.io/library/web:v1`.
std::string full_reference(std::string_view image) {
  std::string out(image);
  const std::size_t slash = out.find('/');
  const std::string_view first = image.substr(0, slash == std::string::npos ? 0 : slash);
  const bool has_host = first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
  if (slash == std::string::npos) {
    out = "docker.io/library/" + out;
  } else if (!has_host) {
    out = "docker.io/" + out;
  }
  if (out.find_first_of(":@", out.rfind('/')) == std::string::npos) {
    out += ":latest";
  }
  return out;
}

}  // namespace

std::string pulled_message(std::string_view image, SimDuration took, Release release) {
  const std::string length = to_go_string(std::chrono::floor<std::chrono::milliseconds>(took));
  std::string out = fmt::format("Successfully pulled image \"{}\" in {}", image, length);
  if (release.at_least(27)) {
    out += fmt::format(" ({} including waiting)", length);
  }
  if (release.at_least(31)) {
    out += fmt::format(". Image size: {} bytes.", image_size(image));
  }
  return out;
}

std::string present_message(std::string_view image, Release release) {
  return fmt::format("Container image \"{}\" already present on machine{}",
                     image,
                     release.at_least(35) ? " and can be accessed by the pod" : "");
}

std::string created_message(std::string_view container, Release release) {
  if (release.at_least(35)) {
    return "Container created";
  }
  return fmt::format("Created container{} {}", release.at_least(32) ? ":" : "", container);
}

std::string started_message(std::string_view container, Release release) {
  return release.at_least(35) ? "Container started"
                              : fmt::format("Started container {}", container);
}

std::string pull_error(std::string_view image) {
  const std::string whole = full_reference(image);
  return fmt::format(
      "rpc error: code = NotFound desc = failed to pull and unpack image \"{0}\": failed to "
      "resolve "
      "reference \"{0}\": {0}: not found",
      whole);
}

std::string pull_back_off(std::string_view image) {
  return fmt::format("Back-off pulling image \"{}\"", image);
}

std::string pull_back_off_state(std::string_view image, Release release) {
  std::string out = pull_back_off(image);
  if (release.at_least(32)) {
    out += ": ErrImagePull: " + pull_error(image);
  }
  return out;
}

std::string crash_back_off(std::string_view container, const api::Object& pod) {
  return fmt::format("Back-off restarting failed container {} in pod {}_{}({})",
                     container,
                     pod.key.name,
                     pod.key.ns,
                     pod.uid.text());
}

std::string crash_back_off_state(std::string_view container,
                                 const api::Object& pod,
                                 SimDuration delay) {
  return fmt::format("back-off {} restarting failed container={} pod={}_{}({})",
                     to_go_string(delay),
                     container,
                     pod.key.name,
                     pod.key.ns,
                     pod.uid.text());
}

}  // namespace stsim::node
