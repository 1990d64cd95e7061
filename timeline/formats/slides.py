"""What an event is on a slide of TimelineJS: its dates, its text as HTML, and one link as its media."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.html import escape

from timeline import dates
from timeline.dates import EventDate, Precision
from timeline.records import EventRecord

_MONTHLY = {Precision.MONTH: 2, Precision.YEAR: 1}


def slide_dates(date: str) -> dict[str, Any]:
    """`start_date`, `end_date` where the date is neither a day, a month nor a year, and in `display_date` what numbers
    cannot say. The date is EDTF."""
    when = dates.parse_edtf(date)
    known = _MONTHLY.get(when.precision)
    if when.is_day or (known and not (when.uncertain or when.approximate)):
        found: dict[str, Any] = {"start_date": day_numbers(when.day, known or 3)}
        return found if when.is_day else found | {"display_date": dates.display(when)}
    first, last = _span(when)
    found = {"start_date": day_numbers(first)}
    if last != first and last != datetime.date.max:
        found["end_date"] = day_numbers(last)
    return found | {"display_date": dates.display(when)}


def _span(when: EventDate) -> tuple[datetime.date, datetime.date]:
    # What has no beginning is put at the beginning of what is known of its end.
    first = when.day if when.earliest == datetime.date.min else when.earliest
    return first, when.latest


def day_numbers(day: datetime.date, known: int = 3) -> dict[str, int]:
    """The first `known` of year, month and day."""
    return dict(list(zip(("year", "month", "day"), (day.year, day.month, day.day), strict=True))[:known])


def slide_html(summary: str, body: str) -> str:
    """The texts as paragraphs of HTML."""
    paragraphs = [text for text in [summary, *body.replace("\r\n", "\n").split("\n\n")] if text.strip()]
    return "".join(f"<p>{escape(text.strip()).replace(chr(10), '<br>')}</p>" for text in paragraphs)


def slide_media(record: EventRecord) -> dict[str, str]:
    """The first source that has an address, as media; TimelineJS takes one."""
    source = next((source for source in record.sources if source.url), None)
    if source is None:
        return {}
    media = {"url": source.url, "caption": escape(source.title), "credit": escape(source.publisher)}
    return {key: value for key, value in media.items() if value}


def slide(record: EventRecord, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The event as a slide; `kept` goes with it, for readers that know it."""
    found: dict[str, Any] = {"unique_id": record.id, **slide_dates(record.date)}
    found["text"] = {"headline": escape(record.title), "text": slide_html(record.summary, record.body)}
    if media := slide_media(record):
        found["media"] = media
    return found | {"group": record.category, "annals": dict(kept)}
