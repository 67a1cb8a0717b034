# SPDX-License-Identifier: MIT
# A canvas wider than its only image: what is left free is transparent, which 256 used colors leave no
# entry for; that is said.
awk 'BEGIN { print "P2 16 16 255"; for (i = 0; i < 256; i++) print i }' >full.pgm
awk 'BEGIN { print "P2 16 16 255"; for (i = 0; i < 256; i++) print i % 255 }' >free.pgm
for name in free full; do
    giflow $name.pgm $name.gif
    printf '\021' | dd of=$name.gif bs=1 seek=6 conv=notrunc 2>dd.log # the logical screen's width
    giflow $name.gif out.gif
    giflow --interlace $name.gif again.gif
    giflow --info out.gif | sed -n '/width\|colors_used\|transparent/p'
done
