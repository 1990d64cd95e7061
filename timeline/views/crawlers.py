"""What search engines ask for: which pages there are, and which are none of their business."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from timeline import index, sitemaps
from timeline.filters import EventFilter
from timeline.models import Vocabulary
from timeline.responses import validated, validator
from timeline.sharing import site_of

XML = "application/xml; charset=utf-8"
_YEAR = re.compile(r"(\d{4})(?:-([1-9]\d{0,3}))?", re.ASCII)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Pages and pictures are for everyone; endless lists and big files are not for crawlers."""
    text = render_to_string("timeline/robots.txt", {"site": site_of(request)})
    return HttpResponse(text, "text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=86400"})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the files."""

    def sections(vocabulary: Vocabulary) -> dict[str, object]:
        return {"sections": sitemaps.sections(index.answer(EventFilter(vocabulary)))}

    return _written(request, "timeline/sitemap_index.xml", sections)


@require_safe
def sitemap_of(request: HttpRequest, section: str) -> HttpResponse:
    """The pages of a year, or those that belong to none; 404 for a file that is not in the index."""
    found = _YEAR.fullmatch(section)
    if section != "pages" and (found is None or not 1 <= int(found[1]) <= 9999):
        raise Http404

    def pages(vocabulary: Vocabulary) -> dict[str, object]:
        if found is None:
            answer = index.answer(EventFilter(vocabulary))
            return {"pages": list(sitemaps.other_pages(answer, timezone.localdate()))}
        events = sitemaps.events_of(int(found[1]), int(found[2] or 1))
        if not events:
            raise Http404
        return {"pages": events}

    return _written(request, "timeline/sitemap.xml", pages)


def _written(request: HttpRequest, template: str, context: Callable[[Vocabulary], dict[str, object]]) -> HttpResponse:
    vocabulary = Vocabulary.current()

    def body() -> bytes:
        return render_to_string(template, context(vocabulary) | {"site": site_of(request)}).encode()

    return validated(request, body, validator(request, vocabulary.revision), XML)
