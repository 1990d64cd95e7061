"""How wide a text is when it is set in the drawing's typeface, so that the server can place labels that never touch."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Advance widths of Source Sans 3 at weight 600, in thousandths of the size, rounded up to 20: read from the horizontal
# metrics (hmtx) of the file that static/vendor/fonts/build_fonts.py begins with. Lighter weights are narrower.
_CHARACTERS = {
    200: " \xa0",
    260: "|¦",
    280: "',.:;ijl·ìíîïı‘’",
    300: "IÌÍÎÏ",
    320: "!f¡",
    340: "()-[]{}\xad•",
    360: "/\\ª°",
    380: "rt²³¹º",
    440: "*s",
    460: "?z«®»¿",
    480: "cç–",
    500: '"J_vxyýÿ“”',
    520: "#$+0123456789<=>FLY^aeg~¢£¤¥§¬±×Ýàáâãäåèéêë÷",
    540: "EVZkÈÉÊË",
    560: "ASTX`hnou¨¯´¸ÀÁÂÃÄÅðñòóôõöøùúûü",
    580: "CbdpqµÇþ",
    600: "BKPR¶Þ",
    620: "ß",
    640: "&DG",
    660: "NUÐÑÙÚÛÜ",
    680: "HOQÒÓÔÕÖØ",
    760: "Mw©",
    780: "æ",
    800: "W¼—",
    820: "¾",
    840: "½Æœ",
    860: "%mŒ",
    880: "@",
    980: "…",
}
_WIDTH = {character: width for width, characters in _CHARACTERS.items() for character in characters}
# Letters that the typeface lacks come from the reader's own fonts: Cyrillic and Greek ones are about this wide there.
_OTHER = 680


# The same few hundred titles are measured for each row, and again for each reader.
@lru_cache(maxsize=8192)
def width(text: str, size: float) -> float:
    """The width in pixels of a text at a size in pixels; never less than what a browser draws."""
    try:
        total = sum(map(_WIDTH.__getitem__, text))
    except KeyError:
        total = sum(_WIDTH.get(character) or _width_of_other(character) for character in text)
    return total * size / 1000


def _width_of_other(character: str) -> int:
    return 1000 if unicodedata.east_asian_width(character) in "WF" else _OTHER


@lru_cache(maxsize=8192)
def shortened(text: str, length: int) -> str:
    """The text in at most `length` characters, cut between words and marked with an ellipsis where it was cut."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, space, _tail = cut.rpartition(" ")
    return (head if space and len(head) > length // 2 else cut).rstrip(" ,;:–-") + "…"
