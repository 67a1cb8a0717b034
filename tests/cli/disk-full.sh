# SPDX-License-Identifier: MIT
# Whatever cannot be written is told, with status 4.
printf 'P2 2 1 255 0 255\n' >a.pgm
for format in gif png jpeg ppm pgm pam; do
    giflow a.pgm $format:/dev/full; echo "exit $?"
done
giflow a.pgm a.gif && giflow a.gif /dev/full; echo "exit $?" # no suffix: the format of the input
giflow a.pgm gif:- >/dev/full; echo "exit $?"
giflow --help >/dev/full; echo "exit $?"
giflow --info a.pgm a.pgm >/dev/full; echo "exit $?"
giflow a.pgm gif:- >&-; echo "exit $?"
giflow --version >&-; echo "exit $?"
# a file that may not grow: the signal for that is not left to kill us
awk 'BEGIN { print "P2 300 300 255"; srand(1); for (i = 0; i < 90000; i++) print int(rand() * 256) }' >noise.pgm
(ulimit -f 8; giflow noise.pgm out.gif); echo "exit $?"
ls -A
