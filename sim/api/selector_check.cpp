#include "api/selector_check.hpp"

#include <fmt/ranges.h>
#include <stsim/api/api_error.hpp>
#include <stsim/api/names.hpp>

namespace stsim::api {

namespace {

std::string problem(std::string_view field, const std::string& value, const std::string& detail) {
  return FieldError{FieldError::Type::Invalid, std::string(field), value, detail}.text();
}

}  // namespace

std::string label_key_problem(std::string_view field, std::string_view key) {
  const std::vector<std::string> wrong = names::label_key(key);
  return wrong.empty() ? "" : problem(field, go_quote(key), fmt::to_string(fmt::join(wrong, "; ")));
}

std::string requirement_problem(const Requirement& r) {
  std::vector<std::string> problems;
  if (std::string wrong = label_key_problem("key", r.key); !wrong.empty()) {
    problems.push_back(std::move(wrong));
  }
  const bool set = r.op == Requirement::Operator::In || r.op == Requirement::Operator::NotIn;
  if (set && r.values.empty()) {
    problems.push_back(
        problem("values", "[]", "for 'in', 'notin' operators, values set can't be empty"));
  }
  if (!set && !r.values.empty()) {
    problems.push_back(problem("values",
                               to_go_json(Json(r.values)),
                               "values set must be empty for exists and does not exist"));
  }
  for (std::size_t i = 0; i < r.values.size(); ++i) {
    if (const auto wrong = names::label_value(r.values[i]); !wrong.empty()) {
      problems.push_back(problem(fmt::format("values[{}][{}]", i, r.key),
                                 go_quote(r.values[i]),
                                 fmt::to_string(fmt::join(wrong, "; "))));
    }
  }
  if (problems.empty()) {
    return "";
  }
  if (problems.size() == 1) {
    return problems.front();
  }
  std::string all;
  for (const std::string& one : problems) {
    all += (all.empty() ? "" : ", ") + one;
  }
  return "[" + all + "]";
}

}  // namespace stsim::api
