"""Deleting an event so that it can come back: with its rows, what pointed at it, and its number."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.models import DeletedEvent, Event, EventStatus, Relation, SlugRedirect, Story, StoryEvent

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
    for other in Event.objects.filter(relations__target=event).distinct().order_by("pk"):
        save_as_new_version(other, reason)
    event.delete()
    return kept


def save_as_new_version(event: Event, reason: str) -> None:
    """Begin a version before rows of the event come or go for a reason that lies in another event."""
    event._change_reason = reason  # type: ignore[attr-defined]  # simple-history's
    event.save()


@transaction.atomic
def restore(deleted: DeletedEvent) -> Event:
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
    for slug in deleted.around.get("slugs", []):
        if not Event.objects.filter(slug=slug).exists():
            SlugRedirect.objects.lead(slug, event)
    for slug, position in deleted.around.get("stories", []):
        if story := Story.objects.filter(slug=slug).first():
            StoryEvent.objects.get_or_create(story=story, event=event, defaults={"position": position})
    for slug, kind, note in deleted.around.get("relations", []):
        if other := Event.objects.filter(slug=slug).first():
            save_as_new_version(other, _("“%(title)s” was brought back") % {"title": event.title})
            Relation.objects.get_or_create(event=other, kind=kind, target=event, defaults={"note": note})
    deleted.restored = timezone.now()
    deleted.save()
    return event
