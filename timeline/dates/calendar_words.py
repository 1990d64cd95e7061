"""Days, months, years and ordinals in the active language; the pieces of which whole dates are made.

Translators turn the formats (Django's letters) into the order of their language: "j E Y" into "Y년 n월 j일".
"""

import datetime
import re
from functools import lru_cache
from typing import NamedTuple

from django.utils import dateformat
from django.utils.translation import get_language, pgettext

# Django's letters of the day's number and of the year, and those that say nothing but which month it is.
DAY, YEAR = re.compile(r"(?<!\\)j"), re.compile(r"(?<!\\)Y")
LETTERS_OF_MONTHS = frozenset("EFMNbmn")


class Formats(NamedTuple):
    """How a language writes days, months and years, and the two ends of a range that share their month or year."""

    day: str
    month: str
    year: str
    first_of_month: str
    last_of_month: str
    first_of_year: str
    last_of_year: str
    first_month: str
    last_month: str


# A page words hundreds of dates, and each look into a catalogue takes as long as writing three of them.
@lru_cache(maxsize=100)
def _formats(_language: str) -> Formats:
    return Formats(
        day=pgettext("date format: day, month, year", "j E Y"),
        month=pgettext("date format: month, year", "F Y"),
        year=pgettext("date format: year", "Y"),
        first_of_month=pgettext("date format: first of two days of one month", "j"),
        last_of_month=pgettext("date format: last of two days of one month", "j E Y"),
        first_of_year=pgettext("date format: first of two days of one year", "j E"),
        last_of_year=pgettext("date format: last of two days of one year", "j E Y"),
        first_month=pgettext("date format: first of two months of one year", "F"),
        last_month=pgettext("date format: last of two months of one year", "F Y"),
    )


def day_words(day: datetime.date, language: str = "") -> str:
    """A full day: "27 July 1953". `language` is the active one."""
    language = language or get_language() or ""
    return formatted(day, _formats(language).day, language)


def month_words(day: datetime.date) -> str:
    """The month and year of a day: "July 1953"."""
    language = get_language() or ""
    return formatted(day, _formats(language).month, language)


def year_words(day: datetime.date) -> str:
    """The year of a day, with four digits: "1953"."""
    language = get_language() or ""
    return formatted(day, _formats(language).year, language)


def formatted(day: datetime.date, pattern: str, language: str) -> str:
    """As dateformat.format, in a tenth of the time."""
    words = _in_month(day.month, pattern, language)
    if words is None:
        return dateformat.format(day, pattern)
    return words.replace("\0", str(day.day)).replace("\1", f"{day.year:04}")


@lru_cache(maxsize=2_000)
def _in_month(month: int, pattern: str, _language: str) -> str | None:
    """Any day of a month, with NUL for its number and SOH for its year; None for a format that says more of the day."""
    if not {"j", "Y", *LETTERS_OF_MONTHS}.issuperset(dateformat.re_formatchars.findall(pattern)):
        return None
    return dateformat.format(datetime.date(1, month, 1), YEAR.sub("\1", DAY.sub("\0", pattern)))


def weekday_words(day: datetime.date) -> str:
    """The weekday of a day: "Monday"."""
    return dateformat.format(day, "l")


def days_of_one_month(first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Both ends of a range inside a month, said once: ("25", "27 July 2023")."""
    language = get_language() or ""
    formats = _formats(language)
    return formatted(first, formats.first_of_month, language), formatted(last, formats.last_of_month, language)


def days_of_one_year(first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Both ends of a range inside a year: ("25 July", "3 August 2023")."""
    language = get_language() or ""
    formats = _formats(language)
    return formatted(first, formats.first_of_year, language), formatted(last, formats.last_of_year, language)


def months_of_one_year(first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Both months of a range inside a year: ("June", "July 1950")."""
    language = get_language() or ""
    formats = _formats(language)
    return formatted(first, formats.first_month, language), formatted(last, formats.last_month, language)


def ordinal_words(number: int) -> str:
    """An ordinal number: "1st", "11th", "70th", "112th"."""
    if number % 100 in {11, 12, 13}:
        pattern = pgettext("ordinal number ending in 11, 12 or 13", "%(number)dth")
    elif number % 10 == 1:
        pattern = pgettext("ordinal number ending in 1", "%(number)dst")
    elif number % 10 == 2:
        pattern = pgettext("ordinal number ending in 2", "%(number)dnd")
    elif number % 10 == 3:
        pattern = pgettext("ordinal number ending in 3", "%(number)drd")
    else:
        pattern = pgettext("ordinal number", "%(number)dth")
    return pattern % {"number": number}
