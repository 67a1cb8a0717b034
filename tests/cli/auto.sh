# SPDX-License-Identifier: MIT
# --format=auto: what each picture becomes, why, and under which name.
awk 'BEGIN { print "P3 80 80 255"; for (y = 0; y < 80; y++) for (x = 0; x < 80; x++) print x + 2 * y, y + x, x }' >photo.ppm
awk 'BEGIN { print "P3 80 80 255"; for (y = 0; y < 80; y++) for (x = 0; x < 80; x++) print (x > 40) * 255, 9, (y > 40) * y }' >chart.ppm
recipe "$RECIPES/gif-two-frames.txt" >moves.gif
recipe "$RECIPES/gif-pixel.txt" >pixel.gif
mkdir out
giflow -f auto -d out -v photo.ppm chart.ppm moves.gif pixel.gif 2>&1 | grep ': to '
ls out
giflow -f auto photo.ppm named && giflow --info named | sed -n 2p
giflow photo.ppm auto:photo.png && giflow --info photo.png | sed -n 2p
giflow -f auto chart.ppm - | head -c 4 | tail -c 3
echo
cat photo.ppm | giflow -f auto - - | head -c 3 | od -An -tx1 # a pipe
giflow -f auto -f gif chart.ppm chart && giflow --info chart | sed -n 2p # the last one counts
rm -r out
mkdir out
echo kept >out/photo.jpg
giflow -n -f auto -d out photo.ppm chart.ppm # finds one there
cat out/photo.jpg
ls out
cp chart.ppm photo.pnm
giflow -f auto -d out photo.ppm photo.pnm # could be one file
echo $?
giflow -f auto --in-place photo.ppm
echo $?
printf 'GIF89a' >bad.gif
giflow -f auto -d out bad.gif
echo $?
ls out
