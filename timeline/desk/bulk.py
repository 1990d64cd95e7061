"""One change of many events: seen before it is made, made in one transaction, undone once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from timeline.models import BulkChange, Event, EventStatus, SearchText
from timeline.records import EventRecord

from . import versions
from .applying import put
from .comparing import Difference, Words, combined, differences, differing

MOST = 300
"""Events changed at once: each is checked and written as a form would be, which takes some ten milliseconds."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is to be done to each event: its state, or what it says."""

    words: str
    change: Callable[[EventRecord], EventRecord] = lambda version: version
    status: EventStatus | None = None
    from_states: frozenset[str] = frozenset(EventStatus)
    withdrawal_reason: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the operation does to one event."""

    event: Event
    differences: list[Difference]
    status: str = ""
    """The state that it gets, in words; empty where it keeps its own."""

    @property
    def changes(self) -> bool:
        return bool(self.differences or self.status)


def added(version: EventRecord, name: str, row: Any) -> EventRecord:
    """The version with one more country, actor or source, unless it has it already."""
    rows = getattr(version, name)
    return version if row in rows else with_value(version, name, (*rows, row))


def with_value(version: EventRecord, name: str, value: Any) -> EventRecord:
    """The version with another value of one field."""
    return replace(version, **{name: value})


def previews(events: Iterable[Event], operation: Operation) -> list[Preview]:
    """What would happen, event by event. The events come from `Event.objects.for_version()`."""
    found = []
    # No operation touches relations, so no titles are needed.
    words = Words({})
    for event in events:
        before = versions.version_of(event)
        applies = event.status in operation.from_states
        after = operation.change(before) if applies else before
        moves = applies and operation.status is not None and operation.status != event.status
        status = str(operation.status.label) if moves and operation.status else ""
        found.append(Preview(event, differences(before, after, words=words), status))
    return found


def make(ids: Iterable[int], operation: Operation, user: Any, reason: str) -> BulkChange | None:
    """Do it to those of the events that it changes; None where it changes none. Raises applying.Refused, all undone."""
    before: dict[str, Any] = {}
    with SearchText.objects.postponed():
        list(Event.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk").values_list("pk"))
        for event in Event.objects.for_version().filter(pk__in=list(ids)).order_by("pk"):
            if event.status not in operation.from_states:
                continue
            was = versions.version_of(event)
            wanted = operation.change(was)
            status = operation.status or EventStatus(event.status)
            if not differing(was, wanted) and status == event.status:
                continue
            kept = {"status": event.status, "withdrawal_reason": event.withdrawal_reason, "to": status}
            others = {"withdrawal_reason": operation.withdrawal_reason} if operation.status else {}
            put(event, wanted, reason=reason, status=status, **others)
            before[str(event.pk)] = kept | {"before": versions.to_json(was), "after": versions.to_json(wanted)}
        if not before:
            return None
        return BulkChange.objects.create(user=user, words=operation.words[:300], reason=reason, before=before)


@transaction.atomic
def undo(change: BulkChange) -> list[str]:
    """Take it back, once. What others changed since stays as they left it; returns the titles of those events."""
    left = []
    for number, kept in change.before.items():
        event = Event.objects.select_for_update().filter(pk=int(number)).first()
        now = versions.stored(int(number))
        if event is None or now is None:
            continue
        was, then = versions.from_json(kept["before"]), versions.from_json(kept["after"])
        touched = set(differing(was, then))
        untouched_since = touched - set(differing(then, now))
        moved_since = event.status != kept["to"]
        if touched != untouched_since or moved_since:
            left.append(event.title)
        status = event.status if moved_since else kept["status"]
        reason = event.withdrawal_reason if moved_since else kept["withdrawal_reason"]
        put(
            event,
            combined(now, was, untouched_since),
            reason=_("Taken back: %(words)s") % {"words": change.words},
            status=EventStatus(status),
            withdrawal_reason=reason,
        )
    change.undone = timezone.now()
    change.save()
    return left
