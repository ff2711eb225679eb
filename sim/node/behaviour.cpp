#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/node/behaviour.hpp>

#include <algorithm>
#include <vector>

namespace stsim::node {

std::string_view name(Takes what) {
  constexpr std::array<std::string_view, kTakes> kNames{
      "imagePull", "imageCheck", "volumeMount", "containerStart", "ready", "stop"};
  return kNames[static_cast<std::size_t>(what)];
}

std::string to_string(const Behaviour& behaviour) {
  constexpr std::array<std::string_view, 3> kNevers{"pulled", "started", "ready"};
  std::vector<std::string> out;
  if (behaviour.never) {
    out.push_back(fmt::format("never {}", kNevers[static_cast<std::size_t>(*behaviour.never)]));
  }
  if (behaviour.crash_after) {
    out.push_back("ends by itself after each start: " + to_string(*behaviour.crash_after));
  }
  if (const auto& needs = behaviour.needs) {
    std::string what;
    if (needs->members > 0) {
      what = fmt::format("{} pods of their set", needs->members);
    }
    if (needs->predecessor) {
      what += what.empty() ? "the pod before" : " and the pod before";
    }
    out.push_back(fmt::format("{} without {}{}",
                              needs->crashes ? "they end at once" : "not ready",
                              what,
                              needs->first_alone ? ", but for the first of its name" : ""));
  }
  if (behaviour.healed && !behaviour.never && !behaviour.crash_after) {
    out.emplace_back("nothing is wrong with them");
  }
  if (behaviour.exit_code) {
    out.push_back(fmt::format("exit code {}", *behaviour.exit_code));
  }
  for (std::size_t i = 0; i < kTakes; ++i) {
    const auto what = static_cast<Takes>(i);
    if (const auto& length = behaviour.takes[what]) {
      out.push_back(fmt::format("{} {}", name(what), to_string(*length)));
    }
  }
  return out.empty() ? "as usual" : fmt::format("{}", fmt::join(out, "; "));
}

bool Timing::any_needs() const {
  const auto has = [](const auto& entry) { return entry.second.needs.has_value(); };
  return std::ranges::any_of(images, has) || std::ranges::any_of(pods, has);
}

Timing::Timing() {
  using engine::Latency;
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  // Most waits have a long tail: now and then one takes several times as long as usual.
  usual[Takes::ImagePull] =
      Latency::lognormal(seconds{2}, seconds{8}, {milliseconds{500}, std::chrono::minutes{1}});
  usual[Takes::ImageCheck] =
      Latency::lognormal(milliseconds{400}, milliseconds{1200}, {milliseconds{100}, seconds{10}});
  usual[Takes::VolumeMount] = Latency::constant(milliseconds{200});
  usual[Takes::ContainerStart] =
      Latency::lognormal(milliseconds{800}, seconds{2}, {milliseconds{200}, seconds{20}});
  usual[Takes::Ready] = {milliseconds{500}, seconds{2}};
  usual[Takes::Stop] =
      Latency::lognormal(milliseconds{700}, seconds{3}, {milliseconds{100}, seconds{30}});
}

}  // namespace stsim::node
