"""The card that a shared link shows elsewhere: 1200 by 630 pixels, readable as a stamp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import typeface
from .still import INK, SERIF, hue, wrapped

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
PLANE = WIDTH - 2 * MARGIN
SIZES = (76, 64, 54, 46)
MOST_LINES = 4
FLAG_WIDTH, FLAG_HEIGHT, FLAG_GAP = 96, 64, 20
MOST_FLAGS = 6
NAME_SIZE = 28


@dataclass(frozen=True)
class Card:
    """`kicker` stands above the title, `line` below it; `bars` are the overview's, `flags` are data addresses."""

    kicker: str
    title: str
    line: str
    icon: str = "circle"
    position: int = 0
    flags: Sequence[str] = ()
    names: str = ""
    bars: Sequence[tuple[str, str, float, float, int]] = field(default=())

    @property
    def colour(self) -> str:
        return hue(self.position) if self.position else INK

    @property
    def size(self) -> int:
        """The largest size at which the title takes three lines, else the smallest."""
        return next(
            (size for size in SIZES if len(wrapped(self.title, size * SERIF, PLANE, 99)) <= 3),
            SIZES[-1],
        )

    @property
    def lines(self) -> list[tuple[str, int]]:
        """The lines of the title, each with its place."""
        size = self.size
        found = wrapped(self.title, size * SERIF, PLANE, MOST_LINES)
        return [(line, 150 + size + number * round(size * 1.16)) for number, line in enumerate(found)]

    @property
    def line_y(self) -> int:
        return self.lines[-1][1] + 62

    @property
    def short_line(self) -> str:
        return wrapped(self.line, 36, PLANE, 1)[0]

    @property
    def flag_places(self) -> list[tuple[str, int]]:
        flags = self.flags[:MOST_FLAGS]
        step = FLAG_WIDTH + FLAG_GAP
        start = WIDTH - MARGIN + FLAG_GAP - len(flags) * step if self.bars else MARGIN
        return [(flag, start + number * step) for number, flag in enumerate(flags)]

    @property
    def flag_y(self) -> int:
        """Beside the kicker where the bars take the room below."""
        return 66 if self.bars else 498

    @property
    def names_x(self) -> int:
        return MARGIN + len(self.flag_places) * (FLAG_WIDTH + FLAG_GAP) + 4

    @property
    def short_names(self) -> str:
        """The names of the countries where they have room beside the flags."""
        room = WIDTH - MARGIN - 150 - self.names_x
        return self.names if typeface.width(self.names, NAME_SIZE) <= room else ""
