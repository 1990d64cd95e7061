"""The addresses of the API: its operations, its OpenAPI description, and the page on which a person reads that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as BodyError

from timeline import __version__
from timeline.problem_documents import Fault

from . import counting, reading
from . import writing as writing
from .access import CHALLENGE, guarded
from .answers import answer
from .description import openapi, operations
from .problems import Refused, missing

api = NinjaAPI(
    title="Annals",
    version=__version__,
    description=(
        "Everything on the timeline as JSON, and writing events with a token. Reading is free for everyone and takes "
        "the parameters of the page. Refusals are problem documents (RFC 9457) that name what was not understood."
    ),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
# Events are read and written at the same addresses, so importing `writing` adds its operations to reading's router.
for part in (reading.router, counting.router):
    api.add_router("", part)


@api.exception_handler(Refused)
def refused(request: HttpRequest, problem: Refused) -> HttpResponse:
    return problem.response()


@api.exception_handler(BodyError)
def body_refused(request: HttpRequest, problem: BodyError) -> HttpResponse:
    """422: the JSON has another shape than the description says, each place by its pointer."""
    faults = [Fault(str(error["msg"]), pointer=_pointer(error["loc"])) for error in problem.errors]
    return Refused(422, _("The body has another form than an event."), faults).response()


@api.exception_handler(HttpError)
def not_understood(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """401 without a token, 400 for what is no JSON."""
    if problem.status_code == 401:
        detail = _("This needs a token: Authorization: Bearer annals_…")
        return Refused(401, detail, headers=CHALLENGE).response()
    return Refused(problem.status_code, _("The body is not JSON in UTF-8.")).response()


@api.exception_handler(RequestDataTooBig)
def too_long(request: HttpRequest, problem: RequestDataTooBig) -> HttpResponse:
    """413: more than any event needs."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return Refused(413, _("The body is longer than %(limit)d bytes.") % {"limit": limit}).response()


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, an example and what it answers."""
    description = openapi(api)
    context = {
        "description": description,
        "operations": operations(description, settings.SITE_URL),
        "reads": settings.API_READS_PER_MINUTE,
        "writes": settings.API_WRITES_PER_MINUTE,
        "site": settings.SITE_URL,
    }
    return render(request, "timeline/api.html", context)


@guarded
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description."""
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})
    return answer(request, lambda: openapi(api), ())


@guarded
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    raise missing(_("There is nothing at this address. /api/ lists what there is."))


def _pointer(place: Sequence[Any]) -> str:
    """The JSON pointer of a place: pydantic's begins with “body” and the name of our argument."""
    names = [str(name).replace("~", "~0").replace("/", "~1") for name in place]
    return "".join(f"/{name}" for name in names[2:]) if names[:1] == ["body"] else "/".join(names)


# Ninja's own addresses, each wrapped; its description and page are ours.
_operations: Any = api.urls[0]
urlpatterns = [
    path("", page, name="api"),
    path("openapi.json", openapi_json, name="openapi"),
    *(
        path(str(found.pattern), guarded(found.callback), name=f"api_{found.name}")
        for found in _operations
        if found.name != "api-root"
    ),
    path("<path:rest>", nowhere, name="api_nowhere"),
]
