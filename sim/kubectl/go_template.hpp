#pragma once
// Go templates as kubectl prints objects with them: -o go-template=. Rule: KC-4.
// Source: the language of Go's text/template, and kubectl's printer (cli-runtime's pkg/printers).

#include <stsim/api/json.hpp>

#include <string>
#include <string_view>

namespace stsim::kubectl {

/// What a template prints.
struct TemplateOutput {
  std::string text;   ///< up to the error, if there is one, and then what kubectl prints of it
  std::string error;  ///< all that kubectl says after `error: `; empty if all went well
};

/// What `-o go-template=TEMPLATE` prints for one object, or a List of several. `missing_keys`: as
/// --allow-missing-template-keys, whether a key that is not there is `<no value>` or an error.
[[nodiscard]] TemplateOutput print_go_template(std::string_view text,
                                               const api::Json& document,
                                               bool missing_keys);

}  // namespace stsim::kubectl
