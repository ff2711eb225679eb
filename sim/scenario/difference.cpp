#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stsim/scenario/difference.hpp>

namespace stsim::scenario {

std::string to_text(const Difference& difference) {
  using Relation = Difference::Relation;
  const std::string path = fmt::format("{}", fmt::join(difference.path, "."));
  const std::string wanted = difference.wanted.dump();
  const std::string found = difference.found.dump();
  switch (difference.relation) {
    case Relation::Equal:
      return fmt::format("{}: expected {}, found {}", path, wanted, found);
    case Relation::Present:
      return fmt::format(
          "{}: expected {}, found {}", path, wanted, difference.found == true ? "one" : "null");
    case Relation::Contains:
      return fmt::format("{}: expected to contain {}, found {}", path, wanted, found);
    case Relation::Lacks:
      return fmt::format("{}: expected to lack {}, found {}", path, wanted, found);
    case Relation::Known:
      break;
  }
  return fmt::format("{}: {}", path, difference.found.get_ref<const std::string&>());
}

}  // namespace stsim::scenario
