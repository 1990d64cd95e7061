"""One event: its page, the same as data, and the history of its published versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import dates, exports, index
from timeline.desk import past
from timeline.filters import Cursor, EventFilter
from timeline.models import Event, EventStatus, Relation, SlugRedirect, Source, Vocabulary
from timeline.models.relations import RelationKind
from timeline.responses import document, page_or_fragment
from timeline.views import errors

VERSIONS_SHOWN = 100


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a published event; 410 for a withdrawn one, 404 for any other."""
    vocabulary = Vocabulary.current()
    if instead := _instead(request, slug):
        return instead
    page = "timeline/event.html"
    return page_or_fragment(request, page, page, lambda: _context(slug, vocabulary), (vocabulary.revision, slug))


@require_safe
def event_json(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is known about it, as a document."""
    revision = Vocabulary.current().revision
    if instead := _instead(request, slug, as_json=True):
        return instead
    return document(request, lambda: exports.event_document(_published(slug)), (revision, slug))


@require_safe
def event_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version that was public: when, by whom, why, and what it changed."""
    vocabulary = Vocabulary.current()
    if instead := _instead(request, slug):
        return instead
    page = "timeline/event_history.html"
    return page_or_fragment(request, page, page, lambda: _versions(slug), (vocabulary.revision, slug))


def _instead(request: HttpRequest, slug: str, *, as_json: bool = False) -> HttpResponse | None:
    """What is answered where there is no published event: the way to where it is now, or that it was withdrawn."""
    status = Event.objects.public_status(slug)
    if status is None:
        return _moved(request, slug)
    if status == EventStatus.WITHDRAWN:
        return errors.withdrawn(request, Event.objects.withdrawal_reason(slug), as_json=as_json)
    return None


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    """The way to the event that had this address once, if it may be seen; else there is no such event."""
    event = SlugRedirect.objects.event_of(slug)
    match = request.resolver_match
    if event is None or match is None or Event.objects.public_status(event.slug) is None:
        raise errors.no_such_event(slug)
    return HttpResponsePermanentRedirect(reverse(match.view_name, args=[event.slug]))


def _published(slug: str) -> Event:
    found: Event | None = Event.objects.published().for_page().filter(slug=slug).first()
    if found is None:
        raise errors.no_such_event(slug)
    return found


def _context(slug: str, vocabulary: Vocabulary) -> dict[str, Any]:
    event = _published(slug)
    connections = list(_connections(event))
    previous, following = _neighbours(event, vocabulary)
    return {
        "event": event,
        "when": event.when,
        "reading": dates.reading(event.when),
        "countries": _with_roles((part.country, part.get_role_display()) for part in event.participations.all()),
        "actors": _with_roles((part.actor, part.get_role_display()) for part in event.actor_participations.all()),
        "names": event.names.all(),
        "sources": event.sources.all(),
        "accounts": _accounts(event),
        "connections": sorted(connections, key=lambda connection: (connection.rank, connection.other.day)),
        "commemorations": sorted((c for c in connections if c.is_commemoration), key=lambda c: c.other.day),
        "next_anniversary": _next_anniversary(event),
        "stories": [row.story for row in event.story_events.all()],
        "previous": previous,
        "following": following,
        "around": _around(event, vocabulary),
    }


def _with_roles(parts: Iterable[tuple[Any, str]]) -> list[tuple[Any, list[str]]]:
    """Who takes part, each once, with all of their roles."""
    roles: dict[Any, list[str]] = {}
    for who, role in parts:
        roles.setdefault(who, []).append(role)
    return list(roles.items())


def _next_anniversary(event: Event) -> tuple[str, str] | None:
    """“75th anniversary” and its day in words; None where the event's day is not known."""
    coming = dates.next_notable(event.day, timezone.localdate()) if event.when.is_day else None
    if coming is None:
        return None
    number, day = coming
    return _("%(nth)s anniversary") % {"nth": dates.ordinal_words(number)}, dates.display(day.isoformat())


# Dates that differ ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Account:
    """A date, and the sources that give it, each with its number on the page."""

    words: str
    is_chosen: bool
    sources: list[tuple[int, Source]]


def _accounts(event: Event) -> list[Account]:
    """The dates that the sources give, the chosen one first; empty where none differs."""
    by_date: dict[str, list[tuple[int, Source]]] = {event.date: []}
    for number, source in enumerate(event.sources.all(), start=1):
        by_date.setdefault(source.gives_date or event.date, []).append((number, source))
    if len(by_date) == 1:
        return []
    return [Account(dates.display(edtf), edtf == event.date, sources) for edtf, sources in by_date.items()]


# How it connects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connection:
    """Another event, and how this one stands to it, in words."""

    label: str
    other: Event
    note: str
    rank: int
    which: str = ""
    """Which anniversary the other event is: “70th anniversary”."""
    is_commemoration: bool = False


def _connections(event: Event) -> Iterator[Connection]:
    kinds = list(RelationKind)
    for relation in event.relations.all():
        if relation.target.is_published:
            rank = kinds.index(RelationKind(relation.kind))
            number = _number_of_anniversary(relation, event, relation.target)
            label = _("%(nth)s anniversary of") % {"nth": dates.ordinal_words(number)} if number else ""
            yield Connection(label or relation.get_kind_display(), relation.target, relation.note, rank)
    for relation in event.inverse_relations.all():
        if relation.event.is_published:
            rank = len(kinds) + kinds.index(RelationKind(relation.kind))
            number = _number_of_anniversary(relation, relation.event, event)
            which = _("%(nth)s anniversary") % {"nth": dates.ordinal_words(number)} if number else ""
            yield Connection(relation.inverse_label, relation.event, relation.note, rank, which, bool(which))


def _number_of_anniversary(relation: Relation, event: Event, target: Event) -> int:
    """Which anniversary of the target the event is; 0 where it is none, or the target's day is not known."""
    if relation.kind != RelationKind.ANNIVERSARY_OF or not target.when.is_day:
        return 0
    return dates.nth(target.day, event.day if event.when.ongoing else event.latest)


def _neighbours(event: Event, vocabulary: Vocabulary) -> tuple[Event | None, Event | None]:
    """The events before and after it of the country that was entered first."""
    main = next(iter(event.participations.all()), None)
    if main is None:
        return None, None
    here = EventFilter(vocabulary, countries=(main.country_id,), after=Cursor(event.day, event.pk))
    before, _more = index.answer(replace(here, order="newest")).page(1)
    after, _more = index.answer(here).page(1)
    found = Event.objects.for_drawing([*before, *after]).in_bulk()
    return next((found.get(pk) for pk in before), None), next((found.get(pk) for pk in after), None)


def _around(event: Event, vocabulary: Vocabulary) -> EventFilter:
    """The month of the event on the timeline; its year where the month is not known."""
    text = f"{event.day.year:04}-{event.day.month:02}" if event.month_heading else f"{event.day.year:04}"
    return EventFilter(vocabulary, start=text, end=text)


# History -------------------------------------------------------------------------------------------------------------


def _versions(slug: str) -> dict[str, Any]:
    event = Event.objects.published().filter(slug=slug).first()
    if event is None:
        raise errors.no_such_event(slug)
    return {"event": event, "pasts": past.told(event.pk, VERSIONS_SHOWN, only_public=True)}
