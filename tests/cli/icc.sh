# SPDX-License-Identifier: MIT
# Where a profile cannot go along its colors become sRGB, with liblcms2; this one is linear light.
tag() { # name, offset, size
    printf '%s' "$1"
    printf '\0\0\0%b\0\0\0%b' "\\0$(printf %o "$2")" "\\0$(printf %o "$3")"
}
profile() {
    printf '\0\0\0\340\0\0\0\0\002\020\0\0mntrGRAYXYZ \0\0\0\0\0\0\0\0\0\0\0\0acsp'
    head -c 28 /dev/zero
    printf '\0\0\366\326\0\001\0\0\0\0\323\055'
    head -c 48 /dev/zero
    printf '\0\0\0\003'
    tag wtpt 168 20
    tag kTRC 188 12
    tag desc 200 24
    printf 'XYZ \0\0\0\0\0\0\366\326\0\001\0\0\0\0\323\055'
    printf 'curv\0\0\0\0\0\0\0\0'
    printf 'desc\0\0\0\0\0\0\0\006plain\0\0\0\0\0\0\0'
}
printf 'P2 3 1 255  0 128 255\n' >in.pgm
giflow --quality=100 in.pgm plain.jpg
{
    printf '\377\330\377\342\0\360ICC_PROFILE\0\001\001'
    profile
    tail -c +3 plain.jpg
} >in.jpg
gray() {
    giflow "$@" pgm:out.pgm
    tail -c 3 out.pgm | od -An -tu1
}
gray --keep-icc in.jpg
if giflow -v in.jpg pgm:- 2>&1 | grep -aq 'liblcms2 is not'; then
    # as it would be with it
    printf '   0 188 255\n   0 188 255\n   0 188 255\n   0 128 255\n'
else
    gray in.jpg
    giflow in.jpg out.gif
    gray out.gif
    giflow --strip=icc in.jpg out.png
    gray out.png
    giflow in.jpg kept.png
    gray --keep-icc kept.png
fi
