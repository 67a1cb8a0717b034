# SPDX-License-Identifier: MIT
# Dithering: only where colors are too many, and none are added; its strength is a share.
awk 'BEGIN { print "P2 64 16 255"; for (i = 0; i < 1024; i++) print i % 64 * 4 }' >in.pgm
giflow -k 4 in.pgm plain.gif && giflow -k 4 --dither in.pgm fs.gif
cmp -s plain.gif fs.gif && echo "no difference"
giflow --info fs.gif | grep colors_used
giflow -k 4 --dither --dither-strength=0 in.pgm none.gif && cmp none.gif plain.gif
giflow -k 4 --dither=none in.pgm none.gif && cmp none.gif plain.gif
giflow --dither in.pgm exact.gif && giflow exact.gif pgm:exact.pgm && giflow in.pgm want.pgm
cmp exact.pgm want.pgm
giflow --dither-strength=1.5 in.pgm out.gif || echo "status $?"
