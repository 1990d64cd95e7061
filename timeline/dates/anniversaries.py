"""Anniversaries of a day, computed when asked: nothing is stored that could grow stale.

The anniversary of 29 February is observed on 28 February in a year that has no 29th, as `dateutil.relativedelta` adds
years. Show the date itself beside the number, so that readers see which day is meant.
"""

import datetime

from dateutil.relativedelta import relativedelta


def anniversary(day: datetime.date, year: int) -> datetime.date | None:
    """The anniversary of `day` in `year`; None in its own year, before it and after 9999."""
    if not day.year < year <= datetime.MAXYEAR:
        return None
    return day + relativedelta(years=year - day.year)


def nth(day: datetime.date, on: datetime.date) -> int:
    """Which anniversary of `day` was the last one reached by `on`, that day included; 0 before the first."""
    in_this_year = anniversary(day, on.year)
    if in_this_year is None:
        return 0
    number = on.year - day.year
    return number if in_this_year <= on else number - 1


def is_notable(number: int) -> bool:
    """Whether an anniversary is one that news takes up: the 1st, 5th, each 10th up to 100, and each 25th for ever."""
    return number in {1, 5} or (0 < number <= 100 and number % 10 == 0) or (number > 0 and number % 25 == 0)


def next_notable(day: datetime.date, today: datetime.date) -> tuple[int, datetime.date] | None:
    """Number and date of the first notable anniversary on or after `today`; None where it would be after 9999."""
    for year in range(max(today.year, day.year + 1), datetime.MAXYEAR + 1):
        date = anniversary(day, year)
        if date is not None and date >= today and is_notable(year - day.year):
            return year - day.year, date
    return None


def anniversaries_between(
    day: datetime.date, first: datetime.date, last: datetime.date, *, notable: bool = False
) -> list[tuple[int, datetime.date]]:
    """Number and date of every anniversary in `first`..`last`, both included; only the notable ones if asked."""
    found = []
    for year in range(max(first.year, day.year + 1), last.year + 1):
        date = anniversary(day, year)
        if date is not None and first <= date <= last and (not notable or is_notable(year - day.year)):
            found.append((year - day.year, date))
    return found
