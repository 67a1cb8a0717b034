# SPDX-License-Identifier: MIT
# -O0 leaves the table of colors as it is, -O1 drops what no pixel uses; pixels stay the same.
table() { # entries of the global table: GIF89a specification, section 18
    echo "$1: $((2 << ($(od -An -tu1 -j10 -N1 "$1") & 7))) entries"
}
printf 'P3 6 1 255  9 9 9  9 9 9  200 0 0  0 0 200  1 2 3  4 5 6\n' >in.ppm
giflow in.ppm in.gif
table in.gif
giflow --crop=2x1+1+0 -O0 in.gif zero.gif
giflow --crop=2x1+1+0 in.gif one.gif
giflow --crop=2x1+1+0 -O in.gif bare.gif
cmp one.gif bare.gif
for f in zero.gif one.gif; do
    table $f
    giflow --info $f | grep colors_used
    giflow $f ppm:- | tail -c 6 | od -An -v -tu1
done
# more colors than asked for, and as many as there are
awk 'BEGIN { print "P2 100 1 255"; for (i = 0; i < 100; i++) print i * 2 }' >gray.pgm
giflow -k 16 gray.pgm few.gif
giflow --info few.gif | awk '/^colors_used/ { print ($2 <= 16) }'
giflow gray.pgm all.gif
giflow all.gif pgm:- | tail -c 100 | od -An -v -tu1 | head -n 2
giflow --optimise=0 --colours=256 gray.pgm british.gif
giflow --info british.gif | grep colors_used
