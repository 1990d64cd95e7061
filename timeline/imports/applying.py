"""A report without problems becomes events: one transaction, with history, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from timeline.models import (
    Actor,
    ActorParticipation,
    Country,
    Coverage,
    Dataset,
    Event,
    FileVersion,
    Relation,
    Revision,
    SearchText,
    SlugRedirect,
    Story,
    StoryEvent,
)
from timeline.models.many_rows import much_to_write
from timeline.records import ActorRecord, CoverageRecord, DatasetRecord, StoryRecord

from . import bulk, values
from .draft import Change, Decision, Draft, Key
from .drafts import Drafts
from .file_versions import packed_event, plain_rows
from .report import Report
from .resolving import resolved
from .stored import EVENT_FIELDS, PART_FIELDS, stored_ids

BATCH = 900
"""Events written together; a statement of SQLite may be limited to 999 parameters."""
DERIVED = ("day", "earliest", "latest", "start_latest", "end_earliest", "precision")


EVENT_COLUMNS = ("id", "dataset_id", "external_id", *DERIVED, *EVENT_FIELDS)
BY_ID: dict[type[models.Model], tuple[str, ...]] = {
    ActorParticipation: ("actor_id", "role"),
    Relation: ("kind", "target_id", "note"),
}
PART_COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    model: ("id", "event_id", *names)
    for model, names in (
        PART_FIELDS | {ActorParticipation: ("actor_id", "role"), Relation: ("kind", "target_id", "note")}
    ).items()
}


CHANGING = (Change.CHANGED, Change.CONFLICT)


class Outdated(RuntimeError):
    """The database changed after the check, so that the report no longer says what would happen."""


@dataclass(slots=True)
class Written:
    """What an import wrote: the ids of new events and of changed ones, and of the file versions that it kept."""

    new: range = range(0)
    changed: list[int] = field(default_factory=list)
    file_versions: range = range(0)


def leave_open(draft: Draft) -> Decision:
    """What is done about conflicts where nobody has decided."""
    return Decision.OPEN


def apply(report: Report, *, reason: str = "", decide: Callable[[Draft], Decision] = leave_open) -> Written:
    """Do what the report says, with `reason` in the history. Rows that the report found wrong are left out.

    `decide` is asked about each event that an editor changed where the file changes it too. Raises Outdated if anything
    was written since the check; then nothing is.
    """
    drafts = report.drafts
    events = drafts.keys_of(Change.NEW, Change.CHANGED, Change.CONFLICT) or drafts.told
    if not (events or report.datasets or report.actors or report.stories or report.coverage):
        return Written()
    with much_to_write(), SearchText.objects.postponed():
        _hold(report.revision)
        writer = _Writer(reason[:100], decide)
        writer.datasets(report.datasets)
        writer.actors(report.actors)
        writer.events(drafts)
        writer.stories(report.stories, {key[0] for key in drafts})
        writer.coverage(report.coverage)
    return writer.written


def _hold(revision: int) -> None:
    """Let nobody else write until we are done, and make sure that nobody has since the check."""
    list(Revision.objects.select_for_update().filter(pk=1))
    if Revision.objects.number() != revision:
        raise Outdated(_("Something was changed while the file was being checked. Nothing was imported; try again."))


class _Writer:
    def __init__(self, reason: str, decide: Callable[[Draft], Decision]) -> None:
        self.reason, self.decide = reason, decide
        self.written = Written()
        self.about = {"history_change_reason": reason, "history_user": current_user_id()}
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

    def events(self, drafts: Drafts) -> None:
        """New events and changed ones, with what belongs to them, and what the file said of each."""
        new, changed, told = drafts.keys_of(Change.NEW), drafts.keys_of(*CHANGING), drafts.told
        ids = stored_ids({key[0] for key in (*new, *changed)})
        added = bulk.reserve_ids(Event, len(new)) if new else range(0)
        ids |= zip(new, added, strict=True)
        versions = bulk.reserve_ids(FileVersion, len(new) + len(told)) if new or told else range(0)
        left = iter(versions)
        # Keys are checked when the transaction ends, so a part may name an event that comes later.
        for keys in _in_batches(new):
            chosen = [drafts[key] for key in keys]
            bulk.insert(Event, EVENT_COLUMNS, (self._event(ids[draft.key], draft) for draft in chosen))
            self._parts(chosen, ids)
            _keep(left, ((ids[draft.key], packed_event(draft.values, draft.parts)) for draft in chosen))
        if new:
            bulk.copy_to_history(Event, added[0], added[-1], self.about)
        for keys in _in_batches(changed):
            chosen = [draft for key in keys if (draft := resolved(drafts[key], self.decide)).differs]
            self.written.changed += self._update(chosen)
            self._parts(chosen, ids)
        for keys in _in_batches(told):
            chosen = [resolved(drafts[key], self.decide) for key in keys]
            _keep(left, ((draft.stored_id, draft.said) for draft in chosen if draft.said))
        self.written.new = added
        self.written.file_versions = range(versions.start, next(left, versions.stop))
        if touched := {*added, *self.written.changed}:
            Revision.objects.advance(touched)

    def _event(self, id: int, draft: Draft) -> tuple[Any, ...]:
        when = values.when(draft.values["date"])
        return (
            *(id, self.dataset_ids[draft.dataset], draft.id),
            *(when.day, when.earliest, when.latest, when.start_latest, when.end_earliest, when.precision.value),
            *(draft.values[name] for name in EVENT_FIELDS),
        )

    def _update(self, drafts: list[Draft]) -> list[int]:
        events = Event.objects.in_bulk([draft.stored_id for draft in drafts])
        for draft in drafts:
            assert draft.stored_id is not None
            event = events[draft.stored_id]
            for name, value in draft.values.items():
                setattr(event, name, value)
            event.prepare()
            event.version += 1
            event.modified = timezone.now()
        if events:
            names = [*drafts[0].values, *DERIVED, "version", "modified"]
            rows = list(events.values())
            bulk_update_with_history(rows, Event, names, batch_size=200, default_change_reason=self.reason)
            _redirect({draft.before["slug"]: events[draft.stored_id] for draft in drafts if "slug" in draft.before})
        return list(events)

    def _parts(self, drafts: list[Draft], ids: Mapping[Key, int]) -> None:
        for model, columns in PART_COLUMNS.items():
            if replaced := [draft.stored_id for draft in drafts if model in draft.changed_parts]:
                model._default_manager.filter(event_id__in=replaced).delete()
            self._take_away(
                model, {draft.stored_id: draft.merged[model][0] for draft in drafts if model in draft.merged}
            )
            rows = [(ids[draft.key], *self._part(model, row, ids)) for draft in drafts for row in draft.new_rows(model)]
            if rows:
                added = bulk.reserve_ids(model, len(rows))
                bulk.insert(model, columns, ((id, *row) for id, row in zip(added, rows, strict=True)))
                bulk.copy_to_history(model, added[0], added[-1], self.about)

    def _take_away(self, model: type[models.Model], gone: Mapping[int | None, list[Any]]) -> None:
        """Delete these rows, told by what they say, of the events."""
        stored = model._default_manager.filter(event_id__in=[pk for pk, rows in gone.items() if rows])
        found = stored.values_list("pk", "event_id", *PART_FIELDS[model]) if any(gone.values()) else ()
        if lost := [pk for pk, event_id, *row in found if plain_rows([tuple(row)])[0] in gone[event_id]]:
            model._default_manager.filter(pk__in=lost).delete()

    def _part(self, model: type[models.Model], row: tuple[Any, ...], ids: Mapping[Key, int]) -> tuple[Any, ...]:
        if model is ActorParticipation:
            return self.actor_ids[row[0]], row[1]
        if model is Relation:
            kind, dataset, target, note = row
            return kind, ids[dataset, target], note
        return row

    def stories(self, records: Iterable[StoryRecord], datasets: set[str]) -> None:
        by_identifier = {key[1]: pk for key, pk in stored_ids(datasets).items()}
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


def _redirect(old: Mapping[str, Event]) -> None:
    """Let the addresses that events had until now lead to them."""
    if old:
        SlugRedirect.objects.filter(slug__in=[event.slug for event in old.values()]).delete()
        rows = [SlugRedirect(slug=slug, event=event) for slug, event in old.items()]
        SlugRedirect.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["slug"], update_fields=["event"], batch_size=400
        )


def _keep(ids: Iterator[int], said: Iterable[tuple[int | None, str]]) -> None:
    bulk.insert(FileVersion, ("id", "event_id", "said"), ((next(ids), *row) for row in said))


def current_user_id() -> int | None:
    """The user in whose name the history is written, where a request told."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def _in_batches(ids: list[Any]) -> Iterable[list[Any]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
