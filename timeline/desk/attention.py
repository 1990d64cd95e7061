"""What waits for an editor: sets of events, each counted exactly however many events there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import anniversaries, index
from timeline.filters import EventFilter
from timeline.index import Selection, Snapshot
from timeline.models import Correction, EventStatus, PendingRevision, Vocabulary

from . import duplicates

DAYS_AHEAD = 30
MOST_ANNIVERSARIES = 200


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to look after: its name in the list's address, what it is, and what to do when there is none."""

    name: str
    label: str | Promise
    hint: str | Promise
    events: Callable[[Snapshot], Selection]
    """Those of the events of every status that it is about."""


def in_review(desk: Snapshot) -> Selection:
    proposed = PendingRevision.objects.open().values_list("event_id", flat=True)
    return desk.any_of("status", [EventStatus.IN_REVIEW]) | desk.with_ids(proposed)


def without_source(desk: Snapshot) -> Selection:
    return _lacking(desk, "source")


def unsure_date(desk: Snapshot) -> Selection:
    return _lacking(desk, "sure-date")


def without_country(desk: Snapshot) -> Selection:
    return _lacking(desk, "country")


def possible_duplicates(desk: Snapshot) -> Selection:
    return desk.with_ids(duplicates.among_newest())


def with_corrections(desk: Snapshot) -> Selection:
    return desk.with_ids(Correction.objects.open().values_list("event_id", flat=True))


def coming_anniversaries(desk: Snapshot) -> Selection:
    """Published events with a notable anniversary within the coming thirty days."""
    answer = index.answer(EventFilter(Vocabulary.current()))
    found = anniversaries.coming(answer, timezone.localdate(), DAYS_AHEAD, MOST_ANNIVERSARIES)
    return desk.with_ids(each.event.pk for each in found)


def _lacking(desk: Snapshot, what: str) -> Selection:
    return desk.any_of("lacking", [what]) - desk.any_of("status", [EventStatus.WITHDRAWN])


TOPICS = (
    Topic("review", _("Waiting for review"), _("Nothing was sent in."), in_review),
    Topic("corrections", _("Readers' corrections"), _("No reader has reported a mistake."), with_corrections),
    Topic("no-source", _("No source"), _("Every event names a source."), without_source),
    Topic("unsure-date", _("Unsure date"), _("Every date is sure."), unsure_date),
    Topic("no-country", _("No country"), _("Every event names a country."), without_country),
    Topic("duplicates", _("Possible duplicates"), _("None among the newest events."), possible_duplicates),
    Topic(
        "anniversaries",
        _("Notable anniversaries of the coming 30 days"),
        _("No notable anniversary comes."),
        coming_anniversaries,
    ),
)
BY_NAME = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Count:
    """How many events a topic has."""

    topic: Topic
    number: int


def counts() -> list[Count]:
    """One count a topic, in the topics' order."""
    desk = index.of_every_status()
    return [Count(topic, len(topic.events(desk))) for topic in TOPICS]
