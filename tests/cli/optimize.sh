# SPDX-License-Identifier: MIT
# Higher levels are never larger, and all hold the same pixels; a file saved again does not grow.
awk 'BEGIN {
    print "P2 160 120 255"
    for (y = 0; y < 120; y++)
        for (x = 0; x < 160; x++)
            print int(50 + x * y / 90 + 40 * sin(x / 9) + 2 * (x * 7 + y * 13) % 5) % 200
}' >in.pgm
giflow -O0 in.pgm 0.gif && giflow 0.gif want.pam
before=
for level in 1 2 3; do
    giflow -O$level 0.gif $level.gif && giflow $level.gif got.pam && cmp want.pam got.pam
    size=$(wc -c <$level.gif)
    [ "$size" -le "${before:-$(wc -c <0.gif)}" ] || echo "-O$level grows to $size"
    before=$size
done
giflow 3.gif again.gif && cmp 3.gif again.gif
giflow --in-place 3.gif && cmp 3.gif again.gif
giflow -v 3.gif again.gif 2>&1 | grep 'own bytes'
# fewer entries than codes can name: a copy has no more of them than its source
printf 'P1 3 1 1 0 1\n' | giflow - two.gif && giflow -O0 two.gif back.gif && cmp two.gif back.gif
giflow -v -O0 two.gif back.gif 2>&1 | grep palette
giflow -O4 3.gif again.gif
