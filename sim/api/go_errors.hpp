#pragma once
// What Go says about text that is no quantity, time or base64. Rule: KC-33.

#include <string>
#include <string_view>

namespace stsim::api {

/// Why `text` is no quantity. Pre: Quantity::parse() refused it. Rule: VA-1.
[[nodiscard]] std::string quantity_error(std::string_view text);

/// Why `text` is no time: `parsing time "x" as "2006-…": cannot parse "x" as "2006"`; empty where
/// it is one. `micro` chooses the layout with six decimals.
[[nodiscard]] std::string time_error(std::string_view text, bool micro);

/// Why `text` is no base64: `illegal base64 data at input byte 4`; empty where it is.
[[nodiscard]] std::string base64_error(std::string_view text);

}  // namespace stsim::api
