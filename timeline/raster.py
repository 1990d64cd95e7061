"""From a drawing to pixels: SVG in, PNG out, the same on every machine as the typefaces are our own."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

import resvg_py

FONTS = Path(__file__).resolve().parent / "fonts"
LETTERS = tuple(
    str(FONTS / name) for name in ("source-sans-3-400.ttf", "source-sans-3-600.ttf", "source-serif-4-600.ttf")
)
# Five megabytes, so read only for a drawing that needs them.
KOREAN, CHINESE = (str(FONTS / name) for name in ("noto-sans-kr-400.ttf", "noto-sans-sc-400.ttf"))
MOST_PIXELS = 40_000_000
KEPT = 32


class TooLarge(ValueError):
    """A picture of more pixels than one request may ask for."""


@lru_cache(maxsize=KEPT)
def png(svg: str, width: int, height: int, scale: int = 1) -> bytes:
    """The drawing in pixels; `width` and `height` are its own size. Raises TooLarge.

    The last ones are kept: a card that is shared is fetched by many at once.
    """
    if width * height * scale * scale > MOST_PIXELS:
        raise TooLarge(f"{width * scale} by {height * scale} pixels")
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=scale,
        skip_system_fonts=True,
        font_files=list(_fonts(svg)),
        sans_serif_family="Source Sans 3",
        serif_family="Source Serif 4",
    )


def _fonts(text: str) -> tuple[str, ...]:
    if any(unicodedata.name(character, "").startswith("HANGUL") for character in set(text)):
        return (*LETTERS, KOREAN, CHINESE)
    if any(unicodedata.east_asian_width(character) in "WF" for character in set(text)):
        return (*LETTERS, CHINESE, KOREAN)
    return LETTERS
