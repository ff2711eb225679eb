// Programs that read files or what comes through a pipe, with busybox's words.
#include "pod_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace stsim::kubectl {

namespace {

/// The texts of files, or of what is read where no file is named.
Outcome gather(PodProcess& process,
               Words words,
               const std::string& input,
               std::string_view program) {
  Outcome out;
  bool named = false;
  for (const std::string& word : words) {
    if (word.starts_with('-') && word.size() > 1) {
      continue;
    }
    named = true;
    const std::string path = absolute_path("/", word);
    if (word == "-") {
      out.out += input;
    } else if (const auto text = process.files.read(path)) {
      out.out += *text;
    } else {
      out.err +=
          process.files.is_folder(path)
              ? fmt::format("{}: read error: Is a directory\n", program)
              : fmt::format("{}: can't open '{}': No such file or directory\n", program, word);
      out.exit = 1;
    }
    if (out.out.size() > kMostText) {
      return {"", fmt::format("{}: out of memory\n", program), 1};
    }
  }
  if (!named) {
    out.out = input;
  }
  return out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// `-3`, `-n 3` and `-n3` of head and tail; what is left are the files.
std::size_t count_option(Words words, std::vector<std::string>& files) {
  std::size_t count = 10;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (!word.starts_with('-') || word.size() < 2) {
      files.emplace_back(word);
      continue;
    }
    word.remove_prefix(word.starts_with("-n") ? 2 : 1);
    if (word.empty() && i + 1 < words.size()) {
      word = words[++i];
    }
    std::from_chars(word.data(), word.data() + word.size(), count);
  }
  return count;
}

Outcome ends(PodProcess& process, Words words, const std::string& input, bool head) {
  std::vector<std::string> files;
  const std::size_t count = count_option(words, files);
  Outcome out = gather(process, files, input, head ? "head" : "tail");
  const std::vector<std::string> lines = lines_of(out.out);
  const std::size_t shown = std::min(count, lines.size());
  out.out.clear();
  for (std::size_t i = 0; i < shown; ++i) {
    out.out += lines[head ? i : lines.size() - shown + i] + "\n";
  }
  return out;
}

}  // namespace

Outcome run_cat(PodProcess& process, Words words, const std::string& input) {
  return gather(process, words, input, "cat");
}

Outcome run_head(PodProcess& process, Words words, const std::string& input) {
  return ends(process, words, input, true);
}

Outcome run_tail(PodProcess& process, Words words, const std::string& input) {
  return ends(process, words, input, false);
}

Outcome run_wc(PodProcess& process, Words words, const std::string& input) {
  Outcome out = gather(process, words, input, "wc");
  const auto newlines = std::ranges::count(out.out, '\n');
  std::size_t pieces = 0;
  bool inside = false;
  for (const char c : out.out) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    pieces += !space && !inside ? 1 : 0;
    inside = !space;
  }
  const std::string option = words.empty() || words[0].size() != 2 ? "" : words[0];
  out.out = option == "-l"   ? fmt::format("{}\n", newlines)
            : option == "-w" ? fmt::format("{}\n", pieces)
            : option == "-c" ? fmt::format("{}\n", out.out.size())
                             : fmt::format("{:9} {:9} {:9}\n", newlines, pieces, out.out.size());
  return out;
}

/// Fixed texts only.
Outcome run_grep(PodProcess& process, Words words, const std::string& input) {
  std::string options;
  while (!words.empty() && words[0].starts_with('-') && words[0].size() > 1) {
    options += words[0].substr(1);
    words = words.subspan(1);
  }
  if (words.empty()) {
    return {"", "Usage: grep [-qvc] PATTERN [FILE]...\n", 2};
  }
  const auto has = [&options](char option) { return options.find(option) != std::string::npos; };
  Outcome out = gather(process, words.subspan(1), input, "grep");
  std::size_t count = 0;
  std::string found;
  for (const std::string& line : lines_of(out.out)) {
    if ((line.find(words[0]) != std::string::npos) != has('v')) {
      ++count;
      found += line + "\n";
    }
  }
  out.out = has('q') ? "" : (has('c') ? fmt::format("{}\n", count) : found);
  out.exit = out.exit != 0 ? 2 : (count == 0 ? 1 : 0);
  return out;
}

Outcome run_tee(PodProcess& process, Words words, const std::string& input) {
  Outcome out{input, "", 0};
  const bool append = std::ranges::find(words, "-a") != words.end();
  for (const std::string& word : words) {
    if (word.starts_with('-')) {
      continue;
    }
    const std::string path = absolute_path("/", word);
    const std::string before = append ? process.files.read(path).value_or("") : "";
    std::string wrong = process.files.write(path, before + input);
    if (!wrong.empty()) {
      wrong = wrong == "nonexistent directory" ? "No such file or directory" : wrong;
      out.err += fmt::format("tee: {}: {}\n", word, wrong);
      out.exit = 1;
    }
  }
  return out;
}

}  // namespace stsim::kubectl
