# SPDX-License-Identifier: MIT
# --info: text and JSON, one input and several, and no picture written.
printf 'P2 3 1 255 1 2 2\n' >in.pgm
giflow in.pgm in.png
recipe "$RECIPES/gif-two-frames.txt" >moves.gif
recipe "$RECIPES/gif-transparent.txt" >clear.gif
giflow --info in.png
giflow --info moves.gif clear.gif
giflow --info=json in.png
giflow --info=json moves.gif clear.gif
giflow --interlace in.pgm coarse-first.jpg
giflow --info coarse-first.jpg in.png | grep interlaced
echo nothing >bad.gif
giflow --info=json bad.gif
echo "exit $?"
giflow --info=json in.png bad.gif missing
echo "exit $?"
giflow --info=json bad.gif missing
echo "exit $?"
ls
