# SPDX-License-Identifier: MIT
# Any angle: the canvas grows unless told not to, corners are transparent, no color is new.
awk 'BEGIN {
    print "P3 40 20 255"
    for (i = 0; i < 800; i++) print i % 40 * 6, int(i / 40) * 12, 128
}' >big.ppm
giflow -k 30 big.ppm in.gif
facts() { giflow --info "$1" | grep -E '^(width|height|transparent|colors_used)' | tr '\n' ' '; echo; }
facts in.gif
giflow -r 45 in.gif a.gif; facts a.gif
giflow -r 45 --no-expand in.gif b.gif; facts b.gif
giflow -r 45 --background=black in.gif c.gif; facts c.gif
giflow -r 45 --expand --resample=nearest in.gif d.gif; cmp a.gif d.gif
giflow -r 45 in.gif e.png; facts e.png
giflow -r 45 in.gif f.ppm; facts f.ppm
# the colors of a turned picture are those of the picture, and what fills the corners
colors() {
    giflow "$1" ppm:- | tail -n +4 | od -An -v -tu1 -w3 | sort -u
}
colors in.gif >in.colors
colors a.gif | comm -13 in.colors -
colors c.gif | comm -13 in.colors -
