"""What a date can become by one click: less exact, marked as uncertain or about, or sure again."""

from __future__ import annotations

import datetime
from contextlib import suppress

from .edtf_text import Form, parse_edtf, read_single, split
from .human_text import parse_human
from .parts import THIRDS, part_bounds, part_text
from .values import DateProblem, EventDate, Precision
from .words import display

MOST = 3
_SIGNS = {(False, False): "", (True, False): "?", (False, True): "~", (True, True): "%"}


def wider(date: EventDate) -> list[EventDate]:
    """The units of the calendar around the date, each wider than the one before; none for what lasts or has no end.

    A date that is marked is widened to the unmarked unit: “some day of July” leaves the doubt about the day behind.
    """
    form, left, right = split(date.edtf)
    if form is Form.INTERVAL or not left or not right:
        return []
    first, last = read_single(left).first, read_single(right).last
    found = [parse_edtf(text) for text in _units_around(first)]
    return [unit for unit in found if unit.earliest <= first and unit.latest >= last and _days(unit) > last - first][
        :MOST
    ]


def _days(unit: EventDate) -> datetime.timedelta:
    return unit.latest - unit.earliest


def _units_around(day: datetime.date) -> list[str]:
    """EDTF of the third of a month, the month, year, decade and century that hold a day."""
    bounds = [part_bounds(Precision.MONTH, name, day) for name in THIRDS]
    third = next(part_text(Precision.MONTH, first, last) for first, last in bounds if first <= day <= last)
    year = f"{day.year:04}"
    return [third, f"{year}-{day.month:02}", year, f"{year[:3]}X", f"{year[:2]}XX"]


def marked(date: EventDate, *, uncertain: bool, approximate: bool) -> EventDate | None:
    """The date with these marks and no others, on both ends if it lasts; None for one day of several."""
    form, left, right = split(date.edtf)
    if form is Form.ONE_OF:
        return None
    sign = _SIGNS[uncertain, approximate]
    ends = [end if end in ("", "..") else end.rstrip("?~%") + sign for end in (left, right)]
    with suppress(DateProblem):
        return parse_edtf(ends[0] if form is Form.SINGLE else "/".join(ends))
    return None


def typed(date: EventDate) -> str:
    """A text that stands for the date in a form: its words where they are read as it again, else its EDTF."""
    words = display(date)
    with suppress(DateProblem):
        if parse_human(words) == date:
            return words
    return date.edtf
