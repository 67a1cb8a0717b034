# SPDX-License-Identifier: MIT
# Any name a file can have: shown safely, quoted validly, never taken for something else.
printf 'P2 1 1 255 7\n' >in.pgm
odd=$(printf 'a\033[31m"\\ \n\351b')
giflow in.pgm "gif:./$odd"
giflow --info "$odd" | head -n 1
giflow --info=json "$odd" | cut -d , -f 1
giflow "$odd" "$odd.gif" && ls | wc -l
giflow "$odd-missing" x.gif
giflow -- in.pgm ./-r.gif
giflow --info -- -r.gif | head -n 1
mkdir out
giflow in.pgm .gif
giflow -d out .gif && giflow -d out --suffix=-s .gif && giflow -d out -f png .gif && ls -A out
giflow in.pgm ./gif:x.png
giflow --info gif:x.png | sed -n 2p
