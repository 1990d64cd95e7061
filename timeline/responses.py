"""Answers over HTTP: a page, or the one fragment of it that changes, with validators that hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from timeline import __version__
from timeline.filters import EventFilter, Problem

# What a fragment depends on besides its address; caches must not hand it to who asked for the page.
FRAGMENT_HEADERS = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request")


class HtmxHttpRequest(HttpRequest):
    """A request as our middleware leaves it."""

    htmx: HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True only for a targeted swap: Back and boosted links carry HX-Request too, and need the whole page."""
    htmx = cast(HtmxHttpRequest, request).htmx
    return htmx.request_type == "partial" and not htmx.history_restore_request


def validator(*parts: object) -> str:
    """A strong ETag over all that an answer depends on: release, day, language, and the parts named by the caller."""
    known = (__version__, timezone.localdate().isoformat(), get_language() or "", *map(str, parts))
    digest = hashlib.sha256("\x1f".join(known).encode()).hexdigest()
    return f'"{digest[:32]}"'


def page_or_fragment(
    request: HttpRequest,
    page: str,
    fragment: str,
    context: Callable[[], Mapping[str, Any]],
    key: Sequence[object],
    address: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page, or its fragment for a targeted swap; 304 without touching a template where nothing changed.

    `key` names what the content depends on (a revision, a canonical query); `address` is pushed after a swap.
    """
    is_fragment = wants_fragment(request)
    etag = validator(request.path, is_fragment, *key)
    response: HttpResponse | None = None
    if status == 200:
        response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = render(request, fragment if is_fragment else page, dict(context()), status=status)
    if status == 200:
        response.headers["ETag"] = etag
        # Shared caches may keep it, but must ask whether the revision has moved.
        response.headers["Cache-Control"] = "public, no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, FRAGMENT_HEADERS)
    if is_fragment and address is not None:
        push_url(response, address)
    return response


def document(request: HttpRequest, content: Callable[[], Mapping[str, Any]], key: Sequence[object]) -> HttpResponse:
    """A JSON document with the same validators as a page."""
    etag = validator(request.path, "json", *key)
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = JsonResponse(dict(content()), json_dumps_params={"ensure_ascii": False})
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def refused(problems: Sequence[Problem]) -> JsonResponse:
    """What a JSON client is told about a query that was not understood: each parameter by name, status 400."""
    return JsonResponse(
        {
            "status": 400,
            "title": "Bad Request",
            "problems": [
                {"parameter": problem.parameter, "value": problem.value, "message": problem.message}
                for problem in problems
            ],
        },
        status=400,
        json_dumps_params={"ensure_ascii": False},
    )


def filter_key(asked: EventFilter) -> tuple[object, ...]:
    """What an answer to a filter depends on."""
    return asked.vocabulary.revision, asked.query
