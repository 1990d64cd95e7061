"""Answers over HTTP: a page, or the one fragment of it that changes, with validators that hold."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

import brotli
from django.conf import settings
from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails

from timeline import __version__
from timeline.filters import EventFilter, Problem
from timeline.problem_documents import Fault, problem_document

NOT_UNDERSTOOD = gettext_lazy("The query was not understood.")

# What a fragment depends on besides its address; caches must not hand it to who asked for the page.
FRAGMENT_HEADERS = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request")

# So many bytes of a long file are sent at once: a piece for each of a million events would cost more to send than to
# write.
LEAST_SENT = 64 * 1024


class HtmxHttpRequest(HttpRequest):
    """A request as our middleware leaves it."""

    htmx: HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True only for a targeted swap: Back and boosted links carry HX-Request too, and need the whole page."""
    htmx = cast(HtmxHttpRequest, request).htmx
    return htmx.request_type == "partial" and not htmx.history_restore_request


ACCEPTS_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
SOURCES = {".py", ".html", ".css", ".js", ".svg", ".jinja"}


@lru_cache(maxsize=1)
def release() -> str:
    """A fingerprint of the installed code, templates and styles: a new release must not be answered with 304."""
    folders = [settings.BASE_DIR / name for name in ("timeline", "templates", "static/timeline")]
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    seen = "|".join(f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in found)
    return hashlib.sha256(f"{__version__}|{seen}".encode()).hexdigest()


def validator(request: HttpRequest, *parts: object) -> str:
    """An ETag over all that an answer depends on: release, host, path, day, language, and what the caller names.

    Weak, because the same page travels compressed and plain.
    """
    place = (request.scheme, request.get_host(), request.path)
    if settings.DEBUG:
        release.cache_clear()
    known = (release(), *place, timezone.localdate().isoformat(), get_language(), *parts)
    digest = hashlib.sha256("\x1f".join(map(str, known)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


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

    def body() -> bytes:
        # Without what depends on who asks, which may be in no page that others are shown as well.
        return render_to_string(fragment if is_fragment else page, {**context(), "request": request}).encode()

    if status == 200:
        response = validated(request, body, validator(request, is_fragment, *key), "text/html; charset=utf-8")
    else:
        response = HttpResponse(body(), status=status)
        response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, FRAGMENT_HEADERS)
    if is_fragment and address is not None:
        push_url(response, address)
    return response


def validated(request: HttpRequest, body: Callable[[], bytes], etag: str, content_type: str) -> HttpResponse:
    """A public answer with its validator: 304, or made once and kept compressed until something changes.

    The page is the same for everyone and holds no secret, so it may be compressed (no BREACH) and kept. Shared caches
    may keep it too, but must ask whether the revision has moved.
    """
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        kept = caches["pages"]
        compressed: bytes | None = kept.get(etag)
        if compressed is None:
            # At quality 4 a page is a fifth smaller than by gzip, in the same time; 5 takes twice as long for a tenth.
            compressed = brotli.compress(body(), quality=4)
            kept.set(etag, compressed)
        response = HttpResponse(content_type=content_type)
        accepted = request.headers.get("Accept-Encoding", "")
        if ACCEPTS_BROTLI.search(accepted):
            response.content = compressed
            response.headers["Content-Encoding"] = "br"
        elif re_accepts_gzip.search(accepted):
            response.content = gzip.compress(brotli.decompress(compressed), compresslevel=5, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        else:
            response.content = brotli.decompress(compressed)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def document(request: HttpRequest, content: Callable[[], Mapping[str, Any]], key: Sequence[object]) -> HttpResponse:
    """A JSON document with the same validators as a page."""

    def body() -> bytes:
        return json.dumps(dict(content()), cls=DjangoJSONEncoder, ensure_ascii=False).encode()

    return validated(request, body, validator(request, "json", *key), "application/json")


def file(
    request: HttpRequest, content: Callable[[], bytes], key: Sequence[object], content_type: str, name: str
) -> HttpResponse:
    """A file with the same validators as a page, and the name that it is saved by."""
    response = validated(request, content, validator(request, *key), content_type)
    return cast(HttpResponse, _for_anyone(response, name, is_download=False))


def streamed(
    request: HttpRequest, content: Callable[[], Iterator[bytes]], key: Sequence[object], content_type: str, name: str
) -> HttpResponseBase:
    """A file of any length, sent piece by piece as it is written and never held whole."""
    etag = validator(request, *key)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        # Who asks only for the headers sets no work going.
        pieces = iter(()) if request.method == "HEAD" else content()
        response = StreamingHttpResponse(_gathered(pieces), content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return _for_anyone(response, name, is_download=True)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces worth sending; the first at once, since somebody waits for it."""
    waiting: list[bytes] = []
    size = LEAST_SENT
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= LEAST_SENT:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _for_anyone(response: HttpResponseBase, name: str, *, is_download: bool) -> HttpResponseBase:
    """Let other sites load it: it holds nothing that is not public, and does not depend on who asks."""
    response.headers["Content-Disposition"] = content_disposition_header(is_download, name) or "inline"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def refusal(
    request: HttpRequest, problems: Sequence[Problem], page: str = "400.html", fragment: str = "", **context: Any
) -> HttpResponse:
    """The refusal in the format asked for: JSON, XML to a feed reader, this page to a reader, else plain text."""
    if request.path.endswith("/"):
        return page_or_fragment(
            request, page, fragment or page, lambda: {"problems": problems, **context}, (), status=400
        )
    if request.path.endswith(".json"):
        return refused(problems)
    if request.path.endswith(".atom"):
        return refused(problems, as_xml=True)
    lines = [str(problem) for problem in problems]
    response = HttpResponse("\n".join(("400 Bad Request", *lines, "")), "text/plain; charset=utf-8", 400)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem_xml(status: int, detail: str, problems: Sequence[Problem] = ()) -> HttpResponse:
    """A problem document for who reads XML (RFC 9457, appendix B)."""
    context = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail, "problems": problems}
    text = render_to_string("timeline/problem.xml", context)
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(text, status=status, content_type="application/problem+xml", headers=headers)


def refused(problems: Sequence[Problem], *, as_xml: bool = False) -> HttpResponse:
    """What a program is told about a query that was not understood: each parameter by name, status 400."""
    if as_xml:
        return problem_xml(400, " ".join(f"{each.parameter}: {each.message}" for each in problems), problems)
    return problem_document(400, str(NOT_UNDERSTOOD), faults_of(problems))


def faults_of(problems: Sequence[Problem]) -> list[Fault]:
    """What is wrong with a query, as a problem document has it."""
    return [Fault(problem.message, parameter=problem.parameter, value=problem.value) for problem in problems]


def filter_key(asked: EventFilter) -> tuple[object, ...]:
    """What an answer to a filter depends on."""
    return asked.vocabulary.revision, asked.query
