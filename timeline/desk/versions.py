"""An event with all that belongs to it as one value: from the database, from its history, from and to JSON.

The value is an EventRecord in which `id` is the identifier in the dataset (empty where there is none) and relations
name the slugs of other events, so that it can be compared, kept and brought back whatever the dataset.
"""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from timeline import exports
from timeline.formats import annals_json
from timeline.models import (
    Actor,
    ActorParticipation,
    Dataset,
    DeletedEvent,
    Event,
    EventName,
    Participation,
    Relation,
    Source,
)
from timeline.records import (
    ActorParticipationRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    RelationRecord,
    SourceRecord,
)

PARTS: dict[Any, str] = {
    Participation: "participations",
    ActorParticipation: "actor_participations",
    EventName: "names",
    Source: "sources",
    Relation: "relations",
}
NAMED_BY_SLUG = {ActorParticipation: "actor_id", Relation: "target_id"}
NO_IDENTIFIER = "-"


def version_of(event: Event) -> EventRecord:
    """The event as it is stored, or with the rows that a form has read into `event` (see `with_rows`)."""
    relations = tuple(RelationRecord(row.kind, row.target.slug, row.note) for row in event.relations.all())
    record = exports.event_record(event, among=set())
    return replace(record, id=event.external_id, status="", relations=relations)


def stored(event_id: int) -> EventRecord | None:
    """The version that the database holds; None if the event is not there."""
    event = Event.objects.for_version().filter(pk=event_id).first()
    return version_of(event) if event else None


def with_rows(event: Event, rows: dict[str, list[Any]]) -> Event:
    """Let the event answer with these rows instead of the stored ones; `rows` by the names of its relations."""
    cache: dict[str, Any] = event.__dict__.setdefault("_prefetched_objects_cache", {})
    for name in PARTS.values():
        # A related manager answers all() with what was prefetched, which here is a list that answers all() itself.
        cache[name] = _Rows(rows.get(name, []))
    return event


class _Rows(list[Any]):
    def all(self) -> _Rows:
        return self


def to_json(version: EventRecord) -> dict[str, Any]:
    """The version as an annals/1 object; without an identifier it has no “id”."""
    return annals_json.as_object(version)


def from_json(value: dict[str, Any]) -> EventRecord:
    """What `to_json` wrote. Raises ValueError where it is something else."""
    document = {"format": annals_json.FORMAT, "events": [{"id": NO_IDENTIFIER} | value]}
    found = next(annals_json.read(io.BytesIO(json.dumps(document).encode())), None)
    if not isinstance(found, EventRecord):
        raise ValueError(str(found))
    return replace(found, id=value.get("id", ""), row=0)


# From the history ----------------------------------------------------------------------------------------------------


Told = list[tuple[Any, EventRecord]]
"""Every version of an event, oldest first: its row in the event's history, and all that it said."""


def history(event_id: int) -> Told:
    """The versions of one event; none for a number that no event ever had."""
    return histories([event_id])[event_id]


def histories(event_ids: Collection[int]) -> dict[int, Told]:
    """The versions of each event. A version has the rows that the event had until the next one was saved.

    Takes ten queries at the most, however many events there are.
    """
    every = Event.history.filter(id__in=event_ids).select_related("history_user")
    records = list(every.order_by("history_date", "history_id"))
    rows = {
        model: list(model.history.filter(event_id__in=event_ids).order_by("history_date", "history_id"))
        for model in PARTS
    }
    slugs = _slugs_of(rows)
    slugs[Dataset] = dict(
        Dataset.objects.filter(pk__in={record.dataset_id for record in records}).values_list("pk", "slug")
    )
    gone = {record.id for record in records if record.history_type == "-"}
    deleted = list(DeletedEvent.objects.filter(event_id__in=gone)) if gone else []
    return {
        event_id: _told(
            [record for record in records if record.id == event_id],
            {model: _Past([row for row in found if row.event_id == event_id]) for model, found in rows.items()},
            slugs,
            [each for each in deleted if each.event_id == event_id],
        )
        for event_id in event_ids
    }


def _told(
    records: list[Any], rows: dict[Any, _Past], slugs: dict[Any, dict[int, str]], deleted: list[DeletedEvent]
) -> Told:
    found: Told = []
    for record, until in zip(records, _next_moments(records), strict=True):
        past = {model: rows[model].until(until) for model in PARTS}
        if record.history_type != "-":
            found.append((record, _version(record, past, slugs)))
        elif found:
            # The rows went before their event did, and were no change of its last version.
            before = found[-1][0]
            kept = [each for each in deleted if before.history_date <= each.deleted <= record.history_date]
            found[-1] = (before, from_json(kept[0].record)) if kept else found[-1]
    return found


def _next_moments(records: list[Any]) -> list[datetime.datetime | None]:
    """For each record of a history the moment of the next later one; None for the newest."""
    moments: list[datetime.datetime | None] = []
    following: datetime.datetime | None = None
    for record, after in zip(reversed(records), [None, *reversed(records)], strict=False):
        if after is not None and after.history_date > record.history_date:
            following = after.history_date
        moments.append(following)
    return moments[::-1]


class _Past:
    """The rows of one kind that an event had, at moments that are asked for in their order."""

    def __init__(self, records: list[Any]) -> None:
        self.records = records
        self._read = 0
        self._newest: dict[int, Any] = {}

    def until(self, moment: datetime.datetime | None) -> list[Any]:
        """The rows as they stood just before the moment, in their order."""
        while self._read < len(self.records):
            record = self.records[self._read]
            if moment is not None and record.history_date >= moment:
                break
            self._newest[record.id] = record
            self._read += 1
        return [self._newest[key] for key in sorted(self._newest) if self._newest[key].history_type != "-"]


def _slugs_of(rows: dict[Any, list[Any]]) -> dict[Any, dict[int, str]]:
    """What rows that point at actors and at other events call them; what is gone has no name any more."""
    actors = {row.actor_id for row in rows[ActorParticipation]}
    targets = {row.target_id for row in rows[Relation]}
    return {
        Actor: dict(Actor.objects.filter(pk__in=actors).values_list("pk", "slug")),
        Event: dict(Event.objects.filter(pk__in=targets).values_list("pk", "slug")),
    }


def _version(record: Any, rows: dict[Any, list[Any]], slugs: dict[Any, dict[int, str]]) -> EventRecord:
    dataset = slugs[Dataset].get(record.dataset_id, "")
    plain = ("slug", "title", "summary", "body", "date", "date_note", "place", "importance")
    actors, targets = slugs[Actor], slugs[Event]
    return EventRecord(
        id=record.external_id if dataset else "",
        dataset=dataset,
        category=record.category_id,
        latitude="" if record.latitude is None else str(record.latitude),
        longitude="" if record.longitude is None else str(record.longitude),
        **{name: getattr(record, name) for name in plain},
        countries=tuple(ParticipationRecord(row.country_id, row.role) for row in rows[Participation]),
        actors=tuple(
            ActorParticipationRecord(actors[row.actor_id], row.role)
            for row in rows[ActorParticipation]
            if row.actor_id in actors
        ),
        names=tuple(NameRecord(row.name, row.country_id or "", row.language, row.note) for row in rows[EventName]),
        sources=tuple(_source(row) for row in rows[Source]),
        # What pointed at an event that is gone cannot come back.
        relations=tuple(
            RelationRecord(row.kind, targets[row.target_id], row.note)
            for row in rows[Relation]
            if row.target_id in targets
        ),
    )


def _source(row: Any) -> SourceRecord:
    return SourceRecord(
        accessed=row.accessed.isoformat() if row.accessed else "",
        **{name: getattr(row, name) for name in exports.SOURCE_TEXTS},
    )


def at(record: Any) -> EventRecord:
    """The version of which a row of the event's history is the head."""
    return next(version for row, version in history(record.id) if row.history_id == record.history_id)


def numbered(event_id: int, number: int) -> EventRecord | None:
    """The version of this number; None where the history has none."""
    found = [version for record, version in history(event_id) if record.version == number]
    return found[-1] if found else None
