"""What people and programs write into the cells of tables: dates, and words for “not known”."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .problems import printable

UNKNOWN = frozenset(
    ("", "-9", "-99", "-999", "n/a", "#n/a", "na", "nan", "none", "null", "nil", "unknown", "unk", "?", "-", "--", ".")
)
_NUMBERS = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIMED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9:]+)?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_SERIAL_BEGINNING = datetime.date(1899, 12, 30)
DAY_FIRST, MONTH_FIRST = "day/month", "month/day"


def is_unknown(cell: str) -> bool:
    """Whether the cell says that nothing is known. Not for countries: NA is Namibia."""
    return cell.strip().casefold() in UNKNOWN


def order_of(cells: Iterable[str]) -> str:
    """Whether days or months come first in the numbers of a column; "" where no cell decides, or cells contradict."""
    found = set()
    for cell in cells:
        if match := _NUMBERS.fullmatch(cell.strip()):
            first, sign, second, _year = match.groups()
            if sign == ".":
                continue
            if int(first) > 12:
                found.add(DAY_FIRST)
            elif int(second) > 12:
                found.add(MONTH_FIRST)
    return found.pop() if len(found) == 1 else ""


@lru_cache(20_000)
def date(cell: str, order: str = "") -> str:
    """The cell as a date that can be read, ISO where it is in numbers.

    Raises ValueError for numbers with two readings, and for the day number of a spreadsheet; other texts are left as
    they are, for what they are worth.
    """
    text = cell.strip()
    if match := _COMPACT.fullmatch(text):
        return from_parts(*match.groups())
    if match := _TIMED.fullmatch(text):
        return match.group(1)
    if match := _NUMBERS.fullmatch(text):
        first, sign, second, year = match.groups()
        return _from_numbers(text, int(first), int(second), year, DAY_FIRST if sign == "." else order)
    if _SERIAL.fullmatch(text):
        day = _SERIAL_BEGINNING + datetime.timedelta(int(float(text)))
        raise ValueError(
            _("“%(text)s” is the number by which a spreadsheet counts days, perhaps %(day)s. Write the date itself.")
            % {"text": text, "day": day.isoformat()}
        )
    return text


def from_parts(year: str, month: str = "", day: str = "") -> str:
    """EDTF of a date in three cells, of which month and day may not be known: 1902, 5, -9 is May 1902.

    Raises ValueError where the year is not known, or the day is and the month is not.
    """
    names = (pgettext("part of a date", "year"), pgettext("part of a date", "month"), pgettext("part of a date", "day"))
    numbers = [_part(name, cell) for name, cell in zip(names, (year, month, day), strict=True)]
    if numbers[0] is None:
        raise ValueError(_("The year is not known (“%(text)s”).") % {"text": printable(year)})
    if numbers[1] is None and numbers[2] is not None:
        raise ValueError(_("The day is %(day)s, but the month is not known.") % {"day": printable(day)})
    known = [number for number in numbers if number is not None]
    return "-".join(f"{number:0{width}d}" for number, width in zip(known, (4, 2, 2), strict=False))


def interval(start: str, end: str) -> str:
    """Two dates as one; the first alone where there is no other end."""
    return f"{start}/{end}" if end and end != start else start


def some_day(start: str, end: str) -> str:
    """One unknown day from the first to the last."""
    return f"[{start}..{end}]" if end != start else start


def number(cell: str) -> str:
    """A number with a decimal point; "" where it is not known. Raises ValueError for a decimal comma."""
    text = cell.strip()
    if is_unknown(text):
        return ""
    if re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        raise ValueError(
            _("“%(text)s” has a comma where a point belongs: write %(meant)s.")
            % {"text": printable(text), "meant": text.replace(",", ".")}
        )
    return text


def _part(name: str, cell: str) -> int | None:
    text = cell.strip()
    if is_unknown(text) or text in ("0", "00", "0000"):
        return None
    if not re.fullmatch(r"[0-9]{1,4}(?:\.0)?", text):
        raise ValueError(_("“%(text)s” is no %(part)s.") % {"text": printable(text), "part": name})
    return int(float(text))


def _from_numbers(text: str, first: int, second: int, year: str, order: str) -> str:
    day_first, month_first = f"{year}-{second:02d}-{first:02d}", f"{year}-{first:02d}-{second:02d}"
    if first > 12 or (order == DAY_FIRST and second <= 12):
        return day_first
    if second > 12 or order == MONTH_FIRST or first == second:
        return month_first
    raise ValueError(
        _("“%(text)s” may be %(one)s or %(other)s, and no other row decides: say whether days or months come first.")
        % {"text": text, "one": day_first, "other": month_first}
    )
