// How long the whole tutorial takes from the program's start to its end, beside a program that does
// nothing.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <stsim/base/error.hpp>
#include <sys/wait.h>

namespace stsim::bench {

namespace {

void run(benchmark::State& state, const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  for (auto _ : state) {
    pid_t pid = 0;
    STSIM_ASSERT(posix_spawn(&pid, arguments[0], &quiet, nullptr, arguments.data(), environ) == 0);
    int status = 0;
    waitpid(pid, &status, 0);
    STSIM_ASSERT(status == 0);
  }
  posix_spawn_file_actions_destroy(&quiet);
}

void nothing(benchmark::State& state) {
  run(state, {"/bin/true"});
}

void tutorial(benchmark::State& state) {
  run(state, {STSIM_PROGRAM, "run", "-q", STSIM_TUTORIAL});
}

}  // namespace

BENCHMARK(nothing)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(tutorial)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace stsim::bench
