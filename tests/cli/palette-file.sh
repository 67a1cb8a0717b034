# SPDX-License-Identifier: MIT
# --palette: whose colors, in which order, and what cannot be.
printf 'P3 2 3 255  0 0 250  250 0 0  5 0 0  0 0 255  9 9 9  200 10 10\n' >in.ppm
pixels() { giflow -O0 "$1" out.ppm && od -An -v -tu1 -w6 -j11 out.ppm; }

printf '#00f\n; comment\n#f00\n#000000\n' >list.txt
printf 'GIMP Palette\nName: x\n#\n0 0 255 blue\n255 0 0\n0 0 0\n' >list.gpl
printf 'JASC-PAL\r\n0100\r\n3\r\n0 0 255\r\n255 0 0\r\n0 0 0\r\n' >list.pal
printf 'P3 4 1 255  0 0 255  255 0 0  255 0 0  0 0 0\n' >list.ppm
giflow list.ppm -O0 list.gif && giflow list.ppm list.png
giflow --palette=list.txt --dither=none in.ppm want.gif && pixels want.gif
for list in list.gpl list.pal list.ppm -; do
    giflow --palette=$list --dither=none in.ppm have.gif <list.txt && cmp have.gif want.gif
done
for list in list.gif list.png; do
    giflow --palette=$list --dither=none in.ppm have.gif && pixels have.gif
done
echo 'the table:'
od -An -v -tu1 -w3 -j13 -N9 want.gif
echo 'a PNG:'
giflow --palette=list.txt --dither=none in.ppm out.png && pixels out.png
giflow -k 2 in.ppm out.png && giflow --info out.png | grep colors_used

echo 'transparent pixels:'
printf 'P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\377\0\0\0\376\0\0\377' >clear.pam
giflow --palette=list.txt clear.pam out.gif && giflow out.gif out.pam && tail -c 8 out.pam | od -An -tu1
awk 'BEGIN { for (i = 0; i < 256; i++) printf "%06x\n", i }' >full.txt
giflow --palette=full.txt clear.pam out.gif || echo "status $?"
giflow --palette=full.txt in.ppm out.gif && giflow --info out.gif | grep palette_size

echo 'refused:'
giflow -k 3 --palette=list.txt in.ppm out.gif || echo "status $?"
giflow --palette=list.txt in.ppm out.jpg || echo "status $?"
giflow --palette=missing in.ppm out.gif || echo "status $?"
giflow --palette=- - out.gif <in.ppm || echo "status $?"
awk 'BEGIN { print "P3 257 1 255"; for (i = 0; i < 257; i++) print i % 256, int(i / 256), 0 }' >many.ppm
giflow --palette=many.ppm in.ppm out.gif || echo "status $?"
printf '#fff\nwhite\n' >bad.txt
giflow --palette=bad.txt in.ppm out.gif || echo "status $?"
: >empty.txt
giflow --palette=empty.txt in.ppm out.gif || echo "status $?"

echo 'moving pictures:'
recipe "$RECIPES/gif-two-frames.txt" >moves.gif
for dither in none fs blue; do
    giflow --palette=list.txt --dither=$dither moves.gif out.gif &&
        giflow --info out.gif | grep -e frames: -e colors_used
done
