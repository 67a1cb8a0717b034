# SPDX-License-Identifier: MIT
# Each bad file: one line that names it and says what is wrong, status 3, no output.
exec 2>&1
for bad in truncated bomb no-width bad-code-size; do
    recipe "$RECIPES/gif-$bad.txt" >$bad.gif
    giflow $bad.gif out.gif
    echo "exit $?"
done
: >empty
giflow empty out.gif; echo "exit $?"
printf 'no picture' >text
giflow text out.gif; echo "exit $?"
printf '\211PNG\r\n\032\n' >head.png
giflow head.png out.gif; echo "exit $?"
printf '\377\330\377' >head.jpg
giflow head.jpg out.gif; echo "exit $?"
printf 'P6 2' >head.ppm
giflow head.ppm out.gif; echo "exit $?"
ls
# --lenient keeps what could be read, and still says so
giflow --lenient truncated.gif out.gif; echo "exit $?"
giflow out.gif pgm:- | tail -c 8 | od -An -v -tu1
giflow --lenient no-width.gif none.gif; echo "exit $?"
giflow --lenient --strict truncated.gif none.gif; echo "exit $?"
ls none.gif
# junk after the end is no damage
recipe "$RECIPES/gif-junk-after.txt" >junk.gif
giflow junk.gif out.gif; echo "exit $?"
