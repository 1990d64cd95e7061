"""Zoom as counted links: century, decade, year, month. Works without script, and says what a step would show."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from timeline import addresses, dates
from timeline.filters import EventFilter
from timeline.index import Answer

# The periods of each kind are all that an EDTF text of that many characters can name: 19, 195, 1953, 1953-07.
LEVELS = ("century", "decade", "year", "month")


@dataclass(frozen=True, slots=True)
class Period:
    """A century, decade, year or month, how many events touch it, and the address of the view of it."""

    label: str
    count: int
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods around the view, widest first, and the ones within it."""

    around: list[Period]
    within: list[Period]


def periods(answer: Answer) -> Periods | None:
    """The steps up and down from the view; None where nothing matches at any time."""
    asked = answer.asked
    whole = answer.whole_extent
    if whole is None:
        return None
    first = max(asked.first or whole[0], datetime.date.min)
    last = min(asked.last or whole[1], datetime.date.max)
    if first > last:
        first = last = min(max(first, whole[0]), whole[1]) if whole[0] <= first <= whole[1] else whole[0]
    level = _level(first, last)
    around = [] if level == -1 else [_name(first, kind) for kind in LEVELS[: level + 1]]
    within = _within(first, last, level)
    counts = {name: _counts(answer, [name])[0] for name in around}
    counts |= dict(zip(within, _counts(answer, within), strict=True))
    everything = asked.changed(start="", end="")
    up = [Period("", len(answer.regardless_of_range), everything.address(), not asked.has_range)]
    view_of = addresses.within(everything)
    up += [_period(asked, name, counts[name], view_of) for name in around]
    down = [_period(asked, name, counts[name], view_of) for name in within if counts[name]]
    return Periods(up, down if len(down) > 1 or not asked.has_range else [])


def _level(first: datetime.date, last: datetime.date) -> int:
    """The finest level of which one period holds the whole view; -1 for more than a century."""
    found = -1
    for level, kind in enumerate(LEVELS):
        if _name(first, kind) == _name(last, kind):
            found = level
    return found


def _name(day: datetime.date, kind: str) -> str:
    """The EDTF text of the period that holds a day."""
    year = f"{day.year:04}"
    return {"century": f"{year[:2]}XX", "decade": f"{year[:3]}X", "year": year, "month": f"{year}-{day.month:02}"}[kind]


def _within(first: datetime.date, last: datetime.date, level: int) -> list[str]:
    if level + 1 >= len(LEVELS):
        return []
    kind = LEVELS[level + 1]
    return list(dict.fromkeys(_name(day, kind) for day in _steps(first, last, kind)))


def _steps(first: datetime.date, last: datetime.date, kind: str) -> Iterator[datetime.date]:
    if kind == "month":
        for month in range(first.month, last.month + 1):
            yield datetime.date(first.year, month, 1)
        return
    stride = {"century": 100, "decade": 10, "year": 1}[kind]
    for year in range(first.year // stride * stride, last.year + 1, stride):
        yield datetime.date(max(year, 1), 1, 1)


def _counts(answer: Answer, names: list[str]) -> list[int]:
    """How many events touch each of some periods that follow upon each other."""
    if not names:
        return []
    spans = [dates.parse_edtf(name) for name in names]
    edges = [*(span.earliest.toordinal() for span in spans), spans[-1].latest.toordinal() + 1]
    return answer.histogram(edges, answer.regardless_of_range)


def _period(asked: EventFilter, name: str, count: int, view_of: Callable[[str, str], str]) -> Period:
    return Period(dates.display(name), count, view_of(name, name), asked.start == asked.end == name)
