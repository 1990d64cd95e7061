"""What happened to an event: every version with what it changed, and the past of those that were merged into it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from timeline.models import DeletedEvent, Event, EventStatus
from timeline.records import EventRecord

from . import versions
from .comparing import Difference, Words, differences


@dataclass(frozen=True, slots=True)
class Step:
    """A version: its number among those that are told, its row in the history, and what it changed."""

    number: int
    record: Any
    changes: list[Difference]


@dataclass(frozen=True, slots=True)
class Past:
    """The steps of one event, newest first. `merged` is when it went into another one."""

    title: str
    steps: list[Step]
    merged: datetime.datetime | None = None

    @property
    def total(self) -> int:
        return max((step.number for step in self.steps), default=0)


def of(event_id: int, most: int) -> Past | None:
    """Everything, for editors: also what was never public. None for a number that no event ever had."""
    told = versions.history(event_id)
    return Past(told[-1][0].title, _steps(told, most)) if told else None


def public(event_id: int, most: int) -> Past | None:
    """What readers may know: the versions that were published, without events that are not."""
    told = [(record, version) for record, version in versions.history(event_id) if _is_public(record)]
    if not told:
        return None
    slugs = {relation.event for _record, version in told for relation in version.relations}
    seen = set(Event.objects.published().filter(slug__in=slugs).values_list("slug", flat=True))
    shown = [
        (record, replace(version, relations=tuple(row for row in version.relations if row.event in seen)))
        for record, version in told
    ]
    return Past(told[-1][0].title, _steps(shown, most, states=False))


def _is_public(record: Any) -> bool:
    return bool(record.status == EventStatus.PUBLISHED)


def merged_into(event_id: int, most: int, *, only_public: bool) -> list[Past]:
    """The pasts of the events that went into this one, those that went in last first."""
    found = []
    for gone in (
        DeletedEvent.objects.filter(merged_into=event_id).order_by("-deleted", "-pk").only("event_id", "deleted")
    ):
        past = public(gone.event_id, most) if only_public else of(gone.event_id, most)
        if past is not None:
            found.append(replace(past, merged=gone.deleted))
    return found


def _steps(told: list[tuple[Any, EventRecord]], most: int, *, states: bool = True) -> list[Step]:
    """The newest steps; each is compared with the one before it, the first with nothing."""
    words = Words.of(version for _record, version in told)
    steps = []
    for number in range(len(told), max(0, len(told) - most), -1):
        record, version = told[number - 1]
        before, old = told[number - 2] if number > 1 else (None, None)
        changes = differences(old, version, words=words) if old else []
        if states and before is not None and before.status != record.status:
            changes.insert(0, _of_state(before, record))
        steps.append(Step(number, record, changes))
    return steps


def _of_state(before: Any, after: Any) -> Difference:
    return Difference(
        "status", _("status"), [(str(before.get_status_display()), True)], [(str(after.get_status_display()), True)]
    )
