# SPDX-License-Identifier: MIT
# Interlaced and not, the pixels are the same.
awk 'BEGIN { print "P2 5 37 255"; for (i = 0; i < 185; i++) print i }' >in.pgm
for format in gif png; do
    giflow --interlace in.pgm a.$format
    giflow in.pgm b.$format
    for f in a b; do
        giflow --info $f.$format | grep interlaced
        giflow $f.$format $f.pgm
    done
    cmp a.pgm b.pgm
done
recipe "$RECIPES/gif-interlaced.txt" >in.gif
giflow in.gif pgm:- | tail -c 10 | od -An -v -tu1
