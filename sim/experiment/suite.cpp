#include <fmt/format.h>
#include <stsim/experiment/account.hpp>
#include <stsim/experiment/approval.hpp>
#include <stsim/experiment/suite.hpp>

#include <fstream>
#include <sstream>
#include <utility>

namespace stsim::experiment {

namespace {

std::optional<std::string> content_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return std::nullopt;
  }
  std::ostringstream out;
  out << stream.rdbuf();
  return std::move(out).str();
}

bool write_content(const std::filesystem::path& path, const std::string& content) {
  std::ofstream stream(path, std::ios::binary);
  stream << content;
  stream.flush();
  return static_cast<bool>(stream);
}

/// What an approved text says it is of.
std::string title_of(const Case& one) {
  return one.variant.empty() ? one.scenario.name
                             : fmt::format("{} ({})", one.scenario.name, one.variant);
}

/// The expectations and guarantees that do not hold.
std::vector<std::string> broken_promises(const Account& account) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < account.steps.size(); ++i) {
    const StepAccount& step = account.steps[i];
    if (!step.unexpected.empty()) {
      std::string text =
          fmt::format("step {} {}: the expectation does not hold:", i + 1, step.prompt);
      for (const std::string& line : step.unexpected) {
        text += "\n  " + line;
      }
      out.push_back(std::move(text));
    }
  }
  if (!account.summary.broken.empty()) {
    out.push_back("a guarantee is broken: " + account.summary.broken);
  }
  if (account.summary.cut_short) {
    out.emplace_back("the run did not come to an end");
  }
  return out;
}

std::string in_words(const Departure& departure, const Case& one, const Account& account) {
  std::string out = fmt::format("departs from {} at step {} (- approved, + now):\n{}",
                                one.approved.filename().string(),
                                departure.step + 1,
                                departure.lines);
  if (departure.record != 0) {
    out += "what led to the first + that happened:" + because(one.scenario, departure.record);
  } else if (departure.step > 0 && departure.step >= account.steps.size()) {
    out += "the run ended before that step";
  }
  while (out.ends_with('\n')) {
    out.pop_back();
  }
  return out;
}

}  // namespace

std::string Case::name() const {
  return variant.empty() ? file : fmt::format("{} ({})", file, variant);
}

std::vector<Case> cases_of(const scenario::Scenario& scenario) {
  std::vector<Case> out;
  for (const Variant& variant : variants(scenario.matrix)) {
    const std::string part = variant.file_part();
    std::filesystem::path approved = scenario.file;
    approved.replace_extension(part.empty() ? ".approved.txt" : "." + part + ".approved.txt");
    out.push_back(
        {scenario.file.string(), variant.title(), varied(scenario, variant), std::move(approved)});
  }
  return out;
}

CaseResult run_case(const Case& one, bool update) {
  using Approval = CaseResult::Approval;
  const Account account = account_of(one.scenario);
  CaseResult out;
  out.steps = account.summary.steps;
  out.virtual_time = account.summary.virtual_time;
  out.failures = broken_promises(account);
  const std::string title = title_of(one);
  const std::optional<std::string> approved = content_of(one.approved);
  if (update) {
    const std::string text = approved_text(account, title);
    out.approval = approved == text ? Approval::Same : Approval::Renewed;
    if (approved != text && !write_content(one.approved, text)) {
      out.failures.push_back(one.approved.string() + " cannot be written");
    }
  } else if (!approved) {
    out.approval = Approval::Missing;
  } else if (const auto where = departure(*approved, account, title)) {
    out.approval = Approval::Different;
    out.failures.push_back(in_words(*where, one, account));
  }
  out.passed = out.failures.empty();
  return out;
}

}  // namespace stsim::experiment
