# SPDX-License-Identifier: MIT
# Metadata pass from format to format, kind by kind, unless they are stripped.
has() { # which kinds a file has
    printf '%s:' "$1"
    for what in 'a remark' 'MM.[*]' 'x:xmpmeta' 'ICC_PROFILE' 'ICCRGBG1012' 'iCCP' '8BIM'; do
        if LC_ALL=C tr '\0' . <"$1" | LC_ALL=C grep -aq "$what"; then printf ' %s' "$what"; fi
    done
    echo
}
marker() { # code, body: its length and it
    printf '%b' "\\0377\\0$1"
    n=$(printf '%b' "$2" | wc -c)
    printf '%b' "\\0$(printf %o $(((n + 2) / 256)))\\0$(printf %o $(((n + 2) % 256)))$2"
}
printf 'P3 2 1 255  200 0 0  0 0 200\n' >in.ppm
giflow in.ppm plain.jpg
zeroes() { awk -v n="$1" 'BEGIN { while (n-- > 0) printf "\\0000" }'; }
{
    printf '\377\330'
    marker 376 'a remark'
    marker 341 'Exif\0000\0000MM\0000*\0000\0000\0000\0010\0000\0000\0000\0000\0000\0000'
    marker 341 'http://ns.adobe.com/xap/1.0/\0000<x:xmpmeta/>'
    marker 342 "ICC_PROFILE\\0000\\0001\\0001\\0000\\0000\\0000\\0204$(zeroes 12)RGB $(zeroes 16)acsp$(zeroes 92)"
    marker 355 'Photoshop 3.0\00008BIM\0004\0004\0000\0000\0000\0000\0000\0000'
    tail -c +3 plain.jpg
} >in.jpg
for f in jpg png gif; do
    giflow in.jpg out.$f
    has out.$f
    for g in jpg png gif; do
        giflow out.$f from-$f.$g
        has from-$f.$g
    done
done
giflow --lossless=off in.jpg again.jpg
has again.jpg
for kind in all comments exif icc xmp iptc; do
    giflow --strip=$kind in.jpg no-$kind.jpg
    giflow --strip=$kind in.jpg no-$kind.png
    has no-$kind.jpg
    giflow --strip=$kind --lossless=off in.jpg no-$kind.jpg
    has no-$kind.jpg
    has no-$kind.png
done
giflow --strip --lossless=off in.jpg bare.jpg
cmp bare.jpg no-all.jpg
giflow --strip=icc --strip=exif out.png two.png
has two.png
