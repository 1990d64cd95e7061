"""An event with all that belongs to it as one value: from the database, from its history, from and to JSON.

The value is an EventRecord in which `id` is the identifier in the dataset (empty where there is none) and relations
name the slugs of other events, so that it can be compared, kept and brought back whatever the dataset.
"""

from __future__ import annotations

import datetime
import io
import json
from dataclasses import replace
from typing import Any

from timeline import exports
from timeline.formats import annals_json
from timeline.models import (
    Actor,
    ActorParticipation,
    Dataset,
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

PARTS = {
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
    event = Event.objects.for_page().filter(pk=event_id).first()
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


def at(record: Any) -> EventRecord:
    """The version of which a row of the event's history is the head: with the rows that it had until the next one."""
    following = (
        Event.history.filter(id=record.id, history_date__gt=record.history_date)
        .order_by("history_date", "history_id")
        .values_list("history_date", flat=True)
        .first()
    )
    rows = {model: _rows_until(model, record.id, following) for model in PARTS}
    actors = dict(
        Actor.objects.filter(pk__in=[row.actor_id for row in rows[ActorParticipation]]).values_list("pk", "slug")
    )
    targets = dict(Event.objects.filter(pk__in=[row.target_id for row in rows[Relation]]).values_list("pk", "slug"))
    dataset = Dataset.objects.filter(pk=record.dataset_id).values_list("slug", flat=True).first()
    plain = ("slug", "title", "summary", "body", "date", "date_note", "place", "importance")
    return EventRecord(
        id=record.external_id if dataset else "",
        dataset=dataset or "",
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


def _rows_until(model: Any, event_id: int, until: datetime.datetime | None) -> list[Any]:
    """The rows of one kind as they stood just before a moment, in their order."""
    history = model.history.filter(event_id=event_id)
    if until is not None:
        history = history.filter(history_date__lt=until)
    newest = {row.id: row for row in history.order_by("history_date", "history_id")}
    return [newest[key] for key in sorted(newest) if newest[key].history_type != "-"]


def numbered(event_id: int, number: int) -> EventRecord | None:
    """The version of this number; None where the history has none."""
    record = Event.history.filter(id=event_id, version=number).exclude(history_type="-").order_by("history_id").last()
    return at(record) if record else None
