#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [-b] [NAME]...: runs the command-line cases cli/NAME.sh, all of them by default.
#
# A case runs under `sh -u` in an empty folder of its own, with giflow and recipe in PATH and
# $RECIPES the folder of recipes. What it writes to standard output and standard error must equal
# NAME.out and NAME.err (nothing, where there is no such file), its exit status NAME.exit (0).
# -b writes these files from what the case does now; read the difference before you commit it.
# B in the environment is the build folder.

set -u
tests=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd) || exit 1
PATH=$B:$B/tests:$PATH
RECIPES=$tests/recipes
LC_ALL=C
export PATH RECIPES LC_ALL
unset TMPDIR
umask 022

bless=no
if [ "${1:-}" = -b ]; then
    bless=yes
    shift
fi
[ $# -gt 0 ] || set -- "$tests"/cli/*.sh

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0
failed=0

# keep FILE WANTED: makes WANTED what FILE holds; no file where that is the default.
keep() {
    if [ -s "$1" ]; then cp "$1" "$2"; else rm -f "$2"; fi
}

# same FILE WANTED: compares, and shows how they differ.
same() {
    [ -e "$2" ] || set -- "$1" /dev/null
    diff -u "$2" "$1"
}

for case; do
    name=$(basename "$case" .sh)
    case=$tests/cli/$name
    mkdir "$scratch/work" || exit 1
    (cd "$scratch/work" && exec sh -u "$case.sh") \
        </dev/null >"$scratch/out" 2>"$scratch/err"
    status=$?
    : >"$scratch/exit"
    [ $status = 0 ] || echo $status >"$scratch/exit"
    chmod -R u+rwx "$scratch/work"
    rm -rf "$scratch/work"
    if [ $bless = yes ]; then
        for part in out err exit; do keep "$scratch/$part" "$case.$part"; done
    fi
    good=yes
    for part in out err exit; do
        same "$scratch/$part" "$case.$part" || good=no
    done
    if [ $good = yes ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
    fi
done

echo "$passed passed, $failed failed"
[ $failed = 0 ]
