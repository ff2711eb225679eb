#include <stsim/base/version.hpp>

#include <charconv>
#include <vector>

namespace stsim {

namespace {

constexpr int kOldestMinor = 25;
constexpr int kNewestMinor = 36;  // whose behaviour is known from its source and from recordings
constexpr int kSplitMinor = 35;   // of which the first patch is a release point of its own
static_assert(Release{}.minor == kNewestMinor);

}  // namespace

std::optional<Release> parse_release(std::string_view text) {
  if (text.starts_with('v')) {
    text.remove_prefix(1);
  }
  if (text == "1.35.0") {
    return Release{kSplitMinor, 0};
  }
  if (!text.starts_with("1.")) {
    return std::nullopt;
  }
  text.remove_prefix(2);
  int minor{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minor);
  if (error != std::errc{} || end != text.data() + text.size() || minor < kOldestMinor ||
      (minor > kNewestMinor && minor != kPreview.minor)) {
    return std::nullopt;
  }
  return Release{minor, -1};
}

std::span<const Release> releases() {
  static const std::vector<Release> kReleases = [] {
    std::vector<Release> out;
    for (int minor = kOldestMinor; minor <= kNewestMinor; ++minor) {
      if (minor == kSplitMinor) {
        out.push_back({minor, 0});
      }
      out.push_back({minor});
    }
    return out;
  }();
  return kReleases;
}

std::string possible_releases() {
  return to_string(Release{kOldestMinor}) + " to " + to_string(Release{kNewestMinor}) + ", " +
         to_string(Release{kSplitMinor, 0}) + ", and " + to_string(kPreview) + " as a preview";
}

std::string to_string(Release release) {
  std::string out = "1." + std::to_string(release.minor);
  if (release.patch >= 0) {
    out += "." + std::to_string(release.patch);
  }
  return out;
}

}  // namespace stsim
