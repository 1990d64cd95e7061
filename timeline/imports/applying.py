"""A report without problems becomes events: one transaction, with history, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from timeline.models import (
    Actor,
    ActorParticipation,
    Country,
    Coverage,
    Dataset,
    Event,
    EventName,
    Participation,
    Relation,
    Revision,
    SearchText,
    Source,
    Story,
    StoryEvent,
)
from timeline.records import ActorRecord, CoverageRecord, DatasetRecord, StoryRecord

from .report import Change, Draft, Key, Report
from .stored import PART_FIELDS

BATCH = 1000
DERIVED = ("day", "earliest", "latest", "start_latest", "end_earliest", "precision")


class Outdated(RuntimeError):
    """The database changed after the check, so that the report no longer says what would happen."""


def apply(report: Report, *, reason: str = "") -> None:
    """Do what the report says, with `reason` in the history. Rows that the report found wrong are left out.

    Raises Outdated if anything was written since the check; then nothing is.
    """
    changes = [draft for draft in report.drafts.values() if draft.change in (Change.NEW, Change.CHANGED)]
    if not (changes or report.datasets or report.actors or report.stories or report.coverage):
        return
    with SearchText.objects.postponed():
        _hold(report.revision)
        writer = _Writer(reason[:100])
        writer.datasets(report.datasets)
        writer.actors(report.actors)
        writer.events(changes)
        writer.stories(report.stories, {draft.record.dataset for draft in report.drafts.values()})
        writer.coverage(report.coverage)


def _hold(revision: int) -> None:
    """Let nobody else write until we are done, and make sure that nobody has since the check."""
    list(Revision.objects.select_for_update().filter(pk=1))
    if Revision.objects.number() != revision:
        raise Outdated(_("Something was changed while the file was being checked. Nothing was imported; try again."))


class _Writer:
    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.dataset_ids: dict[str, int] = {}
        self.actor_ids: dict[str, int] = {}

    def create(self, model: type[models.Model], rows: list[Any]) -> None:
        if rows:
            bulk_create_with_history(rows, model, batch_size=BATCH, default_change_reason=self.reason)

    def datasets(self, records: Iterable[DatasetRecord]) -> None:
        for record in records:
            row = Dataset.objects.filter(slug=record.slug).first() or Dataset(slug=record.slug)
            self._save(row, {each.name: getattr(record, each.name) for each in fields(record)})
        self.dataset_ids = dict(Dataset.objects.values_list("slug", "pk"))

    def actors(self, records: Iterable[ActorRecord]) -> None:
        stored = {actor.slug: actor for actor in Actor.objects.all()}
        new = []
        for record in records:
            wanted = {
                "name": record.name,
                "kind": record.kind,
                "country_id": record.country or None,
                "description": record.description,
            }
            if record.slug in stored:
                self._save(stored[record.slug], wanted)
            else:
                new.append(Actor(slug=record.slug, **wanted))
        self.create(Actor, new)
        self.actor_ids = dict(Actor.objects.values_list("slug", "pk"))

    def _save(self, row: Any, wanted: Mapping[str, Any]) -> None:
        for name, value in wanted.items():
            setattr(row, name, value)
        row._change_reason = self.reason
        row.save()

    def events(self, drafts: list[Draft]) -> None:
        """New events, then changed ones, and then what belongs to them: a relation may point at any of them."""
        self.create(Event, [self._event(draft) for draft in drafts if draft.change is Change.NEW])
        self._update([draft for draft in drafts if draft.change is Change.CHANGED])
        ids = _event_ids({draft.record.dataset for draft in drafts})
        for model in PART_FIELDS:
            replaced = [draft for draft in drafts if model in draft.changed_parts]
            for row in _in_batches([draft.stored_id for draft in replaced]):
                model._default_manager.filter(event_id__in=row).delete()
            filled = [draft for draft in drafts if draft.change is Change.NEW] + replaced
            self.create(
                model, [self._part(model, ids[draft.key], row, ids) for draft in filled for row in draft.parts[model]]
            )

    def _event(self, draft: Draft) -> Event:
        dataset_id = self.dataset_ids[draft.record.dataset]
        return Event(dataset_id=dataset_id, external_id=draft.record.id, **draft.values)

    def _update(self, drafts: list[Draft]) -> None:
        events = Event.objects.in_bulk([draft.stored_id for draft in drafts])
        for draft in drafts:
            assert draft.stored_id is not None
            event = events[draft.stored_id]
            for name, value in draft.values.items():
                setattr(event, name, value)
            event.prepare()
            event.version += 1
            event.modified = timezone.now()
        names = [*(drafts[0].values if drafts else ()), *DERIVED, "version", "modified"]
        if events:
            bulk_update_with_history(
                list(events.values()), Event, names, batch_size=200, default_change_reason=self.reason
            )

    def _part(
        self, model: type[models.Model], event_id: int, row: tuple[Any, ...], ids: Mapping[Key, int]
    ) -> models.Model:
        if model is Participation:
            return Participation(event_id=event_id, country_id=row[0], role=row[1])
        if model is ActorParticipation:
            return ActorParticipation(event_id=event_id, actor_id=self.actor_ids[row[0]], role=row[1])
        if model is Relation:
            kind, dataset, target, note = row
            return Relation(event_id=event_id, kind=kind, target_id=ids[dataset, target], note=note)
        assert model in (EventName, Source)
        return model(event_id=event_id, **dict(zip(PART_FIELDS[model], row, strict=True)))

    def stories(self, records: Iterable[StoryRecord], datasets: set[str]) -> None:
        by_identifier = {key[1]: pk for key, pk in _event_ids(datasets).items()}
        for record in records:
            story = Story.objects.filter(slug=record.slug).first() or Story(slug=record.slug)
            wanted = {
                each.name: getattr(record, each.name) for each in fields(record) if each.name not in ("events", "row")
            }
            wanted["takeaways"] = list(record.takeaways)
            wanted["published"] = parse_date(record.published) if record.published else None
            self._save(story, wanted)
            events = [by_identifier[event] for event in record.events]
            told = list(story.story_events.values_list("event_id", flat=True))
            if told != events:
                story.story_events.all().delete()
                self.create(
                    StoryEvent,
                    [StoryEvent(story=story, event_id=event, position=place) for place, event in enumerate(events, 1)],
                )

    def coverage(self, records: Iterable[CoverageRecord]) -> None:
        """A dataset's coverage is what its file says, so another list replaces the stored one."""
        records = list(records)
        for dataset in {record.dataset for record in records}:
            Coverage.objects.filter(dataset_id=self.dataset_ids[dataset]).delete()
        for record in records:
            row = Coverage(
                dataset_id=self.dataset_ids[record.dataset],
                first_text=record.first,
                last_text=record.last,
                note=record.note,
            )
            row.save()
            row.countries.set(Country.objects.filter(pk__in=record.countries))


def _event_ids(datasets: set[str]) -> dict[Key, int]:
    rows = Event.objects.filter(dataset__slug__in=datasets).exclude(external_id="").order_by()
    return {(dataset, external): pk for dataset, external, pk in rows.values_list("dataset__slug", "external_id", "pk")}


def _in_batches(ids: list[Any]) -> Iterable[list[Any]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
