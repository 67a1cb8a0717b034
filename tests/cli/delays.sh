# SPDX-License-Identifier: MIT
# How long frames are shown: what rounding takes comes back, in the order in which they are written.
# movie DELAY..: the recipe of a frame for each
movie() {
    echo '"GIF89a" le16:1 le16:1 80 00 00 00 00 00 ff ff ff'
    for delay; do
        echo "21 f9 04 04 le16:$delay 00 00 2c le16:0 le16:0 le16:1 le16:1 00 02 02 { 3:4 3:1 3:5 } 00"
    done
    echo 3b
}
# delays FILE
delays() {
    giflow --info=json "$1" | grep -o '"delay_cs": [0-9]*' | tr -dc '0-9\n' | tr '\n' ' '
    echo
}
movie 4 4 4 4 4 200 1 1 0 10 65535 10 >m.txt && recipe m.txt >m.gif && delays m.gif
# a frame that gets no shorter takes nothing from those behind it, nor does one that gets no longer
giflow --speed=10 m.gif out.gif && delays out.gif
giflow --speed=0.5 m.gif out.gif && delays out.gif
# every third frame of a rate, and any frames
for list in 0,3,6,9 9-5 0,0,0; do giflow --fps=30 --frames=$list m.gif out.gif && delays out.gif; done
# over many inputs
movie 5 5 >two.txt && recipe two.txt >two.gif
giflow --fps=30 -o out.gif two.gif two.gif two.gif && delays out.gif
# 60 and 240 frames a second: viewers take what is shorter than 2 for 10
for rate in 60 240; do
    printf 'YUV4MPEG2 W2 H1 F%d:1 Cmono\nFRAME\nabFRAME\nacFRAME\nad' $rate >v.y4m
    giflow v.y4m out.gif && delays out.gif
    giflow v.y4m out.apng && delays out.apng
done
