"""The world map: which countries it fills, how dark, and what cannot stand on it."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.contrib.staticfiles import finders
from django.utils.translation import get_language, ngettext

from timeline.facets import Group, Row

# Made by static/vendor/world/build_world.py; the page refers to its shapes by id and never carries them.
PICTURE = "timeline/map/world.svg"
LEVELS = 6
# Where each class of the legend begins: round numbers, evenly apart on a logarithmic scale, for counts below the limit.
CLASSES = (
    (100, (1, 2, 5, 10, 20, 50)),
    (1_000, (1, 3, 10, 30, 100, 300)),
    (10_000, (1, 5, 20, 100, 500, 2_000)),
    (math.inf, (1, 10, 100, 1_000, 10_000, 100_000)),
)


class Shape(NamedTuple):
    """A country that can be clicked on the map. Level 0 is a chosen one without any event, 6 the darkest fill."""

    row: Row
    level: int
    is_dot: bool
    words: str
    """“North Korea: 249 events”."""


@lru_cache(maxsize=20_000)
def _pattern(count: int, language: str) -> str:
    """The words of a count, with NUL where the country's name goes: two hundred of them stand on each page."""
    words = ngettext("%(country)s: %(count)s event", "%(country)s: %(count)s events", count)
    return words % {"country": "\0", "count": intcomma(count)}


@dataclass(frozen=True, slots=True)
class Step:
    """A class of the legend: the least and the largest number that its fill stands for."""

    level: int
    least: int
    largest: int


@dataclass(frozen=True, slots=True)
class World:
    """What the map shows of a view: countries, small ones last so that they lie on top, and what stands beside it."""

    view_box: str
    shapes: list[Shape]
    legend: list[Step]
    beside: list[Row]

    @property
    def chosen(self) -> list[Shape]:
        return [shape for shape in self.shapes if shape.row.is_selected]


@dataclass(frozen=True, slots=True)
class Picture:
    """What world.svg holds: codes drawn as a shape, codes drawn as a dot."""

    view_box: str
    shapes: frozenset[str]
    dots: frozenset[str]


@cache
def picture() -> Picture:
    """The ids of world.svg, read once from the file itself so that the two can never disagree."""
    path = finders.find(PICTURE)
    if path is None:
        raise FileNotFoundError(f"static/{PICTURE} is missing; static/vendor/world/build_world.py makes it.")
    text = Path(path).read_text(encoding="utf-8")
    box = re.search(r'viewBox="([^"]+)"', text)
    return Picture(
        view_box=box[1] if box else "",
        shapes=frozenset(re.findall(r'<path id="([A-Z]{3})"', text)),
        dots=frozenset(re.findall(r'<circle id="([A-Z]{3})"', text)),
    )


def world(groups: list[Group]) -> World:
    """The map of the country facet, with its counts. What has no place on it, such as a former state, stands beside."""
    rows = [row for group in groups if group.name == "country" for row in group.rows]
    known = picture()
    beside = [row for row in rows if row.value not in known.shapes and row.value not in known.dots]
    steps = legend([row.count for row in rows if row.value in known.shapes or row.value in known.dots])
    language = get_language() or ""
    drawn = [
        Shape(row, level_of(row.count, steps), is_dot, _pattern(row.count, language).replace("\0", row.label))
        for is_dot, codes in ((False, known.shapes), (True, known.dots))
        for row in rows
        if row.value in codes
    ]
    return World(known.view_box, drawn, steps, beside)


def legend(counts: list[int]) -> list[Step]:
    """The classes that these counts need, ascending; the highest has the darkest fill. Empty if nothing is counted."""
    largest = max(counts, default=0)
    if not largest:
        return []
    starts: tuple[int, ...] = next(starts for limit, starts in CLASSES if largest < limit)
    starts = tuple(start for start in starts if start <= largest)
    ends = (*(start - 1 for start in starts[1:]), largest)
    return [
        Step(math.ceil(LEVELS * place / len(starts)), start, end)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    ]


def level_of(count: int, steps: list[Step]) -> int:
    """The level of the class that holds this count; 0 for none."""
    at = bisect_right(steps, count, key=attrgetter("least"))
    return steps[at - 1].level if at else 0
