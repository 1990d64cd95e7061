"""The timeline: everything that matches a filter, drawn, counted and listed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from timeline import anniversaries, canvas, exports, facets, index, periods, worldmap
from timeline.filters import Cursor, EventFilter
from timeline.models import Card, Coverage, Event
from timeline.responses import document, filter_key, page_or_fragment, refused

from .search import within_budget

PAGE_LENGTH = 20
DOCUMENT_LENGTH = 30


@require_safe
@within_budget
def browse(request: HttpRequest) -> HttpResponse:
    """The page, or its #view for a swap. What was not understood is named, with status 400."""
    asked = EventFilter.parse(request.GET)
    return page_or_fragment(
        request,
        "timeline/browse.html",
        "timeline/_view.html",
        context=lambda: _context(asked),
        key=filter_key(asked),
        address=asked.address(),
        status=400 if asked.problems else 200,
    )


@require_safe
@within_budget
def events_json(request: HttpRequest) -> HttpResponse:
    """The same view as data: one page of it, and the address of the next."""
    asked = EventFilter.parse(request.GET)
    if asked.problems:
        return refused(asked.problems)
    return document(request, lambda: _listing(request, asked), key=filter_key(asked))


def _context(asked: EventFilter) -> dict[str, Any]:
    if asked.problems:
        return {"asked": asked, "problems": asked.problems, "pills": facets.pills(asked)}
    answer = index.answer(asked)
    with answer.reading_rows():
        return _shown(answer)


def _shown(answer: index.Answer) -> dict[str, Any]:
    """What the page shows of an answer."""
    asked = answer.asked
    groups = answer.kept("facets", lambda: facets.groups(answer))
    opened = Event.objects.for_page().get(slug=asked.event) if asked.event else None
    return {
        "asked": asked,
        "opened": opened,
        "closed_url": asked.opened("").address(),
        "periods": answer.kept("periods", lambda: periods.periods(answer)),
        "answer": answer,
        **_list(answer),
        "groups": groups,
        "world": answer.kept("world", lambda: worldmap.world(groups)),
        "switches": facets.country_switches(asked),
        "lane_choices": facets.lane_switch(asked),
        "order_choices": facets.order_switch(asked),
        "pills": facets.pills(asked),
        "offers": facets.loosened(answer) if not answer.total else [],
        "coverage": Coverage.objects.touching(asked.countries, *asked.range) if not answer.total else (),
        "coming": [] if asked.is_active or asked.after else anniversaries.coming(answer, timezone.localdate()),
        "picture": canvas.picture(answer, timezone.localdate(), opened),
    }


def _list(answer: index.Answer) -> dict[str, Any]:
    """A page of the list, and the ways on and back from it."""
    asked = answer.asked
    ids, following = answer.page(PAGE_LENGTH)
    events = Card.of(ids, asked.vocabulary.countries, asked.vocabulary.categories)
    before = answer.page_before(Cursor(events[0].day, events[0].pk), PAGE_LENGTH) if events and asked.after else None
    return {
        "events": events,
        "next_url": asked.changed(after=following).address() if following else None,
        "before_url": asked.changed(after=None if before == "start" else before).address() if before else None,
    }


def _listing(request: HttpRequest, asked: EventFilter) -> dict[str, Any]:
    answer = index.answer(asked)
    ids, cursor = answer.page(DOCUMENT_LENGTH)
    following = asked.changed(after=cursor).address("events_json") if cursor else None
    with answer.reading_rows():
        events = Event.objects.in_order(ids, asked.vocabulary.countries)
    return exports.list_document(
        events,
        count=answer.total,
        next_url=request.build_absolute_uri(following) if following else None,
        query=asked.query,
        certain=answer.certain,
        possible=answer.possible,
    )
