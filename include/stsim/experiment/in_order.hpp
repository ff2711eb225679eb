#pragma once
// Work that is done by several threads, and whose results are taken in order: what is made of them
// does not depend on how many threads there are.

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace stsim::experiment {

/// How many threads there may be if nobody says it.
[[nodiscard]] inline std::size_t usual_jobs() {
  return std::max(1U, std::thread::hardware_concurrency());
}

/// Calls work(i) for each i below `count`, on up to `jobs` threads, and take(i, result) in order of
/// i on the calling one. Of several exceptions that work() throws the first by i is thrown here,
/// when all threads have ended; what is behind it is not taken. Fewer threads than asked for do it
/// where no more are to be had. Pre: work() may be called by
/// several threads at once; jobs > 0.
template <class Work, class Take>
void in_order(std::size_t count, std::size_t jobs, const Work& work, const Take& take) {
  using Done = decltype(work(std::size_t{}));
  struct Outcome {
    std::vector<Done> value;  ///< one, or none after an exception
    std::exception_ptr error;
  };
  std::mutex mutex;
  std::condition_variable finished;
  std::map<std::size_t, Outcome> outcomes;
  std::atomic<std::size_t> next{0};
  std::atomic<bool> over{false};
  const auto help = [&] {
    for (std::size_t i = next++; i < count && !over; i = next++) {
      Outcome outcome;
      try {
        outcome.value.push_back(work(i));
      } catch (...) {
        outcome.error = std::current_exception();
      }
      const std::lock_guard lock(mutex);
      outcomes.emplace(i, std::move(outcome));
      finished.notify_one();
    }
  };
  // Whatever is thrown below: who still works ends with what it is at.
  struct Over {
    std::atomic<bool>& over;
    ~Over() { over = true; }
  };
  constexpr std::size_t kMostThreads = 256;
  std::vector<std::jthread> threads;
  const Over at_the_end{over};
  for (std::size_t i = 0; i < std::min({jobs, count, kMostThreads}); ++i) {
    try {
      threads.emplace_back(help);
    } catch (const std::system_error&) {
      if (threads.empty()) {
        throw;
      }
      break;  // those that run do it all
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::unique_lock lock(mutex);
    finished.wait(lock, [&] { return outcomes.contains(i); });
    Outcome outcome = std::move(outcomes.extract(i).mapped());
    lock.unlock();
    if (outcome.error) {
      std::rethrow_exception(outcome.error);
    }
    take(i, std::move(outcome.value.front()));
  }
}

}  // namespace stsim::experiment
