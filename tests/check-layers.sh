#!/bin/sh
# SPDX-License-Identifier: MIT
# check-layers.sh: includes point down, never up or sideways, and nothing below cli prints, ends the
# process or keeps state of its own.
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build}

{
    # formats and transforms are neighbors: neither may see the other
    grep -Hno '^#include "[^"]*"' src/*/*.[ch] src/*/*/*.[ch] | awk -F'[:"]' '
        BEGIN {
            n = split("base raster color formats animation pipeline batch cli", names, " ")
            for (i = 1; i <= n; i++) rank[names[i]] = i
            rank["transforms"] = rank["formats"]
        }
        {
            split($1, from, "/"); split($4, to, "/")
            wrong = !(to[1] in rank) || rank[to[1]] > rank[from[2]]
            wrong = wrong || (rank[to[1]] == rank[from[2]] && to[1] != from[2])
            # a format is a folder: src/formats/gif/x.c may include formats/gif/ and formats/
            if (to[1] == "formats" && from[2] == "formats" && to[3] != "")
                wrong = wrong || to[2] != from[3]
            # the stages of a chain serve stills and moving pictures, and know of neither
            if (to[1] == "pipeline" && from[3] == "stages" && to[2] == "movie")
                wrong = 1
            if (wrong) print $1 ":" $2 ": includes " $4
        }'

    find src -name '*.c' ! -path 'src/cli/*' -exec \
        grep -nE '(^|[^a-z_])(v?f?printf|v?dprintf|f?puts|f?putc|putchar|perror|_?exit|abort)\(' {} +

    # sanitizers add state of their own; then only the sources are judged
    if [ -d "$B/base" ] && ! nm "$B/base/mem.o" | grep -q '__asan_'; then
        find "$B" -name '*.o' ! -path "$B/cli/*" ! -path "$B/tests/*" -exec size -A {} + |
            awk '$2 == ":" { file = $1 } /^\.t?(data|bss) / && $2 > 0 { print file ": has " $1 }'
    fi
} | {
    ! grep . >&2
}
