# Makes a source file of the page's program: cmake -DFROM=page.html -DTO=page_program.cpp -P …
file(READ ${FROM} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${TO} "// Made from sim/report/web/dist/page.html.
#include <stsim/report/page.hpp>

namespace stsim::report {

namespace {

constexpr unsigned char kPageProgram[] = {
${bytes}
};

}  // namespace

std::string_view page_program() {
  return {reinterpret_cast<const char*>(kPageProgram), sizeof(kPageProgram)};
}

}  // namespace stsim::report
")
