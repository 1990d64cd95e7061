"""A report without problems becomes events: one transaction, with history, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from pyroaring import BitMap64
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_update_with_history

from timeline.models import (
    Actor,
    ActorParticipation,
    Coverage,
    Dataset,
    DeletedEvent,
    Event,
    FileVersion,
    Relation,
    Revision,
    SearchText,
    SlugRedirect,
    Story,
)
from timeline.models.many_rows import much_to_write, pieces

from . import bulk, values
from .companion_rows import CompanionWriter
from .draft import Change, Decision, Draft, Key, NewEvent, Row
from .drafts import Drafts, new_event
from .file_versions import packed_event, plain_rows
from .garbage import seldom_collected
from .report import Report
from .resolving import resolved, united
from .stored import EVENT_FIELDS, PART_FIELDS, stored_events
from .unidentified import named_ids

BATCH = 900
"""Stored events written together; a statement of SQLite may be limited to 999 parameters."""
NEW_AT_ONCE = 1_500
"""New events written together. More make it no quicker and take memory."""
DERIVED = ("day", "earliest", "latest", "start_latest", "end_earliest", "precision")


DATE = EVENT_FIELDS.index("date")
EVENT_COLUMNS = ("id", "dataset_id", "external_id", *DERIVED, *EVENT_FIELDS)
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
    """What an import wrote: the ids of events and of the file versions that it kept."""

    new: range = range(0)
    changed: list[int] = field(default_factory=list)
    brought_back: list[int] = field(default_factory=list)
    """Those that had been deleted, under their old numbers."""
    file_versions: range = range(0)
    companions: list[dict[str, Any]] = field(default_factory=list)
    """What was changed of datasets, people, stories and coverage: kind, slug, before and after."""
    companion_versions: list[int] = field(default_factory=list)


def leave_open(draft: Draft) -> Decision:
    """What is done about conflicts where nobody has decided."""
    return Decision.OPEN


@seldom_collected()
def apply(report: Report, *, reason: str = "", decide: Callable[[Draft], Decision] = leave_open) -> Written:
    """Do what the report says, with `reason` in the history. Rows that the report found wrong are left out.

    `decide` is asked about each event that an editor changed where the file changes it too. Raises Outdated if anything
    was written since the check; then nothing is.
    """
    drafts = report.drafts
    events = any(drafts.changes[change] for change in (Change.NEW, *CHANGING)) or drafts.told_count
    if not (events or report.companions):
        return Written()
    with much_to_write(), SearchText.objects.postponed():
        _hold(report.revision)
        writer = _Writer(reason[:100], decide)
        companions = CompanionWriter(reason[:100], decide)
        companions.write(draft for draft in report.companions if draft.model in (Dataset, Actor))
        writer.events(drafts, report.former)
        told = [draft for draft in report.companions if draft.model in (Story, Coverage)]
        if told:
            companions.write(told, _events_of(told, report))
    writer.written.companions = companions.changed
    writer.written.companion_versions = companions.versions
    return writer.written


def _hold(revision: int) -> None:
    """Let nobody else write until we are done, and make sure that nobody has since the check."""
    list(Revision.objects.select_for_update().filter(pk=1))
    if Revision.objects.number() != revision:
        raise Outdated(_("Something was changed while the file was being checked. Nothing was imported; try again."))


def _events_of(drafts: Iterable[Draft], report: Report) -> dict[str, int]:
    """The events that stories tell, by what they are called in the file."""
    names: set[str] = set()
    for draft in drafts:
        names |= {*draft.values.get("events", ())}
        if "events" in draft.conflicts:
            names |= {*draft.conflicts["events"].file}
    found = {key[1]: pk for key, pk in report.former.items() if pk and key[1] in names}
    keys = ((dataset, name) for dataset in report.datasets for name in names)
    return found | {key[1]: pk for key, pk in named_ids(keys).items()}


class _Writer:
    def __init__(self, reason: str, decide: Callable[[Draft], Decision]) -> None:
        self.reason, self.decide = reason, decide
        self.written = Written()
        self.about = {"history_change_reason": reason, "history_user": current_user_id()}

    def events(self, drafts: Drafts, former: Mapping[Key, int | None]) -> None:
        """New events and changed ones, with what belongs to them, and what the file said of each."""
        self.dataset_ids = dict(Dataset.objects.values_list("slug", "pk"))
        self.actor_ids = dict(Actor.objects.values_list("slug", "pk"))
        self.drafts, self.former = drafts, former
        deleted = [resolved(draft, self.decide) for draft in drafts.deleted()]
        self.gone = {draft.key for draft in deleted if draft.change is not Change.NEW}
        new, told = drafts.changes[Change.NEW], drafts.told_count
        added = bulk.reserve_ids(Event, new) if new else range(0)
        versions = bulk.reserve_ids(FileVersion, new + told) if new or told else range(0)
        if drafts.has_arrows:
            drafts.give_ids(added)
        ids, left = iter(added), iter(versions)
        for batch in pieces(drafts.new(), NEW_AT_ONCE):
            chosen = [(next(ids), event) for event in batch]
            self._insert(chosen)
            _keep(left, ((id, packed_event(event)) for id, event in chosen))
        if new:
            bulk.copy_to_history(Event, added[0], added[-1], self.about)
        self._bring_back(
            [(draft.stored_id, draft) for draft in deleted if draft.stored_id and draft.key not in self.gone]
        )
        for some in pieces(self._changing(drafts), BATCH):
            self.written.changed += self._update(some)
            self._parts([(draft.stored_id, draft) for draft in some if draft.stored_id])
        if self.written.brought_back:
            self._put_back_around(self.written.brought_back)
        for some in pieces(drafts.told(), BATCH):
            said = (draft for each in some if (draft := resolved(each, self.decide)).said)
            _keep(left, ((draft.said_of or draft.stored_id, draft.said) for draft in said))
        self.written.new = added
        self.written.file_versions = range(versions.start, next(left, versions.stop))
        if touched := BitMap64(added) | BitMap64([*self.written.changed, *self.written.brought_back]):
            Revision.objects.advance(touched)

    def _insert(self, chosen: list[tuple[int, NewEvent]]) -> None:
        """Events with these ids, and what belongs to them. An arrow may lead to one that comes later: keys are checked
        when the transaction ends.
        """
        bulk.insert(Event, EVENT_COLUMNS, [self._event(id, event) for id, event in chosen])
        parts = zip(*(event.parts for _id, event in chosen), strict=True)
        rows_of = dict(zip(PART_FIELDS, parts, strict=True))
        targets = self._targets(chain.from_iterable(rows_of[Relation]))
        ids = [id for id, _event in chosen]
        for model, rows in rows_of.items():
            self._insert_parts(model, zip(ids, rows, strict=True), targets)

    def _changing(self, drafts: Drafts) -> Iterator[Draft]:
        """The drafts that write anything into stored events, decided; one for each event, so that an import makes one
        version of it.
        """
        merged: dict[int | None, list[Draft]] = {}
        for draft in drafts.of(Change.CONFLICT) if self.former else ():
            if draft.said_of and resolved(draft, self.decide).differs:
                merged.setdefault(draft.stored_id, []).append(draft)
        for each in drafts.of(*CHANGING):
            if not each.said_of:
                draft = self._united([resolved(each, self.decide), *merged.pop(each.stored_id, ())])
                if draft.differs:
                    yield draft
        yield from map(self._united, merged.values())

    def _united(self, drafts: list[Draft]) -> Draft:
        first, *others = drafts
        if not others:
            return first
        (stored,) = stored_events([draft.stored_id for draft in drafts if draft.stored_id]).values()
        return united(first, others, stored)

    def _bring_back(self, chosen: list[tuple[int, Draft]]) -> None:
        """Write events that had been deleted, under the numbers that they had, so that their history goes on."""
        if not chosen:
            return
        numbers = [id for id, _draft in chosen]
        self._insert([(id, new_event(draft)) for id, draft in chosen])
        for number in numbers:
            bulk.copy_to_history(Event, number, number, self.about)
        self.written.brought_back = numbers

    def _put_back_around(self, numbers: list[int]) -> None:
        """Let lead to these events again what led to them when they were deleted."""
        leading: set[int] = set()
        waiting = DeletedEvent.objects.filter(event_id__in=numbers, restored=None)
        events = Event.objects.in_bulk(numbers)
        for deleted in waiting.order_by("pk"):
            leading.update(deleted.put_back_around(events[deleted.event_id]))
        waiting.update(restored=timezone.now())
        others = list(Event.objects.filter(pk__in=leading.difference(self.written.changed, numbers)))
        for event in others:
            event.version += 1
            event.modified = timezone.now()
        if others:
            names = ["version", "modified"]
            bulk_update_with_history(others, Event, names, batch_size=200, default_change_reason=self.reason)
        self.written.changed += [event.pk for event in others]

    def _event(self, id: int, event: NewEvent) -> tuple[Any, ...]:
        when = values.when(event.values[DATE])
        return (
            *(id, self.dataset_ids[event.dataset], event.id),
            *(when.day, when.earliest, when.latest, when.start_latest, when.end_earliest, str(when.precision)),
            *event.values,
        )

    def _update(self, drafts: list[Draft]) -> list[int]:
        events = Event.objects.in_bulk([draft.stored_id for draft in drafts])
        for draft in drafts:
            assert draft.stored_id is not None
            event = events[draft.stored_id]
            for name in draft.before:
                setattr(event, name, draft.values[name])
            event.prepare()
            event.version += 1
            event.modified = timezone.now()
        if events:
            names = [*drafts[0].values, *DERIVED, "version", "modified"]
            rows = list(events.values())
            bulk_update_with_history(rows, Event, names, batch_size=200, default_change_reason=self.reason)
            _redirect({draft.before["slug"]: events[draft.stored_id] for draft in drafts if "slug" in draft.before})
        return list(events)

    def _parts(self, chosen: list[tuple[int, Draft]]) -> None:
        """What is corrected of what belongs to stored events."""
        targets = self._targets(row for _id, draft in chosen for row in draft.new_rows(Relation))
        for model in PART_FIELDS:
            if replaced := [id for id, draft in chosen if model in draft.changed_parts]:
                model._default_manager.filter(event_id__in=replaced).delete()
            self._take_away(model, {id: draft.merged[model][0] for id, draft in chosen if model in draft.merged})
            self._insert_parts(model, ((id, draft.new_rows(model)) for id, draft in chosen), targets)

    def _insert_parts(
        self, model: type[models.Model], given: Iterable[tuple[int, list[Row]]], targets: Mapping[Key, int]
    ) -> None:
        """Rows of one kind, which events with these ids are given."""
        if rows := self._rows(model, given, targets):
            added = bulk.reserve_ids(model, len(rows))
            bulk.insert(model, PART_COLUMNS[model], [(id, *row) for id, row in zip(added, rows, strict=True)])
            bulk.copy_to_history(model, added[0], added[-1], self.about)

    def _targets(self, arrows: Iterable[Row]) -> dict[Key, int]:
        """The events to which these lead, without those that stay deleted."""
        keys = {(dataset, target) for _kind, dataset, target, _note in arrows}
        found = {key: pk for key in keys if (pk := self.former.get(key))}
        found |= named_ids(keys) | self.drafts.event_ids(keys)
        return {key: pk for key, pk in found.items() if key not in self.gone}

    def _rows(
        self, model: type[models.Model], given: Iterable[tuple[int, list[Row]]], targets: Mapping[Key, int]
    ) -> list[Row]:
        """The rows as they are stored, without people and arrows to events that stay deleted."""
        if model is ActorParticipation:
            actors = self.actor_ids
            return [(id, actors[slug], role) for id, rows in given for slug, role in rows if slug in actors]
        if model is Relation:
            return [(id, *arrow) for id, rows in given for arrow in _arrows(id, rows, targets)]
        return [(id, *row) for id, rows in given for row in rows]

    def _take_away(self, model: type[models.Model], gone: Mapping[int, list[Any]]) -> None:
        """Delete these rows, told by what they say, of the events."""
        stored = model._default_manager.filter(event_id__in=[pk for pk, rows in gone.items() if rows])
        found = stored.values_list("pk", "event_id", *PART_FIELDS[model]) if any(gone.values()) else ()
        if lost := [pk for pk, event_id, *row in found if plain_rows([tuple(row)])[0] in gone[event_id]]:
            model._default_manager.filter(pk__in=lost).delete()


def _arrows(id: int, rows: Iterable[Row], targets: Mapping[Key, int]) -> Iterator[Row]:
    """One where two arrows lead to the same event now."""
    arrows: dict[tuple[str, int], str] = {}
    for kind, dataset, target, note in rows:
        if (pk := targets.get((dataset, target), id)) != id:
            arrows.setdefault((kind, pk), note)
    return ((kind, pk, note) for (kind, pk), note in arrows.items())


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
