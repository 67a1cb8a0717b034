# SPDX-License-Identifier: MIT
# Steps run in the order given; crops, flips and quarter turns move pixels and change none.
printf 'P2 4 3 255  1 2 3 4  5 6 7 8  9 10 11 12\n' >in.pgm
show() {
    echo "== $*"
    giflow "$@" in.pgm out.pgm || return
    tail -n +4 out.pgm | od -An -v -tu1 -w"$(sed -n '2s/ .*//p' out.pgm)"
}
show --flip=h
show --flip=v
show --flip-horizontal --flip-vertical
show -r 90
show -r 180
show -r270
show -r -90
show -r 450
show -r 0
show -r 360
show --crop=2x2+1+1
show --crop=1,1+2x2
show --crop=9x9-2-1
show --crop=-2,-1+9x9
show -r 90 --crop=3x1+0+0
show --crop=3x1+0+0 -r 90
show --crop=2x2+4+0
show --crop=2x2-9+0
ls
