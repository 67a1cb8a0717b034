# SPDX-License-Identifier: MIT
# Alpha of one bit: below 128 is transparent, or by a pattern; what is transparent has no color.
head='P7\nWIDTH 64\nHEIGHT 64\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n'
area() { # ALPHA: 64 x 64 of a red of that alpha
    # shellcheck disable=SC2059
    printf "$head"
    awk -v a="$1" 'BEGIN { for (i = 0; i < 4096; i++) printf "\\310\\0\\0\\%o", a }' | xargs -0 printf
}
opaque() {
    giflow "$1" out.pam
    if ! grep -aq RGB_ALPHA out.pam; then echo all; return; fi
    tail -c 16384 out.pam | od -An -v -tu1 -w4 | awk '$4 == 255 { n++ } END { print n + 0 }'
}
for a in 127 128 64; do
    area $a >in.pam
    giflow in.pam out.gif && opaque out.gif
    giflow --alpha-dither in.pam out.gif && opaque out.gif
done
giflow in.pam in.png && giflow --alpha-dither in.png out.gif && opaque out.gif

# bright green under transparency must not show at the edge, whatever is done to it
awk 'BEGIN {
    print "P3 40 40 255"
    for (i = 0; i < 1600; i++) {
        d = (i % 40 - 19.5) ^ 2 + (int(i / 40) - 19.5) ^ 2
        print d < 200 ? "200 30 40" : "0 255 0"
    }
}' >color.ppm
giflow color.ppm color.png
awk 'BEGIN {
    printf "P7\nWIDTH 40\nHEIGHT 40\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
}' >disc.pam
awk 'BEGIN {
    for (i = 0; i < 1600; i++) {
        d = (i % 40 - 19.5) ^ 2 + (int(i / 40) - 19.5) ^ 2
        printf d < 200 ? "\\310\\036\\050\\377" : "\\0\\377\\0\\0"
    }
}' | xargs -0 printf >>disc.pam
greens() {
    giflow "$1" out.pam && tail -c "$2" out.pam | od -An -v -tu1 -w4 |
        awk '$4 > 0 && $2 > 60 { n++ } $4 > 0 { m++ } END { print n + 0, "of", m }'
}
giflow --resize=23x23 disc.pam small.png && greens small.png 2116
giflow --resize=23x23 disc.pam small.gif && greens small.gif 2116
giflow --resize=23x23 --alpha-dither disc.pam small.gif && greens small.gif 2116
giflow -r 30 --no-expand disc.pam turned.png && greens turned.png 6400
