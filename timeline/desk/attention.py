"""What waits for an editor: lists of events, each bounded in rows and in time, however many events there are."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline import anniversaries, index, search
from timeline.filters import EventFilter
from timeline.models import (
    Correction,
    Event,
    EventStatus,
    Participation,
    PendingRevision,
    Source,
    Vocabulary,
)
from timeline.models.event_queries import EventQuerySet

from . import duplicates

COUNTED = 1_000
# What the topics that look through all events may take together, of the 300 milliseconds of a page.
MILLISECONDS = 150
DAYS_AHEAD = 30
MOST_ANNIVERSARIES = 200


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to look after: its name in the list's address, what it is, and what to do when there is none."""

    name: str
    label: str | Promise
    hint: str | Promise
    events: Callable[[], EventQuerySet]
    searches_all: bool = False
    """True where no index leads to the events."""


def in_review() -> EventQuerySet:
    waiting = PendingRevision.objects.open().values("event")
    return Event.objects.filter(Q(status=EventStatus.IN_REVIEW) | Q(pk__in=waiting))


def without_source() -> EventQuerySet:
    return _in_use().exclude(Exists(Source.objects.filter(event=OuterRef("pk"))))


def unsure_date() -> EventQuerySet:
    """Dates that are marked uncertain or about, and those known only as one day of several."""
    marked = Q(date__contains="?") | Q(date__contains="~") | Q(date__contains="%")
    return _in_use().filter(marked | Q(date__startswith="["))


def without_country() -> EventQuerySet:
    return _in_use().exclude(Exists(Participation.objects.filter(event=OuterRef("pk"))))


def possible_duplicates() -> EventQuerySet:
    return Event.objects.filter(pk__in=duplicates.among_newest())


def with_corrections() -> EventQuerySet:
    return Event.objects.filter(pk__in=Correction.objects.open().values("event"))


def coming_anniversaries() -> EventQuerySet:
    """Published events with a notable anniversary within the coming thirty days."""
    answer = index.answer(EventFilter(Vocabulary.current()))
    found = anniversaries.coming(answer, timezone.localdate(), DAYS_AHEAD, MOST_ANNIVERSARIES)
    return Event.objects.filter(pk__in=[each.event.pk for each in found])


def _in_use() -> EventQuerySet:
    return Event.objects.exclude(status=EventStatus.WITHDRAWN)


TOPICS = (
    Topic("review", _("Waiting for review"), _("Nothing was sent in."), in_review),
    Topic("corrections", _("Readers' corrections"), _("No reader has reported a mistake."), with_corrections),
    Topic("no-source", _("No source"), _("Every event names a source."), without_source, True),
    Topic("unsure-date", _("Unsure date"), _("Every date is sure."), unsure_date, True),
    Topic("no-country", _("No country"), _("Every event names a country."), without_country, True),
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
    """How many events a topic has: exactly, “1000+”, or “many” where counting would take too long."""

    topic: Topic
    number: int | None

    @property
    def words(self) -> str:
        if self.number is None:
            return str(_("many"))
        return f"{COUNTED}+" if self.number >= COUNTED else str(self.number)


def counts() -> list[Count]:
    """One count a topic, in the topics' order."""
    numbers: dict[str, int | None] = dict.fromkeys(BY_NAME)
    for topic in TOPICS:
        if not topic.searches_all:
            numbers[topic.name] = _count(topic)
    # What is not reached in time is said to be many.
    with suppress(search.TooBroad), search.budget(MILLISECONDS):
        for topic in TOPICS:
            if topic.searches_all:
                numbers[topic.name] = _count(topic)
    return [Count(topic, numbers[topic.name]) for topic in TOPICS]


def _count(topic: Topic) -> int:
    return topic.events().order_by().values("pk")[:COUNTED].count()
