"""Deleting an event so that it can come back: with its rows, what pointed at it, and its number."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_update_with_history

from timeline.models import DeletedEvent, Event, EventStatus, Relation

from . import versions
from .applying import put


@transaction.atomic
def delete(event: Event, user: Any, reason: str = "") -> DeletedEvent:
    """Delete the event, and keep all that it said.

    Events that pointed at it get a version without that relation, with the `reason`, so that their editors see it.
    """
    record = versions.stored(event.pk)
    assert record is not None
    around = {
        "slugs": list(event.old_slugs.values_list("slug", flat=True)),
        "stories": list(event.story_events.values_list("story__slug", "position")),
        "relations": list(event.inverse_relations.values_list("event__slug", "kind", "note")),
    }
    kept = DeletedEvent.objects.create(
        title=event.title, user=user, event_id=event.pk, record=versions.to_json(record), around=around
    )
    reason = reason or _("“%(title)s” was deleted") % {"title": event.title}
    pointing = Relation.objects.filter(target=event).values("event_id")
    _begin_versions(Event.objects.filter(pk__in=pointing), user, reason)
    event.delete()
    return kept


def _begin_versions(events: QuerySet[Event], user: Any, reason: str) -> None:
    """Begin a version of each event before rows of it come or go for a reason that lies in another event."""
    found = list(events.order_by("pk").select_for_update(of=("self",)))
    for event in found:
        event.version += 1
        event.modified = timezone.now()
    about = {"batch_size": 500, "default_user": user, "default_change_reason": reason}
    if found:
        bulk_update_with_history(found, Event, ["version", "modified"], **about)


@transaction.atomic
def restore(deleted: DeletedEvent, user: Any) -> Event:
    """Bring it back as a draft under its old number, with what pointed at it as far as that still exists.

    Raises applying.Refused where its address or identifier has been taken since.
    """
    event = Event(pk=deleted.event_id)
    put(
        event,
        versions.from_json(deleted.record),
        reason=_("Brought back after it was deleted"),
        status=EventStatus.DRAFT,
    )
    others = Event.objects.filter(pk__in=deleted.put_back_around(event))
    _begin_versions(others, user, _("“%(title)s” was brought back") % {"title": event.title})
    deleted.restored = timezone.now()
    deleted.save()
    return event
