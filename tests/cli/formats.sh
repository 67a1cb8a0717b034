# SPDX-License-Identifier: MIT
# Every format in, every format out, found by suffix, by prefix and by --format.
printf 'P3 3 2 255  255 0 0  0 255 0  0 0 255  10 20 30  250 251 252  0 0 0\n' >in.ppm
for format in gif png jpeg ppm pgm pam; do
    giflow in.ppm "by-suffix.$format"
    giflow in.ppm "$format:by-prefix" # no suffix to go by
    giflow --format=$format in.ppm by-option.bin
    cmp "by-suffix.$format" by-prefix
    cmp "by-suffix.$format" by-option.bin
done
for format in gif png ppm pam; do # and back, losing nothing
    giflow "by-suffix.$format" ppm:- | tail -c 18 | od -An -v -tu1
done
# content counts, not the name
cp by-suffix.png wrong.gif
giflow --info wrong.gif | sed -n 2p
giflow in.ppm x.JPG
giflow --info x.JPG | sed -n 2p
