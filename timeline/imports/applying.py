"""A report without problems becomes events: one transaction, with history, and nothing where nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
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
from timeline.models.many_rows import much_to_write

from . import bulk, values
from .companion_rows import CompanionWriter
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


def apply(report: Report, *, reason: str = "", decide: Callable[[Draft], Decision] = leave_open) -> Written:
    """Do what the report says, with `reason` in the history. Rows that the report found wrong are left out.

    `decide` is asked about each event that an editor changed where the file changes it too. Raises Outdated if anything
    was written since the check; then nothing is.
    """
    drafts = report.drafts
    events = drafts.keys_of(Change.NEW, Change.CHANGED, Change.CONFLICT) or drafts.told
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
            here = report.former | stored_ids(set(report.datasets))
            companions.write(told, {key[1]: pk for key, pk in here.items() if pk})
    writer.written.companions = companions.changed
    writer.written.companion_versions = companions.versions
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

    def events(self, drafts: Drafts, former: Mapping[Key, int | None]) -> None:
        """New events and changed ones, with what belongs to them, and what the file said of each."""
        self.dataset_ids = dict(Dataset.objects.values_list("slug", "pk"))
        self.actor_ids = dict(Actor.objects.values_list("slug", "pk"))
        new, changed, told = drafts.keys_of(Change.NEW), drafts.keys_of(*CHANGING), drafts.told
        ids = {key: pk for key, pk in former.items() if pk} | stored_ids({key[0] for key in (*new, *changed)})
        deleted = [resolved(drafts[key], self.decide) for key in drafts.deleted]
        back = [draft for draft in deleted if draft.change is Change.NEW]
        ids |= {draft.key: draft.stored_id for draft in back if draft.stored_id}
        # Otherwise each arrow leads to an event that is here or comes with the file.
        self.may_miss = bool(former)
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
        if back:
            self._bring_back(back, ids)
        gone = {draft.key for draft in deleted}
        for keys in _in_batches([key for key in changed if key not in gone] if gone else changed):
            chosen = [draft for key in keys if (draft := resolved(drafts[key], self.decide)).differs]
            self.written.changed += self._update(chosen)
            self._parts(chosen, ids)
        for keys in _in_batches(told):
            chosen = [resolved(drafts[key], self.decide) for key in keys]
            _keep(left, ((draft.said_of or draft.stored_id, draft.said) for draft in chosen if draft.said))
        self.written.new = added
        self.written.file_versions = range(versions.start, next(left, versions.stop))
        if touched := {*added, *self.written.changed, *self.written.brought_back}:
            Revision.objects.advance(touched)

    def _bring_back(self, drafts: list[Draft], ids: Mapping[Key, int]) -> None:
        """Write events that had been deleted, under the numbers that they had, so that their history goes on."""
        numbers = [ids[draft.key] for draft in drafts]
        bulk.insert(Event, EVENT_COLUMNS, [self._event(ids[draft.key], draft) for draft in drafts])
        self._parts(drafts, ids)
        for number in numbers:
            bulk.copy_to_history(Event, number, number, self.about)
        waiting = DeletedEvent.objects.filter(event_id__in=numbers, restored=None)
        waiting.update(restored=timezone.now())
        self.written.brought_back = numbers

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

    def _parts(self, drafts: list[Draft], ids: Mapping[Key, int]) -> None:
        for model, columns in PART_COLUMNS.items():
            if replaced := [draft.stored_id for draft in drafts if model in draft.changed_parts]:
                model._default_manager.filter(event_id__in=replaced).delete()
            self._take_away(
                model, {draft.stored_id: draft.merged[model][0] for draft in drafts if model in draft.merged}
            )
            rows = [
                (ids[draft.key], *self._part(model, row, ids))
                for draft in drafts
                for row in self._rows(model, draft, ids)
            ]
            if rows:
                added = bulk.reserve_ids(model, len(rows))
                bulk.insert(model, columns, ((id, *row) for id, row in zip(added, rows, strict=True)))
                bulk.copy_to_history(model, added[0], added[-1], self.about)

    def _rows(self, model: type[models.Model], draft: Draft, ids: Mapping[Key, int]) -> Iterable[tuple[Any, ...]]:
        """The rows to be added, without people and arrows to events that stay deleted; one where two arrows lead to the
        same event now.
        """
        rows = draft.new_rows(model)
        if model is ActorParticipation:
            return [row for row in rows if row[0] in self.actor_ids]
        if model is not Relation or not self.may_miss or not rows:
            return rows
        targets = {(row[0], ids.get((row[1], row[2]), 0)): row for row in reversed(rows)}
        return [row for (_kind, pk), row in reversed(targets.items()) if pk and pk != ids[draft.key]]

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
