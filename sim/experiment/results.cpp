// What became of cases, in the forms that other programs read.
#include <fmt/format.h>
#include <pugixml.hpp>
#include <stsim/experiment/suite.hpp>

#include <algorithm>
#include <ostream>

namespace stsim::experiment {

namespace {

/// Text as XML 1.0 can have it: without control characters.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text,
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\n' && c != '\t';
      },
      '?');
  return text;
}

std::string joined(const std::vector<std::string>& failures) {
  std::string out;
  for (const std::string& failure : failures) {
    out += out.empty() ? failure : "\n" + failure;
  }
  return out;
}

void set_counts(pugi::xml_node node, std::span<const FinishedCase> cases) {
  const auto failed = std::ranges::count_if(
      cases, [](const FinishedCase& finished) { return !finished.result.passed; });
  node.append_attribute("tests") = static_cast<unsigned long long>(cases.size());
  node.append_attribute("failures") = static_cast<long long>(failed);
  node.append_attribute("errors") = 0;
}

void add_case(pugi::xml_node suite, const FinishedCase& finished) {
  pugi::xml_node node = suite.append_child("testcase");
  const Case& one = *finished.one;
  node.append_attribute("classname") = printable(one.file).c_str();
  node.append_attribute("name") =
      printable(one.variant.empty() ? one.scenario.name
                                    : fmt::format("{} ({})", one.scenario.name, one.variant))
          .c_str();
  // Servers want a time in seconds; that of the story is the same on every machine.
  std::string seconds = to_seconds_string(finished.result.virtual_time);
  seconds.pop_back();
  node.append_attribute("time") = seconds.c_str();
  for (const std::string& failure : finished.result.failures) {
    pugi::xml_node child = node.append_child("failure");
    const std::string text = printable(failure);
    child.append_attribute("message") = text.substr(0, text.find('\n')).c_str();
    child.append_attribute("type") = "failure";
    child.text().set(text.c_str());
  }
}

}  // namespace

void write_junit(std::ostream& out, std::span<const FinishedCase> cases) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node suites = document.append_child("testsuites");
  suites.append_attribute("name") = "stsim";
  set_counts(suites, cases);
  while (!cases.empty()) {
    const auto same = [&first = cases.front()](const FinishedCase& finished) {
      return finished.one->file == first.one->file;
    };
    const auto end = std::ranges::find_if_not(cases, same);
    const auto of_file = cases.first(static_cast<std::size_t>(end - cases.begin()));
    pugi::xml_node suite = suites.append_child("testsuite");
    suite.append_attribute("name") = printable(of_file.front().one->file).c_str();
    set_counts(suite, of_file);
    for (const FinishedCase& finished : of_file) {
      add_case(suite, finished);
    }
    cases = cases.subspan(of_file.size());
  }
  document.save(out, "  ");
}

void write_tap(std::ostream& out, std::span<const FinishedCase> cases) {
  out << fmt::format("TAP version 13\n1..{}\n", cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& [one, result] = cases[i];
    out << fmt::format("{} {} - {}\n", result.passed ? "ok" : "not ok", i + 1, one->name());
    std::string text = joined(result.failures);
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      out << "# " << text.substr(0, end) << "\n";
      text.erase(0, end == std::string::npos ? text.size() : end + 1);
    }
  }
}

}  // namespace stsim::experiment
