"""What every response carries and Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from timeline import ended_threads, limits, search
from timeline.problem_documents import problem_document

Handler = Callable[[HttpRequest], HttpResponse]


def same_origin_resources(get_response: Handler) -> Handler:
    """Keep other sites from loading our pages as resources; a view that may be embedded sets the header itself."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return handle


# A file whose name tells its content never changes, so nobody asks again; and policies of documents bind no picture.
NEEDLESS = ("ETag", "Last-Modified", "Referrer-Policy", "Cross-Origin-Opener-Policy")


def lean_files(get_response: Handler) -> Handler:
    """Send the forty small files of a page without headers that mean nothing to them: 6 kB of a first visit."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "immutable" in response.headers.get("Cache-Control", ""):
            for name in NEEDLESS:
                response.headers.pop(name, None)
        return response

    return handle


# What pages of other sites may fetch or show: data and pictures of what everyone may read.
SHARED = (".json", ".svg", ".png")
OWN = ("/admin/", "/static/")


def open_exports(get_response: Handler) -> Handler:
    """Let scripts of any site read data and pictures, without cookies: the answers depend on nobody."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_shared = request.path_info.endswith(SHARED) and not request.path_info.startswith(OWN)
        if is_shared and request.method in ("GET", "HEAD"):
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return handle


def no_connections_of_ended_threads(get_response: Handler) -> Handler:
    """Close what threads of the server left open when they ended."""

    def handle(request: HttpRequest) -> HttpResponse:
        ended_threads.close_what_they_left()
        return get_response(request)

    return handle


# What one statement of a public request may take of the database, in milliseconds; a search has less.
STATEMENT = 1_000
RETRY_AFTER_SECONDS = 10
SAFE = ("GET", "HEAD", "OPTIONS")


class RequestBudget:
    """Ends what takes too long of the database, and says so instead of holding a worker.

    Every public page is bounded by itself (see "Bounds" in the README); this is for what nobody thought of. Editors are
    not stopped, nor is a file that is being sent.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE or request.path_info.startswith(OWN):
            return self.get_response(request)
        with limits.at_most(STATEMENT):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """400 for a search that is too broad, 503 for anything else that was ended."""
        if isinstance(exception, search.TooBroad):
            return _refusal(request, 400, str(exception))
        if limits.was_stopped(exception):
            response = _refusal(request, 503, _("This takes longer than one page may. Narrow it, or try again later."))
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        return None


def _refusal(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if request.path_info.endswith(".json") or request.path_info.startswith("/api/"):
        response = problem_document(status, detail)
    else:
        response = render(request, "too_much.html", {"number": status, "detail": detail}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
