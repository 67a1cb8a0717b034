# SPDX-License-Identifier: MIT
# a size to fit in, a size as it is, shares; steps run in order; a palette has no more colors after
printf 'P2 8 4 255\n' >in.pgm
for _ in 1 2 3 4; do echo "0 30 60 90 120 150 180 210"; done >>in.pgm
size() { giflow --info "$1" | sed -n 's/^\(width\|height\): //p' | paste -sd x; }
for how in 4x4 4x x1 '4x4!' '50%' '16x16<' '4x4>' '16x16>' '4x4<'; do
    giflow --resize="$how" in.pgm out.pgm && echo "$how $(size out.pgm)"
done
giflow --resize=4x --resize=200% --crop=3x2+0+0 in.pgm out.pgm && size out.pgm
giflow -k 3 in.pgm in.gif && giflow --resize=5x in.gif out.gif
giflow --info out.gif | sed -n 's/^colors_used: //p'
giflow --resize=32x --resample=nearest in.gif out.gif && giflow --info out.gif | grep colors_used
giflow --resize=0x4 in.pgm out.pgm || echo "status $?"
giflow --resize=10 in.pgm out.pgm || echo "status $?"
