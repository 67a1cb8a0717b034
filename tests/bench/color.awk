# SPDX-License-Identifier: MIT
# color.awk, run by color.sh: means of its figures, and what is asked for beside them.
# Variables: sizes, modes, tools. Figures: kind, picture, tool, colors, dither, ok, blin, ss2, bytes.

{
    key = $3 SUBSEP $4 SUBSEP $5 SUBSEP $2
    if ($6 == "-") { bad[$3, $4, $5]++; next }
    kind[$2] = $1
    seen[$1]
    ran[$3, $4, $5]
    good[$3, $4, $5]++
    has[key]
    value[key, "ok"] = $6
    value[key, "blin"] = $7
    value[key, "ss2"] = $8
    value[key, "KB"] = $9 / 1000
    if ($8 == "-") unscored = 1
}

function anchor(tool) {
    return tool ~ /^(giflow|pngquant|gifski|sharp)$/
}

# The mean of a measure over the pictures of a kind that all anchors, and this tool, could do.
function mean(tool, size, mode, measure, of,    p, n, sum) {
    for (p in kind)
        if (common[p] && ((tool, size, mode, p) in has) && (of == "all" || kind[p] == of)) {
            sum += value[tool, size, mode, p, measure]
            n++
        }
    pictures = n
    return n ? sum / n : 0
}

function find_common(size, mode,    p, i) {
    for (p in kind) {
        common[p] = 1
        for (i = 1; i <= tool_count; i++)
            if (anchor(tool[i]) && (tool[i], size, mode) in ran && !((tool[i], size, mode, p) in has))
                common[p] = 0
    }
}

function table(size, mode, of,    i, t) {
    mean("giflow", size, mode, "ok", of)
    printf "\n%s colors, dithering %s, %s (%d)\n", size, mode, of, pictures
    printf "%-14s %8s %8s %8s %8s\n", "", "ok", "blin", "ss2", "KB"
    for (i = 1; i <= tool_count; i++) {
        t = tool[i]
        if (!((t, size, mode) in ran))
            continue
        printf "%-14s %8.3f %8.3f %8s %8.1f", t, mean(t, size, mode, "ok", of),
            mean(t, size, mode, "blin", of),
            unscored ? "-" : sprintf("%.2f", mean(t, size, mode, "ss2", of)),
            mean(t, size, mode, "KB", of)
        if (bad[t, size, mode]) printf "  %d left out", bad[t, size, mode]
        printf "\n"
    }
}

function verdict(text, got, asked, below) {
    printf "%-58s %8.3f  asked %s%-6s %s\n", text, got, below ? "<= " : ">= ", asked,
        (below ? got <= asked : got >= asked) ? "ok" : "MISS"
}

function best(size, mode, measure, high,    i, t, m, found) {
    found = ""
    for (i = 1; i <= tool_count; i++) {
        t = tool[i]
        if (t == "giflow" || !anchor(t) || !((t, size, mode) in ran))
            continue
        m = mean(t, size, mode, measure, "all")
        if (found == "" || (high ? m > found : m < found)) found = m
    }
    return found
}

function asked(size, mode,    p, gap, least, where) {
    if (!(("pngquant", size, mode) in ran))
        return
    if (mode == "none") {
        verdict(size " colors, undithered ok by pngquant's",
            mean("giflow", size, mode, "ok", "all") / mean("pngquant", size, mode, "ok", "all"),
            size == 256 ? 0.85 : 0.81, 1)
        verdict(size " colors, undithered bytes by pngquant's",
            mean("giflow", size, mode, "KB", "all") / mean("pngquant", size, mode, "KB", "all"), 1, 1)
        return
    }
    verdict(size " colors, dithered blin by the best peer's",
        mean("giflow", size, mode, "blin", "all") / best(size, mode, "blin", 0), 0.8, 1)
    verdict(size " colors, dithered bytes by pngquant's",
        mean("giflow", size, mode, "KB", "all") / mean("pngquant", size, mode, "KB", "all"), 1, 1)
    if (unscored)
        return
    verdict(size " colors, dithered ss2 less the best peer's",
        mean("giflow", size, mode, "ss2", "all") - best(size, mode, "ss2", 1),
        size == 256 ? 4 : 6, 0)
    least = 1000
    for (p in kind)
        if (common[p]) {
            gap = value["giflow", size, mode, p, "ss2"] - value["pngquant", size, mode, p, "ss2"]
            if (gap < least) { least = gap; where = p }
        }
    verdict(size " colors, ss2 less pngquant's, worst: " substr(where, 1, 20), least, -0.5, 0)
}

END {
    tool_count = split(tools, tool, " ")
    size_count = split(sizes, size, " ")
    mode_count = split(modes, mode, " ")
    for (i in ran) # a tool that fails at most pictures tells nothing
        if (bad[i] > 0 && bad[i] > good[i])
            delete ran[i]
    for (i = 1; i <= size_count; i++)
        for (j = 1; j <= mode_count; j++) {
            find_common(size[i], mode[j])
            for (k in seen)
                table(size[i], mode[j], k)
            table(size[i], mode[j], "all")
        }
    printf "\n"
    for (i = 1; i <= size_count; i++)
        for (j = 1; j <= mode_count; j++) {
            find_common(size[i], mode[j])
            asked(size[i], mode[j])
        }
}
