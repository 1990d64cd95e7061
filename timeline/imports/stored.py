"""What the database already holds of the datasets that come in: read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db import models

from timeline.models import ActorParticipation, Event, EventName, Participation, Relation, Source
from timeline.models.event_queries import among

from .draft import Key

EVENT_FIELDS = (
    "slug",
    "title",
    "summary",
    "body",
    "date",
    "date_note",
    "place",
    "latitude",
    "longitude",
    "category_id",
    "importance",
    "status",
)

# Children are compared by what they say: actors by slug, targets by their identifier in the dataset.
PART_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Participation: ("country_id", "role"),
    ActorParticipation: ("actor__slug", "role"),
    EventName: ("name", "country_id", "language", "note"),
    Source: (
        "kind",
        "publisher",
        "title",
        "url",
        "published",
        "accessed",
        "archived_url",
        "quote",
        "stance",
        "gives_date",
    ),
    Relation: ("kind", "target__dataset__slug", "target__external_id", "note"),
}


@dataclass(slots=True)
class StoredEvent:
    """An event of the dataset as it stands."""

    pk: int
    values: dict[str, Any]
    parts: dict[type[models.Model], list[tuple[Any, ...]]] = field(
        default_factory=lambda: {model: [] for model in PART_FIELDS}
    )


def stored_ids(datasets: Collection[str]) -> dict[Key, int]:
    """The events of these datasets that have an identifier there, by it."""
    events = Event.objects.filter(dataset__slug__in=datasets).exclude(external_id="").order_by()
    rows = events.values_list("dataset__slug", "external_id", "pk").iterator()
    return {(dataset, external_id): pk for dataset, external_id, pk in rows}


def stored_events(ids: Collection[int]) -> dict[int, StoredEvent]:
    """These events with all that belongs to them, at most as many as a statement takes parameters."""
    numbers = sorted(ids)
    rows = Event.objects.filter(among("pk", numbers)).order_by().values_list("pk", *EVENT_FIELDS) if numbers else ()
    found = {pk: StoredEvent(pk, dict(zip(EVENT_FIELDS, values, strict=True))) for pk, *values in rows}
    for model, columns in PART_FIELDS.items() if found else ():
        parts = model._default_manager.filter(among("event_id", numbers)).order_by()
        # Put in order here: asked for it, SQLite reads a table of millions from its beginning.
        for _pk, event_id, *values in sorted(parts.values_list("pk", "event_id", *columns), key=itemgetter(0)):
            found[event_id].parts[model].append(tuple(values))
    return found
