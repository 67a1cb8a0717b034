# SPDX-License-Identifier: MIT
# The progress line: on request it shows rows and is erased; a pipe never sees it unasked.
# Rows count twice, as they are read and as they are written.
slow() {
    printf 'P2 2 100 255 '
    for pause in 0.1 0.1 0.1 0.1 0.1 0.1 0.1; do
        sleep $pause
        yes '1 2' | head -n 14
    done
    echo '1 2 1 2'
}
slow | giflow --progress=always - a.gif 2>err
tr '\r' '\n' <err |
    grep -c 'standard input: [0-9]* of 200 rows, [0-9]* %, [0-9]* s left' |
    awk '{ print ($1 > 0) }'
tr '\r' '\n' <err | tail -n 1 | tr -d ' ' | wc -c
slow | giflow - a.gif
slow | giflow --progress=always -q - a.gif
