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
