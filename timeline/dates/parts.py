"""Named parts of calendar units: late July, early 1950s, the first half of 1951, a week, a winter.

Where a part begins and ends is our convention, shown to the editor before it is kept.
"""

import calendar
import datetime

from .values import Precision

THIRDS = ("early", "mid", "late")
HALVES = ("first half", "second half")


def part_of_unit(first: datetime.date, last: datetime.date) -> tuple[Precision, str] | None:
    """The named part that exactly these days are: (MONTH, "late") for 21-31 July; None for other days.

    A month has early (1-10), mid (11-20) and late (21-end); a year thirds of four months and halves of six; a decade
    the years 0-3, 4-6 and 7-9; a century 0-33, 34-66 and 67-99. A week runs from Monday to Sunday; a winter from
    December to February.
    """
    if (last - first).days == 6 and first.weekday() == 0:
        return Precision.WEEK, "week"
    if (first.month, first.day) == (12, 1) and (last + datetime.timedelta(1) if last < datetime.date.max else last) == (
        first.replace(year=min(first.year + 1, 9999), month=3)
    ):
        return Precision.SEASON, "winter"
    for precision, name, start, end in _parts_around(first):
        if (start, end) == (first, last):
            return precision, name
    return None


def part_bounds(precision: Precision, name: str, unit: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last day of the part called `name` of the month, year, decade or century that holds `unit`.

    Raises KeyError where such a unit has no such part.
    """
    for found, part, start, end in _parts_around(unit):
        if (found, part) == (precision, name):
            return start, end
    raise KeyError(precision, name)


def part_text(precision: Precision, first: datetime.date, last: datetime.date) -> str:
    """The one EDTF text for a part, its ends as precise as its convention: `[1950..1953]`."""
    length = {Precision.SEASON: 7, Precision.YEAR: 7, Precision.DECADE: 4, Precision.CENTURY: 4}.get(precision, 10)
    return f"[{first.isoformat()[:length]}..{last.isoformat()[:length]}]"


def week_of(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Monday and Sunday of the week of a day; OverflowError for the last days of 9999."""
    monday = day - datetime.timedelta(day.weekday())
    return monday, monday + datetime.timedelta(6)


def months_of_year(year: int, first: int, last: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of the months `first`..`last` of one year."""
    return datetime.date(year, first, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])


def years(first: int, last: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of the years `first`..`last`; there is no year 0."""
    return datetime.date(max(first, 1), 1, 1), datetime.date(last, 12, 31)


def _parts_around(unit: datetime.date) -> list[tuple[Precision, str, datetime.date, datetime.date]]:
    month_end = calendar.monthrange(unit.year, unit.month)[1]
    decade, century = unit.year // 10 * 10, unit.year // 100 * 100
    parts = []
    for name, start, end in zip(THIRDS, (1, 11, 21), (10, 20, month_end), strict=True):
        parts.append((Precision.MONTH, name, unit.replace(day=start), unit.replace(day=end)))
    for name, start, end in zip(THIRDS + HALVES, (1, 5, 9, 1, 7), (4, 8, 12, 6, 12), strict=True):
        parts.append((Precision.YEAR, name, *months_of_year(unit.year, start, end)))
    for name, start, end in zip(THIRDS, (0, 4, 7), (3, 6, 9), strict=True):
        parts.append((Precision.DECADE, name, *years(decade + start, decade + end)))
    for name, start, end in zip(THIRDS, (0, 34, 67), (33, 66, 99), strict=True):
        parts.append((Precision.CENTURY, name, *years(century + start, century + end)))
    return parts
