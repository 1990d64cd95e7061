"""What pages' `.json` and the API answer: all that readers may know, and nothing that they may not."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from timeline import dates
from timeline.formats import annals_json
from timeline.models import Country, Event, Story

from .records import dataset_record, event_record, identifier, story_record


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
    shown = annals_json.as_object(story_record(story, [identifier(event) for event in events]))
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
