"""Calendars (iCalendar, RFC 5545): days, times and recurring events. A whole-day event ends the day after it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, BinaryIO

import icalendar
from dateutil import rrule
from django.utils.translation import gettext as _

from timeline.records import EventRecord, Problem, Record, SourceRecord, besides

from . import cells, documents, loose, markup
from .problems import CellProblem, FileProblem, problem_of
from .reading import Reading
from .templates import shortened

# An entry without a place says that there is none; of people, names and countries no entry says anything.
UNSAID = besides(
    EventRecord,
    ("id", "title", "date", "category", "dataset", "summary", "body", "place", "latitude", "longitude", "sources"),
)
MOST_TIMES = 1000
"""Times that one recurring event may have."""
ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "GEO")
READ = (*ONCE, "RRULE", "RDATE", "EXDATE")
"""What is read of an entry besides its texts."""


def recognises(head: bytes, name: str) -> bool:
    """Whether the first bytes of a file are those of a calendar."""
    return b"BEGIN:VCALENDAR" in head[:1024].upper()


def read(stream: BinaryIO, reading: Reading) -> Iterator[Record | Problem]:
    """An event for each entry of the calendar, and for each time of a recurring one. Raises FileProblem."""
    raw = documents.whole(stream)
    try:
        calendars = icalendar.Calendar.from_ical(raw, multiple=True)
    except (AttributeError, ValueError, IndexError, KeyError, TypeError) as error:
        raise FileProblem(_("The calendar cannot be read: %(reason)s") % {"reason": str(error)[:200]}) from error
    found: list[Any] = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not found:
        raise FileProblem(_("The calendar has no events."))
    wrong = {number: problem for number, event in enumerate(found, 1) if (problem := _problem(event))}
    changed = [
        event for number, event in enumerate(found, 1) if number not in wrong and event.get("RECURRENCE-ID") is not None
    ]
    moved = {(_text(event, "UID"), _day(event["RECURRENCE-ID"].dt)) for event in changed}
    for number, event in enumerate(found, 1):
        name = _text(event, "SUMMARY") or _text(event, "UID")
        if number in wrong:
            yield problem_of(number, wrong[number], "VEVENT", name)
            continue
        try:
            yield from _events(event, number, moved, reading)
        except ValueError as problem:
            yield problem_of(number, problem, "VEVENT", name)
        except (OverflowError, AttributeError, TypeError):
            yield Problem(number, "VEVENT", name, _("The days and times of this entry do not fit together."))


def _problem(event: Any) -> CellProblem | None:
    """What is wrong with the writing of an entry; the library would tell it in its own words, and only when asked."""
    for name, _reason in event.errors:
        if name in READ:
            value = next(str(one) for one in _all(event, name) if isinstance(one, icalendar.prop.vBroken))
            return CellProblem(name, value, _("This cannot be read as %(name)s.") % {"name": name})
    for name in ONCE:
        if len(_all(event, name)) > 1:
            return CellProblem(name, "", _("An entry has only one %(name)s.") % {"name": name})
    if any("FREQ" not in rule for rule in _all(event, "RRULE")):
        return CellProblem("RRULE", "", _("This cannot be read as %(name)s.") % {"name": "RRULE"})
    return None


def _events(
    event: Any, number: int, moved: set[tuple[str, datetime.date]], reading: Reading
) -> Iterator[Record | Problem]:
    if event.get("DTSTART") is None:
        raise ValueError(_("The entry has no DTSTART."))
    if _text(event, "STATUS").upper() == "CANCELLED":
        raise ValueError(_("This entry was cancelled."))
    start, end = event["DTSTART"].dt, _end(event)
    uid = _text(event, "UID") or loose.made_id(_text(event, "SUMMARY"), str(start))
    if event.get("RECURRENCE-ID") is not None:
        yield _event(event, f"{uid} {_day(event['RECURRENCE-ID'].dt)}", start, end, number, reading)
    elif event.get("RRULE") is None and event.get("RDATE") is None:
        yield _event(event, uid, start, end, number, reading)
    else:
        for time in _times(event, start):
            if (uid, _day(time)) not in moved:
                yield _event(event, f"{uid} {_day(time)}", time, time + (end - start), number, reading)


def _end(event: Any) -> Any:
    """The moment at which it is over: for whole days, the day after the last."""
    start = event["DTSTART"].dt
    whole = not isinstance(start, datetime.datetime)
    if event.get("DTEND") is not None:
        end = event["DTEND"].dt
    elif event.get("DURATION") is not None:
        end = start + event["DURATION"].dt
    else:
        end = start + datetime.timedelta(1 if whole else 0)
    if isinstance(end, datetime.datetime) == whole:
        raise ValueError(_("DTSTART and DTEND must both be days, or both be times."))
    if end < start:
        raise ValueError(_("The entry ends (%(end)s) before it begins (%(start)s).") % {"end": end, "start": start})
    return end


def _times(event: Any, start: Any) -> list[Any]:
    whole = not isinstance(start, datetime.datetime)
    first = datetime.datetime.combine(start, datetime.time()) if whole else start
    times = rrule.rruleset()
    times.rdate(first)
    for rule in _all(event, "RRULE"):
        if "COUNT" not in rule and "UNTIL" not in rule:
            raise ValueError(_("The entry recurs without an end. Give its rule UNTIL or COUNT."))
        text = rule.to_ical().decode()
        if whole or first.tzinfo is None:
            text = ";".join(part.removesuffix("Z") for part in text.split(";"))
        times.rrule(rrule.rrulestr(text, dtstart=first))
    for name, add in (("RDATE", times.rdate), ("EXDATE", times.exdate)):
        for entry in _all(event, name):
            for each in entry.dts:
                add(datetime.datetime.combine(each.dt, datetime.time()) if whole else each.dt)
    found = []
    for time in times:
        found.append(time.date() if whole else time)
        if len(found) > MOST_TIMES:
            raise ValueError(_("The entry recurs more than %(limit)d times.") % {"limit": MOST_TIMES})
    return found


def _event(event: Any, id: str, start: Any, end: Any, number: int, reading: Reading) -> EventRecord:
    first = _day(start)
    # What ends at midnight, or with a whole day, ended the day before.
    last = max(
        first, _day(end - datetime.timedelta(microseconds=1)) if isinstance(end, datetime.datetime) else _before(end)
    )
    text = markup.plain(_text(event, "DESCRIPTION"))
    summary, body = loose.summary_and_body(text)
    latitude, longitude = _point(event)
    return EventRecord(
        id=id,
        title=loose.title_of(markup.plain(_text(event, "SUMMARY"))),
        date=cells.interval(first.isoformat(), last.isoformat()),
        category=loose.category(_categories(event), reading),
        dataset=reading.dataset,
        summary=summary,
        body=body,
        place=shortened(markup.plain(_text(event, "LOCATION")), 150),
        latitude=latitude,
        longitude=longitude,
        sources=tuple(_sources(event)),
        row=number,
        unsaid=UNSAID,
        columns={"title": "SUMMARY", "date": "DTSTART", "place": "LOCATION", "category": "CATEGORIES", "id": "UID"},
    )


def _before(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(1)


def _sources(event: Any) -> Iterator[SourceRecord]:
    address = _text(event, "URL")
    if address.startswith(("http://", "https://")):
        yield SourceRecord(
            publisher=loose.host(address), title=markup.plain(_text(event, "SUMMARY"))[:300], url=address
        )


def _categories(event: Any) -> list[str]:
    return [str(one) for entry in _all(event, "CATEGORIES") for one in getattr(entry, "cats", [])]


def _point(event: Any) -> tuple[str, str]:
    geo = event.get("GEO")
    return (str(geo.latitude), str(geo.longitude)) if geo is not None else ("", "")


def _all(event: Any, name: str) -> list[Any]:
    """What an entry says under a name, however often."""
    found = event.get(name)
    return [] if found is None else found if isinstance(found, list) else [found]


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    return "" if value is None or isinstance(value, list) else str(value).strip()


def _day(moment: Any) -> datetime.date:
    found: datetime.date = moment.date() if isinstance(moment, datetime.datetime) else moment
    return found
