"""The way out: what is stored as plain documents, the same for pages' `.json`, the API and files."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from timeline import dates
from timeline.formats import annals_json
from timeline.index import Answer
from timeline.models import Actor, Country, Coverage, Dataset, Event, Story
from timeline.models.event_queries import EventQuerySet
from timeline.records import (
    ActorParticipationRecord,
    ActorRecord,
    CoverageRecord,
    DatasetRecord,
    EventRecord,
    NameRecord,
    ParticipationRecord,
    Record,
    RelationRecord,
    SourceRecord,
    StoryRecord,
)

# So many events are read at once for a file; fewer at first, so that it begins to arrive at once.
FIRST_PIECE, PIECE = 50, 400
SOURCE_TEXTS = ("kind", "publisher", "title", "url", "published", "archived_url", "quote", "stance", "gives_date")


def event_document(event: Event) -> dict[str, Any]:
    """All that readers may know about an event: its annals/1 object, and what follows from it.

    Take it from `Event.objects.for_page()`, else it costs a query for each kind of part. Events that are not published
    are not mentioned.
    """
    record = event_record(event)
    targets = {identifier(row.target): row.target for row in event.relations.all()}
    shown = annals_json.as_object(record)
    shown["relations"] = [
        relation | _reference(targets[relation["event"]])
        for relation in shown.pop("relations", [])
        if targets[relation["event"]].is_published
    ]
    inverse = [row for row in event.inverse_relations.all() if row.event.is_published]
    stories = [row.story for row in event.story_events.all()]
    return (
        shown
        | _computed(event)
        | {
            "version": event.version,
            "modified": event.modified.isoformat(),
            "dataset_details": annals_json.as_object(dataset_record(event.dataset)) if event.dataset else None,
            "inverse_relations": [
                {"kind": row.kind, "event": identifier(row.event), "note": row.note} | _reference(row.event)
                for row in inverse
            ],
            "stories": [
                {"slug": story.slug, "title": story.title, "url": story.get_absolute_url()} for story in stories
            ],
        }
    )


def list_document(
    events: Iterable[Event], *, count: int | None = None, next_url: str | None = None, **about: Any
) -> dict[str, Any]:
    """A page of events, from `Event.objects.for_list()`: what a card shows, and the datasets with their licences.

    `count` is the number of events of the whole list; `about` is added as it is.
    """
    events = list(events)
    datasets = {event.dataset.slug: event.dataset for event in events if event.dataset}
    return about | {
        "count": len(events) if count is None else count,
        "next": next_url,
        "events": [_card(event) for event in events],
        "datasets": [annals_json.as_object(dataset_record(datasets[slug])) for slug in sorted(datasets)],
    }


def story_document(story: Story) -> dict[str, Any]:
    """A story with its events in their order; those that are not published are left out."""
    rows = story.story_events.select_related("event__category", "event__dataset").prefetch_related(
        "event__participations__country"
    )
    events = [row.event for row in rows if row.event.is_published]
    shown = annals_json.as_object(_story_record(story, [identifier(event) for event in events]))
    return shown | {"url": story.get_absolute_url(), "events": [_card(event) for event in events]}


def country_document(country: Country, **about: Any) -> dict[str, Any]:
    """A country, its names, its life, and what came before and after it; `about` is added as it is."""
    return {
        "code": country.code,
        "alpha2": country.alpha2,
        "numeric": country.numeric,
        "standard": country.standard,
        "name": country.name,
        "official_name": country.official_name,
        "names": {"ko": country.name_ko, "ru": country.name_ru, "zh": country.name_zh},
        "aliases": country.aliases,
        "demonym": country.demonym,
        "flag": country.flag,
        "first_day": _day(country.first_day),
        "last_day": _day(country.last_day),
        "latitude": _degrees(country.latitude),
        "longitude": _degrees(country.longitude),
        "successors": sorted(other.code for other in country.successors.all()),
        "predecessors": sorted(other.code for other in country.predecessors.all()),
        "note": country.note,
        "url": country.get_absolute_url(),
    } | about


def annals_document(events: EventQuerySet) -> dict[str, Any]:
    """The events as an annals/1 document that a site without them can import: with their datasets, actors and coverage,
    the stories that tell only of them, and the relations among them."""
    return annals_json.as_document(records(events))


def records(events: EventQuerySet) -> Iterable[Record]:
    """The records of `annals_document`, whatever a record refers to before it."""
    chosen = list(events.for_page())
    ids = {event.pk for event in chosen}
    datasets = Dataset.objects.filter(events__in=events).distinct().order_by("slug")
    yield from (dataset_record(dataset) for dataset in datasets)
    for actor in Actor.objects.filter(participations__event__in=events).distinct().order_by("slug"):
        yield ActorRecord(actor.slug, actor.name, actor.kind, actor.country_id or "", actor.description)
    yield from (event_record(event, ids) for event in chosen)
    for story in Story.objects.order_by("slug"):
        told = [row.event for row in story.story_events.select_related("event")]
        if told and {event.pk for event in told} <= ids:
            yield _story_record(story, [identifier(event) for event in told])
    for row in Coverage.objects.filter(dataset__in=datasets).select_related("dataset").prefetch_related("countries"):
        codes = tuple(sorted(country.code for country in row.countries.all()))
        assert row.dataset is not None
        yield CoverageRecord(row.dataset.slug, codes, row.first_text, row.last_text, row.note)


def records_of(answer: Answer) -> Iterator[Record]:
    """The records of every event that an answer holds, in the order asked for, and before them what they refer to.

    Piece by piece, so that a million events need no more memory than a few hundred. Relations are those among them.
    """
    ids = answer.snapshot.in_order(answer.events)[1]
    if answer.asked.order == "newest":
        ids = ids[::-1]
    told: set[DatasetRecord | ActorRecord] = set()
    start, length = 0, min(FIRST_PIECE, PIECE)
    while start < len(ids):
        piece = [int(id) for id in ids[start : start + length]]
        start, length = start + length, min(2 * length, PIECE)
        found = Event.objects.published().for_file().in_bulk(piece)
        events = [found[id] for id in piece if id in found]
        targets = {row.target_id for event in events for row in event.relations.all()}
        among = set(answer.ids(answer.with_ids(targets)))
        for event in events:
            for needed in _needed(event):
                if needed not in told:
                    told.add(needed)
                    yield needed
            yield event_record(event, among)


def _needed(event: Event) -> Iterator[DatasetRecord | ActorRecord]:
    if event.dataset:
        yield dataset_record(event.dataset)
    for row in event.actor_participations.all():
        actor = row.actor
        yield ActorRecord(actor.slug, actor.name, actor.kind, actor.country_id or "", actor.description)


def event_record(event: Event, among: set[int] | None = None) -> EventRecord:
    """The event in its plain form; relations only to the events of these ids, if any are given."""
    return EventRecord(
        id=identifier(event),
        dataset=event.dataset.slug if event.dataset else "",
        slug=event.slug,
        title=event.title,
        summary=event.summary,
        body=event.body,
        date=event.date,
        date_note=event.date_note,
        place=event.place,
        latitude="" if event.latitude is None else str(event.latitude),
        longitude="" if event.longitude is None else str(event.longitude),
        category=event.category_id,
        importance=event.importance,
        status=event.status,
        countries=tuple(ParticipationRecord(row.country_id, row.role) for row in event.participations.all()),
        actors=tuple(ActorParticipationRecord(row.actor.slug, row.role) for row in event.actor_participations.all()),
        names=tuple(NameRecord(row.name, row.country_id or "", row.language, row.note) for row in event.names.all()),
        sources=tuple(
            SourceRecord(
                accessed=row.accessed.isoformat() if row.accessed else "",
                **{name: getattr(row, name) for name in SOURCE_TEXTS},
            )
            for row in event.sources.all()
        ),
        relations=tuple(
            RelationRecord(row.kind, identifier(row.target), row.note)
            for row in event.relations.all()
            if among is None or row.target_id in among
        ),
    )


def dataset_record(dataset: Dataset) -> DatasetRecord:
    return DatasetRecord(dataset.slug, dataset.name, dataset.publisher, dataset.licence, dataset.citation, dataset.url)


def identifier(event: Event) -> str:
    """What an event is called in its dataset; its slug where it came from none."""
    return event.external_id or event.slug


def _story_record(story: Story, events: list[str]) -> StoryRecord:
    return StoryRecord(
        slug=story.slug,
        title=story.title,
        takeaways=tuple(story.takeaways),
        text=story.text,
        published=_day(story.published) or "",
        source_publisher=story.source_publisher,
        source_title=story.source_title,
        source_url=story.source_url,
        events=tuple(events),
    )


def _card(event: Event) -> dict[str, Any]:
    shown = {
        "id": identifier(event),
        "dataset": event.dataset.slug if event.dataset else None,
        "slug": event.slug,
        "title": event.title,
        "summary": event.summary,
        "date": event.date,
        "place": event.place,
        "latitude": _degrees(event.latitude),
        "longitude": _degrees(event.longitude),
        "category": event.category_id,
        "importance": event.importance,
        "countries": [{"country": row.country_id, "role": row.role} for row in event.participations.all()],
    }
    if hasattr(event, "source_count"):
        shown["source_count"] = event.source_count
    return shown | _computed(event)


def _computed(event: Event) -> dict[str, Any]:
    return {
        "url": event.get_absolute_url(),
        "date_in_words": event.date_in_words,
        "day": _day(event.day),
        "earliest": _day(event.earliest),
        "latest": _day(event.latest),
        "precision": event.precision,
    }


def _reference(event: Event) -> dict[str, Any]:
    return {"title": event.title, "date_in_words": dates.display(event.when), "url": event.get_absolute_url()}


def _day(day: datetime.date | None) -> str | None:
    """ISO text; None for a day that is not known or lies at an open end."""
    return None if day in (None, datetime.date.min, datetime.date.max) else day.isoformat()


def _degrees(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
