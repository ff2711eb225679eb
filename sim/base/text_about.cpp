#include <stsim/base/text_about.hpp>

#include <algorithm>

namespace stsim {

namespace {

constexpr std::string_view kName = "\x01";

/// `text` with `to` in the place of each `from`, which is not empty.
std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find(from, at), text.size());
    out.append(text.substr(at, next - at));
    if (next < text.size()) {
      out.append(to);
    }
    at = next + from.size();
  }
  return out;
}

}  // namespace

TextAbout::TextAbout(std::string_view text, std::string_view name)
    : has_places_(!name.empty() && text.find(name) != std::string_view::npos &&
                  text.find(kName) == std::string_view::npos) {
  text_ = has_places_ ? Text(replaced(text, name, kName)) : Text(text);
}

Text TextAbout::of(std::string_view name) const {
  return has_places_ ? Text(replaced(text_.view(), kName, name)) : text_;
}

}  // namespace stsim
