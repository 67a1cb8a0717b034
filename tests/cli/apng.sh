# SPDX-License-Identifier: MIT
# Moving pictures as APNG: from GIF, from stills, from a pipe, and kept as what it is.
facts() {
    giflow --info "$1" | grep -E '^(format|width|palette_size|transparent|loop|frames)' | tr '\n' ' '
    echo
}
chunks() { # their types
    grep -aoE 'IHDR|acTL|PLTE|tRNS|fcTL|IDAT|fdAT|IEND' "$1" | tr '\n' ' '
    echo
}
recipe "$RECIPES/gif-two-frames.txt" >two.gif
giflow two.gif two.apng && facts two.apng && chunks two.apng
giflow -f apng - - <two.gif | cmp - two.apng && echo piped
giflow two.apng back.gif && giflow back.gif again.apng && cmp two.apng again.apng && echo back
for f in two.gif two.apng; do giflow "$f" "${f#two.}%d.ppm"; done
cmp gif0.ppm apng0.ppm && cmp gif1.ppm apng1.ppm && echo same
giflow -v -r 90 two.apng turned.apng 2>&1 | grep wrote
# stills, one of them with alpha between; 30 frames a second are just that
printf 'P3 2 2 255  0 0 0  255 0 0  0 0 0  0 0 0\n' >a.ppm
printf 'P7\nWIDTH 2\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefghijklmnop' >b.pam
giflow --fps=30 -o joined.apng a.ppm b.pam && facts joined.apng
od -An -tx1 -j "$(($(grep -abo fcTL joined.apng | head -1 | cut -d: -f1) + 24))" -N 4 joined.apng
# a still is a PNG
giflow a.ppm still.apng && giflow a.ppm still.png && cmp still.apng still.png && chunks still.apng
# in place, and in a folder
cp two.apng place.apng && giflow -r 180 --in-place place.apng && facts place.apng
mkdir d && giflow -d d -f apng two.gif a.ppm && ls d
# a PNG takes the first frame, as ever
giflow two.apng one.png && chunks one.png
giflow -o no.png two.gif a.ppm; echo "exit $?"
head -c 150 two.apng >short.apng
giflow short.apng no.apng; echo "exit $?"
giflow --tmp-limit=0 two.gif small.apng && cmp two.apng small.apng
giflow -k 4 -o no.apng two.gif a.ppm; echo "exit $?"
ls no* 2>/dev/null || echo none
