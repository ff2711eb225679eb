#pragma once
// A command at work inside a container, and the programs it can call.

#include "pod_files.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stsim::kubectl {

/// What a program has printed and how it ended.
struct Outcome {
  std::string out;
  std::string err;
  int exit{};
};

using Words = std::span<const std::string>;

/// The container a command runs in, with what the command has changed so far.
struct PodProcess {
  explicit PodProcess(const ExecView& with);

  const ExecView& view;
  dns::Ask ask;
  Overlay overlay;
  PodFiles files;
  std::map<std::string, std::string, std::less<>> variables;
  std::vector<std::string> exported;  ///< names of variables, in the order in which env prints them
  int last_exit{};
  int scripts{};  ///< how many are at work, each started by the one before

  [[nodiscard]] std::string image() const;
  [[nodiscard]] dns::Client client() const { return dns::client_of(view.pod); }
};

/// A program: its words without its own name, and what it reads.
using Program = Outcome (*)(PodProcess& process, Words words, const std::string& input);

/// The program that a container has under a name or path; nullptr where it has none.
Program find_program(const PodProcess& process, std::string_view name);

/// Runs the text of `sh -c`. Its exit status is that of its last command, or of `exit`.
Outcome run_script(PodProcess& process, const std::string& script, const std::string& input);

// --- pod_filters.cpp

Outcome run_cat(PodProcess& process, Words words, const std::string& input);
Outcome run_grep(PodProcess& process, Words words, const std::string& input);
Outcome run_head(PodProcess& process, Words words, const std::string& input);
Outcome run_tail(PodProcess& process, Words words, const std::string& input);
Outcome run_tee(PodProcess& process, Words words, const std::string& input);
Outcome run_wc(PodProcess& process, Words words, const std::string& input);

// --- pod_network.cpp

Outcome run_nslookup(PodProcess& process, Words words, const std::string& input);
Outcome run_wget(PodProcess& process, Words words, const std::string& input);
Outcome run_curl(PodProcess& process, Words words, const std::string& input);

// --- pod_web.cpp

/// What came back from a web server, or that nothing did.
struct Page {
  enum class Status : unsigned char { Ok, BadAddress, Refused, NoRoute, Forbidden, NotFound };
  Status status{};
  std::string address;  ///< of the server, if the name was found
  std::string text;
};
Page fetch(PodProcess& process, const std::string& host, int port, const std::string& path);

}  // namespace stsim::kubectl
