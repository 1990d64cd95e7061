"""Searching: what the words typed so far may be the beginning of, and what is said where they ask for too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline import facets, search
from timeline.filters import EventFilter, Problem
from timeline.models import Actor, Country, Event
from timeline.responses import page_or_fragment, refused

View = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that was perhaps meant, what it is, and where it is shown."""

    name: str
    kind: str
    address: str


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """A list of links for the search box: countries and actors join the filter, events open."""
    asked = EventFilter.parse(request.GET)
    found = search.suggest(asked.q)
    response = render(
        request, "timeline/_suggestions.html", {"suggestions": [_suggestion(row, asked) for row in found]}
    )
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _suggestion(row: Country | Actor | Event, asked: EventFilter) -> Suggestion:
    rest = asked.changed(q="")
    if isinstance(row, Country):
        return Suggestion(row.local_name, _("country"), rest.focused_on(row.code).address())
    if isinstance(row, Actor):
        actors = tuple(sorted({*rest.actors, row.slug}))
        return Suggestion(row.name, row.get_kind_display(), rest.changed(actors=actors).address())
    return Suggestion(row.title, row.date_in_words, row.get_absolute_url())


def within_budget(view: View) -> View:
    """Let a view of the filter answer a search that is too broad by saying so, with status 400."""

    @wraps(view)
    def handle(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except search.TooBroad as problem:
            asked = EventFilter.parse(request.GET)
            asked = replace(asked, problems=(Problem("q", asked.q, str(problem)),))
        if request.path.endswith(".json"):
            return refused(asked.problems)
        return page_or_fragment(
            request,
            "timeline/browse.html",
            "timeline/_view.html",
            context=lambda: {"asked": asked, "problems": asked.problems, "pills": facets.pills(asked)},
            key=(),
            address=asked.address(),
            status=400,
        )

    return handle
