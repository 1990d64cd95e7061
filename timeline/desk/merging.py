"""Two entries of one event become one: nothing that either said about sources, names or people is lost."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from timeline.models import DeletedEvent, Event, Relation, SlugRedirect, StoryEvent
from timeline.records import EventRecord

from . import deleting, versions
from .applying import put

ROWS = ("countries", "actors", "names", "sources", "relations")
FILLED = ("summary", "body", "date_note", "place")


def united(kept: EventRecord, other: EventRecord) -> EventRecord:
    """The kept version with the other's rows added, and its texts where the kept one has none."""
    rows: dict[str, Any] = {}
    for name in ROWS:
        mine = getattr(kept, name)
        rows[name] = mine + tuple(row for row in getattr(other, name) if not any(_same(row, one) for one in mine))
    # An arrow between the two would point at itself.
    rows["relations"] = tuple(row for row in rows["relations"] if row.event not in (kept.slug, other.slug))
    texts = {name: getattr(kept, name) or getattr(other, name) for name in FILLED}
    point = kept if kept.latitude else other
    return replace(kept, **rows, **texts, latitude=point.latitude, longitude=point.longitude)


def _same(one: Any, other: Any) -> bool:
    names = [each.name for each in fields(one) if each.name not in ("column", "optional")]
    return all(getattr(one, name) == getattr(other, name) for name in names)


@transaction.atomic
def merge(kept: Event, other: Event, user: Any) -> None:
    """Unite the two under the kept one's address; the other's addresses lead there for good.

    The other stays among the deleted events, and its history stands below the kept one's. Raises applying.Refused.
    """
    mine, theirs = versions.stored(kept.pk), versions.stored(other.pk)
    assert mine is not None
    assert theirs is not None
    other_id = other.pk
    old_addresses = [other.slug, *other.old_slugs.values_list("slug", flat=True)]
    arrows = list(other.inverse_relations.exclude(event=kept).values_list("event_id", "kind", "note"))
    stories = list(other.story_events.values_list("story_id", "position"))
    other.corrections.update(event=kept)
    other.pending_revisions.update(event=kept)
    reason = _("Merged with “%(title)s” (%(slug)s)") % {"title": theirs.title, "slug": theirs.slug}
    put(kept, united(mine, theirs), reason=reason)
    why = _("“%(other)s” was merged into “%(kept)s”") % {"other": theirs.title, "kept": mine.title}
    gone = deleting.delete(other, user, why)
    DeletedEvent.objects.filter(Q(pk=gone.pk) | Q(merged_into=other_id)).update(merged_into=kept.pk)
    for event_id, kind, note in arrows:
        Relation.objects.get_or_create(event_id=event_id, kind=kind, target=kept, defaults={"note": note})
    for story_id, position in stories:
        StoryEvent.objects.get_or_create(story_id=story_id, event=kept, defaults={"position": position})
    for slug in old_addresses:
        SlugRedirect.objects.lead(slug, kept)
