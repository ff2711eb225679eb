#pragma once
// What kubelets of different releases say in API Events and container states.

#include <stsim/api/object.hpp>
#include <stsim/base/version.hpp>

#include <string>
#include <string_view>

namespace stsim::node {

/// `Successfully pulled image …`. Rule: PN-10.
std::string pulled_message(std::string_view image, SimDuration took, Release release);

/// `Container image … already present on machine`. Rule: PN-10.
std::string present_message(std::string_view image, Release release);

/// `Container created`. Rule: PN-10.
std::string created_message(std::string_view container, Release release);

/// `Container started`. Rule: PN-10.
std::string started_message(std::string_view container, Release release);

/// What the container runtime says of an image that no registry has. Rule: PN-40.
std::string pull_error(std::string_view image);

/// `Back-off pulling image …`, of the API Event. Rule: PN-40.
std::string pull_back_off(std::string_view image);

/// Likewise, of the container's state. Rule: PN-40.
std::string pull_back_off_state(std::string_view image, Release release);

/// `Back-off restarting failed container …`, of the API Event. Rule: PN-31.
std::string crash_back_off(std::string_view container, const api::Object& pod);

/// Likewise, of the container's state. Rule: PN-31.
std::string crash_back_off_state(std::string_view container,
                                 const api::Object& pod,
                                 SimDuration delay);

}  // namespace stsim::node
