# SPDX-License-Identifier: MIT
# What is done to frames as a whole: which, how long, how often, on what canvas.
recipe "$RECIPES/gif-two-frames.txt" >two.gif
# facts FILE: delays and rectangles
facts() {
    giflow --info=json "$1" | grep -o '"loop": [^,]*\|"x": .*' | sed 's/"//g; s/disposal.*//; s/}, {/\n/g'
    giflow --info=json "$1" | grep -o '"delay_cs": [0-9]*' | tr '\n' ' '
    echo
}
for o in --frames=-1-0 --frames=1,1,0-1 --frames=0 --delay=25 --delay=250ms --delay=1.5s --speed=2 \
    --speed=0.5 --loop=once --loop=forever --loop=7 '--frames=0,0,1 --merge-duplicates' \
    --canvas=4x4 --canvas=2x2+1-1 '--canvas=3x2+0+0 --background=#f00' '--canvas=4x4 -r 45'; do
    echo "$o"
    # shellcheck disable=SC2086
    giflow $o two.gif out.gif && facts out.gif
done
giflow --frames=2 two.gif no.gif; echo "exit $?"
giflow --frames=-3 two.gif no.gif; echo "exit $?"
giflow --max-frames=1 two.gif no.gif; echo "exit $?"
for o in --frames= --frames=1- --frames=a --frames=-0 --delay=-1 --delay=1h --delay=656s --loop=0 \
    --loop=65536 --speed=0 --speed=x --canvas=0x4 --canvas=4x4+1 --max-frames=x; do
    giflow $o two.gif no.gif; echo "exit $?"
done
ls no.gif
