#!/bin/sh
# SPDX-License-Identifier: MIT
# check-examples.sh: every command of the manual's EXAMPLES works as it stands there.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd)
PATH=$B:$B/tests:$PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# the files that the examples speak of
awk 'BEGIN {
    print "P3 64 48 255"
    for (y = 0; y < 48; y++)
        for (x = 0; x < 64; x++)
            print x * 4, y * 5, (x * y) % 256
}' >photo.ppm
mkdir photos out
giflow photo.ppm photo.jpg
giflow photo.ppm photo.gif
giflow -k 9 photo.ppm logo.gif
giflow photo.ppm scan.png
cp photo.jpg photos/one.jpg
cp photo.jpg "photos/a name
of two lines.jpg"
recipe "$tests/recipes/gif-truncated.txt" >broken.gif

sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/s/^\.Dl //p' "$tests/../man/giflow.1" |
    sed 's/\\e/\\/g' >commands
test "$(wc -l <commands)" -ge 8
while IFS= read -r command; do
    if ! sh -euc "$command" </dev/null >log 2>&1; then
        echo "the manual's example fails: $command" >&2
        cat log >&2
        exit 1
    fi
done <commands

for made in turned.gif upright.png small.gif mirrored.png rescued.png out/one.gif \
    "out/a name
of two lines.gif"; do
    test -s "$made"
done
