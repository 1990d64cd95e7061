"""EDTF text (ISO 8601-2, Library of Congress) to `EventDate`.

The `edtf` package takes about 3 ms a date, accepts 29 February in every year, fails on open intervals and raises
AttributeError on some masks. So years, months, days and their combinations are read here, and only masks (`195X`) and
seasons are asked of the package; a Hypothesis law holds the two together.
"""

import datetime
import enum
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from edtf import parse_edtf as parse_with_library

from .calendar_words import month_words
from .parts import months_of_year, part_of_unit, part_text, years
from .values import MAX_LENGTH, DateProblem, EventDate, Precision

SINGLE = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?([?~%]?)")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HAS_TIME = re.compile(r"[0-9]T[0-9]|[0-9]:[0-9]")
YEAR_OUT_OF_RANGE = re.compile(r"Y|-[0-9]|[0-9]{5}")
SEASONS = frozenset(range(21, 25))
QUARTERS = frozenset(range(33, 37))

MARGINS = {
    Precision.DAY: datetime.timedelta(days=1),
    Precision.MONTH: relativedelta(months=1),
    Precision.SEASON: datetime.timedelta(weeks=12),
    Precision.YEAR: relativedelta(years=1),
    Precision.DECADE: relativedelta(years=10),
    Precision.CENTURY: relativedelta(years=100),
}
"""Width added on both sides of a date marked `?` or `~`, twice for `%`: one unit of its precision, as the README of
the edtf package says. (Its 5.0.2 adds a year to "26 July 2023?" as well, which would be a false two years.)"""


class Form(enum.Enum):
    """The three ways in which EDTF texts are put together."""

    SINGLE = "single"
    INTERVAL = "interval"
    ONE_OF = "one of"


class SingleDate(NamedTuple):
    """One date without an end: the strict bounds as written, and those widened by its qualifier."""

    text: str
    precision: Precision
    first: datetime.date
    last: datetime.date
    earliest: datetime.date
    latest: datetime.date
    uncertain: bool
    approximate: bool


def check_text(text: str) -> str:
    """The text without outer spaces; raises `DateProblem` for what no date can be."""
    if len(text) > MAX_LENGTH:
        raise DateProblem(_("A date has at most %(count)d characters.") % {"count": MAX_LENGTH}, "long")
    stripped = text.strip()
    if not stripped:
        raise DateProblem(_("Enter a date, for example 27 July 1953 or 1953-07."), "empty")
    # Of printable ASCII there is none that cannot be read.
    is_plain = stripped.isascii() and stripped.isprintable()
    if not is_plain and any(
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in stripped
    ):
        raise DateProblem(_("The date contains a character that cannot be read; type it again."), "character")
    return stripped


def split(edtf: str) -> tuple[Form, str, str]:
    """The form of an EDTF text and its two ends; a single date is both of its ends. Checks nothing."""
    if edtf.startswith("[") and edtf.endswith("]") and edtf.count("..") == 1:
        left, _separator, right = edtf[1:-1].partition("..")
        return Form.ONE_OF, left, right
    if edtf.count("/") == 1:
        left, _separator, right = edtf.partition("/")
        return Form.INTERVAL, left, right
    return Form.SINGLE, edtf, edtf


def plain_day(text: str) -> datetime.date | None:
    """The day that a text such as 1953-07-27 names, None for every other text.

    Nine of ten dates are plain days, and need none of what the other forms do.
    """
    if DAY.fullmatch(text) is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=20_000)
def parse_edtf(text: str) -> EventDate:
    """Read EDTF: raises `DateProblem` with a message for the person who typed it.

    Read are years, months and days; `?`, `~` and `%` after a date or either end of an interval; `195X`, `19XX`,
    `1953-XX`; seasons 21-24 (northern; the package places winter in December alone) and quarters 33-36; intervals with
    open (`..`) and unknown (empty) ends; and `[a..b]`, one unknown day between two dates, `[..b]` and `[a..]` included.
    """
    if (day := plain_day(text)) is not None:
        return EventDate(text, Precision.DAY, day, day, day, day, day)
    edtf = check_text(text).replace("x", "X")
    form, left, right = split(edtf)
    if form is Form.SINGLE:
        return _from_single(read_single(edtf))
    if form is Form.INTERVAL:
        return _from_interval(left, right)
    return _from_one_of(left, right)


def _from_single(single: SingleDate) -> EventDate:
    return EventDate(
        edtf=single.text,
        precision=single.precision,
        day=single.first,
        earliest=single.earliest,
        latest=single.latest,
        start_latest=single.latest,
        end_earliest=single.earliest,
        uncertain=single.uncertain,
        approximate=single.approximate,
    )


def _from_interval(left: str, right: str) -> EventDate:
    start = None if left in {"", ".."} else read_single(left)
    end = None if right in {"", ".."} else read_single(right)
    known = start or end
    if known is None:
        raise DateProblem(_("Give at least one end of the interval, for example 1991/.. or ../1991."), "open")
    if start and end:
        if start.text == end.text:
            return _from_single(start)
        _check_order(start, end)
    open_start, open_end = left == "..", right == ".."
    earliest = start.earliest if start else datetime.date.min
    latest = end.latest if end else datetime.date.max
    # An event cannot begin after its last possible day nor end before its first, whatever its other end allows.
    start_latest = datetime.date.min if open_start else min(start.latest, latest) if start else latest
    end_earliest = datetime.date.max if open_end else max(end.earliest, earliest) if end else earliest
    return EventDate(
        edtf=f"{start.text if start else left}/{end.text if end else right}",
        precision=Precision.INTERVAL,
        day=known.first,
        earliest=earliest,
        latest=latest,
        start_latest=start_latest,
        end_earliest=end_earliest,
        uncertain=any(part.uncertain for part in (start, end) if part),
        approximate=any(part.approximate for part in (start, end) if part),
        open_start=open_start,
        open_end=open_end,
        unknown_start=not left,
        unknown_end=not right,
        is_interval=True,
    )


def _from_one_of(left: str, right: str) -> EventDate:
    first = read_single(left) if left else None
    last = read_single(right) if right else None
    known = first or last
    if known is None:
        raise DateProblem(_("Give at least one end of the time in brackets, for example [1950..1953]."), "open")
    if any(part.uncertain or part.approximate for part in (first, last) if part):
        raise DateProblem(_("Dates in brackets cannot be marked uncertain or approximate as well."), "format")
    if first and last:
        if first.text == last.text:
            return _from_single(first)
        _check_order(first, last)
    earliest = first.first if first else datetime.date.min
    latest = last.last if last else datetime.date.max
    part = part_of_unit(earliest, latest) if first and last else None
    precision = part[0] if part else Precision.INTERVAL
    text = f"[{first.text if first else ''}..{last.text if last else ''}]"
    return EventDate(
        edtf=part_text(precision, earliest, latest) if part else text,
        precision=precision,
        day=known.first,
        earliest=earliest,
        latest=latest,
        start_latest=latest,
        end_earliest=earliest,
        unknown_start=first is None,
        unknown_end=last is None,
    )


def _check_order(start: SingleDate, end: SingleDate) -> None:
    if end.last < start.first:
        message = _("The date ends (%(end)s) before it begins (%(start)s).") % {"start": start.text, "end": end.text}
        raise DateProblem(message, "order")


def read_single(text: str) -> SingleDate:
    """One EDTF date without an end; raises `DateProblem`."""
    plain = plain_day(text)
    if plain is not None:
        return SingleDate(text, Precision.DAY, plain, plain, plain, plain, False, False)
    match = SINGLE.fullmatch(text)
    if match is None:
        raise _problem_with(text)
    year, month, day, qualifier = match.groups()
    if day not in {None, "XX"} and month == "XX":
        raise DateProblem(_("The day is given but not the month: write the year alone, for example 1953."), "format")
    if year == "0000":
        raise DateProblem(_("There is no year 0: years run from 0001 to 9999."), "year")
    # 1953-XX says "some month of 1953", 1953-07-XX "some day of July": no more than 1953 and 1953-07 say.
    known = [part for part in (year, month, day) if part and part != "XX"]
    precision, first, last = _strict_bounds(known)
    earliest, latest = _widened(precision, first, last, qualifier)
    return SingleDate(
        text="-".join(known) + qualifier,
        precision=precision,
        first=first,
        last=last,
        earliest=earliest,
        latest=latest,
        uncertain=qualifier in {"?", "%"},
        approximate=qualifier in {"~", "%"},
    )


def _strict_bounds(parts: list[str]) -> tuple[Precision, datetime.date, datetime.date]:
    if "X" in parts[0]:
        if len(parts) > 1:
            raise DateProblem(_("A decade or century (195X, 19XX) cannot have a month."), "format")
        precision = Precision.CENTURY if parts[0].endswith("XX") else Precision.DECADE
        return precision, *years(*(int(parts[0].replace("X", digit)) for digit in "09"))
    year = int(parts[0])
    if len(parts) == 1:
        return Precision.YEAR, *years(year, year)
    month = int(parts[1])
    if month in SEASONS or month in QUARTERS:
        if len(parts) > 2:
            message = _("A season or quarter (%(text)s) cannot have a day.") % {"text": "-".join(parts)}
            raise DateProblem(message, "format")
        return Precision.SEASON, *_library_bounds("-".join(parts))
    if len(parts) == 2 and month > int(parts[0][2:]):
        _check_two_years(parts[0], parts[1])
    if len(parts) == 2:
        return Precision.MONTH, *month_bounds(year, month)
    day = day_in_month(year, month, int(parts[2]))
    return Precision.DAY, day, day


def _check_two_years(first: str, last: str) -> None:
    """Refuse "1939-45" with a better hint than that there is no month 45."""
    if int(last) > 12:
        message = _("There is no month %(last)s. For the years %(first)s to %(century)s%(last)s write %(range)s.")
        years_meant = {"range": f"{first}/{first[:2]}{last}", "century": first[:2], "first": first, "last": last}
        raise DateProblem(message % years_meant, "month")


def month_bounds(year: int, month: int) -> tuple[datetime.date, datetime.date]:
    """First and last day of a month; raises `DateProblem` where there is none."""
    if not 1 <= month <= 12:
        message = _("There is no month %(month)d: months are 01 to 12, seasons 21 to 24, quarters 33 to 36.")
        raise DateProblem(message % {"month": month}, "month")
    return months_of_year(year, month, month)


def day_in_month(year: int, month: int, day: int) -> datetime.date:
    """A day, or a `DateProblem` that says how many days the month has."""
    first, last = month_bounds(year, month)
    if 1 <= day <= last.day:
        return first.replace(day=day)
    message = _("%(day)d %(month)s does not exist: %(month)s has %(count)d days.")
    raise DateProblem(message % {"day": day, "month": month_words(first), "count": last.day}, "day")


@lru_cache(maxsize=4096)
def _library_bounds(text: str) -> tuple[datetime.date, datetime.date]:
    """Strict bounds of a season or quarter from the edtf package."""
    parsed = parse_with_library(text)
    return datetime.date(*parsed.lower_strict()[:3]), datetime.date(*parsed.upper_strict()[:3])


def _widened(
    precision: Precision, first: datetime.date, last: datetime.date, qualifier: str
) -> tuple[datetime.date, datetime.date]:
    if not qualifier:
        return first, last
    margin = MARGINS[precision] if qualifier != "%" else MARGINS[precision] * 2
    try:
        earliest = first - margin
    except (ValueError, OverflowError):
        earliest = datetime.date.min
    try:
        latest = last + margin
        if precision is Precision.MONTH:
            # One month after 28 February is the end of March, not its 28th.
            latest += relativedelta(day=31)
    except (ValueError, OverflowError):
        latest = datetime.date.max
    return earliest, latest


def _problem_with(text: str) -> DateProblem:
    if HAS_TIME.search(text):
        return DateProblem(_("A date has no time of day: write 1953-07-27."), "time")
    if YEAR_OUT_OF_RANGE.match(text):
        return DateProblem(_("Years run from 0001 to 9999, written with four digits."), "year")
    message = _(
        "“%(text)s” is no date in EDTF: write for example 1953, 1953-07, 1953-07-27, 1953?, 195X, "
        "1950-06-25/1953-07-27, 1991-12-26/.. or [1950..1953]."
    )
    return DateProblem(message % {"text": text}, "format")
