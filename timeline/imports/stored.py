"""What the database already holds of the datasets that come in: read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from timeline.models import ActorParticipation, Event, EventName, Participation, Relation, Source

from .report import Key

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


def stored_events(datasets: Collection[str]) -> dict[Key, StoredEvent]:
    """The events of these datasets that have an identifier there, with all that belongs to them."""
    events = Event.objects.filter(dataset__slug__in=datasets).exclude(external_id="").order_by()
    found: dict[Key, StoredEvent] = {}
    by_id: dict[int, StoredEvent] = {}
    for pk, dataset, external_id, *values in events.values_list("pk", "dataset__slug", "external_id", *EVENT_FIELDS):
        event = StoredEvent(pk, dict(zip(EVENT_FIELDS, values, strict=True)))
        found[dataset, external_id] = by_id[pk] = event
    if not found:
        return found
    for model, columns in PART_FIELDS.items():
        rows = model._default_manager.filter(event__dataset__slug__in=datasets).order_by("pk")
        for event_id, *values in rows.values_list("event_id", *columns):
            if event_id in by_id:
                by_id[event_id].parts[model].append(tuple(values))
    return found
