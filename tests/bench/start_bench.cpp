// How long the whole tutorial takes from the program's start to its end, beside a program that does
// nothing.
#include "bench/bare_queue.hpp"

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <stsim/base/error.hpp>
#include <sys/wait.h>

namespace stsim::bench {

namespace {

/// Runs a program, whose output is dropped.
void run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  STSIM_ASSERT(posix_spawn(&pid, arguments[0], &quiet, nullptr, arguments.data(), environ) == 0);
  int status = 0;
  waitpid(pid, &status, 0);
  STSIM_ASSERT(status == 0);
  posix_spawn_file_actions_destroy(&quiet);
}

/// `ratio` is by how much it takes longer than a program that does nothing, run in turn with it.
void tutorial(benchmark::State& state) {
  double ours = 0;
  double nothing = 0;
  for (auto _ : state) {
    const double once = seconds_of_work([] { run({STSIM_PROGRAM, "run", "-q", STSIM_TUTORIAL}); });
    nothing += seconds_of_work([] { run({"/bin/true"}); });
    ours += once;
    state.SetIterationTime(once);
  }
  state.counters["ratio"] = ours / nothing;
}

}  // namespace

BENCHMARK(tutorial)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace stsim::bench
