#!/usr/bin/env bash
# Builds and runs the benchmarks in the optimised build; arguments go to Google Benchmark:
#   tools/bench.sh --benchmark_filter=hold
# What takes a minute or more (a hundred thousand pods, ten million events) runs as well.
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

need "${packages[@]}" libbenchmark-dev
# A tree that was configured before the library was there has to look again.
[[ ! -f $root/build/release/CMakeCache.txt ]] ||
  quietly "configuring build/release" cmake -S "$root" -B "$root/build/release"
build release stsim_bench
exec "$root/build/release/tests/bench/stsim_bench" --benchmark_counters_tabular=true "$@"
