# SPDX-License-Identifier: MIT
# JPEG to JPEG: exact where the blocks allow it, and four quarter turns are then the same file.
awk 'BEGIN { print "P2 64 32 255"; for (i = 0; i < 2048; i++) print i * 7 % 256 }' >in.pgm
giflow in.pgm in.jpg
giflow --lossless=only -r 90 in.jpg a.jpg && giflow --lossless=only -r 270 a.jpg b.jpg && cmp in.jpg b.jpg
giflow -v -r 90 in.jpg c.jpg 2>&1 | grep -c 'not decoded' && cmp a.jpg c.jpg
giflow in.jpg same.jpg && cmp in.jpg same.jpg
cat in.jpg | giflow -r 90 - jpeg:- | cmp - a.jpg
cat in.jpg | giflow -v --tmp-limit=0 -r 90 - jpeg:again.jpg 2>&1 | grep again:
giflow --crop=50x32+0+0 in.jpg odd.jpg && giflow --info odd.jpg | grep width
giflow --lossless=only -r 180 odd.jpg d.jpg || echo "status $?"
giflow --lossless=trim -r 180 odd.jpg d.jpg && giflow --info d.jpg | grep width
giflow -v -r 180 odd.jpg d.jpg 2>&1 | grep 'coded again' && giflow --info d.jpg | grep width
cat odd.jpg | giflow -r 180 - jpeg:- | cmp - d.jpg
giflow --lossless=only -r 45 in.jpg d.jpg || echo "status $?"
giflow --lossless=only in.jpg d.png || echo "status $?"
giflow --quality=50 in.jpg e.jpg && cmp -s in.jpg e.jpg || echo "coded again"
giflow --quality=50 --lossless=auto in.jpg f.jpg && cmp e.jpg f.jpg # in any order
# the process of a file is told where it changes
giflow --interlace in.pgm laced.jpg
giflow -v -r 90 laced.jpg plain.jpg 2>&1 | grep 'progressive'
giflow -v -r 90 --interlace laced.jpg laced2.jpg 2>&1 | grep -c 'progressive'
# coefficients beyond the standard's codes: a picture, or no file
recipe "$RECIPES/jpeg-far-coefficient.txt" >far.jpg
giflow -v -r 90 far.jpg f.jpg 2>&1 | grep 'coded again' && giflow --lossless=only f.jpg g.jpg
giflow --lossless=only -r 90 far.jpg h.jpg || echo "status $?"
[ ! -e h.jpg ]
