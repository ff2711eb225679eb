#include "verb.hpp"
namespace stsim::kubectl {
void run_exec(Command& command) { command.fail("exec"); }
}  // namespace stsim::kubectl
