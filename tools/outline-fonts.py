#!/usr/bin/env python3
"""Makes fonts/NotoSans-{Regular,Bold}.txt.gz, the outlines of letters for posters, from the fonts.

    tools/outline-fonts.py DIRECTORY     contains NotoSans-Regular.ttf and NotoSans-Bold.ttf; needs fonttools (PyPI)

The present ones are from Debian's fonts-noto-core 20201225 (/usr/share/fonts/truetype/noto), made with fonttools 4.

The files have one line for each letter, sorted by code point: the code point in hexadecimal, the width, and the outlines as the data of
an SVG path. The path begins at the left end of the letter's base line and is relative, so that it can be placed anywhere. Numbers
are in thousandths of the font size and grow upwards.
"""
import gzip
import sys
from pathlib import Path

from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

# Latin with Vietnamese, Greek, Cyrillic, standalone accents, punctuation, currencies, a few signs.
RANGES = """
    0020-007E 00A0-017F 018F 0192 01A0-01A1 01AF-01B0 0218-021B 0259 1E80-1E85 1E9E 1EA0-1EF9 0384-03CE 0400-04FF
    02BB-02BC 0300-0304 0306-030C 0323 2010-2015 2018-201E 2020-2022 2026 2030 2032-2033 2039-203A 2044 20A0-20BF 2116 2122
    2190-2193 2212 2248 2260 2264-2265
"""


def points():
    for part in RANGES.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def numbers(*values):
    """Numbers with the shortest separators that a path allows."""
    text = ""
    for value in values:
        text += (" " if text and value >= 0 else "") + str(value)
    return text


def path(glyphs, name):
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    data, here, start = "", (0, 0), (0, 0)

    def to(point):
        return round(point[0]) - here[0], round(point[1]) - here[1]

    for command, operands in pen.value:
        if command == "moveTo":
            data += "m" + numbers(*to(operands[0]))
            here = start = tuple(map(round, operands[0]))
        elif command == "lineTo":
            right, up = to(operands[0])
            data += f"h{right}" if up == 0 else f"v{up}" if right == 0 else "l" + numbers(right, up)
            here = tuple(map(round, operands[0]))
        elif command == "qCurveTo":
            for control, end in decomposeQuadraticSegment(operands):
                data += "q" + numbers(*to(control), *to(end))
                here = tuple(map(round, end))
        elif command in ("closePath", "endPath"):
            data += "z"
            here = start
    return data


def main():
    for weight in ("Regular", "Bold"):
        font = TTFont(Path(sys.argv[1]) / f"NotoSans-{weight}.ttf")
        assert font["head"].unitsPerEm == 1000
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        lines = [f"{point:X} {glyphs[names[point]].width} {path(glyphs, names[point])}\n" for point in points() if point in names]
        file = Path(__file__).parent.parent / "fonts" / f"NotoSans-{weight}.txt.gz"
        file.write_bytes(gzip.compress("".join(sorted(lines, key=lambda line: int(line.split()[0], 16))).encode(), 9, mtime=0))
        print(f"{file.name}: {len(lines)} letters, {file.stat().st_size} bytes")


main()
