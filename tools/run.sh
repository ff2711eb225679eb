#!/usr/bin/env bash
# Runs a scenario:        tools/run.sh SCENARIO [options]
# or any sub-command:     tools/run.sh run|version|help|… [arguments]
# Installs, configures and builds what is missing first; paths are those of the caller's folder.
# Exit code: that of stsim; 69 or 70 where the set-up failed (see lib.sh).
set -euo pipefail
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

need "${packages[@]}"
build release stsim

# What is no file and looks like a word is a sub-command, so that there is no list of them here.
case ${1-} in
  '') set -- --help ;;
  -h | --help | --version) ;;
  *[!a-z-]* | -*) set -- run "$@" ;;
  *) [[ ! -e $1 ]] || set -- run "$@" ;;
esac
exec "$root/build/release/stsim" "$@"
