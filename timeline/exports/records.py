"""What is stored as records, the plain form that every file is written from: one event, or all that an answer holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from timeline.index import Answer
from timeline.models import Coverage, Dataset, Event, EventStatus, Story
from timeline.models.event_records import RecordReader
from timeline.records import (
    ActorParticipationRecord,
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
FIRST_PIECE, PIECE = 50, 800
SOURCE_TEXTS = ("kind", "publisher", "title", "url", "published", "archived_url", "quote", "stance", "gives_date")


def records_of(answer: Answer) -> Iterator[Record]:
    """The records of every event that an answer holds, in the order asked for, and before them what they refer to; then
    the stories that tell only of them, and for which time and countries their datasets know the events.

    Piece by piece, so that a million events need no more memory than a few hundred. Relations are those among them.
    """
    ids = answer.snapshot.in_order(answer.events)[1]
    if answer.asked.order == "newest":
        ids = ids[::-1]

    def among(targets: set[int]) -> set[int]:
        return set(answer.ids(answer.with_ids(targets)))

    yield from _records(RecordReader(among), (piece.tolist() for piece in _pieces(ids)), among, answer.reading_rows)


def records_of_selection(ids: Sequence[int]) -> Iterator[Record]:
    """The records of these events in their order, whatever their status; with what `records_of` gives besides."""
    chosen = set(ids)
    yield from _records(RecordReader(chosen.intersection, EventStatus.values), _pieces(ids), chosen.intersection)


def _records(
    reader: RecordReader,
    pieces: Iterable[Sequence[int]],
    among: Callable[[set[int]], Collection[int]],
    reading_rows: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Iterator[Record]:
    """The events of an answer may be read from a replica; what else there is are few rows."""
    for piece in pieces:
        # Not across a yield: whoever takes the records would read from there too.
        with reading_rows():
            records = list(reader.read(piece))
        yield from records
    for story in Story.objects.order_by("slug").prefetch_related("story_events__event"):
        told = [row.event for row in story.story_events.all()]
        if told and {event.pk for event in told} <= set(among({event.pk for event in told})):
            yield story_record(story, [identifier(event) for event in told])
    covered = Coverage.objects.filter(dataset__in=reader.datasets).select_related("dataset")
    for row in covered.prefetch_related("countries"):
        codes = tuple(sorted(country.code for country in row.countries.all()))
        assert row.dataset is not None
        yield CoverageRecord(row.dataset.slug, codes, row.first_text, row.last_text, row.note)


def _pieces(ids: Any) -> Iterator[Any]:
    start, length = 0, min(FIRST_PIECE, PIECE)
    while start < len(ids):
        yield ids[start : start + length]
        start, length = start + length, min(2 * length, PIECE)


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
            RelationRecord(row.kind, identifier(row.target), row.note, _other_dataset(event, row.target))
            for row in event.relations.all()
            if among is None or row.target_id in among
        ),
    )


def _other_dataset(event: Event, target: Event) -> str | None:
    if target.dataset_id == event.dataset_id:
        return None
    return target.dataset.slug if target.dataset else ""


def dataset_record(dataset: Dataset) -> DatasetRecord:
    return DatasetRecord(dataset.slug, dataset.name, dataset.publisher, dataset.licence, dataset.citation, dataset.url)


def identifier(event: Event) -> str:
    """What an event is called in its dataset; its slug where it came from none."""
    return event.external_id or event.slug


def story_record(story: Story, events: list[str]) -> StoryRecord:
    """The story in its plain form; `events` are what its events are called."""
    return StoryRecord(
        slug=story.slug,
        title=story.title,
        takeaways=tuple(story.takeaways),
        text=story.text,
        published=story.published.isoformat() if story.published else "",
        source_publisher=story.source_publisher,
        source_title=story.source_title,
        source_url=story.source_url,
        events=tuple(events),
    )
