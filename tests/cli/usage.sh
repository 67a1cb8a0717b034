# SPDX-License-Identifier: MIT
# What makes no sense is refused with status 2, one line, and nothing is written.
exec 2>&1
try() {
    giflow "$@"
    echo "exit $?"
}
printf 'P2 2 1 255 0 255\n' >in.pgm
mkdir dir
try
try -r 90 in.pgm
try in.pgm -
try in.pgm out.webp
try in.pgm dir
try -f gif in.pgm dir
try in.pgm gif:
try a b c.gif
try -o out.gif a b
try -d dir -o out.gif in.pgm
try --in-place -f png in.pgm
try -k 1 in.pgm out.gif
try -r 1e999 in.pgm out.gif
try --crop=0x1+0+0 in.pgm out.gif
try --flip=x in.pgm out.gif
try --f in.pgm out.gif
try --nonsense in.pgm out.gif
# a value that may be left out, in a word of its own
try -O 2 in.pgm out.gif
try in.pgm out.gif --dither fs
try --info json in.pgm
cp in.pgm text
try --info text
rm text
try -d dir - <in.pgm
try -d dir -f gif - in.pgm - <in.pgm
ls
