# ruff: noqa: INP001 -- a script beside what it makes, in no package
"""Make the two typefaces of the pages from their npm packages: only the letters and weights that the pages use.

Needs fonttools and brotli: `python build_fonts.py source-sans-3-latin-wght-normal.woff2
source-serif-4-latin-600-normal.woff2`. A changed version must not carry the reserved name "Source" (OFL, clause 3),
so they are named Annals Sans and Annals Serif.
"""

from __future__ import annotations

import io
import sys
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

# Letters beyond these, and all other scripts, come from the reader's own fonts.
LATIN = [*range(0x20, 0x7F), 0xA0, 0xA9, 0xB0, 0xB7, *range(0xC0, 0x100)]
SANS = "".join(map(chr, LATIN)) + "–—‘’“”…•‹›←→↑↓−"
SERIF = "".join(map(chr, range(0x20, 0x7F))) + "–—‘’“”…·éèöüçñ"


def build(source: str, target: str, family: str, letters: str, features: list[str], axes: dict[str, Any]) -> None:
    """Write a typeface with these letters, features and range of weights under another family name."""
    font = TTFont(source)
    if axes:
        file = io.BytesIO()
        font = instantiateVariableFont(font, axes)
        font.flavor = None
        font.save(file)
        font = TTFont(file)
        for glyph in font.getGlyphOrder():
            font["gvar"].variations.setdefault(glyph, [])
    options = Options(layout_features=features, hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17])
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16):
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    build(sys.argv[1], "annals-sans-400-700.woff2", "Annals Sans", SANS, ["tnum", "lnum"], {"wght": (400, 700)})
    build(sys.argv[2], "annals-serif-600.woff2", "Annals Serif", SERIF, ["lnum"], {})
