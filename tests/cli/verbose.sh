# SPDX-License-Identifier: MIT
# -v tells sizes, colors, memory and time on standard error; -q silences warnings only.
printf 'P3 2 2 255  1 1 1  2 2 2  3 3 3  3 3 3\n' >in.ppm
giflow -v -r 90 in.ppm gif:- 2>&1 >/dev/null |
    sed 's/memory [0-9.]* MiB ([0-9.]* MiB/memory N MiB (N MiB/; s/[0-9]*\.[0-9]\{3\}/T/g'
recipe "$RECIPES/gif-two-frames.txt" >moves.gif
for step in -r90 -r30 --resize=3x3; do
    giflow -v $step moves.gif turned.gif 2>&1 | sed -n 's/[0-9]*\.[0-9]\{3\}/T/g; s/.*CPU/CPU/p'
done
giflow -v -o both.apng moves.gif in.ppm 2>&1 | sed -n 's/[0-9]*\.[0-9]\{3\}/T/g; s/.*CPU/CPU/p'
giflow moves.gif a.png
giflow -q moves.gif a.png
giflow -q missing a.gif; echo "exit $?"
