"""The time axis: ticks that suit the zoom, from centuries to days, with the bigger unit always in view."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.dates import MONTHS, MONTHS_3
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
class Tick:
    """A line on the axis, its label, and the widths of the drawing from which each can be shown."""

    day: int
    x: str
    label: str
    from_width: int
    label_from_width: int | None
    is_bigger: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The bigger unit that the ticks divide, set above them from its start or from the edge of the drawing."""

    x: str
    label: str
    from_width: int | None


@dataclass(frozen=True, slots=True)
class Axis:
    ticks: list[Tick]
    headings: list[Heading]


def axis(window: Window) -> Axis:
    """Lay out the axis of a window. Labels stand right of their tick and never collide at a width that shows them."""
    fitting = _fitting(window)
    finest = fitting[-1][0] if fitting else UNITS[0]
    bigger = None if finest.years else YEAR if finest.months else MONTH
    ticks: dict[int, Tick] = {}
    for unit, days, fits_from in fitting:
        for day in days:
            found = ticks.get(day)
            # Where headings name the bigger unit its ticks are bare lines, and say "Jan" or "1" like their neighbours.
            label = "" if bigger and unit.length >= bigger.length else _label(day, unit)
            if found is None:
                ticks[day] = _tick(day, label, window, fits_from, fits_from)
            elif not found.label and label:
                ticks[day] = _tick(day, label, window, found.from_width, fits_from)
    return Axis([ticks[day] for day in sorted(ticks)], _headings(window, bigger) if bigger else [])


def _fitting(window: Window) -> list[tuple[Unit, list[int], int]]:
    """The units whose steps can be shown at some width, coarsest first, with their days and the least such width."""
    found = []
    for unit in UNITS:
        days = list(unit.starts(window))
        fits_from = _fits_from(unit, window)
        if len(days) > MOST_TICKS or fits_from is None:
            break
        found.append((unit, days, fits_from))
    return found


def _fits_from(unit: Unit, window: Window) -> int | None:
    """The width from which the unit's steps have room for their labels, the shortest step included."""
    shortest = {"month": 28, "quarter": 90, "ten-days": 8, "five-days": 3}.get(unit.name, unit.length - unit.length % 1)
    widest = max(typeface.width(_label(day, unit), TEXT_SIZE) for day in _samples(unit))
    return breakpoint((widest + GAP) * window.days / shortest)


def _samples(unit: Unit) -> list[int]:
    if unit.months:
        return [datetime.date(2000, month, 1).toordinal() for month in range(1, 13)]
    return [datetime.date(2000, 10, 28).toordinal()]


def _tick(day: int, label: str, window: Window, from_width: int, fits_from: int) -> Tick:
    at = window.start_of(day)
    room = breakpoint((typeface.width(label, TEXT_SIZE) + GAP / 2) / (1 - at)) if label and at < 1 else None
    label_from = max(fits_from, room) if room else None
    return Tick(day, percent(at), label, from_width, label_from, is_bigger=datetime.date.fromordinal(day).day == 1)


def _label(day: int, unit: Unit) -> str:
    when = datetime.date.fromordinal(day)
    if unit.years:
        return str(when.year)
    if unit.months:
        return str(MONTHS_3[when.month]).capitalize()
    return str(when.day)


def _headings(window: Window, bigger: Unit) -> list[Heading]:
    """Years above months, months above days; years need nothing above them, they say all by themselves."""
    first = datetime.date.fromordinal(window.first)
    starts = [window.first, *(day for day in bigger.starts(window) if day > window.first)]
    labels = [_heading(datetime.date.fromordinal(day) if day != window.first else first, bigger) for day in starts]
    headings = []
    for index, (day, label) in enumerate(zip(starts, labels, strict=True)):
        at = window.start_of(day)
        room = (window.start_of(starts[index + 1]) if index + 1 < len(starts) else 1) - at
        needed = (typeface.width(label, TEXT_SIZE) + GAP) / room
        headings.append(Heading(percent(at), label, breakpoint(needed)))
    return headings


def _heading(day: datetime.date, unit: Unit) -> str:
    if unit is YEAR:
        return str(day.year)
    return _("%(month)s %(year)d") % {"month": MONTHS[day.month], "year": day.year}


def density_unit(window: Window, most_bins: int) -> Unit:
    """The finest unit that divides the window into at most `most_bins` bins."""
    for unit in reversed((*UNITS[:7], QUARTER, MONTH, DAY)):
        if window.days / unit.length <= most_bins:
            return unit
    return UNITS[0]
