"""A date in words: what readers see (`display`) and what an editor is told before saving (`reading`).

The English words of `display` can be typed in again: `parse_human` gives the same date.
"""

import datetime
from functools import lru_cache

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from .calendar_words import (
    day_words,
    days_of_one_month,
    days_of_one_year,
    month_words,
    months_of_one_year,
    ordinal_words,
    weekday_words,
    year_words,
)
from .edtf_text import Form, SingleDate, parse_edtf, plain_day, read_single, split
from .parts import part_of_unit
from .values import EventDate, Precision


def display(date: EventDate | str, language: str = "") -> str:
    """The date in words, as precise as it is and no more; a text is read as EDTF first.

    The words are those of the active language. Who words a date after the other names it: to find out takes longer than
    to look up words that are known.
    """
    return _display(date if isinstance(date, str) else date.edtf, language or get_language() or "")


@lru_cache(maxsize=20_000)
def _display(edtf: str, language: str) -> str:
    """A page of the timeline words hundreds of dates, mostly the same ones as the page before."""
    if (day := plain_day(edtf)) is not None:
        return day_words(day, language)
    date = parse_edtf(edtf)
    form, left, right = split(date.edtf)
    if form is Form.SINGLE:
        return _single(read_single(left))
    if form is Form.INTERVAL:
        return _interval(date, left, right)
    return _one_of(date, left, right)


def reading(date: EventDate) -> str:
    """One sentence that tells an editor how a date was understood."""
    form, left, right = split(date.edtf)
    if form is Form.INTERVAL:
        return _reading_of_interval(date, left, right)
    if date.is_day:
        words = {"date": day_words(date.day), "weekday": weekday_words(date.day)}
        return _("One day: %(date)s, a %(weekday)s.") % words
    if date.unknown_start or date.unknown_end:
        return _("Some day, not known more exactly: %(date)s.") % {"date": display(date)}
    first, last = read_single(date.earliest.isoformat()), read_single(date.latest.isoformat())
    names = {"date": display(date), "range": _range(first, last)}
    names["first"], names["last"], _is_short = _ends(first, last)
    if date.uncertain or date.approximate:
        return _("Not known exactly: %(date)s. Found as some day from %(first)s to %(last)s.") % names
    if form is Form.ONE_OF and part_of_unit(date.earliest, date.latest) is None:
        return _("Some day from %(first)s to %(last)s.") % names
    if date.precision in {Precision.WEEK, Precision.CENTURY}:
        return _("Some day in the %(date)s (%(range)s).") % names
    return _("Some day in %(date)s (%(range)s).") % names


def _single(single: SingleDate) -> str:
    words = _unqualified(single)
    if single.approximate:
        words = pgettext("date", "about %(date)s") % {"date": words}
    if single.uncertain:
        words = pgettext("date", "%(date)s (uncertain)") % {"date": words}
    return words


def _unqualified(single: SingleDate) -> str:
    if single.precision is Precision.DAY:
        return day_words(single.first)
    if single.precision is Precision.MONTH:
        return month_words(single.first)
    if single.precision is Precision.SEASON:
        return _season(int(single.text[5:7]), single.first)
    if single.precision is Precision.DECADE:
        return _decade(single.first)
    if single.precision is Precision.CENTURY:
        return _century(single.first)
    return year_words(single.first)


def _season(code: int, day: datetime.date) -> str:
    names = {"year": year_words(day), "quarter": code - 32}
    if code == 21:
        return pgettext("season", "spring %(year)s") % names
    if code == 22:
        return pgettext("season", "summer %(year)s") % names
    if code == 23:
        return pgettext("season", "autumn %(year)s") % names
    if code == 24:
        return pgettext("season", "winter %(year)s") % names
    return pgettext("quarter of a year", "Q%(quarter)d %(year)s") % names


def _decade(day: datetime.date) -> str:
    decade = day.year // 10 * 10
    if decade % 100:
        return pgettext("decade", "the %(decade)04ds") % {"decade": decade}
    # "the 1900s" would be read as the whole century.
    return pgettext("decade", "the decade %(first)04d–%(last)04d") % {"first": decade, "last": decade + 9}


def _century(day: datetime.date) -> str:
    return pgettext("century", "%(ordinal)s century") % {"ordinal": ordinal_words(day.year // 100 + 1)}


def _interval(date: EventDate, left: str, right: str) -> str:
    if date.open_end:
        return _("since %(start)s (ongoing)") % {"start": _single(read_single(left))}
    if date.open_start:
        return _("until %(end)s") % {"end": _single(read_single(right))}
    if date.unknown_end:
        return _("from %(start)s (end unknown)") % {"start": _single(read_single(left))}
    if date.unknown_start:
        return _("until %(end)s (beginning unknown)") % {"end": _single(read_single(right))}
    return _range(read_single(left), read_single(right))


def _range(start: SingleDate, end: SingleDate) -> str:
    first, last, is_short = _ends(start, end)
    pattern = pgettext("short range", "%(start)s–%(end)s") if is_short else pgettext("range", "%(start)s – %(end)s")
    return pattern % {"start": first, "end": last}


def _ends(start: SingleDate, end: SingleDate) -> tuple[str, str, bool]:
    """Both ends in words, leaving out of the first what the second says; and whether both are short."""
    plain = not (start.uncertain or start.approximate or end.uncertain or end.approximate)
    same_year = start.first.year == end.first.year
    if plain and start.precision is end.precision is Precision.DAY and same_year:
        if start.first.month == end.first.month:
            return *days_of_one_month(start.first, end.first), True
        return *days_of_one_year(start.first, end.first), False
    if plain and start.precision is end.precision is Precision.MONTH and same_year:
        return *months_of_one_year(start.first, end.first), False
    both_years = start.precision is end.precision is Precision.YEAR
    return _single(start), _single(end), plain and both_years


def _one_of(date: EventDate, left: str, right: str) -> str:
    if date.unknown_start:
        return _("%(date)s or earlier") % {"date": _single(read_single(right))}
    if date.unknown_end:
        return _("%(date)s or later") % {"date": _single(read_single(left))}
    part = part_of_unit(date.earliest, date.latest)
    if part:
        return _part(*part, date.day)
    first, last, _is_short = _ends(read_single(left), read_single(right))
    return _("some day from %(first)s to %(last)s") % {"first": first, "last": last}


def _part(precision: Precision, name: str, day: datetime.date) -> str:
    if precision is Precision.WEEK:
        return pgettext("part of a date", "week of %(date)s") % {"date": day_words(day)}
    if precision is Precision.SEASON:
        years = {"first": day.year, "last": day.year + 1}
        return pgettext("part of a date", "winter %(first)04d–%(last)04d") % years
    units = {
        Precision.MONTH: month_words,
        Precision.YEAR: year_words,
        Precision.DECADE: _decade_in_part,
        Precision.CENTURY: _century,
    }
    patterns = {
        "early": pgettext("part of a date", "early %(date)s"),
        "mid": pgettext("part of a date", "mid %(date)s"),
        "late": pgettext("part of a date", "late %(date)s"),
        "first half": pgettext("part of a date", "first half of %(date)s"),
        "second half": pgettext("part of a date", "second half of %(date)s"),
    }
    return patterns[name] % {"date": units[precision](day)}


def _decade_in_part(day: datetime.date) -> str:
    decade = day.year // 10 * 10
    if decade % 100:
        return pgettext("decade after early, mid or late", "%(decade)04ds") % {"decade": decade}
    return _decade(day)


def _reading_of_interval(date: EventDate, left: str, right: str) -> str:
    if date.open_end:
        return _("Ongoing since %(start)s.") % {"start": _single(read_single(left))}
    if date.open_start:
        return _("Lasts until %(end)s, with an open beginning.") % {"end": _single(read_single(right))}
    if date.unknown_end:
        return _("Begins %(start)s; when it ended is not known.") % {"start": _single(read_single(left))}
    if date.unknown_start:
        return _("Ends %(end)s; when it began is not known.") % {"end": _single(read_single(right))}
    ends = {"start": _single(read_single(left)), "end": _single(read_single(right))}
    if date.earliest != date.start_latest or date.end_earliest != date.latest:
        return _("Lasts from %(start)s to %(end)s.") % ends
    days = (date.latest - date.earliest).days + 1
    pattern = ngettext(
        "Lasts from %(start)s to %(end)s (%(count)d day).", "Lasts from %(start)s to %(end)s (%(count)d days).", days
    )
    return pattern % {**ends, "count": days}
