#pragma once
// The forms of names that the API server knows, with its messages about text that has another form.
// Each function returns what is wrong with its argument: nothing where it fits. Where the messages
// changed over time the release decides.

#include <stsim/base/version.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::api {

/// `text` as Go's %q prints it.
[[nodiscard]] std::string go_quote(std::string_view text);

namespace names {

/// What is wrong with a text, in the server's words; nothing where it is right.
using Messages = std::vector<std::string>;

/// `my-name`, at most 63 bytes. Since 1.27 a name that is wrong only for its dots is told so.
[[nodiscard]] Messages dns1123_label(std::string_view text, Release release = {});
/// `example.com`, at most 253 bytes.
[[nodiscard]] Messages dns1123_subdomain(std::string_view text);
/// `my-name`, not beginning with a digit, at most 63 bytes.
[[nodiscard]] Messages dns1035_label(std::string_view text);
/// `example.com/MyName`: keys of labels and of annotations (which are lower-cased first).
[[nodiscard]] Messages label_key(std::string_view text, Release release = {});
/// `MyValue` or nothing, at most 63 bytes.
[[nodiscard]] Messages label_value(std::string_view text, Release release = {});
/// The name of a port, at most 15 bytes.
[[nodiscard]] Messages port_name(std::string_view text);
/// The key of a ConfigMap or Secret.
[[nodiscard]] Messages config_map_key(std::string_view text);
/// A variable's name; `relaxed`: any printable ASCII but `=`.
[[nodiscard]] Messages environment_variable(std::string_view text, bool relaxed);
/// `10%`.
[[nodiscard]] Messages percent(std::string_view text);
/// `X-Header-Name`.
[[nodiscard]] Messages http_header(std::string_view text);

}  // namespace names

}  // namespace stsim::api
