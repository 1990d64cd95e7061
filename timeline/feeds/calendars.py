"""Events as calendars (RFC 5545) that Google, Apple and Outlook take: whole days, and never a day that nobody knows.

What is known to the day stands on its day, what lasted on all of its days. A date that is not known so exactly is a
tentative span over all the days that it may have been, with the date in words in its title, and blocks nobody's time.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from icalendar import Calendar, vRecur
from icalendar import Event as Entry

from timeline import dates
from timeline.anniversaries import Anniversary
from timeline.models import Event

from .identity import host, uid

# More than that no calendar program shows; the most important ones are taken.
CALENDAR_LENGTH = 1000
ADDRESS = Callable[[str], str]


def events_calendar(events: Iterable[Event], title: str, address: str, absolute: ADDRESS) -> bytes:
    """Each event when it was. `address` is the full one of the view that the calendar is made of."""
    calendar = _calendar(title, address)
    for event in events:
        entry = _entry(event, uid(event), absolute)
        first, last = _days(event.when)
        exact = _is_exact(event.when)
        entry.add("summary", event.title if exact else f"{event.title} ({event.date_in_words})")
        _set_days(entry, first, last)
        entry.add("status", "CONFIRMED" if exact or event.when.ongoing else "TENTATIVE")
        calendar.add_component(entry)
    return calendar.to_ical()


def yearly_calendar(events: Iterable[Event], title: str, address: str, absolute: ADDRESS) -> bytes:
    """Each event that is known to the day, on that day of every year since."""
    calendar = _calendar(title, address)
    for event in events:
        if not event.when.is_day:
            continue
        entry = _entry(event, uid(event, "yearly"), absolute)
        entry.add("summary", f"{event.title} ({event.day.year})")
        _set_days(entry, event.day, event.day)
        # The last day of February: a rule for the 29th alone would skip three years of four.
        leap = {"bymonth": 2, "bymonthday": -1} if (event.day.month, event.day.day) == (2, 29) else {}
        entry.add("rrule", vRecur({"freq": "yearly"} | leap))
        calendar.add_component(entry)
    return calendar.to_ical()


def anniversaries_calendar(found: Iterable[Anniversary], title: str, address: str, absolute: ADDRESS) -> bytes:
    """Anniversaries one by one, each on the day that remembers it, with its number: a rule could not say “70th”."""
    calendar = _calendar(title, address)
    for one in found:
        entry = _entry(one.event, uid(one.event, f"anniversary-{one.number}"), absolute)
        nth = _("%(nth)s anniversary") % {"nth": dates.ordinal_words(one.number)}
        entry.add("summary", f"{nth}: {one.event.title}")
        _set_days(entry, one.date, one.date)
        calendar.add_component(entry)
    return calendar.to_ical()


def _calendar(title: str, address: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Annals//{host()}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    # The first is the standard's (RFC 7986), the second what older programs read.
    for name in ("name", "x-wr-calname"):
        calendar.add(name, title)
    calendar.add("url", address)
    return calendar


def _entry(event: Event, identifier: str, absolute: ADDRESS) -> Entry:
    entry = Entry()
    address = absolute(event.get_absolute_url())
    entry.add("uid", identifier)
    # The same bytes at every request: the time of writing would be news where there is none.
    entry.add("dtstamp", event.modified.replace(microsecond=0))
    entry.add("created", event.created.replace(microsecond=0))
    entry.add("last-modified", event.modified.replace(microsecond=0))
    entry.add("sequence", event.version - 1)
    countries = list(dict.fromkeys(part.country.local_name for part in event.participations.all()))
    lines = [event.date_in_words, event.summary, ", ".join(countries), address]
    entry.add("description", "\n".join(line for line in lines if line))
    entry.add("url", address)
    entry.add("categories", [str(event.category)])
    entry.add("transp", "TRANSPARENT")
    if event.place:
        entry.add("location", event.place)
    if event.latitude is not None and event.longitude is not None:
        entry.add("geo", (float(event.latitude), float(event.longitude)))
    return entry


def _set_days(entry: Entry, first: datetime.date, last: datetime.date) -> None:
    """Whole days; the end is the day after the last (RFC 5545, 3.6.1), left out where the calendar ends."""
    entry.add("dtstart", first)
    if last < datetime.date.max:
        entry.add("dtend", last + datetime.timedelta(days=1))


def _is_exact(when: dates.EventDate) -> bool:
    """Known to the day from its first to its last."""
    return (
        when.earliest == when.start_latest
        and when.end_earliest == when.latest
        and not (when.uncertain or when.approximate or when.open_start or when.open_end)
        and not (when.unknown_start or when.unknown_end)
    )


def _days(when: dates.EventDate) -> tuple[datetime.date, datetime.date]:
    """The first and last day that it may have been; of what goes on, or began nobody knows when, the end we know."""
    first = when.earliest if when.earliest > datetime.date.min else when.day
    if when.latest < datetime.date.max:
        return first, when.latest
    return first, max(first, min(when.start_latest, when.day) if when.start_latest < datetime.date.max else first)
