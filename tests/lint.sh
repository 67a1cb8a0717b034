#!/bin/sh
# SPDX-License-Identifier: MIT
# lint.sh: runs each checker that is installed, names each that is not; fails if one complains.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

# try TOOL ARGUMENT...
try() {
    if ! command -v "$1" >/dev/null; then
        echo "lint: $1 is not installed"
        return
    fi
    echo "lint: $1"
    "$@" || failed=1
}

sources=$(find src tests -name '*.[ch]')
# shellcheck disable=SC2086 # one word a file is what is wanted
{
    try clang-format --dry-run -Werror $sources
    try cppcheck --quiet --error-exitcode=1 --std=c11 -Isrc -D_GNU_SOURCE '-DVERSION=""' \
        --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem --suppress=ctuuninitvar --suppress=ctunullpointer src
    try shellcheck .ci/run tests/*.sh tests/corpus/*.sh tests/bench/*.sh
    try shellcheck -s sh -S warning tests/cli/*.sh
}
# what mandoc itself calls style: its database of manuals may be missing
try mandoc -Tlint -Wwarning man/giflow.1
exit $failed
