#!/usr/bin/env bash
# Fetches the readers of the npm registry with which tests/report/formats_test.py reads what
# `stsim graph` and `stsim export` write, into build/formats. Without them that part of the test is
# skipped, except in CI.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
source tools/lib.sh

need "${format_packages[@]}"
# Where Node.js comes from elsewhere than from the distribution, npm comes with it.
command -v npm >/dev/null || need nodejs npm

mkdir -p build/formats
cp tests/report/formats/package.json tests/report/formats/package-lock.json build/formats/
cd build/formats
# What is there already is renewed only where the list has changed.
if ! cmp -s package-lock.json .installed; then
  quietly "fetching the readers of formats" \
    npm ci --no-audit --no-fund --ignore-scripts --prefer-offline
  cp package-lock.json .installed
fi
