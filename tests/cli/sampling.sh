# SPDX-License-Identifier: MIT
# How finely chroma is stored: by quality, as asked, or as a JPEG input has it.
awk 'BEGIN { print "P3 24 24 255"; for (i = 0; i < 1728; i++) print i * 31 % 256 }' >in.ppm
# the factors of the first component: across and down, as the frame's header has them
factors() {
    od -An -v -tx1 "$1" | tr -d ' \n' | sed 's/.*ffc[012]0011.\{12\}01\(..\).*/\1/'
    echo " $*"
}
for args in --quality=90 --quality=89 --sampling=420 --sampling=4:2:2 '--sampling=444 --quality=50'; do
    giflow $args in.ppm out.jpg && factors out.jpg "$args"
done
giflow --sampling=422 --quality=70 in.ppm in.jpg
giflow -v --resize=20x in.jpg small.jpg 2>&1 | grep 'of the input' && factors small.jpg
giflow -v --crop=16x16+4+4 in.jpg part.jpg 2>&1 | grep -e again -e 'of the input' && factors part.jpg
giflow --sampling=444 in.jpg fine.jpg && factors fine.jpg
giflow --sampling=411 in.ppm out.jpg || echo "status $?"
giflow --sampling=4:44 in.ppm out.jpg || echo "status $?"
