#!/usr/bin/env bash
# Builds everything and runs all tests:  tools/test.sh [--preset NAME] [ctest options]
# e.g. tools/test.sh -R store, or tools/test.sh --preset asan -L unit. The default preset is the
# one that run.sh builds, so that the two share their work.
# Exit code: that of ctest; 69 or 70 where the set-up failed (see lib.sh).
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

preset=release
if [[ ${1-} == --preset ]]; then
  preset=${2:?--preset needs a name}
  shift 2
fi
if [[ $preset == *clang* ]]; then need "${ci_packages[@]}"; else need "${packages[@]}"; fi
build "$preset"
exec ctest --test-dir "$root/build/$preset" --output-on-failure --no-label-summary \
  --parallel "$(nproc)" "$@"
