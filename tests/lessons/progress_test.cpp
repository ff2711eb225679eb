// What somebody has learned so far.
#include "support/catch.hpp"

#include <stsim/lessons/progress.hpp>

#include <fstream>
#include <iterator>

using namespace stsim::lessons;
namespace fs = std::filesystem;

namespace {

/// A folder that is gone when the test is over.
struct Folder {
  fs::path path = fs::temp_directory_path() / "stsim-progress-test";
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string content(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("what was written is read again, and nothing lies beside it") {
  const Folder folder;
  const fs::path file = folder.path / "deep/down/lessons";
  Progress progress;
  progress.lessons["canary"] = {true, 0};
  progress.lessons["storage"] = {false, 3};
  REQUIRE(write_progress(file, progress));
  CHECK(content(file) == "canary done\nstorage 3\n");
  CHECK(read_progress(file) == progress);
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), {}) == 1);
}

TEST_CASE("a file that is not there or makes no sense is no trouble") {
  const Folder folder;
  CHECK(read_progress(folder.path / "nowhere").lessons.empty());
  fs::create_directories(folder.path);
  std::ofstream(folder.path / "lessons") << "canary\n\nstorage x3\nscaling 2 \nidentity done\n";
  const Progress progress = read_progress(folder.path / "lessons");
  CHECK(progress.lessons.size() == 2);
  CHECK(progress.lessons.at("scaling") == Progress::Of{false, 2});
}

TEST_CASE("what cannot be written leaves the old file as it was") {
  const Folder folder;
  fs::create_directories(folder.path);
  std::ofstream(folder.path / "file") << "old\n";
  CHECK_FALSE(write_progress(folder.path / "file" / "lessons", {}));
  CHECK(content(folder.path / "file") == "old\n");
}
