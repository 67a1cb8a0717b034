# SPDX-License-Identifier: MIT
# --in-place: the format and the mode stay, a link stays a link, frames are not lost.
printf 'P2 2 1 255 0 255\n' >a.pgm
giflow a.pgm b.gif
giflow a.pgm c.png
cp c.png wrong.gif # PNG by content stays PNG
chmod 640 b.gif
ln -s b.gif link.gif
giflow --in-place -r 90 a.pgm link.gif c.png wrong.gif
echo "exit $?"
for f in a.pgm b.gif c.png wrong.gif; do giflow --info $f | sed -n 1,4p | tr '\n' ' '; echo; done
ls -l b.gif link.gif | cut -c 1-10
recipe "$RECIPES/gif-two-frames.txt" >moves.gif
cp moves.gif before.gif
giflow --in-place -O0 moves.gif; echo "exit $?"
cmp moves.gif before.gif
giflow moves.gif moves.gif; echo "exit $?"
giflow --info moves.gif | grep -E '^(loop|frames)'
giflow moves.gif png:moves.gif; echo "exit $?"
giflow --info moves.gif | grep -E '^(loop|frames)'
giflow moves.gif still.png; echo "exit $?"
giflow -q moves.gif still.png; echo "exit $?"
giflow --in-place a.pgm ./a.pgm; echo "exit $?"
giflow --in-place - <a.pgm; echo "exit $?"
echo nothing >bad.gif
giflow --in-place bad.gif; echo "exit $?"
cat bad.gif
: >empty.gif
giflow --in-place empty.gif; echo "exit $?"
# an output that is its own input
giflow --flip=h b.gif b.gif; giflow b.gif pgm:- | tail -c 2 | od -An -tu1
