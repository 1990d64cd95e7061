"""From days to places, and at which widths of the page something fits.

The server does not know how wide a reader's window is. So the drawing is laid out once for every width: places are
fractions of the width, and what needs room in pixels carries the least width at which it fits. A style sheet shows it
from that width on (container queries). One drawing serves a phone and a wall, without script and from any cache.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left
from dataclasses import dataclass

# The widths in pixels at which the style sheet switches; "w720" shows from 720 pixels on.
BREAKPOINTS = (280, 360, 460, 580, 720, 880, 1040, 1200, 1400, 1700, 2100, 2600)
NARROWEST = BREAKPOINTS[0]


def breakpoint(needed: float) -> int | None:
    """The least breakpoint at which a need in pixels is met; None where even the widest is too narrow."""
    at = bisect_left(BREAKPOINTS, needed)
    return BREAKPOINTS[at] if at < len(BREAKPOINTS) else None


@dataclass(frozen=True, slots=True)
class Window:
    """The days in view, first and last included, as proleptic Gregorian ordinals."""

    first: int
    last: int

    @classmethod
    def of(cls, first: datetime.date, last: datetime.date) -> Window:
        return cls(first.toordinal(), last.toordinal())

    @property
    def days(self) -> int:
        return self.last - self.first + 1

    def start_of(self, day: int) -> float:
        """Where a day begins, as a fraction of the width; before the window is below 0."""
        return (day - self.first) / (self.last - self.first + 1)

    def middle_of(self, day: int) -> float:
        return (day + 0.5 - self.first) / (self.last - self.first + 1)

    def clipped(self, day: int) -> int:
        return self.first if day < self.first else self.last if day > self.last else day


def percent(fraction: float) -> str:
    """A fraction as an SVG length that moves with the width of the drawing."""
    return f"{fraction * 100:.3f}".rstrip("0").rstrip(".") + "%"
