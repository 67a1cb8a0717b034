#!/bin/sh
# SPDX-License-Identifier: MIT
# demo.sh: makes a GIF of 9566 x 3909 pixels with 200 colors, turns it by 45 degrees, and shows the
# sizes, the time and the peak of memory. The files stay in the build folder.
set -eu
cd "$(dirname "$0")/.."
B=${B:-build}

# Runs of 64 pixels, in 32 shades of 16 noisy variants each, laid along slow waves: the encoder
# finds about as little to repeat as in a photograph.
LC_ALL=C awk 'BEGIN {
    srand(1)
    for (t = 0; t < 200; t++)
        color[t] = sprintf("%c%c%c", t + 40, t * t / 200 + 20, 250 - t)
    for (shade = 0; shade < 32; shade++)
        for (variant = 0; variant < 16; variant++) {
            run = ""
            for (x = 0; x < 64; x++)
                run = run color[int(shade * 6 + rand() * 8)]
            runs[shade, variant] = run
        }
    printf "P6 9566 3909 255\n"
    for (y = 0; y < 3909; y++) {
        for (x = 0; x < 149; x++) {
            wave = sin(x / 20 + y / 400) * cos(y / 300 - x / 35)
            printf "%s", runs[int(16 + 15 * wave), int(rand() * 16)]
        }
        printf "%s", substr(runs[int(16 + 15 * wave), 0], 1, 3 * 30)
    }
}' | "$B/giflow" - "$B/demo.gif"

"$B/giflow" -v -r 45 "$B/demo.gif" "$B/turned.gif"
ls -l "$B/demo.gif" "$B/turned.gif"
