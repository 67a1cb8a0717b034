# SPDX-License-Identifier: MIT
# '-' is standard input and output; a pipe works like a file.
printf 'P2 4 2 255 0 40 80 120 160 200 240 250\n' >in.pgm
giflow in.pgm out.gif
giflow - gif:- <in.pgm | cmp - out.gif
cat in.pgm | giflow - - -f gif | cat | cmp - out.gif
cat in.pgm | giflow -o gif:- - | cmp - out.gif
cat in.pgm | giflow - gif:/dev/stdout | cmp - out.gif
giflow in.pgm png:- | giflow --flip=h - gif:- | giflow --flip=h - pgm:- | tail -c 8 | od -An -v -tu1
giflow --info - <out.gif
# nor does what comes out of one grow: these 52 bytes would become 54, as the free
# canvas takes some; what comes behind the trailer, without an end here, only counts as far as that
echo '"GIF89a" le16:33 le16:3 f0 00 00 11 c6 e0 00 00 00 21 f9 04 01 00 00 01 00' \
    '2c le16:12 le16:0 le16:6 le16:3 00 02 05 94 6c 88 6a 05 00 3b' >small.txt
recipe small.txt >small.gif
cat small.gif | giflow - gif:- | cmp - small.gif
cat small.gif | giflow --tmp-limit=0 - gif:- | wc -c
(cat small.gif && yes) | giflow - gif:- | wc -c
cat in.pgm | giflow - png:- >small.png
(cat small.png && echo junk) | giflow - png:- | cmp - small.png
