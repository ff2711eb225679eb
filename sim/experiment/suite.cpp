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
  std::error_code ignored;
  std::ifstream stream(path, std::ios::binary);
  if (!stream || std::filesystem::is_directory(path, ignored)) {
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

std::vector<Case> cases_of(const scenario::Scenario& scenario, const Variant& instead) {
  std::vector<Case> out;
  for (const Variant& variant : variants(scenario.matrix)) {
    const std::string part = variant.file_part();
    std::filesystem::path approved = scenario.file;
    approved.replace_extension(part.empty() ? ".approved.txt" : "." + part + ".approved.txt");
    const Variant run = merged(variant, instead);
    out.push_back(
        {scenario.file.string(), run.title(), varied(scenario, run), std::move(approved)});
  }
  return out;
}

CaseResult run_case(const Case& one, bool update) {
  using Approval = CaseResult::Approval;
  const Account account = without_made_up_names(account_of(one.scenario));
  CaseResult out;
  out.steps = account.summary.steps;
  out.refused = account.summary.refused;
  out.virtual_time = account.summary.virtual_time;
  out.failures = failures(account);
  const std::string& title = one.scenario.name;
  std::error_code ignored;
  const bool there = std::filesystem::exists(one.approved, ignored);
  const std::optional<std::string> approved = there ? content_of(one.approved) : std::nullopt;
  out.approval = there ? Approval::Same : Approval::Missing;
  if (there && !approved) {
    out.failures.push_back(one.approved.string() + " cannot be read");
  } else if (update && !out.failures.empty()) {
    out.failures.emplace_back("no approved output was written, as it fails");
  } else if (update) {
    const std::string text = approved_text(account, title);
    if (approved != text && write_content(one.approved, text)) {
      out.approval = Approval::Renewed;
    } else if (approved != text) {
      out.failures.push_back(one.approved.string() + " cannot be written");
    }
  } else if (approved) {
    if (const auto where = departure(*approved, account, title)) {
      out.approval = Approval::Different;
      out.failures.push_back(in_words(*where, one, account));
    }
  }
  out.passed = out.failures.empty();
  return out;
}

}  // namespace stsim::experiment
