# SPDX-License-Identifier: MIT
# A number in the output's name: a file for each picture that is seen, counted from 0.
recipe "$RECIPES/gif-two-frames.txt" >two.gif
giflow -v two.gif 'f-%03d.pgm' 2>&1 | grep wrote
for f in f-*; do echo "$f" && tail -c 4 "$f" | od -An -tu1; done
giflow --frames=-1 -r 90 two.gif 'last%d%%.pgm' && ls last*
giflow --frames=1,0 two.gif one.pgm; echo "exit $?"
tail -c 4 one.pgm | od -An -tu1
printf 'P2 1 1 255 7\n' >still.pgm
giflow still.pgm 's%d.png' && ls s0.png
giflow -n -v still.pgm 's%d.png' 2>&1 | grep there
giflow still.pgm 'no-such-folder/%d.png'; echo "exit $?"
giflow --frames=1 still.pgm 's%d.png'; echo "exit $?"
giflow -f auto still.pgm 's%d.png'; echo "exit $?"
# these are names like any other
giflow still.pgm '%s.png' && giflow still.pgm '%d%d.png' && ls ./%*
# damage: pictures that came whole are there
head -c 82 two.gif >short.gif
giflow short.gif 'd%d.png'; echo "exit $?"
ls d*
