"""The same thing entered twice: events on the same days with a similar title, the same place or the same source."""

from __future__ import annotations

import datetime
import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Max
from django.utils.translation import gettext as _

from timeline import words
from timeline.models import DistinctPair, Event, EventStatus, Source

# Candidates that are compared: more events than that on the days in question are not looked through.
COMPARED = 400
NEWEST = 100
# The newest events are looked for among as many of the last numbers given.
NUMBERS = 1_000
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


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """How alike two titles are, 0 to 1: the better of their letters and of the words that they share.

    What is below `least` is 0, and sooner found: most titles of a day differ so much that a glance tells.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    common = len(set(first) & set(second))
    shared = common / min(len(set(first)), len(set(second))) * min(1.0, common / 3)
    mine, theirs = _letters(one), _letters(other)
    # Whatever their order, so many letters at most can be the same.
    if shared < least and 2 * (mine & theirs).total() < least * (mine.total() + theirs.total()):
        return 0.0
    letters = difflib.SequenceMatcher(None, " ".join(first), " ".join(second)).ratio()
    return found if (found := max(letters, shared)) >= least else 0.0


@lru_cache(maxsize=COMPARED * 10)
def _words(title: str) -> tuple[str, ...]:
    return tuple(words.words(title))


@lru_cache(maxsize=COMPARED * 10)
def _letters(title: str) -> Counter[str]:
    return Counter(" ".join(_words(title)))


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
    near = near.exclude(pk__in=told_apart(besides)) if besides else near
    candidates = list(near.order_by("day", "pk")[:COMPARED])
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


def told_apart(event_id: int) -> set[int]:
    """The event itself, and those of which an editor said that they are others."""
    pairs = DistinctPair.objects.with_any_of([event_id])
    return {event_id}.union(*pairs)


def among_newest() -> list[int]:
    """Ids of those of the newest events that are like another event of the same day, and not told apart from it."""
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    recent = Event.objects.filter(pk__gt=last - NUMBERS).exclude(status=EventStatus.WITHDRAWN)
    newest = list(recent.order_by("-pk").values_list("pk", "title", "day")[:NEWEST])
    by_day: dict[datetime.date, list[tuple[int, str]]] = {}
    same_days = Event.objects.filter(day__in={day for _pk, _title, day in newest})
    in_use = same_days.exclude(status=EventStatus.WITHDRAWN).order_by("-pk")
    for pk, title, day in in_use.values_list("pk", "title", "day")[: COMPARED * 10]:
        by_day.setdefault(day, []).append((pk, title))
    apart = DistinctPair.objects.with_any_of([pk for pk, _title, _day in newest])
    return [
        pk
        for pk, title, day in newest
        if any(
            other != pk and likeness(title, text, LIKE) and (min(pk, other), max(pk, other)) not in apart
            for other, text in by_day.get(day, [])[: COMPARED // 10]
        )
    ]
