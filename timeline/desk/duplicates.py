"""The same thing entered twice: events on the same days with a similar title, the same place or the same source."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from timeline import words
from timeline.models import Event, EventStatus, Source

# Candidates that are compared: more events than that on the days in question are not looked through.
COMPARED = 400
NEWEST = 100
SHOWN = 5
# Two titles of the same day with this likeness are worth a look; measured on the demonstration's own events.
LIKE = 0.62
NEAR = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Match:
    """An event that may be the same, and why."""

    event: Event
    reasons: list[str]
    likeness: float


def likeness(one: str, other: str) -> float:
    """How alike two titles are, 0 to 1: the better of their letters and of the words that they share."""
    first, second = words.words(one), words.words(other)
    if not first or not second:
        return 0.0
    shared = len(set(first) & set(second)) / min(len(set(first)), len(set(second)))
    letters = difflib.SequenceMatcher(None, " ".join(first), " ".join(second)).ratio()
    return max(letters, shared * min(1.0, len(set(first) & set(second)) / 3))


def like(
    title: str,
    earliest: datetime.date,
    latest: datetime.date,
    *,
    place: str = "",
    urls: Iterable[str] = (),
    besides: int | None = None,
) -> list[Match]:
    """Stored events within a day of these days that may be the same, the likeliest first."""
    first = earliest - NEAR if earliest > datetime.date.min + NEAR else earliest
    last = latest + NEAR if latest < datetime.date.max - NEAR else latest
    near = Event.objects.filter(day__gte=first, day__lte=last).exclude(status=EventStatus.WITHDRAWN)
    candidates = list(near.exclude(pk=besides).order_by("day", "pk")[:COMPARED])
    wanted = [url for url in urls if url][:20]
    same_source = set()
    if wanted:
        sources = Source.objects.filter(url__in=wanted, event__in=candidates)
        same_source = set(sources.values_list("event_id", flat=True))
    found = []
    for event in candidates:
        alike = likeness(title, event.title)
        reasons = []
        if alike >= LIKE:
            reasons.append(_("similar title"))
        if event.pk in same_source:
            reasons.append(_("same source"))
        if place and event.place.casefold() == place.casefold() and alike >= LIKE / 2:
            reasons.append(_("same place"))
        if reasons:
            found.append(Match(event, reasons, alike))
    return sorted(found, key=lambda match: (-len(match.reasons), -match.likeness, match.event.pk))[:SHOWN]


def among_newest() -> list[int]:
    """Ids of those of the newest events that are like another event of the same day."""
    in_use = Event.objects.exclude(status=EventStatus.WITHDRAWN)
    newest = list(in_use.order_by("-pk").values_list("pk", "title", "day")[:NEWEST])
    by_day: dict[datetime.date, list[tuple[int, str]]] = {}
    same_days = in_use.filter(day__in={day for _pk, _title, day in newest})
    for pk, title, day in same_days.order_by("-pk").values_list("pk", "title", "day")[: COMPARED * 10]:
        by_day.setdefault(day, []).append((pk, title))
    return [
        pk
        for pk, title, day in newest
        if any(other != pk and likeness(title, text) >= LIKE for other, text in by_day.get(day, [])[: COMPARED // 10])
    ]
