#pragma once
// Short ways to read documents, shared by tables and descriptions.

#include <stsim/api/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// `metadata.name`.
[[nodiscard]] std::string name_of(const api::Json& object);

/// `metadata.namespace`.
[[nodiscard]] std::string namespace_of(const api::Json& object);

/// Whether `metadata.deletionTimestamp` is set.
[[nodiscard]] bool is_terminating(const api::Json& object);

/// The text of a string or a number, as Go prints it; empty for null.
[[nodiscard]] std::string scalar_text(const api::Json& value);

/// `text`, or `<none>` where it is empty.
[[nodiscard]] std::string or_none(std::string text);

[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// The parts between separators, empty ones too.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

/// The texts of a list of strings; nothing for other values.
[[nodiscard]] std::vector<std::string> texts_of(const api::Json& list);

/// The elements of a list; none for other values. As a range for loops.
[[nodiscard]] const api::Json& elements(const api::Json& list);

/// `joined + k more...` of at most `max` of `parts`.
[[nodiscard]] std::string some_of(const std::vector<std::string>& parts, std::size_t max);

/// The owner reference that says `controller: true`, or null.
[[nodiscard]] const api::Json& controller_of(const api::Json& object);

/// The class of a claim or volume; the old annotation wins. Rule: PV-3.
[[nodiscard]] std::string storage_class_of(const api::Json& object);

/// Whether a StorageClass is that of claims that name none.
[[nodiscard]] bool is_default_class(const api::Json& storage_class);

/// `10.0.0.1:80`, `[fd00::1]:80`.
[[nodiscard]] std::string host_and_port(const std::string& host, const std::string& port);

}  // namespace stsim::kubectl
