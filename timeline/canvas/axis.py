"""The time axis: ticks that suit the zoom, from centuries to days, with the bigger unit always in view."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import typeface
from .scale import Window, breakpoint, percent

TEXT_SIZE = 12
GAP = 14
MOST_TICKS = 160


@dataclass(frozen=True, slots=True)
class Unit:
    """A step of the calendar. Days are steps of a month: 1, 11, 21 never drift across the months."""

    name: str
    years: int = 0
    months: int = 0
    days: int = 0

    @property
    def kind(self) -> str:
        return "years" if self.years else "months" if self.months else "days"

    @property
    def length(self) -> float:
        """About how many days it lasts."""
        return self.years * 365.25 + self.months * 30.44 + self.days

    def starts(self, window: Window) -> Iterator[int]:
        """The first days of the unit's steps that begin within the window, ascending."""
        first = datetime.date.fromordinal(window.first)
        for day in self._from(first):
            if day > window.last:
                return
            if day >= window.first:
                yield day

    def _from(self, first: datetime.date) -> Iterator[int]:
        if self.years:
            for year in range(max(self.years, first.year // self.years * self.years), 10_000, self.years):
                yield datetime.date(year, 1, 1).toordinal()
            return
        year, month = first.year, 1
        step = self.months or 1
        while year < 10_000:
            yield from self._in_month(year, month)
            month += step
            if month > 12:
                year, month = year + 1, 1

    def _in_month(self, year: int, month: int) -> Iterator[int]:
        start = datetime.date(year, month, 1).toordinal()
        if not self.days:
            yield start
            return
        # The last step of a month is dropped where the next month would begin right after it.
        length = _month_length(year, month)
        for offset in range(0, length, self.days):
            if offset == 0 or length - offset > self.days // 2:
                yield start + offset


def _month_length(year: int, month: int) -> int:
    start = datetime.date(year, month, 1)
    end = datetime.date(year, 12, 31) if month == 12 else datetime.date(year, month + 1, 1) - datetime.timedelta(1)
    return (end - start).days + 1


CENTURY, HALF_CENTURY = Unit("century", years=100), Unit("half-century", years=50)
DECADE, FIVE_YEARS, YEAR = Unit("decade", years=10), Unit("five-years", years=5), Unit("year", years=1)
QUARTER, MONTH = Unit("quarter", months=3), Unit("month", months=1)
TEN_DAYS, FIVE_DAYS, DAY = Unit("ten-days", days=10), Unit("five-days", days=5), Unit("day", days=1)
# Each unit's steps fall on steps of the finer one after it, so that a wider page only adds ticks between.
UNITS = (
    Unit("millennium", years=1000),
    Unit("half-millennium", years=500),
    CENTURY,
    HALF_CENTURY,
    DECADE,
    FIVE_YEARS,
    YEAR,
    QUARTER,
    MONTH,
    TEN_DAYS,
    FIVE_DAYS,
    DAY,
)


@dataclass(frozen=True, slots=True)
class Label:
    """Words of the axis, right of their place, from one width of the drawing on and until another (None: for ever)."""

    x: str
    text: str
    from_width: int
    until_width: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A line on the axis, from which width it is shown, and what it is called at which widths: 1953, Jan, 1."""

    day: int
    x: str
    from_width: int
    is_bigger: bool
    labels: list[Label]


@dataclass(frozen=True, slots=True)
class Axis:
    """The ticks, and above them the bigger units that they divide."""

    ticks: list[Tick]
    headings: list[Label]


def axis(window: Window) -> Axis:
    """The axis of a window in the active language, laid out once: most questions share the window of everything."""
    return _laid_out(window, get_language() or "")


@lru_cache(maxsize=64)
def _laid_out(window: Window, _language: str) -> Axis:
    """Lay out the axis. Labels never collide, and at every width the finest ones are of one kind.

    On a wide page that has room for days they say "1", "11", "21" under "July 1953"; on a narrower one the same ticks
    say "Jul", "Aug" under "1953", and on a narrower one still "1953", "1954".
    """
    fitting = _fitting(window)
    begins = {unit.kind: width for unit, _days, width in reversed(fitting)}
    ends = {"years": begins.get("months"), "months": begins.get("days"), "days": None}
    ticks: dict[int, Tick] = {}
    for unit, days, width in fitting:
        for day in days:
            is_bigger = datetime.date.fromordinal(day).day == 1
            tick = ticks.setdefault(day, Tick(day, percent(window.start_of(day)), width, is_bigger, []))
            label = _label(day, unit)
            if all(known.text != label for known in tick.labels):
                tick.labels.extend(_words(window, day, label, 1.0, width, ends[unit.kind]))
    headings = []
    for kind, bigger in (("months", YEAR), ("days", MONTH)):
        if kind in begins:
            headings += _headings(window, bigger, begins[kind], ends[kind])
    return Axis([ticks[day] for day in sorted(ticks)], headings)


def _words(window: Window, day: int, text: str, end: float, width: int, until: int | None) -> list[Label]:
    """The label of a day that has room until `end`, a fraction of the width; none where no width shows it."""
    at = window.start_of(day)
    room = breakpoint((typeface.width(text, TEXT_SIZE) + GAP / 2) / (end - at)) if end > at else None
    if room is None or (until is not None and max(room, width) >= until):
        return []
    return [Label(percent(at), text, max(room, width), until)]


def _fitting(window: Window) -> list[tuple[Unit, list[int], int]]:
    """The units whose steps can be shown at some width, coarsest first, with their days and the least such width."""
    found = []
    for unit in UNITS:
        fits_from = _fits_from(unit, window)
        if fits_from is None:
            break
        days = list(itertools.islice(unit.starts(window), MOST_TICKS + 1))
        if len(days) > MOST_TICKS:
            break
        found.append((unit, days, fits_from))
    return found


def _fits_from(unit: Unit, window: Window) -> int | None:
    """The width from which the unit's steps have room for their labels, the shortest step included."""
    return breakpoint(_room_for_a_day(unit, get_language() or "") * window.days)


@lru_cache(maxsize=200)
def _room_for_a_day(unit: Unit, _language: str) -> float:
    """The pixels that a day must take for the unit's labels to have room."""
    shortest = {"month": 28, "quarter": 90, "ten-days": 8, "five-days": 3}.get(unit.name, unit.length - unit.length % 1)
    widest = max(typeface.width(_label(day, unit), TEXT_SIZE) for day in _samples(unit))
    share = (widest + GAP) / shortest
    if unit.days:
        # Days say nothing without their month above them.
        months = (_heading(datetime.date.fromordinal(day), MONTH) for day in _samples(MONTH))
        share = max(share, (max(typeface.width(month, TEXT_SIZE) for month in months) + GAP) / 28)
    return share


def _samples(unit: Unit) -> list[int]:
    if unit.months:
        return [datetime.date(2000, month, 1).toordinal() for month in range(1, 13)]
    return [datetime.date(2000, 10, 28).toordinal()]


def _label(day: int, unit: Unit) -> str:
    when = datetime.date.fromordinal(day)
    if unit.years:
        return str(when.year)
    if unit.months:
        return str(MONTHS_3[when.month]).capitalize()
    return str(when.day)


def _headings(window: Window, bigger: Unit, width: int, until: int | None) -> list[Label]:
    """The bigger unit that holds the ticks, from its start or from the edge of the drawing."""
    starts = [window.first, *(day for day in bigger.starts(window) if day > window.first)]
    ends = [*(window.start_of(day) for day in starts[1:]), 1.0]
    headings = []
    for day, end in zip(starts, ends, strict=True):
        text = _heading(datetime.date.fromordinal(day), bigger)
        headings += _words(window, day, text, end, width, until)
    return headings


def _heading(day: datetime.date, unit: Unit) -> str:
    if unit is YEAR:
        return str(day.year)
    return _("%(month)s %(year)d") % {"month": MONTHS[day.month], "year": day.year}


@lru_cache(maxsize=64)
def density_unit(window: Window, most_bins: int) -> Unit:
    """The finest unit that divides the window into at most `most_bins` bins."""
    for unit in reversed((*UNITS[:7], QUARTER, MONTH, DAY)):
        if window.days / unit.length <= most_bins:
            return unit
    return UNITS[0]
