"""What happened to an event: every version with what it changed, and the past of those that were merged into it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from timeline.models import DeletedEvent, Event, EventStatus

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


def told(event_id: int, most: int, *, only_public: bool) -> list[Past]:
    """The past of an event, then of those that went into it, the last first; empty where there is nothing to tell.

    Readers are told of versions that were published, and in them of no event that is not.
    """
    merged = dict(
        DeletedEvent.objects.filter(merged_into=event_id).order_by("-deleted", "-pk").values_list("event_id", "deleted")
    )
    stories = versions.histories([event_id, *merged])
    if only_public:
        stories = _public(stories)
    if not stories[event_id]:
        return []
    words = Words.of(version for story in stories.values() for _record, version in story)
    return [
        Past(story[-1][0].title, _steps(story, most, words, states=not only_public), merged.get(number))
        for number, story in stories.items()
        if story
    ]


def _public(stories: dict[int, versions.Told]) -> dict[int, versions.Told]:
    """What readers may know of them."""
    published = {
        number: [(record, version) for record, version in story if record.status == EventStatus.PUBLISHED]
        for number, story in stories.items()
    }
    slugs = {row.event for story in published.values() for _record, version in story for row in version.relations}
    seen = set(Event.objects.published().filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    return {
        number: [
            (record, replace(version, relations=tuple(row for row in version.relations if row.event in seen)))
            for record, version in story
        ]
        for number, story in published.items()
    }


def _steps(story: versions.Told, most: int, words: Words, *, states: bool) -> list[Step]:
    """The newest steps; each is compared with the one before it, the first with nothing."""
    steps = []
    for number in range(len(story), max(0, len(story) - most), -1):
        record, version = story[number - 1]
        before, old = story[number - 2] if number > 1 else (None, None)
        changes = differences(old, version, words=words) if old else []
        if states and before is not None and before.status != record.status:
            changes.insert(0, _of_state(before, record))
        steps.append(Step(number, record, changes))
    return steps


def _of_state(before: Any, after: Any) -> Difference:
    return Difference(
        "status", _("status"), [(str(before.get_status_display()), True)], [(str(after.get_status_display()), True)]
    )
