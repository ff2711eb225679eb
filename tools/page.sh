#!/usr/bin/env bash
# The page of `stsim report`, whose sources are in sim/report/web. What is built is committed, so
# that only who changes it, and CI, need Node:
#   tools/page.sh build           installs what it is built with (npm ci), and builds dist/page.html
#   tools/page.sh check           builds it anew, and fails where that gives other bytes
#   tools/page.sh test [PROGRAM]  tests it with Node and in Chromium; PROGRAM is build/release/stsim
#                                 if not given
# Exit code: 0; 1 where a check or test fails; 69 where the set-up failed (see lib.sh).
set -euo pipefail
caller=$PWD node_before=$(command -v node || true)
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

web=$root/sim/report/web

# Node 18 or newer, as Debian 12 has it, with npm. One that comes first in the caller's PATH will do.
need_node() {
  local node=${node_before:-node}
  if command -v "$node" >/dev/null && command -v npm >/dev/null &&
    "$node" -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)'; then
    PATH=$(dirname -- "$(command -v "$node")"):$PATH
  else
    need nodejs npm
  fi
}

# The libraries of the lock file, installed where they are not, or are others.
install() {
  need_node
  cd -- "$web"
  if ! cmp -s package-lock.json node_modules/.lock-installed; then
    quietly "installing the libraries of sim/report/web" npm ci --no-audit --no-fund
    cp package-lock.json node_modules/.lock-installed
  fi
  quietly "checking the types of sim/report/web" npm run --silent check
}

case ${1-} in
  build)
    install
    node build.mjs
    ;;
  check)
    install
    if grep -n '"resolved"' package-lock.json >&2; then
      say "the lock file names a registry: npm install --omit-lockfile-registry-resolved"
      exit 1
    fi
    committed=$(mktemp)
    trap 'rm -f "$committed"' EXIT
    cp dist/page.html "$committed"
    node build.mjs
    if ! cmp "$committed" dist/page.html >&2; then
      say "sim/report/web/dist/page.html is not what its sources give: tools/page.sh build, commit it"
      exit 1
    fi
    ;;
  test)
    program=${2:-$root/build/release/stsim}
    [[ $program == /* ]] || program=$caller/$program
    [[ -x $program ]] || { say "there is no program $program"; exit 69; }
    need chromium
    install
    node build.mjs --tests
    STSIM=$program STSIM_ROOT=$root node --test build/tests/*.mjs
    ;;
  *)
    say "usage: tools/page.sh build|check|test [PROGRAM]"
    exit 2
    ;;
esac
