# SPDX-License-Identifier: MIT
# Small files that would take much memory or time: told in a line, without taking it. No output.
exec 2>&1
# try COMMAND...: its exit status, 124 after a minute, and whether it took more than 24 MiB
try() {
    measure -t 60 usage "$@"
    read -r status _ kib <usage
    [ "$kib" -lt $((24576 * ${GIFLOW_WIDE:-1})) ] || echo "took $kib KiB"
    echo "exit $status"
}
recipe "$RECIPES/png-profile-bomb.txt" >profile.png
recipe "$RECIPES/png-huge-text.txt" >text.png
for bad in profile text; do
    try giflow $bad.png out.png
    try giflow $bad.png out.gif
done
# who does not want it can have the picture
try giflow --strip text.png stripped.png
try giflow --lenient text.png lenient.png
cmp stripped.png lenient.png
# 2 to the power of 14 scans more than the first
recipe "$RECIPES/jpeg-empty-scan.txt" >scans
for doubled in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
    cat scans scans >twice && mv twice scans
    [ $doubled != 5 ] || cp scans some
done
recipe "$RECIPES/jpeg-many-scans.txt" >first
printf '\377\331' >end
cat first some end >some.jpg
cat first scans end >many.jpg
try giflow some.jpg some.pgm
for format in png gif jpg; do
    try giflow many.jpg out.$format
done
giflow --info many.jpg
ls
