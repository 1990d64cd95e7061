"""Keeping the index true: it is read from the database, and read again when the revision has moved."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from timeline.filters import EventFilter
from timeline.models import ActorParticipation, Event, Participation, Revision

from .answer import Answer
from .segment import Entry, Segment

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    segment: Segment


_kept: _Kept | None = None


def answer(asked: EventFilter) -> Answer:
    """Everything that can be counted for a filter, as of the filter's revision or a newer one."""
    return Answer(asked, current(asked.vocabulary.revision))


def current(revision: int | None = None) -> Segment:
    """The index of at least this revision, by default of the newest. Readers go on with the old one meanwhile."""
    global _kept
    wanted = Revision.objects.number() if revision is None else revision
    if _kept is None or _kept.revision != wanted:
        with _lock:
            if _kept is None or _kept.revision != wanted:
                with transaction.atomic():
                    _kept = _Kept(Revision.objects.number(), Segment(_entries()))
    return _kept.segment


def _entries() -> Iterator[Entry]:
    countries: dict[int, list[str]] = defaultdict(list)
    for event_id, country in Participation.objects.values_list("event_id", "country_id").order_by().iterator():
        countries[event_id].append(country)
    actors: dict[int, list[str]] = defaultdict(list)
    for event_id, slug in ActorParticipation.objects.values_list("event_id", "actor__slug").order_by().iterator():
        actors[event_id].append(slug)
    rows = (
        Event.objects.published()
        .order_by()
        .values_list(
            "pk",
            "day",
            "earliest",
            "latest",
            "start_latest",
            "end_earliest",
            "importance",
            "category_id",
            "dataset__slug",
        )
    )
    for pk, day, earliest, latest, start_latest, end_earliest, importance, category, dataset in rows.iterator():
        yield Entry(
            id=pk,
            day=day.toordinal(),
            earliest=earliest.toordinal(),
            latest=latest.toordinal(),
            start_latest=start_latest.toordinal(),
            end_earliest=end_earliest.toordinal(),
            importance=importance,
            category=category,
            dataset=dataset or "",
            countries=tuple(countries.get(pk, ())),
            actors=tuple(actors.get(pk, ())),
        )
