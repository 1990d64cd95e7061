"""Answers of the API: JSON with a validator, and what the request said that it has seen before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from timeline import __version__, exports
from timeline.models import Event
from timeline.problem_documents import Fault

from .problems import Refused

_ETAG_OF_EVENT = re.compile(r'"(\d{1,10})-[0-9a-f]{16}"', re.ASCII)


def answer(request: HttpRequest, content: Callable[[], Mapping[str, Any]], key: Sequence[object]) -> HttpResponse:
    """A document that is the same for everyone; 304 where the asker has it. `key` names what it depends on."""
    parts = (__version__, request.build_absolute_uri(), timezone.localdate(), get_language(), *key)
    etag = f'"{hashlib.sha256(chr(31).join(map(str, parts)).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = HttpResponse(_json(content()), content_type="application/json")
    response.headers["ETag"] = etag
    # Shared caches may keep it, but must ask whether the revision has moved.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def event_answer(request: HttpRequest, event: Event, status: int = 200) -> HttpResponse:
    """An event with everything; private where a reader without a token would not get it."""
    is_public = event.is_published and status == 200 and not request.user.is_authenticated
    body = _json(event_document(event, with_drafts=request.user.has_perm("timeline.view_event")))
    etag = _etag(event, body)
    response = get_conditional_response(request, etag=etag) if request.method == "GET" else None
    if response is None or response.status_code != 304:
        response = HttpResponse(body, status=status, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache" if is_public else "private, no-cache"
    return response


def event_document(event: Event, *, with_drafts: bool = False) -> dict[str, Any]:
    """The event's document, in which other events go by their slugs, as they do in what is sent to us."""
    shown = exports.event_document(event)
    relations = [row for row in event.relations.all() if with_drafts or row.target.is_published]
    inverse = [row for row in event.inverse_relations.all() if with_drafts or row.event.is_published]
    shown["relations"] = [_relation(row.kind, row.target, row.note) for row in relations]
    shown["inverse_relations"] = [_relation(row.kind, row.event, row.note) for row in inverse]
    return shown


def check_seen(request: HttpRequest, event: Event) -> None:
    """Go on only if the client has seen this version of the event. Raises Refused: 428 or 412.

    Of the ETag the version counts, so that a new story about the event does not refuse the change of its title.
    """
    header = request.headers.get("If-Match", "")
    if not header or header.strip() == "*":
        detail = _("Say in If-Match which version you change: the ETag that came with it.")
        raise Refused(428, detail, [Fault(detail, header="If-Match")])
    seen = [found[1] for etag in parse_etags(header) if (found := _ETAG_OF_EVENT.fullmatch(etag))]
    if str(event.version) not in seen:
        detail = _("The event has changed since: it is now version %(version)d.") % {"version": event.version}
        current = event_document(event, with_drafts=request.user.has_perm("timeline.view_event"))
        fault = Fault(detail, header="If-Match", value=header[:80].encode("ascii", "replace").decode())
        raise Refused(412, detail, [fault], headers={"ETag": _etag(event, _json(current))}, current=current)


def _etag(event: Event, body: bytes) -> str:
    return f'"{event.version}-{hashlib.sha256(body).hexdigest()[:16]}"'


def _relation(kind: str, other: Event, note: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "event": other.slug,
        "title": other.title,
        "date_in_words": other.date_in_words,
        "url": other.get_absolute_url(),
        "note": note,
    }


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, cls=DjangoJSONEncoder).encode()
