// The programs that every container has here, with busybox's words.
#include "pod_process.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace stsim::kubectl {

namespace {

Outcome fail(const std::string& text, int exit = 1) {
  return {"", text + "\n", exit};
}

std::string joined(Words words) {
  return fmt::format("{}", fmt::join(words, " "));
}

Outcome run_true(PodProcess& /*process*/, Words /*words*/, const std::string& /*input*/) {
  return {};
}

Outcome run_false(PodProcess& /*process*/, Words /*words*/, const std::string& /*input*/) {
  return {"", "", 1};
}

/// Rule: SD-10.
Outcome run_hostname(PodProcess& process, Words words, const std::string& /*input*/) {
  const std::string host(api::host_name(process.view.pod));
  const dns::Answer own = dns::resolve(process.client(), host, dns::RecordType::A, process.ask);
  const std::string full = own.found() ? own.name : host;
  if (words.empty() || words[0] == "-s") {
    return {host + "\n", "", 0};
  }
  if (words[0] == "-f") {
    return {full + "\n", "", 0};
  }
  if (words[0] == "-i") {
    return {(own.found() ? own.records.front().data : "") + "\n", "", 0};
  }
  if (words[0] == "-d") {
    const std::size_t dot = full.find('.');
    return {(dot == std::string::npos ? "" : full.substr(dot + 1)) + "\n", "", 0};
  }
  return fail(words[0].starts_with('-')
                  ? fmt::format("hostname: unrecognized option: {}", words[0].substr(1))
                  : "hostname: sethostname: Operation not permitted");
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '\\':
        out += '\\';
        break;
      default:
        out += '\\';
        out += text[i];
    }
  }
  return out;
}

Outcome run_echo(PodProcess& /*process*/, Words words, const std::string& /*input*/) {
  bool newline = true;
  bool escapes = false;
  while (!words.empty() && words[0].size() > 1 && words[0][0] == '-' &&
         words[0].find_first_not_of("neE", 1) == std::string::npos) {
    newline = newline && words[0].find('n') == std::string::npos;
    escapes = escapes || words[0].find('e') != std::string::npos;
    words = words.subspan(1);
  }
  const std::string text = joined(words);
  return {(escapes ? unescaped(text) : text) + (newline ? "\n" : ""), "", 0};
}

Outcome run_printf(PodProcess& /*process*/, Words words, const std::string& /*input*/) {
  if (words.empty()) {
    return fail("printf: usage: printf FORMAT [ARG]...");
  }
  const std::string format = unescaped(words[0]);
  words = words.subspan(1);
  std::string out;
  do {
    const std::size_t left = words.size();
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%' || i + 1 == format.size()) {
        out += format[i];
      } else if (format[++i] == '%') {
        out += '%';
      } else {
        out += words.empty() ? (format[i] == 'd' ? "0" : "") : words[0];
        words = words.subspan(words.empty() ? 0 : 1);
      }
    }
    if (words.size() == left) {
      break;
    }
  } while (!words.empty());
  return {out, "", 0};
}

void list_one(
    const PodProcess& process, const std::string& path, bool all, bool lines, std::string& out) {
  for (const std::string& name : process.files.list(path)) {
    if (!all && name.starts_with('.')) {
      continue;
    }
    const std::string whole = absolute_path(path, name);
    const bool folder = process.files.is_folder(whole);
    const std::size_t size = folder ? 4096 : process.files.read(whole).value_or("").size();
    // When a file was written is not kept.
    out += lines ? fmt::format("{}rw{}r-{}r-{}    1 root     root     {:>9} Jan  1 00:00 {}\n",
                               folder ? 'd' : '-',
                               folder ? 'x' : '-',
                               folder ? 'x' : '-',
                               folder ? 'x' : '-',
                               size,
                               name)
                 : name + "\n";
  }
}

Outcome run_ls(PodProcess& process, Words words, const std::string& /*input*/) {
  Outcome out;
  bool all = false;
  bool lines = false;
  std::vector<std::string> paths;
  for (const std::string& word : words) {
    if (word.starts_with('-') && word.size() > 1) {
      all = all || word.find_first_of("aA") != std::string::npos;
      lines = lines || word.find('l') != std::string::npos;
    } else {
      paths.push_back(word);
    }
  }
  if (paths.empty()) {
    paths.emplace_back("/");
  }
  bool first = true;
  for (const std::string& shown : paths) {
    const std::string path = absolute_path("/", shown);
    if (process.files.is_folder(path)) {
      if (paths.size() > 1) {
        out.out += fmt::format("{}{}:\n", first ? "" : "\n", shown);
      }
      list_one(process, path, all, lines, out.out);
    } else if (process.files.read(path)) {
      out.out += shown + "\n";
    } else {
      out.err += fmt::format("ls: {}: No such file or directory\n", shown);
      out.exit = 1;
    }
    first = false;
  }
  return out;
}

Outcome run_pwd(PodProcess& /*process*/, Words /*words*/, const std::string& /*input*/) {
  return {"/\n", "", 0};
}

Outcome run_env(PodProcess& process, Words words, const std::string& /*input*/) {
  Outcome out;
  if (words.empty()) {
    for (const std::string& name : process.exported) {
      out.out += fmt::format("{}={}\n", name, process.variables[name]);
    }
    return out;
  }
  for (const std::string& name : words) {
    const auto it = process.variables.find(name);
    if (it == process.variables.end()) {
      out.exit = 1;
    } else {
      out.out += it->second + "\n";
    }
  }
  return out;
}

Outcome run_date(PodProcess& process, Words /*words*/, const std::string& /*input*/) {
  // `Thu, 01 Jan 2026 00:00:00 +0000` in the order of date.
  const std::string text = to_rfc1123z(process.view.now);
  std::string day = text.substr(5, 2);
  if (day[0] == '0') {
    day[0] = ' ';
  }
  return {fmt::format("{} {} {} {} UTC {}\n",
                      text.substr(0, 3),
                      text.substr(8, 3),
                      day,
                      text.substr(17, 8),
                      text.substr(12, 4)),
          "",
          0};
}

Outcome run_mkdir(PodProcess& process, Words words, const std::string& /*input*/) {
  const bool parents = std::ranges::find(words, "-p") != words.end();
  Outcome out;
  for (const std::string& word : words) {
    if (word.starts_with('-')) {
      continue;
    }
    const std::string path = absolute_path("/", word);
    const std::size_t slash = path.rfind('/');
    std::string wrong;
    if (!parents && !process.files.is_folder(slash == 0 ? "/" : path.substr(0, slash))) {
      wrong = "No such file or directory";
    } else if (!parents || !process.files.is_folder(path)) {
      wrong = process.files.make_folder(path);
    }
    if (!wrong.empty()) {
      out.err += fmt::format("mkdir: can't create directory '{}': {}\n", word, wrong);
      out.exit = 1;
    }
  }
  return out;
}

Outcome run_rm(PodProcess& process, Words words, const std::string& /*input*/) {
  Outcome out;
  bool force = false;
  bool folders = false;
  for (const std::string& word : words) {
    if (word.starts_with('-')) {
      force = force || word.find('f') != std::string::npos;
      folders = folders || word.find_first_of("rR") != std::string::npos;
      continue;
    }
    const std::string path = absolute_path("/", word);
    std::string wrong =
        process.files.is_folder(path) && !folders ? "is a directory" : process.files.remove(path);
    if (force && wrong == "No such file or directory") {
      wrong.clear();
    }
    if (!wrong.empty()) {
      out.err += wrong == "is a directory"
                     ? fmt::format("rm: '{}' is a directory\n", word)
                     : fmt::format("rm: can't remove '{}': {}\n", word, wrong);
      out.exit = 1;
    }
  }
  return out;
}

Outcome run_touch(PodProcess& process, Words words, const std::string& /*input*/) {
  Outcome out;
  for (const std::string& word : words) {
    const std::string path = absolute_path("/", word);
    if (process.files.read(path) || process.files.is_folder(path)) {
      continue;
    }
    std::string wrong = process.files.write(path, "");
    if (!wrong.empty()) {
      wrong = wrong == "nonexistent directory" ? "No such file or directory" : wrong;
      out.err += fmt::format("touch: {}: {}\n", word, wrong);
      out.exit = 1;
    }
  }
  return out;
}

Outcome run_id(PodProcess& /*process*/, Words words, const std::string& /*input*/) {
  return {words.empty() ? "uid=0(root) gid=0(root) groups=0(root)\n" : "0\n", "", 0};
}

Outcome run_whoami(PodProcess& /*process*/, Words /*words*/, const std::string& /*input*/) {
  return {"root\n", "", 0};
}

Outcome run_sh(PodProcess& process, Words words, const std::string& input) {
  while (!words.empty() && words[0].starts_with('-') && !words[0].ends_with('c')) {
    words = words.subspan(1);
  }
  if (words.empty()) {
    return run_script(process, input, "");
  }
  if (!words[0].starts_with('-')) {
    const auto script = process.files.read(absolute_path("/", words[0]));
    constexpr int kNotFound = 2;
    return script ? run_script(process, *script, input)
                  : fail(fmt::format("sh: can't open '{}': No such file or directory", words[0]),
                         kNotFound);
  }
  constexpr int kUsage = 2;
  return words.size() < 2 ? fail("sh: -c requires an argument", kUsage)
                          : run_script(process, words[1], input);
}

struct Entry {
  std::string_view name;
  Program program;
};

constexpr std::array<Entry, 28> kPrograms{Entry{"ash", run_sh},
                                          Entry{"bash", run_sh},
                                          Entry{"cat", run_cat},
                                          Entry{"curl", run_curl},
                                          Entry{"date", run_date},
                                          Entry{"echo", run_echo},
                                          Entry{"env", run_env},
                                          Entry{"false", run_false},
                                          Entry{"grep", run_grep},
                                          Entry{"head", run_head},
                                          Entry{"hostname", run_hostname},
                                          Entry{"id", run_id},
                                          Entry{"ls", run_ls},
                                          Entry{"mkdir", run_mkdir},
                                          Entry{"nslookup", run_nslookup},
                                          Entry{"printenv", run_env},
                                          Entry{"printf", run_printf},
                                          Entry{"pwd", run_pwd},
                                          Entry{"rm", run_rm},
                                          Entry{"sh", run_sh},
                                          Entry{"sleep", run_true},
                                          Entry{"tail", run_tail},
                                          Entry{"tee", run_tee},
                                          Entry{"touch", run_touch},
                                          Entry{"true", run_true},
                                          Entry{"wc", run_wc},
                                          Entry{"wget", run_wget},
                                          Entry{"whoami", run_whoami}};

/// Small images have neither bash nor curl.
bool is_small(std::string_view image) {
  return image == "busybox" || image == "alpine";
}

}  // namespace

Program find_program(const PodProcess& process, std::string_view name) {
  for (const std::string_view folder :
       {"/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/"}) {
    if (name.starts_with(folder)) {
      name.remove_prefix(folder.size());
      break;
    }
  }
  if ((name == "bash" || name == "curl") && is_small(image_name(process.image()))) {
    return nullptr;
  }
  const auto it = std::ranges::find(kPrograms, name, &Entry::name);
  return it == kPrograms.end() ? nullptr : it->program;
}

}  // namespace stsim::kubectl
