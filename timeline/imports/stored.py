"""What the database already holds of the datasets that come in: read in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from pyroaring import BitMap64

from timeline.models import (
    Actor,
    ActorParticipation,
    Coverage,
    Dataset,
    DeletedEvent,
    Event,
    EventName,
    FormerIdentifier,
    Participation,
    Relation,
    Source,
    Story,
    StoryEvent,
)
from timeline.models.event_queries import among
from timeline.models.many_rows import pieces

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
PART_FIELDS: dict[type[models.Model], tuple[Any, ...]] = {
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
    Relation: (
        "kind",
        Coalesce("target__dataset__slug", models.Value("")),
        # What it is called in files: see `exports.records.identifier`.
        models.Case(models.When(target__external_id="", then="target__slug"), default="target__external_id"),
        "note",
    ),
}


COMPANION_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Dataset: ("name", "publisher", "licence", "citation", "url"),
    Actor: ("name", "kind", "description", "country_id"),
    Story: ("title", "text", "source_publisher", "source_title", "source_url", "takeaways", "published"),
}
AT_ONCE = 500
"""A statement of SQLite may be limited to 999 parameters."""


@dataclass(slots=True)
class Stored:
    """An event of the dataset, or what comes with events, as it stands."""

    pk: int
    values: dict[str, Any]
    parts: dict[type[models.Model], list[tuple[Any, ...]]] = field(
        default_factory=lambda: {model: [] for model in PART_FIELDS}
    )
    is_identified: bool = True
    """False for an event that its dataset has no identifier for, or that is in none."""


def stored_ids(keys: Iterable[Key]) -> dict[Key, int]:
    """The events that have these identifiers in their datasets; keys that none has are missing."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for dataset, external_id in keys:
        if dataset:
            wanted[dataset].add(external_id)
    found: dict[Key, int] = {}
    for dataset, ids in wanted.items():
        # Said in full for the sake of the index, which holds no empty ones.
        events = Event.objects.filter(dataset__slug=dataset).exclude(external_id="").order_by()
        for some in pieces(ids, AT_ONCE):
            rows = events.filter(external_id__in=some).values_list("external_id", "pk")
            found |= {(dataset, external_id): pk for external_id, pk in rows}
    return found


def all_ids(datasets: Collection[str]) -> BitMap64:
    """The events of these datasets that have an identifier there."""
    events = Event.objects.filter(dataset__slug__in=datasets).exclude(external_id="").order_by()
    return BitMap64(events.values_list("pk", flat=True).iterator())


def former_ids(datasets: Collection[str]) -> dict[Key, tuple[int, int | None]]:
    """Identifiers that events of these datasets had before: the number that its event had then, and that of the event
    in which it is found now, None where it was deleted.
    """
    rows = FormerIdentifier.objects.filter(dataset__slug__in=datasets)
    found = {(dataset, id): pk for dataset, id, pk in rows.values_list("dataset__slug", "external_id", "event_id")}
    numbers = sorted(set(found.values()))
    merged: dict[int, int | None] = {}
    for some in pieces(numbers, AT_ONCE):
        deleted = DeletedEvent.objects.filter(event_id__in=some).order_by("pk")
        # The last time that it was deleted counts.
        merged |= dict(deleted.values_list("event_id", "merged_into"))
    there = _there({*numbers, *(pk for pk in merged.values() if pk)})
    places = {pk: pk if pk in there else place if (place := merged.get(pk)) in there else None for pk in numbers}
    return {key: (pk, places[pk]) for key, pk in found.items()}


def _there(ids: Collection[int]) -> set[int | None]:
    found: set[int | None] = set()
    for some in pieces(sorted(ids), AT_ONCE):
        found.update(Event.objects.filter(pk__in=some).values_list("pk", flat=True))
    return found


def stored_events(ids: Collection[int]) -> dict[int, Stored]:
    """These events with all that belongs to them, at most as many as a statement takes parameters."""
    numbers = sorted(ids)
    rows = Event.objects.filter(among("pk", numbers)).order_by().values_list("pk", "external_id", *EVENT_FIELDS)
    found = {
        pk: Stored(pk, dict(zip(EVENT_FIELDS, values, strict=True)), is_identified=bool(called))
        for pk, called, *values in (rows if numbers else ())
    }
    for model, columns in PART_FIELDS.items() if found else ():
        parts = model._default_manager.filter(among("event_id", numbers)).order_by()
        # Put in order here: asked for it, SQLite reads a table of millions from its beginning.
        for _pk, event_id, *values in sorted(parts.values_list("pk", "event_id", *columns), key=itemgetter(0)):
            found[event_id].parts[model].append(tuple(values))
    return found


def stored_companions(model: type[models.Model], slugs: Iterable[str]) -> dict[str, Stored]:
    """These datasets, people, stories, or coverages of datasets, by their slugs; none without any coverage."""
    found: dict[str, Stored] = {}
    for some in pieces(sorted(slugs), AT_ONCE):
        found |= _stored_coverage(some) if model is Coverage else _stored_columns(model, some)
    return found


def _stored_columns(model: type[models.Model], slugs: list[str]) -> dict[str, Stored]:
    columns = COMPANION_FIELDS[model]
    rows = model._default_manager.filter(slug__in=slugs).order_by().values_list("slug", "pk", *columns)
    found = {slug: Stored(pk, dict(zip(columns, row, strict=True)), {}) for slug, pk, *row in rows}
    if model is Story:
        for stored in found.values():
            stored.values["events"] = []
        told = StoryEvent.objects.filter(story__slug__in=slugs).order_by("position", "pk")
        for slug, external_id, address in told.values_list("story__slug", "event__external_id", "event__slug"):
            found[slug].values["events"].append(external_id or address)
    return found


def _stored_coverage(slugs: list[str]) -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    rows = Coverage.objects.filter(dataset__slug__in=slugs).select_related("dataset").prefetch_related("countries")
    for row in rows:
        assert row.dataset is not None
        stored = found.setdefault(row.dataset.slug, Stored(row.dataset.pk, {}, {Coverage: []}))
        codes = " ".join(sorted(country.code for country in row.countries.all()))
        stored.parts[Coverage].append((row.first_text, row.last_text, codes, row.note))
    for stored in found.values():
        stored.parts[Coverage].sort()
    return found
