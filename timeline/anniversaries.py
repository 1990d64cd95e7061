"""What has an anniversary: the events of a day of the year, of a whole year, and of the days to come.

Only events known to the day have anniversaries. In a year without a 29 February, what happened on one is remembered on
the 28th, as `timeline.dates` counts. Each of the three asks the database twice, however many events there are.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from timeline import dates
from timeline.index import Answer, Selection
from timeline.models import Event, Importance

# At most this many cards on a page of a day, and in each month of a year notable ones and lines of others.
CARDS_OF_A_DAY = 200
NOTABLE_IN_A_MONTH = 16
OTHERS_IN_A_MONTH = 20

LEAP_YEAR = 2000
_MONTH_AND_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class DayOfYear:
    """A day of any year: one of 366."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read “07-27”; None for what is no day of any year."""
        found = _MONTH_AND_DAY.fullmatch(text)
        if found is None:
            return None
        try:
            return cls.of(datetime.date(LEAP_YEAR, int(found[1]), int(found[2])))
        except ValueError:
            return None

    @classmethod
    def of(cls, date: datetime.date) -> Self:
        return cls(date.month, date.day)

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    @property
    def in_leap_year(self) -> datetime.date:
        return datetime.date(LEAP_YEAR, self.month, self.day)

    @property
    def words(self) -> str:
        """“27 July”."""
        return dateformat.format(self.in_leap_year, pgettext("date format: day, month", "j E"))

    @property
    def is_leap_day(self) -> bool:
        return (self.month, self.day) == (2, 29)

    def observed(self, year: int) -> datetime.date:
        """The day of that year on which its anniversaries are: 28 February for the 29th where there is none."""
        return self.in_leap_year + relativedelta(year=year)

    def moved(self, days: int) -> Self:
        """The day so many days on, in the round of 366."""
        start = datetime.date(LEAP_YEAR, 1, 1)
        place = (self.in_leap_year - start).days + days
        return self.of(start + datetime.timedelta(days=place % 366))

    def in_month(self, month: int) -> Self:
        """The same day of another month, or its last one."""
        return self.of(self.in_leap_year + relativedelta(month=month))

    def days_of_month(self) -> list[Self]:
        return [type(self)(self.month, day + 1) for day in range(calendar.monthrange(LEAP_YEAR, self.month)[1])]

    def address(self, query: str = "") -> str:
        return reverse("on_this_day_of", args=[str(self)]) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Anniversary:
    """An event, and the day on which a given year remembers it; also its own year and those before it."""

    event: Event
    date: datetime.date

    @property
    def number(self) -> int:
        """How many years after the event; not above 0 in its own year and before."""
        return self.date.year - self.event.day.year

    @property
    def is_notable(self) -> bool:
        return dates.is_notable(self.number)

    @property
    def is_moved(self) -> bool:
        """True for a 29 February remembered on the 28th."""
        return DayOfYear.of(self.date) != DayOfYear.of(self.event.day)

    @property
    def day(self) -> DayOfYear:
        return DayOfYear.of(self.date)

    @property
    def words(self) -> str:
        """“70 years ago”, counted from the year of the anniversary."""
        if self.number == 0:
            return _("This year")
        if self.number < 0:
            return ngettext("In %(count)d year", "In %(count)d years", -self.number) % {"count": -self.number}
        return ngettext("%(count)d year ago", "%(count)d years ago", self.number) % {"count": self.number}


# A day of any year ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnDay:
    """What happened on a day of any year: what is notable this year, then the rest; `total` counts all there is."""

    notable: list[Anniversary]
    others: list[Anniversary]
    total: int

    @property
    def shown(self) -> list[Anniversary]:
        return self.notable + self.others

    @property
    def hidden(self) -> int:
        return self.total - len(self.notable) - len(self.others)

    @property
    def has_moved(self) -> bool:
        return any(one.is_moved for one in self.shown)


def on_day(answer: Answer, day: DayOfYear, year: int, limit: int = CARDS_OF_A_DAY) -> OnDay:
    """The events on a day of any year, counted in `year`; at most `limit` of them, the most important ones."""
    found = answer.on_day_of_year(day.month, day.day)
    if (day.month, day.day) == (2, 28) and not calendar.isleap(year):
        found |= answer.on_day_of_year(2, 29) & _before(answer, year)
    notable = answer.with_ids([pk for pk, then in answer.years_of(found).items() if dates.is_notable(year - then)])
    first = answer.most_important(limit, notable)
    rest = answer.most_important(limit - len(first), found - notable)
    on = day.observed(year)
    shown = _in_order_of_years([Anniversary(event, on) for event in Event.objects.in_order([*first, *rest])])
    if answer.asked.order == "newest":
        shown.reverse()
    return OnDay(
        notable=[one for one in shown if one.is_notable],
        others=[one for one in shown if not one.is_notable],
        total=len(found),
    )


def _before(answer: Answer, year: int) -> Selection:
    """What happened before a year: only that can have an anniversary in it."""
    return answer.known_between(datetime.date.min, datetime.date(year - 1, 12, 31)) if year > 1 else answer.nothing


def _in_order_of_years(found: list[Anniversary]) -> list[Anniversary]:
    return sorted(found, key=lambda one: (one.event.day, -one.event.importance, one.event.pk))


# A year --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Month:
    """The anniversaries of a month: the notable ones, and the others; and how many there are of each."""

    first_day: datetime.date
    notable: list[Anniversary]
    others: list[Anniversary]
    notable_total: int
    others_total: int

    @property
    def hidden_notable(self) -> int:
        return self.notable_total - len(self.notable)

    @property
    def hidden_others(self) -> int:
        return self.others_total - len(self.others)

    @property
    def total(self) -> int:
        return self.notable_total + self.others_total

    @property
    def day(self) -> DayOfYear:
        return DayOfYear.of(self.first_day)


def in_year(answer: Answer, year: int) -> list[Month]:
    """The twelve months of a year with the anniversaries in them, those of events of importance 3 or more first."""
    notable = answer.nothing
    for number in _notable_numbers(year - 1):
        then = year - number
        notable |= answer.known_between(datetime.date(then, 1, 1), datetime.date(then, 12, 31))
    others = _before(answer, year) - notable
    # The anniversary of 29 February stays in its month, so the month of the event tells.
    by_month = [(notable & month, others & month) for month in map(answer.in_month_of_year, range(1, 13))]
    chosen = [
        (answer.most_important(NOTABLE_IN_A_MONTH, first), answer.most_important(OTHERS_IN_A_MONTH, rest))
        for first, rest in by_month
    ]
    events = {
        event.pk: event for event in Event.objects.in_order([pk for pair in chosen for ids in pair for pk in ids])
    }
    return [
        Month(
            first_day=datetime.date(year, number, 1),
            notable=_remembered([events[pk] for pk in notable_ids if pk in events], year),
            others=_remembered([events[pk] for pk in other_ids if pk in events], year),
            notable_total=len(first),
            others_total=len(rest),
        )
        for number, ((first, rest), (notable_ids, other_ids)) in enumerate(zip(by_month, chosen, strict=True), start=1)
    ]


def _remembered(events: list[Event], year: int) -> list[Anniversary]:
    found = [Anniversary(event, DayOfYear.of(event.day).observed(year)) for event in events]
    return sorted(found, key=lambda one: (one.event.importance < Importance.NOTABLE, one.date, one.event.pk))


def _notable_numbers(limit: int) -> Iterator[int]:
    return (number for number in range(1, limit + 1) if dates.is_notable(number))


# The days to come ----------------------------------------------------------------------------------------------------


def coming(answer: Answer, today: datetime.date, days: int = 60, limit: int = 6) -> list[Anniversary]:
    """Notable anniversaries from today on, soonest first: those of the most important events, none below 3."""
    last = min(today.toordinal() + days, datetime.date.max.toordinal())
    found = answer.nothing
    for number in _notable_numbers(today.year):
        if span := remembered_between(number, today, datetime.date.fromordinal(last)):
            found |= answer.known_between(*span)
    found &= answer.at_least(Importance.NOTABLE)
    ids = answer.most_important(limit, found)
    shown = [
        Anniversary(event, date)
        for event in Event.objects.for_drawing(ids)
        for date in _observed_from(event.day, today)[:1]
    ]
    return sorted(shown, key=lambda one: (one.date, -one.event.importance, one.event.pk))


def _observed_from(day: datetime.date, today: datetime.date) -> list[datetime.date]:
    observed = (dates.anniversary(day, year) for year in (today.year, today.year + 1))
    return [date for date in observed if date is not None and date >= today]


def remembered_between(
    number: int, first: datetime.date, last: datetime.date
) -> tuple[datetime.date, datetime.date] | None:
    """The first and last of the days whose anniversary of this number lies in first..last; None if there are none.

    Going back is not the inverse of going on around 29 February: the 28th of a common year is the anniversary of both.
    """
    if last.year <= number:
        return None
    start = first - relativedelta(years=number) if first.year > number else datetime.date.min
    end = last - relativedelta(years=number)
    if start + relativedelta(years=number) < first:
        start += datetime.timedelta(days=1)
    following = end + datetime.timedelta(days=1)
    if (following.month, following.day) == (2, 29) and following + relativedelta(years=number) <= last:
        end = following
    return (start, end) if start <= end else None
