#!/bin/sh
# SPDX-License-Identifier: MIT
# check-help.sh: --help and the manual name the same options, with the same short forms.
set -eu
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# both as lines such as "-r --rotate" or "--crop"
"${B:-build}"/giflow --help |
    sed -n 's/^ *\(-., \)\{0,1\} *\(--[a-z-]*\).*/\1\2/p' | sed 's/,//' | sort >"$scratch/help"
awk '/^\.It Fl/ {
        line = ""
        for (i = 2; i < NF; i++)
            if ($i == "Fl") line = line (line == "" ? "" : " ") "-" $(i + 1)
        print line
    }' man/giflow.1 | sort >"$scratch/manual"

test -s "$scratch/help"
diff -u "$scratch/help" "$scratch/manual"
