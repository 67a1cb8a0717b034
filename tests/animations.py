# SPDX-License-Identifier: MIT
"""Moving pictures as Pillow renders them.

animations.py make DIR   writes some with every disposal, to DIR
animations.py LIST       a line of LIST is STEP, tab, INPUT, tab, OUTPUT: each picture of OUTPUT must
                         be that of INPUT after STEP, for as long; and the loop must be the same.
                         Prints what is not, a line each, then a count.
"""
import hashlib
import sys
import warnings

from PIL import Image, ImageDraw

warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None

NAMES = getattr(Image, "Transpose", Image)  # its place since Pillow 9.1
TURNS = {
    "90": NAMES.ROTATE_270,
    "180": NAMES.ROTATE_180,
    "270": NAMES.ROTATE_90,
    "h": NAMES.FLIP_LEFT_RIGHT,
    "v": NAMES.FLIP_TOP_BOTTOM,
}


def make(folder):
    """A ball over stripes, and over nothing: by each disposal, and by all in turn. But for those of
    which viewers think differently: what is cleared where nothing is transparent, and what was
    before the first frame."""
    ways = {"none": [0], "keep": [1], "background": [2], "previous": [3], "mixed": [2, 3, 2, 1, 0]}
    for clear in (False, True):
        for name, disposal in ways.items():
            if not clear and 2 in disposal:
                continue
            frames = []
            for i in range(8):
                im = Image.new("P", (61, 47), 0)
                im.putpalette([v for k in range(16) for v in (k * 16, 255 - k * 9, k * 37 % 256)])
                draw = ImageDraw.Draw(im)
                if not clear or i == 0:
                    for x in range(0, 61, 6):
                        draw.line((x, 0, x + 20, 47), fill=1 + x % 13, width=2)
                draw.ellipse((i * 6, i * 4, i * 6 + 17, i * 4 + 13), fill=3 + i)
                frames.append(im)
            options = {"transparency": 0} if clear else {}
            frames[0].save(f"{folder}/made-{name}{'-clear' if clear else ''}.gif", save_all=True,
                           append_images=frames[1:], duration=[70, 0, 10, 20, 30, 400, 50, 60],
                           loop=3 if clear else 0,
                           disposal=[1] + [disposal[i % len(disposal)] for i in range(7)], **options)


def pictures(path, step):
    """(hash of the picture's pixels, duration) of each frame, and the loop"""
    found = []
    with Image.open(path) as im:
        for i in range(getattr(im, "n_frames", 1)):
            im.seek(i)
            rgba = im.convert("RGBA")
            clear = Image.new("RGBA", rgba.size)  # transparent pixels have no color
            clear.paste(rgba, mask=rgba.getchannel("A").point(lambda a: 255 if a else 0))
            if step in TURNS:
                clear = clear.transpose(TURNS[step])
            elif step.startswith("crop"):
                width, height = clear.size
                clear = clear.crop((width // 4, height // 4,
                                    width // 4 + max(width // 2, 1), height // 4 + max(height // 2, 1)))
            found.append((hashlib.md5(clear.tobytes() + repr(clear.size).encode()).digest(),
                          im.info.get("duration", 0)))
        return found, im.info.get("loop")


def main():
    if sys.argv[1] == "make":
        make(sys.argv[2])
        return
    seen = {}
    count = wrong = 0
    for line in open(sys.argv[1], encoding="utf-8"):
        step, before, after = line.rstrip("\n").split("\t")
        try:
            if (before, step) not in seen:
                seen.clear()
                seen[before, step] = pictures(before, step)
            want = seen[before, step]
        except Exception as error:  # Pillow cannot read the input: nothing to compare with
            print("left out:", before, error, file=sys.stderr)
            continue
        count += 1
        try:
            got = pictures(after, "")
        except Exception as error:
            print(f"{after}: {error}")
            wrong += 1
            continue
        if want != got:
            wrong += 1
            frames = [i for i, (a, b) in enumerate(zip(want[0], got[0])) if a[0] != b[0]]
            print(f"{after}: {len(want[0])} and {len(got[0])} frames, loop {want[1]} and {got[1]},"
                  f" {len(frames)} pictures differ: {frames[:5]}")
    print(f"{count} compared, {wrong} differ")
    sys.exit(wrong != 0)


main()
