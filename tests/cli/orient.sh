# SPDX-License-Identifier: MIT
# What EXIF says of the orientation is done once; then it says that nothing is left to do.
oriented() { # number: in.jpg with an EXIF of that orientation
    printf '\377\330\377\341\0\042Exif\0\0MM\0*\0\0\0\010\0\001\001\022\0\003\0\0\0\001\0\'"$(printf '%03o' "$1")"'\0\0\0\0\0\0'
    tail -c +3 in.jpg
}
bars() { # black and white of a PGM, a row a line
    giflow "$@" pgm:out.pgm
    size=$(sed -n 2p out.pgm)
    echo "$size: $(tail -c $((${size% *} * ${size#* })) out.pgm | od -An -v -tu1 -w"${size% *}" |
        awk '{ for (i = 1; i <= NF; i++) printf $i < 128 ? "#" : "."; printf " " }')"
}
printf 'P2 3 2 255  0 0 255  0 255 255\n' >in.pgm
giflow --quality=100 in.pgm in.jpg
for n in 1 2 3 4 5 6 7 8; do
    oriented $n >$n.jpg
    bars $n.jpg
done
echo "left alone:"
bars --no-auto-orient 6.jpg
echo "before the steps:"
bars --flip=h 6.jpg
echo "twice, by PNG and JPEG:"
giflow 6.jpg png:- | giflow - jpeg:- >twice.jpg
bars twice.jpg
giflow --no-auto-orient 6.jpg png:- | giflow --no-auto-orient --quality=100 - jpeg:- >late.jpg
bars late.jpg
echo "stripped, so that nobody knows:"
giflow --no-auto-orient --strip=exif --quality=100 6.jpg bare.jpg
bars bare.jpg
