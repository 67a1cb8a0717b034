// SPDX-License-Identifier: MIT
// quantize.js COLORS DITHER IN OUT: a GIF by sharp; DITHER none or fs.
const [colours, dither, from, to] = process.argv.slice(2);
require("sharp")(from)
    .removeAlpha()
    .gif({ colours: Number(colours), dither: dither === "fs" ? 1 : 0, effort: 10 })
    .toFile(to)
    .catch((error) => {
        console.error(`quantize.js: ${error.message}`);
        process.exitCode = 1;
    });
