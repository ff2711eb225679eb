// nslookup, wget and curl, with the words of the tools that images have.
#include "pod_process.hpp"

#include <fmt/format.h>
#include <stsim/base/characters.hpp>

#include <algorithm>
#include <cctype>

namespace stsim::kubectl {

namespace {

// --- nslookup

enum class Dialect : unsigned char { OldBusybox, NewBusybox, Bind };

Dialect dialect_of(const std::string& image) {
  if (image.find("dnsutils") != std::string::npos || image.find("netshoot") != std::string::npos) {
    return Dialect::Bind;
  }
  if (image_name(image) != "busybox") {
    return Dialect::OldBusybox;
  }
  // 1.28 and older tell from 1.29 and newer by the second number.
  const std::string_view tag = image_tag(image);
  if (!tag.starts_with("1.")) {
    return !tag.empty() && tag[0] != '1' && is_digit(tag[0]) ? Dialect::OldBusybox
                                                             : Dialect::NewBusybox;
  }
  constexpr int kChanged = 29;
  return std::strtol(std::string(tag.substr(2)).c_str(), nullptr, 10) >= kChanged
             ? Dialect::NewBusybox
             : Dialect::OldBusybox;
}

std::string with_name(PodProcess& process, const std::string& address) {
  const std::string name = dns::name_of(process.client(), address, process.ask);
  return name.empty() ? address : address + " " + name;
}

/// Rule: SD-40.
Outcome old_busybox(PodProcess& process, const std::string& name) {
  Outcome out;
  const dns::Client client = process.client();
  const std::string server = client.servers.empty() ? "127.0.0.1" : client.servers.front();
  out.out = fmt::format("Server:    {}\nAddress 1: {}\n\n", server, with_name(process, server));
  const dns::Answer answer = dns::resolve(client, name, dns::RecordType::A, process.ask);
  if (!answer.found()) {
    out.err = fmt::format("nslookup: can't resolve '{}'\n", name);
    out.exit = 1;
    return out;
  }
  out.out += fmt::format("Name:      {}\n", name);
  int number = 0;
  for (const dns::Record& record : answer.records) {
    out.out += fmt::format("Address {}: {}\n", ++number, with_name(process, record.data));
  }
  return out;
}

/// Rule: SD-41.
Outcome new_busybox(PodProcess& process, const std::string& name) {
  Outcome out;
  const dns::Client client = process.client();
  const std::string server = client.servers.empty() ? "127.0.0.1" : client.servers.front();
  out.out = fmt::format("Server:\t\t{0}\nAddress:\t{0}:53\n\n", server);
  std::vector<dns::RecordType> types{dns::RecordType::A, dns::RecordType::AAAA};
  std::string asked = name;
  if (dns::is_address(name)) {
    types = {dns::RecordType::PTR};
    asked = dns::reverse_name(name);
  }
  for (const dns::RecordType type : types) {
    const dns::Reply reply = process.ask(asked, type);
    for (const dns::Record& record : reply.records) {
      out.out += type == dns::RecordType::PTR
                     ? fmt::format("{}\tname = {}\n", asked, record.data)
                     : fmt::format("Name:\t{}\nAddress: {}\n", name, record.data);
    }
    if (reply.code == dns::Code::NxDomain) {
      out.out += fmt::format("** server can't find {}: NXDOMAIN\n", asked);
    } else if (reply.records.empty()) {
      out.out += fmt::format("*** Can't find {}: No answer\n", asked);
    }
    out.out += "\n";
    out.exit = reply.records.empty() ? 1 : out.exit;
  }
  return out;
}

/// Rule: SD-42.
Outcome bind_utils(PodProcess& process, const std::string& name, dns::RecordType type) {
  Outcome out;
  const dns::Client client = process.client();
  const std::string server = client.servers.empty() ? "127.0.0.1" : client.servers.front();
  const std::string header = fmt::format("Server:\t\t{0}\nAddress:\t{0}#53\n\n", server);
  if (dns::is_address(name)) {
    const std::string reverse = dns::reverse_name(name);
    const dns::Reply reply = process.ask(reverse, dns::RecordType::PTR);
    for (const dns::Record& record : reply.records) {
      out.out += fmt::format("{}\tname = {}.\n", reverse, record.data);
    }
    out.exit = reply.records.empty() ? 1 : 0;
    out.out += out.exit == 0 ? "\n" : fmt::format("** server can't find {}: NXDOMAIN\n\n", reverse);
    return out;
  }
  dns::Client no_files = client;
  no_files.hosts.clear();
  const dns::Answer answer = dns::resolve(no_files, name, type, process.ask);
  out.out = header;
  for (const dns::Record& record : answer.records) {
    out.out += type == dns::RecordType::SRV
                   ? fmt::format("{}\tservice = {} {} {} {}.\n",
                                 answer.name,
                                 record.priority,
                                 record.weight,
                                 record.port,
                                 record.data)
                   : fmt::format("Name:\t{}\nAddress: {}\n", answer.name, record.data);
  }
  if (!answer.found()) {
    out.out += answer.code == dns::Code::NxDomain
                   ? fmt::format("** server can't find {}: NXDOMAIN\n", name)
                   : fmt::format("*** Can't find {}: No answer\n", name);
    out.exit = 1;
  }
  out.out += "\n";
  return out;
}

// --- wget and curl

struct Url {
  std::string host;
  std::string shown;  ///< with the port, if one was typed
  int port{80};
  std::string path{"/"};
};

std::optional<Url> parse_url(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  if (text.starts_with(kScheme)) {
    text.remove_prefix(kScheme.size());
  } else if (text.find("://") != std::string_view::npos) {
    return std::nullopt;
  }
  Url out;
  const std::size_t slash = text.find('/');
  out.shown = text.substr(0, slash);
  if (slash != std::string_view::npos) {
    out.path = text.substr(slash);
  }
  out.host = out.shown;
  if (const std::size_t colon = out.host.find(':'); colon != std::string::npos) {
    const std::string port = out.host.substr(colon + 1);
    constexpr std::size_t kDigits = 5;
    if (port.empty() || port.size() > kDigits ||
        port.find_first_not_of("0123456789") != std::string::npos) {
      return std::nullopt;
    }
    out.port = std::stoi(port);
    out.host.resize(colon);
  }
  return out.host.empty() ? std::nullopt : std::optional(out);
}

std::string_view status_text(Page::Status status) {
  return status == Page::Status::Forbidden ? "403 Forbidden" : "404 Not Found";
}

struct WgetOptions {
  bool quiet{};
  bool spider{};
  std::string output;
  std::string url;
  std::string wrong;
};

WgetOptions wget_options(Words words) {
  WgetOptions out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.starts_with('-') || word == "-") {
      out.url = word;
      continue;
    }
    if (word.starts_with("--")) {
      const std::string name = word.substr(2, word.find('=') - 2);
      const bool has_value = word.find('=') != std::string::npos;
      if (name == "spider") {
        out.spider = true;
      } else if (name == "quiet") {
        out.quiet = true;
      } else if (name == "output-document" && has_value) {
        out.output = word.substr(word.find('=') + 1);
      } else if (!((name == "timeout" || name == "tries") && has_value)) {
        out.wrong = word.substr(2);
      }
      continue;
    }
    for (std::size_t at = 1; at < word.size(); ++at) {
      const char option = word[at];
      if (option == 'q') {
        out.quiet = true;
      } else if (option == 'O' || option == 'T' || option == 't' || option == 'U') {
        std::string value = word.substr(at + 1);
        if (value.empty() && i + 1 < words.size()) {
          value = words[++i];
        }
        if (option == 'O') {
          out.output = value;
        }
        break;
      } else if (option != 'c' && option != 'S') {
        out.wrong = std::string(1, option);
      }
    }
  }
  return out;
}

Outcome failed(std::string text, int exit = 1) {
  return {"", std::move(text) + "\n", exit};
}

/// What a client says where no answer came; "" if one did.
std::string no_answer(const Page& page, const Url& url) {
  switch (page.status) {
    case Page::Status::BadAddress:
      return fmt::format("wget: bad address '{}'", url.shown);
    case Page::Status::Refused:
      return fmt::format("wget: can't connect to remote host ({}): Connection refused",
                         page.address);
    case Page::Status::NoRoute:
      return fmt::format("wget: can't connect to remote host ({}): No route to host", page.address);
    case Page::Status::Ok:
    case Page::Status::Forbidden:
    case Page::Status::NotFound:
      break;
  }
  return "";
}

}  // namespace

Outcome run_nslookup(PodProcess& process, Words words, const std::string& /*input*/) {
  std::string name;
  dns::RecordType type = dns::RecordType::A;
  for (const std::string& word : words) {
    if (word.starts_with("-")) {
      std::string wanted = word.substr(word.find('=') + 1);
      std::ranges::transform(wanted, wanted.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
      });
      type = wanted == "srv" ? dns::RecordType::SRV
                             : (wanted == "aaaa" ? dns::RecordType::AAAA : dns::RecordType::A);
    } else if (name.empty()) {
      name = word;
    }
  }
  if (name.empty()) {
    return failed("Usage: nslookup [HOST] [SERVER]");
  }
  switch (dialect_of(process.image())) {
    case Dialect::Bind:
      return bind_utils(process, name, type);
    case Dialect::NewBusybox:
      return new_busybox(process, name);
    case Dialect::OldBusybox:
      break;
  }
  return old_busybox(process, name);
}

Outcome run_wget(PodProcess& process, Words words, const std::string& /*input*/) {
  const WgetOptions options = wget_options(words);
  if (!options.wrong.empty()) {
    return failed(fmt::format("wget: unrecognized option: {}", options.wrong));
  }
  const auto url = parse_url(options.url);
  if (!url) {
    return failed(fmt::format("wget: not an http or ftp url: {}", options.url));
  }
  const Page page = fetch(process, url->host, url->port, url->path);
  std::string told;
  if (!options.quiet && page.status != Page::Status::BadAddress) {
    told = fmt::format("Connecting to {} ({}:{})\n", url->shown, page.address, url->port);
  }
  if (const std::string wrong = no_answer(page, *url); !wrong.empty()) {
    return failed(told + wrong);
  }
  if (page.status != Page::Status::Ok) {
    return failed(
        fmt::format("{}wget: server returned error: HTTP/1.1 {}", told, status_text(page.status)));
  }
  if (options.spider) {
    return {"", options.quiet ? "" : told + "remote file exists\n", 0};
  }
  if (options.output == "-") {
    return {page.text, options.quiet ? "" : told + "writing to stdout\nwritten to stdout\n", 0};
  }
  std::string file = options.output;
  if (file.empty()) {
    file = url->path.substr(url->path.rfind('/') + 1);
    file = file.empty() ? "index.html" : file;
  }
  const std::string path = absolute_path("/", file);
  if (options.output.empty() && process.files.read(path)) {
    return failed(fmt::format("{}wget: can't open '{}': File exists", told, file));
  }
  if (const std::string wrong = process.files.write(path, page.text); !wrong.empty()) {
    return failed(
        fmt::format("{}wget: can't open '{}': {}",
                    told,
                    file,
                    wrong == "nonexistent directory" ? "No such file or directory" : wrong));
  }
  return {
      "", options.quiet ? "" : fmt::format("{}saving to '{}'\n'{}' saved\n", told, file, file), 0};
}

Outcome run_curl(PodProcess& process, Words words, const std::string& /*input*/) {
  constexpr int kNoHost = 6;
  constexpr int kNoConnection = 7;
  constexpr int kRefusedPage = 22;
  std::string target;
  bool silent = false;
  bool show_errors = false;
  bool fail = false;
  for (const std::string& word : words) {
    if (!word.starts_with('-')) {
      target = word;
    } else if (!word.starts_with("--")) {
      silent = silent || word.find('s') != std::string::npos;
      show_errors = show_errors || word.find('S') != std::string::npos;
      fail = fail || word.find('f') != std::string::npos;
    } else {
      silent = silent || word == "--silent";
      fail = fail || word == "--fail";
    }
  }
  const auto said = [&](const std::string& text, int exit) {
    return Outcome{"", silent && !show_errors ? "" : text + "\n", exit};
  };
  const auto url = parse_url(target);
  if (!url) {
    return said("curl: (3) URL rejected: No host part in the URL", 3);
  }
  const Page page = fetch(process, url->host, url->port, url->path);
  if (page.status == Page::Status::BadAddress) {
    return said(fmt::format("curl: (6) Could not resolve host: {}", url->host), kNoHost);
  }
  if (page.status == Page::Status::Refused || page.status == Page::Status::NoRoute) {
    return said(fmt::format("curl: (7) Failed to connect to {} port {}: {}",
                            url->host,
                            url->port,
                            page.status == Page::Status::Refused ? "Connection refused"
                                                                 : "No route to host"),
                kNoConnection);
  }
  if (page.status == Page::Status::Ok) {
    return {page.text, "", 0};
  }
  const std::string_view status = status_text(page.status);
  if (fail) {
    return said(fmt::format("curl: (22) The requested URL returned error: {}", status.substr(0, 3)),
                kRefusedPage);
  }
  return {fmt::format("<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1>"
                      "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
                      status),
          "",
          0};
}

}  // namespace stsim::kubectl
