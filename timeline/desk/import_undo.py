"""Taking one whole import back, while nothing else has touched what it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from timeline.imports import Decision, bulk
from timeline.imports.applying import current_user_id
from timeline.imports.companion_rows import CompanionWriter, is_as_written
from timeline.imports.stored import PART_FIELDS
from timeline.models import (
    Actor,
    CompanionVersion,
    Correction,
    Dataset,
    DeletedEvent,
    Event,
    EventStatus,
    FileVersion,
    ImportedEvent,
    ImportRun,
    PendingRevision,
    Relation,
    Revision,
    Story,
    StoryEvent,
)

from . import versions
from .applying import Refused, put

BATCH = 500
NAMED = 20
"""Events that a refusal names; all are counted."""


class NotUndone(Exception):
    """The import stays as it is; the message names the events that stand against undoing it."""


def undo(run: ImportRun) -> None:
    """Delete the events that the import made, and give those that it changed the version before. Call in a transaction.

    Datasets, people and stories that it made go too, unless something else uses them. Raises NotUndone.
    """
    # Nobody writes until we are done, so what we find untouched stays so.
    list(Revision.objects.select_for_update().filter(pk=1))
    touched = list(_touched(run))
    if touched:
        named = "; ".join(touched[:NAMED]) + ("; …" if len(touched) > NAMED else "")
        message = _("It cannot be undone, because of what happened since to %(count)d of its events: %(events)s.")
        raise NotUndone(message % {"count": len(touched), "events": named})
    for rows in _batches(run, is_new=False):
        _revert(rows, run)
    companions = CompanionWriter(_("Import %(number)d was undone") % {"number": run.pk}, lambda draft: Decision.KEEP)
    for changed in run.made.get("companions", []):
        companions.take_back(changed)
    Story.objects.filter(slug__in=run.made.get("stories", [])).delete()
    brought_back = run.made.get("brought_back", [])
    Event.objects.filter(pk__in=brought_back).delete()
    for rows in _batches(run, is_new=True):
        _delete([row.event_id for row in rows if row.event_id not in brought_back], run)
    # What the file said is taken back too, so that the next one is compared with the file before.
    first, end = run.made.get("file_versions", (0, 0))
    FileVersion.objects.filter(pk__gte=first, pk__lt=end).delete()
    first, end = run.made.get("companion_versions", (0, 0))
    CompanionVersion.objects.filter(pk__gte=first, pk__lt=end).delete()
    _delete_again(run)
    Revision.objects.advance(run.events.filter(is_new=True).values_list("event_id", flat=True))
    Dataset.objects.filter(slug__in=run.made.get("datasets", []), events=None).delete()
    Actor.objects.filter(slug__in=run.made.get("actors", []), participations=None).delete()


def _delete_again(run: ImportRun) -> None:
    """Note that what the import had brought back is deleted as it was before."""
    for number in run.made.get("brought_back", []):
        last = DeletedEvent.objects.filter(event_id=number).order_by("-pk").first()
        if last is not None:
            last.restored = None
            last.save()


def _batches(run: ImportRun, **wanted: bool) -> Iterator[list[ImportedEvent]]:
    last = 0
    while rows := list(run.events.filter(pk__gt=last, **wanted).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


def _touched(run: ImportRun) -> Iterator[str]:
    """What happened to events of the import since, in words."""
    changed = run.made.get("companions", [])
    for one in changed:
        if not is_as_written(one):
            yield _("“%(title)s” was edited") % {"title": one["slug"]}
    stories_written = {*run.made.get("stories", []), *(one["slug"] for one in changed if one["kind"] == "story")}
    brought_back = run.made.get("brought_back", [])
    for around in DeletedEvent.objects.filter(event_id__in=brought_back).values_list("around", flat=True):
        stories_written |= {slug for slug, _position in around.get("stories", [])}
    written = dict(run.events.values_list("event_id", "is_new"))
    new = {pk for pk, is_new in written.items() if is_new}
    for rows in _batches(run):
        ids = [row.event_id for row in rows]
        there = {pk: (version, title) for pk, version, title in _versions(ids)}
        for row in rows:
            if row.event_id not in there:
                yield _("“%(title)s” was deleted") % {"title": _last_title(row.event_id)}
            elif there[row.event_id][0] != row.version:
                yield _("“%(title)s” was edited") % {"title": there[row.event_id][1]}
        made = [pk for pk in ids if pk in new]
        arrows = Relation.objects.filter(target_id__in=made).order_by().values_list("event_id", "target__title")
        yield from (_("another event leads to “%(title)s”") % {"title": t} for pk, t in arrows if pk not in written)
        stories = StoryEvent.objects.filter(event_id__in=made).exclude(story__slug__in=stories_written)
        yield from (
            _("a story tells “%(title)s”") % {"title": t} for t in stories.values_list("event__title", flat=True)
        )
        for model in (PendingRevision, Correction):
            waiting = model._default_manager.filter(event_id__in=made).values_list("event__title", flat=True)
            yield from (_("somebody wrote to the editors about “%(title)s”") % {"title": title} for title in waiting)


def _versions(ids: list[int]) -> list[tuple[int, int, str]]:
    return list(Event.objects.filter(pk__in=ids).order_by().values_list("pk", "version", "title"))


def _last_title(event_id: int) -> str:
    record = Event.history.filter(id=event_id).order_by("history_id").last()
    return record.title if record else str(event_id)


def _delete(ids: list[int], run: ImportRun) -> None:
    """Delete new events and their rows with one statement a table; Django would write the history row by row.

    Nothing else hangs on them, or `_touched` would have said so. The caller takes the revision.
    """
    models: tuple[Any, ...] = (*PART_FIELDS, Event)
    reason = _("Import %(number)d was undone") % {"number": run.pk}
    about = {"history_type": "-", "history_user": current_user_id(), "history_change_reason": reason}
    for model in models:
        found = model._default_manager.filter(**{"pk__in" if model is Event else "event_id__in": ids}).order_by()
        for first, last in _spans(found.values_list("pk", flat=True)):
            bulk.copy_to_history(model, first, last, about)
        found._raw_delete(found.db)


def _spans(ids: Iterable[int]) -> list[tuple[int, int]]:
    """The numbers as spans without gaps: what one import wrote has few."""
    spans: list[tuple[int, int]] = []
    for number in sorted(ids):
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return spans


def _revert(rows: list[ImportedEvent], run: ImportRun) -> None:
    events = Event.objects.in_bulk([row.event_id for row in rows])
    reason = _("Import %(number)d was undone") % {"number": run.pk}
    for row in rows:
        history = Event.history.filter(id=row.event_id, version=row.version - 1).exclude(history_type="-")
        before = history.order_by("history_id").last()
        if before is None:
            title = events[row.event_id].title
            raise NotUndone(_("It cannot be undone: the version of “%(title)s” before it is lost.") % {"title": title})
        try:
            put(events[row.event_id], versions.at(before), reason=reason, status=EventStatus(before.status))
        except Refused as refused:
            title = events[row.event_id].title
            raise NotUndone(
                _("“%(title)s” cannot be brought back: %(why)s") % {"title": title, "why": refused}
            ) from refused
