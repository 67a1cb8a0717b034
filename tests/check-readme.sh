#!/bin/sh
# SPDX-License-Identifier: MIT
# check-readme.sh: files that the READMEs name are there, and the example in the course on LZW gives
# the bytes that stand below it.
set -eu
cd "$(dirname "$0")/.."
B=${B:-build}
failed=0

missing=$(grep -oE '[a-z_/-][a-z0-9_/-]*\.([ch1]|sh)\b' README src/README src/formats/gif/README |
    while IFS=: read -r readme name; do
        find . -path "*/$name" -print -quit | grep -q . || echo "$readme: there is no $name"
    done)
if [ -n "$missing" ]; then
    echo "$missing" >&2
    failed=1
fi

course=src/formats/gif/README
sed -n '/^    printf/,/tail/p' $course | sed "s|build/giflow|'$B'/giflow|" | sh >"$B/example"
sed -n '/tail -n 2/,/^[0-9a-z]/s/^    \( [0-9a-f ]*\)$/\1/p' $course >"$B/example.wanted"
if ! test -s "$B/example" || ! diff "$B/example.wanted" "$B/example" >&2; then
    echo "$course: the example gives other bytes" >&2
    failed=1
fi
exit $failed
