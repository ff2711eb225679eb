# Set-up shared by run.sh, test.sh and .ci/run: packages, configuration, building. Sourced, not run.
# Exit codes of its failures: 69 packages are missing and cannot be installed, 70 the configuration
# or the build failed.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# Every package of Debian 12 that the project needs; nothing else is ever downloaded. One list for
# run.sh and test.sh, because the tests are configured in the build tree that they share.
# libboost-dev holds the headers of Boost.Graph.
packages=(g++ cmake ninja-build ccache libboost-dev libcli11-dev libexpected-dev libfmt-dev
          libyaml-cpp-dev libedit-dev nlohmann-json3-dev libdtl-dev libpugixml-dev libprotozero-dev catch2
          python3)
# What reads the pictures and exports in tests/report/formats_test.py.
format_packages=(graphviz gtkwave asciinema)
ci_packages=("${packages[@]}" clang clang-format libclang-rt-dev libbenchmark-dev valgrind
             python3-junitparser "${format_packages[@]}")

# The distribution's own programs, not others of the same name that come first in somebody's PATH.
PATH=/usr/bin:$PATH

say() { printf 'stsim: %s\n' "$*" >&2; }

# need PACKAGE…: installs those that are missing. Without dpkg this is another distribution, where
# CMake will say what it does not find.
need() {
  command -v dpkg-query >/dev/null || return 0
  local missing=() package state
  local -A installed=()
  while read -r package state; do
    [[ $state == installed ]] && installed[$package]=1
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null)
  for package in "$@"; do
    [[ ${installed[$package]-} ]] || missing+=("$package")
  done
  [[ ${#missing[@]} -eq 0 ]] && return 0

  local as_root=(env)
  if [[ $EUID -ne 0 ]]; then
    # Only a person at a terminal can be asked for a password.
    as_root=(sudo env)
    [[ -t 0 ]] || as_root=(sudo -n env)
    if ! command -v sudo >/dev/null; then
      say "these packages are missing: ${missing[*]}"
      say "neither root nor sudo: as root, run  apt-get install ${missing[*]}"
      exit 69
    fi
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  local apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600)
  # Lists that cannot be renewed may still be good enough, so only the installation decides.
  "${apt[@]}" update </dev/null >"$log" 2>&1 || true
  if ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say "could not install ${missing[*]}; install them by hand and try again"
    exit 69
  fi
  rm -f "$log"
}

# quietly WHAT COMMAND…: the command's output is shown only when it fails, and WHAT when it takes
# longer than a second.
quietly() {
  local what=$1 log alarm watcher status=0
  shift
  log=$(mktemp)
  # The watcher's read ends early when the pipe is closed, so it never outlives the command.
  exec {alarm}> >(read -r -t 1 || [[ $? -le 128 ]] || say "$what")
  watcher=$!
  "$@" </dev/null >"$log" 2>&1 {alarm}>&- || status=$?
  exec {alarm}>&-
  wait "$watcher" || true
  if [[ $status -ne 0 ]]; then
    cat "$log" >&2
    rm -f "$log"
    say "failed: $what"
    exit 70
  fi
  rm -f "$log"
}

# build PRESET [TARGET…]: configures build/PRESET where that has not been done, then builds.
build() {
  local preset=$1 directory=$root/build/$1 home=
  shift
  mkdir -p "$directory"
  # One build at a time in a directory; the lock goes with the process that holds it.
  exec 9>"$directory/.lock"
  if ! flock -n 9; then
    say "waiting for another build in build/$preset"
    flock 9
  fi
  if [[ -f $directory/CMakeCache.txt ]]; then
    home=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$directory/CMakeCache.txt")
  fi
  if [[ $home != "$root" || ! -f $directory/build.ninja ]]; then
    # Also where the checkout has been moved, or seen under another path.
    quietly "configuring build/$preset" cmake --fresh -S "$root" --preset "$preset"
  fi
  quietly "building build/$preset (minutes the first time)" ninja -C "$directory" "$@"
  exec 9>&-
}
