# SPDX-License-Identifier: MIT
# Several pictures in a PNM, of any kind and size: frames where the output has such, else the first.
printf 'P2 2 2 9  0 9 9 0\nP2 3 1 255 1 2 3\nP3 1 1 1 1 0 1\n' >in.pnm
giflow in.pnm out.gif && giflow --info out.gif | sed -n '/^width\|^height\|^loop\|^frames/p'
giflow --delay=30 --loop=2 in.pnm out.gif && giflow --info=json out.gif | grep -o '"delay_cs": *[0-9]*'
giflow in.pnm out.pgm && tail -c 4 out.pgm | od -An -tu1
giflow -q in.pnm - <in.pnm -f gif | head -c 3
echo
cat in.pnm | giflow -f gif - out2.gif
echo $?
test -e out2.gif || echo nothing written
printf 'P2 2 1 9 0 9\nP2 2 1 9 9 0\n' | giflow --delay=70ms - two.gif && giflow --info=json two.gif | grep -o '"delay_cs": *[0-9]*'
cat in.pnm | giflow -q - out.png && giflow --info out.png | sed -n 2,4p
printf 'P2 1 1 9 4' | cat - in.pnm >glued.pnm # no white space between: a sample is cut in two
giflow glued.pnm out.png
echo $?
