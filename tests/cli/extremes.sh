# SPDX-License-Identifier: MIT
# Pictures of one color, of one color too many, of none, of one pixel; a GIF filtered as light.
pixels() { giflow -O0 "$1" out.ppm && tail -c "$2" out.ppm | od -An -v -tu1 -w3 | sort | uniq -c | sed 's/^ *//'; }
colors() { giflow --info "$1" | sed -n 's/^colors_used: //p'; }

echo 'one color'
awk 'BEGIN { print "P3 50 40 255"; for (i = 0; i < 2000; i++) print 12, 34, 56 }' >one.ppm
for dither in none fs blue; do
    giflow -k 2 --dither=$dither one.ppm one.gif && pixels one.gif 6000
    giflow --resize=31x --dither=$dither one.gif small.gif && pixels small.gif 2325
done

echo '257 colors: one pixel or two are another color then, by little'
awk 'BEGIN { print "P3 257 3 255"; for (i = 0; i < 771; i++) print int(i % 257 / 17) * 17, i % 257 % 17 * 15, 80 }' >many.ppm
for dither in none fs blue; do
    giflow -v --dither=$dither many.ppm many.gif 2>log && colors many.gif
    sed -n 's/.*: \(.*\), [^,]* at most.*/\1/p' log
done
awk 'BEGIN { print "P3 256 3 255"; for (i = 0; i < 768; i++) print i % 256, 255 - i % 256, 7 }' >full.ppm
giflow --dither=fs full.ppm full.gif && giflow full.gif ppm:back.ppm && giflow full.ppm ppm:want.ppm &&
    cmp back.ppm want.ppm

echo 'fully transparent'
head='DEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n'
{ printf "P7\nWIDTH 3\nHEIGHT 2\n$head" && printf '\1\2\3\0\4\5\6\0\7\10\11\0\1\2\3\0\4\5\6\0\7\10\11\0'; } >none.pam
for options in '' -k2 --dither=blue --alpha-dither --resize=5x '-r 30'; do
    giflow $options none.pam none.gif && giflow none.gif none-out.pam &&
        tail -c +60 none-out.pam | tr -d '\0' | tail -c +20 | wc -c
done

echo 'one pixel'
printf 'P3 1 1 255 9 8 7\n' >dot.ppm
giflow -k 2 --dither dot.ppm dot.gif && pixels dot.gif 3
giflow --resize='3x3!' dot.gif dot3.gif && pixels dot3.gif 27
{ printf "P7\nWIDTH 1\nHEIGHT 1\n$head" && printf '\1\2\3\0'; } >dot.pam
giflow dot.pam dot.gif && giflow --info dot.gif | grep -e transparent -e width

# a checkerboard of pixels beside a red disc that stands on transparent green, shrunk
awk 'BEGIN {
    printf "P7\nWIDTH 256\nHEIGHT 128\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
}' >in.pam
awk 'BEGIN {
    for (y = 0; y < 128; y++) {
        for (x = 0; x < 256; x++)
            if (x < 128) printf (x + y) % 2 ? "\\377\\377\\377\\377" : "\\0\\0\\0\\377"
            else printf (x - 191.5) ^ 2 + (y - 63.5) ^ 2 < 2304 ? "\\377\\0\\0\\377" : "\\0\\377\\0\\0"
        print ""
    }
}' | while read -r line; do
    # shellcheck disable=SC2059
    printf "$line"
done >>in.pam
giflow in.pam in.gif && colors in.gif
for options in '' --dither=none --dither=blue '-k 256'; do
    giflow --resize=96x48 $options in.gif out.gif && giflow out.gif out.pam &&
        tail -c 18432 out.pam | od -An -v -tu1 -w4 | awk -v in_colors="$(colors in.gif)" -v colors="$(colors out.gif)" '
            NR % 96 > 3 && NR % 96 < 45 { sum += $1; n++ }
            NR % 96 > 48 && $4 > 0 { disc++; green += $2 > $1 }
            END {
                area = 3.14159265 * 2304 * 9 / 64
                print "light", (sum / n >= 187 && sum / n <= 189),
                    "area", (disc / area > 0.99 && disc / area < 1.01), "green", green + 0,
                    "no more colors", (colors <= in_colors)
            }'
done
