#include "expect.hpp"

#include "condition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stsim::scenario {

using api::Json;
using Relation = Difference::Relation;

namespace {

void contains(const Json& words,
              const std::string& text,
              bool wanted,
              std::vector<Difference>& out) {
  if (words.is_array()) {
    for (const Json& word : words) {
      contains(word, text, wanted, out);
    }
  } else if (words.is_string()) {
    const std::string& word = words.get_ref<const std::string&>();
    if ((text.find(word) != std::string::npos) != wanted) {
      out.push_back({{"output"}, wanted ? Relation::Contains : Relation::Lacks, word, text});
    }
  }
}

void compare_output(const Json& wanted,
                    const kubectl::Output& found,
                    std::vector<Difference>& out) {
  for (const auto& [key, value] : wanted.items()) {
    if (key == "stdout") {
      compare({"output", "stdout"}, value, found.out, out);
    } else if (key == "stderr") {
      compare({"output", "stderr"}, value, found.err, out);
    } else {
      contains(value,
               fmt::format("{}{}{}", found.out, found.err, fmt::join(found.notes, "\n")),
               key == "contains",
               out);
    }
  }
}

}  // namespace

std::vector<Difference> differences(const ExpectStep& expect,
                                    const world::World& world,
                                    const SoFar& so_far) {
  const auto& [last_output, last_moved, hopes] = so_far;
  std::vector<Difference> out;
  for (const auto& [key, wanted] : expect.want.items()) {
    if (key == "exit") {
      compare({"exit"}, wanted, last_output ? Json(last_output->exit) : Json(), out);
    } else if (key == "output") {
      if (last_output) {
        compare_output(wanted, *last_output, out);
      } else {
        out.push_back(
            {{"output"}, Relation::Known, {}, "no step before this one has printed anything"});
      }
    } else if (key == "moved") {
      if (!last_moved) {
        out.push_back(
            {{"moved"}, Relation::Known, {}, "no settle before this one has moved pods by hand"});
        continue;
      }
      Json moved = Json::array();
      for (const auto& [pod, state] : *last_moved) {
        moved.push_back({pod, state});
      }
      compare({"moved"}, wanted, moved, out);
    } else if (key == kHopesMember && hopes == nullptr) {
      out.push_back({{key}, Relation::Known, {}, "nobody has watched (--no-check)"});
    } else if (key == kHopesMember) {
      for (const auto& [source, times] : wanted.items()) {
        const auto found = hopes->find(source);
        compare_number({key, source},
                       times,
                       found == hopes->end() ? 0 : static_cast<std::int64_t>(found->second.times),
                       out);
      }
    }
  }
  unmet(expect.want, world, out);
  return out;
}

}  // namespace stsim::scenario
