#include <stsim/base/error.hpp>
#include <stsim/report/page.hpp>

namespace stsim::report {

namespace {

/// `<` would end the element that the data stand in, or begin a comment.
std::string in_html(const api::Json& data) {
  const std::string text = data.dump(-1, ' ', false, api::Json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string page(const scenario::Scenario& scenario,
                 const scenario::RunLog& log,
                 const PageOptions& options) {
  constexpr std::string_view kPlace = "{\"stsim\":\"run\"}";
  const std::string_view program = page_program();
  const std::size_t at = program.find(kPlace);
  STSIM_ASSERT(at != std::string_view::npos);
  std::string out(program.substr(0, at));
  out += in_html(page_data(scenario, log, options));
  out += program.substr(at + kPlace.size());
  return out;
}

}  // namespace stsim::report
