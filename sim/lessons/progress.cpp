#include <stsim/lessons/progress.hpp>

#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>

namespace stsim::lessons {

namespace fs = std::filesystem;

Progress read_progress(const fs::path& file) {
  Progress out;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string name;
    std::string state;
    if (!(words >> name >> state)) {
      continue;
    }
    Progress::Of of;
    const char* end = state.data() + state.size();
    of.done = state == "done";
    if (of.done || std::from_chars(state.data(), end, of.part).ptr == end) {
      out.lessons[name] = of;
    }
  }
  return out;
}

bool write_progress(const fs::path& file, const Progress& progress) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  fs::path beside = file;
  beside += ".new";
  {
    std::ofstream stream(beside);
    for (const auto& [name, of] : progress.lessons) {
      stream << name << ' ' << (of.done ? "done" : std::to_string(of.part)) << '\n';
    }
    stream.flush();
    if (!stream) {
      return false;
    }
  }
  fs::rename(beside, file, error);
  return !error;
}

}  // namespace stsim::lessons
