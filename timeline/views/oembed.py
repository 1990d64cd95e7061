"""oEmbed (oembed.com, version 1.0): what another site asks to turn one of our addresses into a frame."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.filters import EventFilter, Problem
from timeline.models import Event, Story, Vocabulary
from timeline.problem_documents import problem_document
from timeline.responses import problem_xml, refused

from .embed import HEIGHTS, embed_address, snippet

PARAMETERS = ("url", "maxwidth", "maxheight", "format")
WIDTH = 800
LEAST = 200


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """A frame for one of our views, events or stories: 404 for any other address, 400 for what is not understood."""
    as_xml = request.GET.get("format") == "xml"
    try:
        problems = _problems(request.GET)
        response = refused(problems, as_xml=as_xml) if problems else _found(request, as_xml)
    except Http404 as missing:
        response = problem_xml(404, str(missing)) if as_xml else problem_document(404, str(missing))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _found(request: HttpRequest, as_xml: bool) -> HttpResponse:
    name, title, address = _target(request, request.GET["url"])
    width = min(WIDTH, int(request.GET.get("maxwidth") or WIDTH))
    height = min(HEIGHTS[name], int(request.GET.get("maxheight") or HEIGHTS[name]))
    html = snippet(request, address, title, height).replace('width="100%"', f'width="{width}"')
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Annals",
        "provider_url": request.build_absolute_uri("/"),
        "title": title,
        "html": html,
        "width": width,
        "height": height,
        "cache_age": 3600,
    }
    return _xml(found) if as_xml else JsonResponse(found)


def _problems(query: QueryDict) -> list[Problem]:
    known = _("This parameter is not known. Known are: %(names)s.") % {"names": ", ".join(PARAMETERS)}
    found = [Problem(name[:60], "", known) for name in query if name not in PARAMETERS]
    found += [
        Problem(name, "", _("This parameter can have only one value."))
        for name in query
        if len(query.getlist(name)) > 1
    ]
    if not query.get("url"):
        found.append(Problem("url", "", _("Give the address of a timeline, an event or a story of this site.")))
    for name in ("maxwidth", "maxheight"):
        text = query.get(name, "")
        if text and not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) >= LEAST):
            message = _("Give a whole number of pixels, at least %(least)d.") % {"least": LEAST}
            found.append(Problem(name, text[:80], message))
    if query.get("format", "json") not in ("json", "xml"):
        found.append(
            Problem("format", str(query["format"])[:80], _("Allowed are: %(values)s.") % {"values": "json, xml"})
        )
    return found


def _target(request: HttpRequest, text: str) -> tuple[str, str, str]:
    """The kind, title and frame of one of our addresses. Raises Http404 for any other."""
    try:
        parts = urlsplit(text)
        match = resolve(parts.path or "/")
    except (ValueError, Resolver404) as problem:
        raise _not_ours() from problem
    hosts = {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    if parts.scheme not in ("http", "https") or parts.netloc not in hosts:
        raise _not_ours()
    slug = str(match.kwargs.get("slug", ""))
    if match.url_name == "browse":
        asked = EventFilter.parse(QueryDict(parts.query), Vocabulary.current())
        if asked.problems:
            raise _not_ours()
        return "browse", asked.sentence, embed_address(reverse("embed"), asked.changed().pairs(), "auto")
    if match.url_name == "event":
        event = Event.objects.published().filter(slug=slug).first()
        if event is not None:
            return "event", event.title, reverse("embed_event", args=[slug])
    if match.url_name == "story":
        story = Story.objects.filter(slug=slug).first()
        if story is not None:
            return "story", story.title, reverse("embed_story", args=[slug])
    raise _not_ours()


def _not_ours() -> Http404:
    return Http404(_("This is no address of a timeline, an event or a story of this site."))


def _xml(found: dict[str, Any]) -> HttpResponse:
    rows = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in found.items())
    text = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{rows}</oembed>'
    return HttpResponse(text, content_type="text/xml; charset=utf-8")
