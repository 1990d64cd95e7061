"""Labels that never touch: events take places in rows, the important ones first.

Two things in one row that have a gap between them as a fraction of the width touch only below a certain width. So each
event needs to know just its neighbours in the row to say from which width on its label fits; from there to any greater
width nothing can collide. Marks must fit at every width, or the event is not drawn but counted: below
MARKS_WHOLE_FROM the style sheet halves them, so that what keeps its distance there keeps it down to half that width.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

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
# Where something may stand beside a place: as the mark needs it, as the label does, and how wide a page the label can
# wait for, in pixels.
Bound = tuple[float, float, float]


class Extent(NamedTuple):
    """What is to be placed: where it begins and ends as fractions of the width, its weight, and its words.

    A mark begins and ends at one point, and takes room to both sides of it; a bar takes what it covers. `reach` is what
    it takes without words before its start and after its end, in pixels.
    """

    key: int
    start: float
    end: float
    importance: int
    title: str
    reach: float
    is_bar: bool = False
    is_focus: bool = False
    share: float = SHARE


class Place(NamedTuple):
    """Where it stands: the row, the side of the label, and the width from which the label is shown (None: never).

    In pixels, with the label if there is one, `left` is taken before its start and `right` after its end; `inside`, of
    a label within a bar, after its start.
    """

    extent: Extent
    row: int
    side: Side
    label: str
    label_from: int | None
    left: float
    right: float
    inside: float = 0.0

    @classmethod
    def bare(cls, extent: Extent, row: int) -> Place:
        """Without words."""
        return cls(extent, row, "inside" if extent.is_bar else "right", "", None, extent.reach, extent.reach)

    @classmethod
    def labelled(cls, extent: Extent, row: int, label_from: int, side: Side, label: str) -> Place:
        """With words from a width on."""
        bare, words = extent.reach, extent.reach + TO_LABEL + typeface.width(label, TEXT_SIZE)
        left, right = words if side == "left" else bare, words if side == "right" else bare
        return cls(extent, row, side, label, label_from, left, right, words if side == "inside" else 0.0)

    @property
    def free_from(self) -> Bound:
        """Before this nothing can stand after it, however much its label gives way."""
        extent, yields_to = self.extent, self._yields_to
        bare = extent.end + (extent.reach + BETWEEN) / MARKS_WHOLE_FROM
        words = extent.end + (self.right + BETWEEN) / yields_to
        if self.inside:
            words = max(words, extent.start + (self.inside + BETWEEN) / yields_to)
        return bare, words, yields_to

    @property
    def free_until(self) -> Bound:
        """After this nothing can end before it, however much its label gives way."""
        extent, yields_to = self.extent, self._yields_to
        bare = extent.start - (extent.reach + BETWEEN) / MARKS_WHOLE_FROM
        return bare, extent.start - (self.left + BETWEEN) / yields_to, yields_to

    @property
    def _yields_to(self) -> float:
        """The widest page for which its label may have to wait."""
        if self.label_from is None:
            return MARKS_WHOLE_FROM
        return self.label_from if self.extent.is_focus else max(self.label_from, WIDE)

    def clear_of(self, start: float, pixels: float) -> float:
        """The width from which it is clear of what stands after it and takes pixels before `start`."""
        needed = _width_for(self.right + pixels, start - self.extent.end)
        return max(needed, _width_for(self.inside + pixels, start - self.extent.start)) if self.inside else needed

    def cleared_by(self, end: float, pixels: float) -> float:
        """The width from which it is clear of what stands before it and takes pixels after `end`."""
        return _width_for(self.left + pixels, self.extent.start - end)


# A neighbour, and the width from which it is clear of the bare mark of another with the label that it has.
Beside = tuple[Place | None, float]


def _width_for(pixels: float, gap: float) -> float:
    """The width of the drawing at which a gap, a fraction of it, is as wide as some pixels; infinite without a gap."""
    return pixels / gap if gap > 0 else float("inf")


@dataclass
class Row:
    """One line of places, none of which touch at any width that shows them."""

    number: int
    places: list[Place] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    # For each place from where on, and until where, something without any width could stand beside it.
    free_from: list[Bound] = field(default_factory=list)
    free_until: list[Bound] = field(default_factory=list)

    def candidate(self, extent: Extent) -> Place | None:
        """The best place for the event in this row, or None where even its mark finds no room."""
        beside = self._beside(extent)
        if beside is None or any(other and other.label_from and needed > other.label_from for other, needed in beside):
            return None
        (before, clear_before), (after, clear_after) = beside
        mark = extent.reach + BETWEEN
        best: tuple[int, Side, str] | None = None
        for label in dict.fromkeys(typeface.shortened(extent.title, length) for length in LABEL_LENGTHS):
            text = typeface.width(label, TEXT_SIZE)
            words = mark + TO_LABEL + text
            onwards = max(
                clear_before,
                after.cleared_by(extent.start, words) if after else 0.0,
                clear_after,
                _width_for(words, 1 - extent.start),
            )
            sides: list[tuple[Side, float]] = [("inside" if extent.is_bar else "right", onwards)]
            if not extent.is_bar:
                backwards = max(
                    before.clear_of(extent.start, words) if before else 0.0,
                    clear_after,
                    _width_for(words, extent.start),
                    _width_for(mark, 1 - extent.end),
                )
                sides.append(("left", backwards))
            for side, needed in sides:
                width = breakpoint(max(needed, text / extent.share))
                if width is not None and (best is None or width < best[0]):
                    best = width, side, label
            if best is not None and best[0] <= WIDE:
                break
        return Place.labelled(extent, self.number, *best) if best else Place.bare(extent, self.number)

    def squeezed_in(self, extent: Extent) -> tuple[Place, list[Place]] | None:
        """A bare mark, and its neighbours with their labels put off to a wider page to make room for it.

        None where marks would touch, or a label would have to wait for more than a wide page.
        """
        beside = self._beside(extent)
        if beside is None:
            return None
        waiting = []
        for other, needed in beside:
            if other and other.label_from and needed > other.label_from:
                if needed > WIDE or other.extent.is_focus:
                    return None
                waiting.append(other._replace(label_from=breakpoint(needed)))
        return Place.bare(extent, self.number), waiting

    def _beside(self, extent: Extent) -> tuple[Beside, Beside] | None:
        """The neighbours before and after; None where the bare marks would touch."""
        before, after = self._neighbours(extent)
        if (before and _may_touch(before.extent, extent)) or (after and _may_touch(extent, after.extent)):
            return None
        mark = extent.reach + BETWEEN
        clear_before = before.clear_of(extent.start, mark) if before else 0.0
        clear_after = after.cleared_by(extent.end, mark) if after else 0.0
        return (before, clear_before), (after, clear_after)

    def _neighbours(self, extent: Extent) -> tuple[Place | None, Place | None]:
        at = bisect_left(self.starts, extent.start)
        return self.places[at - 1] if at else None, self.places[at] if at < len(self.places) else None

    def change(self, place: Place) -> None:
        """Put a place in the stead of the one of the same event."""
        at = next(number for number, each in enumerate(self.places) if each.extent.key == place.extent.key)
        self.places[at], self.free_from[at], self.free_until[at] = place, place.free_from, place.free_until

    def take(self, place: Place) -> None:
        at = bisect_left(self.starts, place.extent.start)
        self.starts.insert(at, place.extent.start)
        self.places.insert(at, place)
        self.free_from.insert(at, place.free_from)
        self.free_until.insert(at, place.free_until)


def _may_touch(left: Extent, right: Extent) -> bool:
    """True if the marks of two neighbours touch on a page at which they must not."""
    return left.reach + BETWEEN + right.reach > (right.start - left.end) * MARKS_WHOLE_FROM


def place_in_rows(extents: Iterable[Extent], rows: int) -> tuple[list[Place], list[Extent]]:
    """Place what fits, the one in focus first, then the important, then the early; returns the places and the rest.

    Each takes the row in which its label shows at the narrowest width; of equal ones the lowest.
    """
    lines = [Row(number) for number in range(rows)]
    left_over: list[Extent] = []
    for extent in _in_turn(extents):
        best: Place | None = None
        open_lines = _with_room(lines, extent)
        for line in open_lines:
            place = line.candidate(extent)
            if place and (best is None or (place.label_from or 1e9) < (best.label_from or 1e9)):
                best = place
                if best.label_from == NARROWEST:
                    break
        if best is not None:
            lines[best.row].take(best)
        elif extent.importance < IMPORTANT or not _squeeze_in(extent, open_lines):
            left_over.append(extent)
    return [place for line in lines for place in line.places], left_over


def _with_room(lines: list[Row], extent: Extent) -> list[Row]:
    """The rows in which its mark could stand if labels gave way: of most rows, when they are full, that is not so."""
    start, end, reach = extent.start, extent.end, extent.reach
    found = []
    for line in lines:
        at = bisect_left(line.starts, start)
        if at:
            bare, words, yields_to = line.free_from[at - 1]
            if start < bare + reach / MARKS_WHOLE_FROM or start < words + reach / yields_to:
                continue
        if at < len(line.starts):
            bare, words, yields_to = line.free_until[at]
            if end > bare - reach / MARKS_WHOLE_FROM or end > words - reach / yields_to:
                continue
        found.append(line)
    return found


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
    return [extent._replace(share=LEADERS_SHARE) for extent in leaders] + [
        extent for extent in ordered if extent.key not in taken
    ]
