# SPDX-License-Identifier: MIT
# Several inputs and one GIF: each of their pictures is a frame. PNM comes one picture after another.
frames() {
    giflow --info=json "$1" | grep -o '"width": .*' | sed 's/"//g; s/}, {/\n/g' | grep -o '\(loop\|[xy]\|width\|height\|delay_cs\): [0-9]*' |
        tr '\n' ' '
    echo
}
printf 'P2 2 2 255  0 0 0 0\n' >a.pgm
printf 'P3 2 2 255  0 0 0  255 0 0  0 0 0  0 0 0\n' >b.ppm
recipe "$RECIPES/gif-two-frames.txt" >two.gif
giflow -o all.gif a.pgm b.ppm two.gif && frames all.gif
giflow --delay=50ms --loop=2 -r 90 -o all.gif a.pgm b.ppm && frames all.gif
giflow --merge-duplicates -o all.gif a.pgm a.pgm b.ppm && frames all.gif
printf '%s\n' a.pgm b.ppm | giflow --files-from=- -o all.gif && frames all.gif
cat a.pgm a.pgm a.pgm a.pgm | giflow --fps=30 - gif:- >clip.gif && frames clip.gif
giflow --fps=4 b.ppm one.gif && frames one.gif
giflow --fps=50 -o fast.gif two.gif && frames fast.gif
# at a rate, a file of PNM is what a pipe is, 16 bits and all
printf 'P2 2 1 65535 1 2\nP2 2 1 65535 1 300\n' >deep.pgm
giflow --fps=4 deep.pgm deep.apng && cat deep.pgm | giflow --fps=4 - apng:- | cmp - deep.apng
head -c 26 deep.apng | tail -c 2 | od -An -tu1
# a rate means nothing to what does not move
giflow --fps=4 a.pgm still.png && giflow --fps=4 two.gif 'p-%d.pgm' && ls still.png p-*
# what changes by little keeps its color, until it is too much
printf 'P2 2 1 255  100 0\nP2 2 1 255  102 9\nP2 2 1 255  104 200\nP2 2 1 255  112 200\n' >drift.pgm
giflow --fps=4 --max-change=2 drift.pgm drift.gif && frames drift.gif
for i in 0 1 2 3; do giflow --frames=$i drift.gif pgm:- | tail -c 2 | od -An -tu1; done
giflow --max-change=101 a.pgm no.gif; echo "exit $?"
# with a palette that is asked for each pixel has the nearest color; what keeps it is not drawn again
printf 'P2 2 1 255  0 0\nP2 2 1 255  9 250\n' >near.pgm
printf '#000\n#fff\n' >two.txt
giflow --fps=4 --palette=two.txt near.pgm near.gif && frames near.gif
giflow --frames=1 near.gif pgm:- | tail -c 2 | od -An -tu1
# a video moves without being told
printf 'YUV4MPEG2 W2 H1 F25:2 Cmono XCOLORRANGE=FULL\nFRAME\nabFRAME\nacFRAME\nac' >v.y4m
giflow - gif:- <v.y4m >video.gif && frames video.gif
# one that ends before its first picture, as what makes it may do
head -n 1 v.y4m >headed.y4m
giflow headed.y4m headed.gif; echo "exit $?"
giflow --lenient headed.y4m headed.gif; echo "exit $?"
giflow -o headed.gif a.pgm headed.y4m; echo "exit $?"
ls headed.gif
giflow -q --speed=2 --merge-duplicates -o video.gif v.y4m && frames video.gif
giflow v.y4m v.pgm && tail -c 2 v.pgm && echo
giflow --frames=1 v.y4m no.gif; echo "exit $?"
# exploded and joined again
giflow two.gif 'f%d.png' && giflow -o again.gif f0.png f1.png && giflow again.gif 'g%d.png' &&
    cmp f0.png g0.png && cmp f1.png g1.png
printf 'P2 1 2 255  0 0\n' >small.pgm
rm -f no.gif
giflow -o no.gif a.pgm small.pgm; echo "exit $?"
giflow -o no.gif a.pgm missing.pgm; echo "exit $?"
giflow -o no.gif --lenient a.pgm two.gif missing.pgm; echo "exit $?"
giflow -o no.png a.pgm b.ppm; echo "exit $?"
giflow -o 'no%d.gif' a.pgm b.ppm; echo "exit $?"
giflow --frames=0 -o no.gif a.pgm b.ppm; echo "exit $?"
giflow --dither=fs -o no.gif a.pgm b.ppm; echo "exit $?"
giflow --fps=51 a.pgm no.gif; echo "exit $?"
giflow -n -v -o all.gif a.pgm b.ppm; echo "exit $?"
ls no*
