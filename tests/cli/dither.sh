# SPDX-License-Identifier: MIT
# Dithering: by default, only where colors are too many, and none are added; its strength is a share.
awk 'BEGIN { print "P2 64 16 255"; for (i = 0; i < 1024; i++) print i % 64 * 4 }' >in.pgm
giflow -k 4 --dither=none in.pgm plain.gif && giflow -k 4 --dither in.pgm fs.gif
giflow -k 4 in.pgm default.gif && cmp default.gif fs.gif
giflow -k 4 --dither=blue in.pgm blue.gif
for one in fs blue; do
    cmp -s plain.gif $one.gif && echo "$one: no difference"
    giflow --info $one.gif | grep colors_used
done
cmp -s fs.gif blue.gif && echo "no difference"
for one in fs blue; do
    giflow -k 4 --dither=$one --dither-strength=0 in.pgm none.gif && cmp none.gif plain.gif
done
giflow --dither in.pgm exact.gif && giflow exact.gif pgm:exact.pgm && giflow in.pgm want.pgm
cmp exact.pgm want.pgm
giflow --dither-strength=1.5 in.pgm out.gif || echo "status $?"

# what it did, in figures
giflow -v -k 4 --dither=none in.pgm out.gif 2>&1 | grep became
printf 'P3 3 1 255  0 0 0  255 255 255  255 255 255\n' >two.ppm
printf '#fff\n' >white.txt
giflow -v --palette=white.txt two.ppm out.gif 2>&1 | grep became
giflow -v two.ppm out.gif 2>&1 | grep became

# more than 2^24 pixels, most of them black: not unless asked for, or for fewer colors
{
    printf 'P6 65535 257 255\n'
    awk 'BEGIN { for (i = 0; i < 400; i++) printf "%c%c%c", 40 + i % 20, 50 + i / 20, 60 }'
    head -c $((65535 * 257 * 3 - 1200)) /dev/zero
} >large.ppm
for options in '' --dither=none --dither=fs '-k 255'; do
    giflow -v $options large.ppm large.gif 2>&1 | grep -o 'dither [0-9]' || echo none
done
