"""Labels that never touch: events take places in rows, the important ones first.

Two things in one row that have a gap between them as a fraction of the width touch only below a certain width. So each
event needs to know just its neighbours in the row to say from which width on its label fits; from there to any greater
width nothing can collide. Marks must fit at every width, or the event is not drawn but counted: below
MARKS_WHOLE_FROM the style sheet halves them, so that what keeps its distance there keeps it down to half that width.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from . import typeface
from .scale import NARROWEST, breakpoint

TEXT_SIZE = 13
# A title is set whole up to the first length; where that shows only on a wide page, it is cut to the second.
LABEL_LENGTHS = (64, 44)
WIDE = 1040
MARKS_WHOLE_FROM = 580
# The share of the width that one label may take where it first shows. The leaders, placed first, may take more, so that
# a narrow page has words too; if all might, they would keep every later mark out of their rows on wide pages as well.
SHARE = 0.3
LEADERS = 6
LEADERS_SHARE = 0.62
# From this importance on a mark is worth more than another's label.
IMPORTANT = 5
# Free pixels between a mark and its own label, and between one event's things and the next one's.
TO_LABEL = 5
BETWEEN = 4
RADIUS = {1: 3.0, 2: 3.5, 3: 4.5, 4: 5.5, 5: 7.0}

Side = Literal["right", "left", "inside"]


@dataclass(frozen=True, slots=True)
class Extent:
    """What is to be placed: where it begins and ends as fractions of the width, its weight, and its words."""

    key: int
    start: float
    end: float
    importance: int
    title: str
    is_bar: bool = False
    is_focus: bool = False
    share: float = SHARE

    @property
    def radius(self) -> float:
        return RADIUS[self.importance]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stands: the row, the side of the label, and the width from which the label is shown (None: never)."""

    extent: Extent
    row: int
    side: Side
    label: str
    label_from: int | None

    def left(self, labelled: bool) -> float:
        """Pixels taken left of the start."""
        mark = 0.0 if self.extent.is_bar else self.extent.radius
        return mark + (TO_LABEL + self.text if labelled and self.side == "left" else 0)

    def right(self, labelled: bool) -> float:
        """Pixels taken right of the end; for a label inside a bar, right of its start."""
        mark = 0.0 if self.extent.is_bar else self.extent.radius
        return mark + (TO_LABEL + self.text if labelled and self.side == "right" else 0)

    @property
    def text(self) -> float:
        return typeface.width(self.label, TEXT_SIZE)


def clear_from(left: Place, right: Place, left_labelled: bool, right_labelled: bool) -> float:
    """The width from which two neighbours of a row keep their distance; infinite where they never do."""
    beside = right.left(right_labelled) + BETWEEN
    needed = _width_for(left.right(left_labelled) + beside, right.extent.start - left.extent.end)
    if left_labelled and left.side == "inside":
        needed = max(needed, _width_for(TO_LABEL + left.text + beside, right.extent.start - left.extent.start))
    return needed


def _width_for(pixels: float, gap: float) -> float:
    """The width of the drawing at which a gap, a fraction of it, is as wide as some pixels."""
    return pixels / gap if gap > 0 else float("inf")


@dataclass
class Row:
    """One line of places, none of which touch at any width that shows them."""

    number: int
    places: list[Place] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    def candidate(self, extent: Extent) -> Place | None:
        """The best place for the event in this row, or None where even its mark finds no room."""
        before, after = self._neighbours(extent)
        best = Place(extent, self.number, "inside" if extent.is_bar else "right", "", None)
        if not self._mark_fits(best, before, after):
            return None
        sides: tuple[Side, ...] = ("inside",) if extent.is_bar else ("right", "left")
        for length in LABEL_LENGTHS:
            label = typeface.shortened(extent.title, length)
            for side in sides:
                place = Place(extent, self.number, side, label, None)
                width = breakpoint(self._label_needs(place, before, after))
                if width is not None and (best.label_from is None or width < best.label_from):
                    best = Place(extent, self.number, side, label, width)
            if best.label_from is not None and best.label_from <= WIDE:
                break
        return best

    def _mark_fits(self, place: Place, before: Place | None, after: Place | None) -> bool:
        """True if the mark is clear of its neighbours' marks everywhere, and of their labels where they are shown."""
        for left, right in ((before, place), (place, after)):
            if left is None or right is None:
                continue
            if clear_from(left, right, False, False) > MARKS_WHOLE_FROM:
                return False
            other = left if right is place else right
            if other.label_from and clear_from(left, right, left is other, right is other) > other.label_from:
                return False
        return True

    def _label_needs(self, place: Place, before: Place | None, after: Place | None) -> float:
        """The least width in pixels at which the label clears both neighbours, labelled or not, and both edges."""
        extent = place.extent
        needs = [float(NARROWEST), place.text / extent.share]
        if before:
            needs.append(clear_from(before, place, before.label_from is not None, True))
        if after:
            needs.append(clear_from(place, after, True, after.label_from is not None))
        right_of = extent.start if place.side == "inside" else extent.end
        pixels = TO_LABEL + place.text if place.side == "inside" else place.right(True)
        needs.append((pixels + BETWEEN) / (1 - right_of) if right_of < 1 else float("inf"))
        if place.side == "left":
            needs.append((place.left(True) + BETWEEN) / extent.start if extent.start > 0 else float("inf"))
        return max(needs)

    def squeezed_in(self, extent: Extent) -> tuple[Place, list[Place]] | None:
        """A bare mark, and its neighbours with their labels put off to a wider page to make room for it.

        None where marks would touch, or a label would have to wait for more than a wide page.
        """
        before, after = self._neighbours(extent)
        place = Place(extent, self.number, "inside" if extent.is_bar else "right", "", None)
        waiting = []
        for left, right in ((before, place), (place, after)):
            if left is None or right is None:
                continue
            if clear_from(left, right, False, False) > MARKS_WHOLE_FROM:
                return None
            other = left if right is place else right
            needed = clear_from(left, right, left is other, right is other)
            if other.label_from and needed > other.label_from:
                wait = breakpoint(needed)
                if wait is None or wait > WIDE or other.extent.is_focus:
                    return None
                waiting.append(replace(other, label_from=wait))
        return place, waiting

    def _neighbours(self, extent: Extent) -> tuple[Place | None, Place | None]:
        at = bisect_left(self.starts, extent.start)
        return self.places[at - 1] if at else None, self.places[at] if at < len(self.places) else None

    def change(self, place: Place) -> None:
        """Put a place in the stead of the one of the same event."""
        at = next(number for number, each in enumerate(self.places) if each.extent.key == place.extent.key)
        self.places[at] = place

    def take(self, place: Place) -> None:
        at = bisect_left(self.starts, place.extent.start)
        self.starts.insert(at, place.extent.start)
        self.places.insert(at, place)


def place_in_rows(extents: Iterable[Extent], rows: int) -> tuple[list[Place], list[Extent]]:
    """Place what fits, the one in focus first, then the important, then the early; returns the places and the rest.

    Each takes the row in which its label shows at the narrowest width; of equal ones the lowest.
    """
    lines = [Row(number) for number in range(rows)]
    left_over: list[Extent] = []
    for extent in _in_turn(extents):
        best: Place | None = None
        for line in lines:
            place = line.candidate(extent)
            if place and (best is None or (place.label_from or 1e9) < (best.label_from or 1e9)):
                best = place
                if best.label_from == NARROWEST:
                    break
        if best is not None:
            lines[best.row].take(best)
        elif extent.importance < IMPORTANT or not _squeeze_in(extent, lines):
            left_over.append(extent)
    return [place for line in lines for place in line.places], left_over


def _squeeze_in(extent: Extent, lines: list[Row]) -> bool:
    """Draw an important event at the cost of a label that then shows only on wider pages; False if nowhere."""
    found = [(line, *squeezed) for line in lines if (squeezed := line.squeezed_in(extent))]
    if not found:
        return False
    line, place, waiting = min(found, key=lambda each: _cost(each[2]))
    for other in waiting:
        line.change(other)
    line.take(place)
    return True


def _cost(waiting: list[Place]) -> tuple[int, int]:
    """What making room costs: leaders silenced, and the width from which the last of the labels shows again."""
    leaders = sum(other.extent.share > SHARE for other in waiting)
    return leaders, max((other.label_from or 0 for other in waiting), default=0)


def _in_turn(extents: Iterable[Extent]) -> list[Extent]:
    """The order of placing: a few leaders spread over time, then by importance and start."""
    ordered = sorted(extents, key=lambda extent: (not extent.is_focus, -extent.importance, extent.start, extent.key))
    if not ordered:
        return []
    first = [extent for extent in ordered if extent.is_focus or extent.importance == ordered[0].importance]
    # Short titles lead: a long one finds no room on a narrow page in any case.
    short = [extent for extent in first if typeface.width(extent.title, TEXT_SIZE) < LEADERS_SHARE * NARROWEST]
    first = short if len(short) >= LEADERS else first
    step = max(1, len(first) // LEADERS)
    leaders = first[::step][:LEADERS]
    taken = {extent.key for extent in leaders}
    return [replace(extent, share=LEADERS_SHARE) for extent in leaders] + [
        extent for extent in ordered if extent.key not in taken
    ]
