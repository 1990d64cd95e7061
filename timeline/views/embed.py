"""Views for other sites: the timeline, an event or a story in a frame, and the code to paste for it.

A frame sets no cookie, keeps its host's Back button alone, and tells the host how high it is
(static/timeline/js/embed-parent.js listens).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, Self
from urllib.parse import urlencode

from csp.constants import SELF
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from timeline import canvas, index
from timeline.filters import EventFilter, Problem
from timeline.models import Event, Story, Vocabulary
from timeline.responses import filter_key, page_or_fragment, refusal, wants_fragment

from . import errors
from .asking import filtered

THEMES = ("auto", "light", "dark")
EVENTS_LISTED = 6
HEIGHTS = {"browse": 620, "event": 320, "story": 480}
REFUSING = ("timeline/embed_problem.html", "timeline/_embed_problem.html")
"""What a frame shows where it cannot show what was asked for: all of it, and what is swapped."""
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class EmbeddedFilter(EventFilter):
    """The page's filter, whose addresses stay within the frame."""

    theme: str = "auto"

    @classmethod
    def of(cls, asked: EventFilter, theme: str) -> Self:
        return cls(**{each.name: getattr(asked, each.name) for each in fields(EventFilter)}, theme=theme)

    def address(self, view: str = "browse") -> str:
        """The same view in the frame, whatever view is asked for: links that leave it are written out."""
        return embed_address(reverse("embed"), self.pairs(), self.theme)


def embed_address(path: str, pairs: list[tuple[str, str]], theme: str) -> str:
    """An address of a frame; the colours are part of it unless they follow the reader's system."""
    query = urlencode([*pairs, *([("theme", theme)] if theme != "auto" else [])])
    return f"{path}?{query}" if query else path


def framed(view: View) -> View:
    """Let the allowed sites show the answer in a frame, also that there is none: this one alone, everything else stays
    closed.
    """

    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404 as missing:
            context = {"detail": str(missing), "theme": _theme(request)[0]}
            response = render(request, REFUSING[0], context, status=404)
        parents = [SELF, *settings.EMBED_PARENTS] if settings.EMBED_PARENTS else ["*"]
        response._csp_replace = {"frame-ancestors": parents}  # type: ignore[attr-defined]  # django-csp's
        response.xframe_options_exempt = True  # type: ignore[attr-defined]  # Django's
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return handle


@framed
@filtered(*REFUSING, theme=THEMES)
def embed(request: HttpRequest, asked: EventFilter, theme: str) -> HttpResponse:
    """The drawing with its first events, or its #view for a swap."""
    inside = EmbeddedFilter.of(asked, theme)
    response = page_or_fragment(
        request,
        "timeline/embed.html",
        "timeline/_embed_view.html",
        context=lambda: _context(inside, asked),
        key=(*filter_key(asked), theme),
    )
    if wants_fragment(request):
        # Not pushed: that would take the reader's Back button away from the page around the frame.
        replace_url(response, inside.address())
    return response


@framed
@require_safe
def embed_event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event as a card."""
    theme, problems = _theme(request)
    if problems:
        return refusal(request, problems, *REFUSING, theme=theme)
    revision = Vocabulary.current().revision
    found = Event.objects.for_page().published().filter(slug=slug).first()
    if found is None:
        raise errors.no_such_event(slug)
    page = "timeline/embed_event.html"
    return page_or_fragment(request, page, page, lambda: {"event": found, "theme": theme}, (revision, theme))


@framed
@require_safe
def embed_story(request: HttpRequest, slug: str) -> HttpResponse:
    """One story: its takeaways and its events."""
    theme, problems = _theme(request)
    if problems:
        return refusal(request, problems, *REFUSING, theme=theme)
    revision = Vocabulary.current().revision
    found = Story.objects.filter(slug=slug).first()
    if found is None:
        raise errors.no_such_story(slug)
    page = "timeline/embed_story.html"

    def context() -> dict[str, Any]:
        return {"story": found, "events": Story.objects.with_published_events(found), "theme": theme}

    return page_or_fragment(request, page, page, context, (revision, theme))


@filtered(theme=THEMES)
def embed_code(request: HttpRequest, asked: EventFilter, theme: str) -> HttpResponse:
    """The code to paste for a view, and what it will look like."""
    shown = asked.changed()
    address = embed_address(reverse("embed"), shown.pairs(), theme)
    return _code(request, "browse", address, theme, shown.sentence, shown.address(), shown.pairs())


@require_safe
def embed_event_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for one event."""
    theme, problems = _theme(request)
    if problems:
        return refusal(request, problems)
    found = Event.objects.published().filter(slug=slug).first()
    if found is None:
        raise errors.no_such_event(slug)
    address = embed_address(reverse("embed_event", args=[slug]), [], theme)
    return _code(request, "event", address, theme, found.title, found.get_absolute_url())


@require_safe
def embed_story_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for one story."""
    theme, problems = _theme(request)
    if problems:
        return refusal(request, problems)
    found = Story.objects.filter(slug=slug).first()
    if found is None:
        raise errors.no_such_story(slug)
    address = embed_address(reverse("embed_story", args=[slug]), [], theme)
    return _code(request, "story", address, theme, found.title, found.get_absolute_url())


def _code(
    request: HttpRequest,
    kind: str,
    address: str,
    theme: str,
    title: str,
    shown_at: str,
    pairs: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    context = {
        "kind": kind,
        "title": title,
        "shown_at": shown_at,
        "pairs": pairs,
        "theme": theme,
        "themes": THEMES,
        "address": address,
        "code": snippet(request, address, title, HEIGHTS[kind]),
        "height": HEIGHTS[kind],
    }
    response = render(request, "timeline/embed_code.html", context)
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # django-csp's
    return response


def snippet(request: HttpRequest, address: str, title: str, height: int) -> str:
    """The frame as HTML for another page, with the script that lets its height follow."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" frameborder="0"></iframe>\n'
        '<script src="{}" async></script>',
        request.build_absolute_uri(address),
        title,
        height,
        request.build_absolute_uri(settings.EMBED_SCRIPT),
    )


def _theme(request: HttpRequest) -> tuple[str, list[Problem]]:
    values = request.GET.getlist("theme") or ["auto"]
    problems = [
        Problem(name[:60], "", _("This parameter is not known. Known are: %(names)s.") % {"names": "theme"})
        for name in request.GET
        if name != "theme"
    ]
    if len(set(values)) > 1 or values[0] not in THEMES:
        allowed = _("Allowed are: %(values)s.") % {"values": ", ".join(THEMES)}
        problems.append(Problem("theme", ", ".join(values)[:80], allowed))
    return values[0] if values[0] in THEMES else THEMES[0], problems


def _context(inside: EmbeddedFilter, asked: EventFilter) -> dict[str, Any]:
    answer = index.answer(inside)
    ids, _following = answer.page(EVENTS_LISTED)
    with answer.reading_rows():
        opened = Event.objects.for_page().get(slug=asked.event) if asked.event else None
        return {
            "asked": inside,
            "theme": inside.theme,
            "answer": answer,
            "opened": opened,
            "closed_url": inside.opened("").address(),
            "events": Event.objects.in_order(ids),
            "outside": asked.opened("").address(),
            "picture": canvas.picture(answer, timezone.localdate(), opened),
        }
