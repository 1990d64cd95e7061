"""The drawing: lanes of marks and labels over a density of all that was not drawn by itself.

Places across are fractions of the width, places down are pixels. Every event in view is either a mark or counted in one
bin of its lane, never both and never neither.
"""

from __future__ import annotations

import datetime
import itertools
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .arcs import Arcs, Tie, arcs
from .axis import Axis, Unit, axis, density_unit
from .placing import BETWEEN, RADIUS, TO_LABEL, Extent, Place, place_in_rows
from .scale import Window, percent

HEADING_HEIGHT = 20
TICK_HEIGHT = 24
LANE_HEADER = 24
ROW_HEIGHT = 22
DENSITY_HEIGHT = 40
LANE_GAP = 10
MOST_BINS = 128
TITLES_OF_BIN = 3
# Rows of labels by number of lanes: a single lane may be tall, ten must still fit a screen.
ROWS = ((1, 10), (3, 5), (6, 3), (99, 2))
# A bar shorter than this share of the width is drawn as a mark, as it would not be seen.
SHORTEST_BAR = 0.008
NO_WIDTH = "0%"


class Subject(NamedTuple):
    """What the drawing must know of an event; days are ordinals."""

    id: int
    title: str
    day: int
    earliest: int
    latest: int
    start_latest: int
    end_earliest: int
    importance: int
    category: str
    icon: str = "circle"
    hue: int = 0
    is_interval: bool = False
    open_start: bool = False
    open_end: bool = False
    is_focus: bool = False

    @property
    def is_exact(self) -> bool:
        return self.earliest == self.start_latest and self.latest == self.end_earliest


@dataclass(frozen=True)
class LaneContent:
    """What one lane has to show: the subjects that may be drawn, and how many events there are besides in each bin."""

    key: str
    label: str
    subjects: Sequence[Subject]
    density: Callable[[Sequence[int], Collection[int]], list[int]]
    total: int


class Mark(NamedTuple):
    """One event in one lane. `x` and `end` bound the whole time, `core_x` and `core_end` what is certain of it."""

    id: int
    title: str
    label: str
    category: str
    icon: str
    hue: int
    importance: int
    x: str
    y: int
    width: str
    core_x: str
    core_width: str
    is_bar: bool
    has_faded_ends: bool
    open_start: bool
    open_end: bool
    side: str
    label_from: int | None
    is_focus: bool = False

    @property
    def end_x(self) -> str:
        """Where a bar ends."""
        return f"{float(self.x[:-1]) + float(self.width[:-1]):.3f}%"

    @property
    def label_offset(self) -> float:
        """Pixels from the middle of a mark, or the beginning of a bar and the arrow in it, to the label."""
        if self.is_bar:
            return TO_LABEL + BETWEEN if self.open_start else 2
        return RADIUS[self.importance] + TO_LABEL


# Not frozen: hundreds are made for each page, and freezing them would take three times as long.
@dataclass(slots=True)
class Bin:
    """The events of a lane that are counted together: when, how many, and how tall that is above its baseline."""

    first: int
    last: int
    x: str
    width: str
    count: int
    height: float
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    label: str
    total: int
    y: int
    height: int
    baseline: int
    marks: list[Mark]
    bins: list[Bin]


@dataclass(frozen=True, slots=True)
class Connector:
    """The line that ties the marks of one event across lanes."""

    id: int
    x: str
    top: int
    bottom: int


@dataclass(frozen=True)
class Drawing:
    window: Window
    axis: Axis
    axis_height: int
    lanes: list[Lane]
    connectors: list[Connector]
    height: int
    today: str | None
    bin_unit: Unit
    arcs: Arcs | None = None
    drawn: set[int] = field(default_factory=set)


def layout(
    window: Window,
    contents: Sequence[LaneContent],
    today: datetime.date,
    focus: tuple[int, Sequence[Tie]] | None = None,
) -> Drawing:
    """`focus` is the day of the event in focus and its relations.

    Lay out the lanes of a window, top down. No label touches another or an edge at any width that shows it."""
    rows = next(rows for most, rows in ROWS if len(contents) <= most)
    unit = density_unit(window, MOST_BINS)
    edges = edges_of(window, unit)
    ruler = axis(window)
    lines = (HEADING_HEIGHT if ruler.headings else 4) + TICK_HEIGHT
    top = lines
    lanes = []
    for content in contents:
        lane = _lane(content, window, edges, top, rows)
        lanes.append(lane)
        top += lane.height + LANE_GAP
    band = arcs(window, focus[0], focus[1], top) if focus else None
    at = window.middle_of(today.toordinal())
    return Drawing(
        window=window,
        axis=ruler,
        axis_height=lines,
        lanes=lanes,
        connectors=_connectors(lanes),
        height=top + (band.height if band else 0),
        arcs=band,
        today=percent(at) if 0 <= at <= 1 else None,
        bin_unit=unit,
        drawn={mark.id for lane in lanes for mark in lane.marks},
    )


# Most questions have the window of everything, and so the same axis and the same bins.
@lru_cache(maxsize=64)
def edges_of(window: Window, unit: Unit) -> tuple[int, ...]:
    """The days at which the bins of a window begin, and the day after its last."""
    return (window.first, *(day for day in unit.starts(window) if day > window.first), window.last + 1)


@lru_cache(maxsize=64)
def places_of_bins(window: Window, edges: tuple[int, ...]) -> list[tuple[int, int, str, str]]:
    """For each bin its first and last day, where it begins and how wide it is."""
    return [
        (first, after - 1, percent(window.start_of(first)), percent((after - first) / window.days))
        for first, after in itertools.pairwise(edges)
    ]


def _lane(content: LaneContent, window: Window, edges: tuple[int, ...], top: int, rows: int) -> Lane:
    subjects = {subject.id: subject for subject in content.subjects}
    places, left_over = place_in_rows([_extent(subject, window) for subject in subjects.values()], rows)
    used = max((place.row for place in places), default=-1) + 1
    counts = content.density(edges, {place.extent.key for place in places})
    density_height = DENSITY_HEIGHT if any(counts) else 6
    header = LANE_HEADER if content.label else 0
    rows_bottom = top + header + used * ROW_HEIGHT
    baseline = rows_bottom + density_height
    marks = [_mark(subjects[place.extent.key], place, window, rows_bottom) for place in places]
    return Lane(
        key=content.key,
        label=content.label,
        total=content.total,
        y=top,
        height=baseline - top,
        baseline=baseline,
        marks=sorted(marks, key=lambda mark: (subjects[mark.id].day, mark.id)),
        bins=_bins(counts, edges, window, density_height, [subjects[extent.key] for extent in left_over]),
    )


def _extent(subject: Subject, window: Window) -> Extent:
    is_bar = False
    if subject.earliest != subject.latest:
        start = window.start_of(window.clipped(subject.earliest))
        end = window.start_of(window.clipped(subject.latest) + 1)
        is_bar = end - start >= SHORTEST_BAR
    if not is_bar:
        start = end = window.middle_of(window.clipped(subject.day))
    reach = 0.0 if is_bar else RADIUS[subject.importance]
    return Extent(subject.id, start, end, subject.importance, subject.title, reach, is_bar, subject.is_focus)


def _mark(subject: Subject, place: Place, window: Window, rows_bottom: int) -> Mark:
    extent = place.extent
    x = core_x = percent(extent.start)
    core_width = NO_WIDTH
    if subject.is_interval:
        core_start = window.start_of(window.clipped(subject.start_latest))
        core_end = window.start_of(window.clipped(subject.end_earliest) + 1)
        if core_end > core_start:
            core_x, core_width = percent(core_start), percent(core_end - core_start)
    return Mark(
        id=subject.id,
        title=subject.title,
        label=place.label,
        category=subject.category,
        icon=subject.icon,
        hue=subject.hue,
        importance=subject.importance,
        x=x,
        y=rows_bottom - place.row * ROW_HEIGHT - ROW_HEIGHT // 2,
        width=percent(extent.end - extent.start) if extent.is_bar else NO_WIDTH,
        core_x=core_x,
        core_width=core_width,
        is_bar=extent.is_bar,
        has_faded_ends=extent.is_bar and not subject.is_exact,
        open_start=subject.open_start and subject.earliest < window.first,
        open_end=subject.open_end and subject.latest > window.last,
        side=place.side,
        label_from=place.label_from,
        is_focus=subject.is_focus,
    )


def _bins(
    counts: list[int], edges: tuple[int, ...], window: Window, height: int, left_over: Sequence[Subject]
) -> list[Bin]:
    titles: dict[int, list[str]] = {}
    for subject in left_over:
        titles.setdefault(bisect_right(edges, window.clipped(subject.day)) - 1, []).append(subject.title)
    tallest = max(counts, default=0)
    return [
        Bin(
            *place,
            count,
            max(2.0, round(count / tallest * (height - 8), 1)),
            tuple(titles[number][:TITLES_OF_BIN]) if number in titles else (),
        )
        for number, (place, count) in enumerate(zip(places_of_bins(window, edges), counts, strict=False))
        if count
    ]


def _connectors(lanes: list[Lane]) -> list[Connector]:
    found: dict[int, list[Mark]] = {}
    for lane in lanes:
        for mark in lane.marks:
            found.setdefault(mark.id, []).append(mark)
    return [
        Connector(id, marks[0].x, min(mark.y for mark in marks), max(mark.y for mark in marks))
        for id, marks in found.items()
        if len(marks) > 1
    ]
